/* base.h: what every file of the core may use: page arithmetic, assertions,
 * and the attributes of the hot path. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include "config.h"

/* A broken invariant is the core's own mistake: nothing that a caller does
 * reaches it, so the process stops. VMM_ASSERT is cheap and always on. */
_Noreturn void vmm_assert_failed(const char *what, const char *file, int line);
#define VMM_ASSERT(condition)                                                                    \
	((condition) ? (void)0 : vmm_assert_failed(#condition, __FILE__, __LINE__))

#define VMM_CACHE_LINE 64

/* Pages are named by number: address >> PAGE_SHIFT. */
static inline uint64_t page_of(uint64_t address)
{
	return address >> PAGE_SHIFT;
}

static inline uint64_t address_of(uint64_t page)
{
	return page << PAGE_SHIFT;
}

/* unit is a power of two. align_up needs value <= UINT64_MAX - unit. */
static inline uint64_t align_down(uint64_t value, uint64_t unit)
{
	return value & ~(unit - 1);
}

static inline uint64_t align_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) & ~(unit - 1);
}

static inline bool is_power_of_two(uint64_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

#endif
