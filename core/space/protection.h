/* protection.h: which protections are legal, and how they are reported. */
#ifndef CORE_PROTECTION_H
#define CORE_PROTECTION_H

#include "../base.h"

#define PROTECT_CACHE_BITS (VMM_PAGE_NOCACHE | VMM_PAGE_WRITECOMBINE)

/* A7: exactly one base value; at most one of GUARD, NOCACHE and WRITECOMBINE, and
 * none of them with NOACCESS. */
static inline bool protect_is_legal(uint32_t protect)
{
	uint32_t modifiers = protect & (VMM_PAGE_GUARD | PROTECT_CACHE_BITS);
	uint32_t base = protect & 0xFF;

	if ((protect & ~(0xFFu | VMM_PAGE_GUARD | PROTECT_CACHE_BITS)) != 0)
		return false;
	if (!is_power_of_two(base))
		return false;
	if (modifiers != 0 && (base == VMM_PAGE_NOACCESS || !is_power_of_two(modifiers)))
		return false;
	return true;
}

/* A8, P7: copy-on-write is for views. */
static inline bool protect_copies(uint32_t protect)
{
	return (protect & (VMM_PAGE_WRITECOPY | VMM_PAGE_EXECUTE_WRITECOPY)) != 0;
}

/* P12: the cache bits of a page are those of its allocation. */
static inline uint32_t protect_reported(uint32_t page_protect, uint32_t allocation_protect)
{
	return page_protect | (allocation_protect & PROTECT_CACHE_BITS);
}

#endif
