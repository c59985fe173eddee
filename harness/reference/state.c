/* state.c: the life of a reference machine: layouts, the commit limit, making
 * and emptying processes, and the change list.
 *
 * A reset keeps every array and every buffer, so that a fuzzer's next program
 * allocates nothing. */
#include "state.h"

#include "../support/memory.h"

#include <stdlib.h>

/* The table of layouts. mask: zero_bits above 31 are a mask. */
static const struct {
	uint64_t low, high;
	bool mask;
} layouts[] = {
	[VMM_LAYOUT_NT32] = {UINT64_C(0x10000), UINT64_C(0x7FFEFFFF), false},
	[VMM_LAYOUT_NT32_3GB] = {UINT64_C(0x10000), UINT64_C(0xBFFEFFFF), false},
	[VMM_LAYOUT_NT64] = {UINT64_C(0x10000), UINT64_C(0x7FFFFFFEFFFF), true},
	[VMM_LAYOUT_NT64_8TB] = {UINT64_C(0x10000), UINT64_C(0x7FFFFFEFFFF), true},
	[VMM_LAYOUT_XP_IA64] = {UINT64_C(0x10000), UINT64_C(0x6FBFFFEFFFF), true},
	[VMM_LAYOUT_WIN9X] = {UINT64_C(0x400000), UINT64_C(0x7FFFFFFF), false},
};

/* Has no process before its first reset. */
struct reference *reference_create(void)
{
	return memory_zeroed(sizeof(struct reference));
}

void reference_reset(struct reference *reference, const struct machine *machine)
{
	for (uint32_t i = 0; i < reference->process_count; i++)
		ref_process_empty(reference, &reference->process[i]);
	reference->process_count = 0;
	reference->change_count = 0;

	reference->user_low = layouts[machine->layout].low;
	reference->user_high = layouts[machine->layout].high;
	reference->mask_zero_bits = layouts[machine->layout].mask;
	if (machine->layout == VMM_LAYOUT_NT32_3GB && machine->userva != 0)
		reference->user_high = ((uint64_t)machine->userva << 20) - VMM_GRANULARITY - 1;

	/* R frames are kept, so that a fault on a committed page can always end. */
	uint64_t kept = 2 * (uint64_t)machine->cpus;
	if (kept < 8)
		kept = 8;
	reference->frames = machine->frames;
	reference->commit_limit = (uint64_t)machine->frames + machine->pagefile - kept;
	ref_process_make(reference);
}

void reference_destroy(struct reference *reference)
{
	for (size_t i = 0; i < reference->process_capacity; i++) {
		ref_process_empty(reference, &reference->process[i]);
		free(reference->process[i].allocation);
		free(reference->process[i].page);
	}
	memory_stock_empty(&reference->contents);
	free(reference->process);
	free(reference->watched);
	free(reference);
}

uint32_t ref_process_make(struct reference *reference)
{
	uint32_t number = reference->process_count;
	reference->process = memory_grow_zeroed(reference->process, &reference->process_capacity,
	                                        (size_t)number + 1, sizeof(struct process));
	reference->process[number].lives = true;
	reference->process_count++;
	return number;
}

void ref_process_empty(struct reference *reference, struct process *process)
{
	ref_pages_decommit(reference, process, (struct span){0, reference->user_high + 1});
	process->allocation_count = 0;
}

void ref_changed(struct reference *reference, uint32_t process, uint64_t first, uint64_t size)
{
	uint64_t last = size == 0 ? first : first + (size - 1);
	if (last < first || last > reference->user_high)
		last = reference->user_high;
	if (first < reference->user_low)
		first = reference->user_low;
	reference->change_count = 0;
	if (first <= last) {
		reference->change = (struct reference_change){process, first / VMM_PAGE_SIZE,
		                                              last / VMM_PAGE_SIZE};
		reference->change_count = 1;
	}
}
