/* watch.c: which pages of a write-watch allocation were stored to
 * (docs/NT_SEMANTICS.md, "Write watch"). Stores set the marks in access.c;
 * decommit clears them because a page that is gone has none (W9). */
#include "state.h"

#include "../support/memory.h"

static bool in_watched_allocation(const struct process *process, uint64_t address,
                                  uint64_t size);
static uint64_t collect(struct reference *reference, struct process *process,
                        struct span span, uint64_t max, bool reset);

void reference_getwatch(struct reference *reference, const struct call *call,
                        struct outcome *outcome)
{
	uint64_t address = call->in[GETWATCH_IN_addr];
	uint64_t size = call->in[GETWATCH_IN_size];
	uint64_t reset = call->in[GETWATCH_IN_reset];
	uint64_t max = call->in[GETWATCH_IN_max];
	struct process *process = &reference->process[call->process];
	ref_changed(reference, call->process, address, size);
	if (reset > 1 || max == 0 || size == 0) {
		ref_decide(outcome, "W2", VMM_INVALID_PARAMETER);
	} else if (!process->lives) {
		ref_decide(outcome, "A13", VMM_PROCESS_IS_TERMINATING);
	} else if (!in_watched_allocation(process, address, size)) {
		ref_decide(outcome, "W1", VMM_INVALID_PARAMETER);
	} else {
		struct span span = ref_outward(address, size);
		uint64_t count = collect(reference, process, span, max, reset == 1);
		ref_decide(outcome, "W4", VMM_SUCCESS);
		outcome->list = reference->watched;
		outcome_set(outcome, GETWATCH_OUT_count, count);
		outcome_set(outcome, GETWATCH_OUT_pages, count);
	}
}

void reference_resetwatch(struct reference *reference, const struct call *call,
                          struct outcome *outcome)
{
	uint64_t address = call->in[RESETWATCH_IN_addr];
	uint64_t size = call->in[RESETWATCH_IN_size];
	struct process *process = &reference->process[call->process];
	ref_changed(reference, call->process, address, size);
	if (size == 0) {
		ref_decide(outcome, "W2", VMM_INVALID_PARAMETER);
	} else if (!process->lives) {
		ref_decide(outcome, "A13", VMM_PROCESS_IS_TERMINATING);
	} else if (!in_watched_allocation(process, address, size)) {
		ref_decide(outcome, "W1", VMM_INVALID_PARAMETER);
	} else {
		struct span span = ref_outward(address, size);
		collect(reference, process, span, UINT64_MAX, true);
		ref_decide(outcome, "W4", VMM_SUCCESS);
	}
}

/* W1: to the byte, as the caller gave it. */
static bool in_watched_allocation(const struct process *process, uint64_t address,
                                  uint64_t size)
{
	const struct allocation *allocation = ref_ranges_find(process, address);
	return allocation != NULL && (allocation->kind & VMM_MEM_WRITE_WATCH) != 0 &&
	       size <= allocation->end - address;
}

/* W4: the first `max` marked pages, rising; only these are reset. */
static uint64_t collect(struct reference *reference, struct process *process,
                        struct span span, uint64_t max, bool reset)
{
	size_t count = 0;
	size_t end = ref_pages_index(process, span.end / VMM_PAGE_SIZE);
	for (size_t i = ref_pages_index(process, span.base / VMM_PAGE_SIZE);
	     i < end && count < max; i++) {
		struct page *page = &process->page[i];
		if (!page->watched)
			continue;
		reference->watched = memory_grow(reference->watched,
		                                 &reference->watched_capacity, count + 1,
		                                 sizeof(uint64_t));
		reference->watched[count++] = page->number * VMM_PAGE_SIZE;
		if (reset)
			page->watched = false;
	}
	return count;
}
