/* protection.c: protection values: which are legal, what they allow, and what
 * is shown of them.
 *
 * A value is one of eight base values, bits 0 to 7, and at most one of three
 * modifiers, bits 8 to 10. */
#include "state.h"

#define BASE_VALUES 0x0FFu
#define CACHE_BITS (VMM_PAGE_NOCACHE | VMM_PAGE_WRITECOMBINE)
#define MODIFIERS (VMM_PAGE_GUARD | CACHE_BITS)
#define COPIES (VMM_PAGE_WRITECOPY | VMM_PAGE_EXECUTE_WRITECOPY)
#define WRITABLE (VMM_PAGE_READWRITE | VMM_PAGE_EXECUTE_READWRITE | COPIES)
#define EXECUTABLE                                                                               \
	(VMM_PAGE_EXECUTE | VMM_PAGE_EXECUTE_READ | VMM_PAGE_EXECUTE_READWRITE |                 \
	 VMM_PAGE_EXECUTE_WRITECOPY)

static bool one_bit(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

bool ref_protection_legal(uint32_t protect)
{
	uint32_t base_value = protect & BASE_VALUES;
	uint32_t modifiers = protect & MODIFIERS;
	if ((protect & ~(BASE_VALUES | MODIFIERS)) != 0 || !one_bit(base_value))
		return false;
	if (modifiers == 0)
		return true;
	return one_bit(modifiers) && base_value != VMM_PAGE_NOACCESS;
}

bool ref_protection_copies(uint32_t protect)
{
	return (protect & COPIES) != 0;
}

/* EXECUTE pages can be loaded from, as on the processors NT ran on. */
bool ref_protection_allows(uint32_t base_value, enum access access)
{
	if (access == ACCESS_STORE)
		return (base_value & WRITABLE) != 0;
	if (access == ACCESS_FETCH)
		return (base_value & EXECUTABLE) != 0;
	return base_value != VMM_PAGE_NOACCESS;
}

/* P12: the cache bits are the allocation's, whatever commit or protect said. */
uint32_t ref_protection_shown(const struct allocation *allocation, const struct page *page)
{
	return page->protect | (page->guard ? VMM_PAGE_GUARD : 0) |
	       (allocation->protect & CACHE_BITS);
}
