/* state_coverage.c: verb x status x page state, hashed into libFuzzer's extra
 * counters, which the engine resets before and reads after every run. */
#include "state_coverage.h"

enum { COUNTERS = 4096 };

/* volatile, since nobody here reads it. */
__attribute__((section("__libfuzzer_extra_counters"))) static volatile uint8_t counter[COUNTERS];

/* What a page can be, in few bits. */
static unsigned state_of(const struct reference *reference, uint32_t process, uint64_t page)
{
	struct reference_page at;
	struct reference_region region;

	if (process >= reference_process_count(reference) ||
	    !reference_process_lives(reference, process))
		return 0;
	reference_page_at(reference, process, page, &at);
	if (at.committed)
		return 4 + (unsigned)__builtin_ctz(at.protect & 0xFF) +
		       8u * ((at.protect & VMM_PAGE_GUARD) != 0) + 16u * at.valid +
		       32u * at.watched;
	reference_region_at(reference, process, page * VMM_PAGE_SIZE, &region);
	return region.state == VMM_MEM_FREE ? 1 : 2;
}

void state_coverage_note(enum verb verb, vmm_status status, const struct reference *reference)
{
	const struct reference_change *change;
	size_t count = reference_changes(reference, &change);
	unsigned state = count == 0 ? 3 : state_of(reference, change->process, change->first);
	uint32_t key = (uint32_t)verb << 24 ^ (uint32_t)status * 0x9E37u ^ state << 12;

	counter[key * UINT32_C(0x9E3779B1) >> 20] = 1;
}

__attribute__((weak)) void state_coverage_start(void)
{
}
