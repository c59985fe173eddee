/* placement.c: where a reservation without an address goes (A14, A26, A27).
 *
 * The gaps between the allocations are walked one after the other, upwards or
 * downwards, and the first that the block fits into is taken. */
#include "state.h"

static bool lowest_fit(const struct process *process, struct span within, uint64_t size,
                       uint64_t align, uint64_t *base);
static bool highest_fit(const struct process *process, struct span within, uint64_t size,
                        uint64_t align, uint64_t *base);

bool ref_placement_find(const struct process *process, struct span within, uint64_t size,
                        uint64_t align, bool top_down, uint64_t *base)
{
	if (within.base >= within.end || size > within.end - within.base)
		return false;
	return top_down ? highest_fit(process, within, size, align, base)
	                : lowest_fit(process, within, size, align, base);
}

/* No sum wraps here: addresses and sizes are below 2^48, align at most 2^63. */
static bool lowest_fit(const struct process *process, struct span within, uint64_t size,
                       uint64_t align, uint64_t *base)
{
	uint64_t at = ref_up(within.base, align);
	for (size_t i = 0; i < process->allocation_count; i++) {
		const struct allocation *next = &process->allocation[i];
		if (at + size <= next->base)
			break;
		if (at < next->end)
			at = ref_up(next->end, align);
	}
	*base = at;
	return at + size <= within.end;
}

static bool highest_fit(const struct process *process, struct span within, uint64_t size,
                        uint64_t align, uint64_t *base)
{
	uint64_t gap_end = within.end;
	for (size_t i = process->allocation_count; gap_end >= within.base + size; i--) {
		const struct allocation *below = i == 0 ? NULL : &process->allocation[i - 1];
		uint64_t at = ref_down(gap_end - size, align);
		if (at >= within.base && (below == NULL || at >= below->end)) {
			*base = at;
			return true;
		}
		if (below == NULL)
			return false;
		if (below->base < gap_end)
			gap_end = below->base;
	}
	return false;
}
