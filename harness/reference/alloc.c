/* alloc.c: reserve, commit and reset: which range a call means, whether that
 * range lies as it must, and what then becomes of it.
 *
 * A call that passed its checks and got its range cannot fail any more. */
#include "state.h"

#define RESETS (VMM_MEM_RESET | VMM_MEM_RESET_UNDO)
#define NEVER_COMMITTED (VMM_MEM_RESERVE_PLACEHOLDER | VMM_MEM_PHYSICAL)

static vmm_status find_range(const struct reference *reference, const struct process *process,
                             const struct alloc_request *request, struct span *span,
                             struct outcome *outcome);
static bool charge_fits(const struct reference *reference, const struct process *process,
                        const struct alloc_request *request, struct span span);
static void perform(struct reference *reference, struct process *process,
                    const struct alloc_request *request, struct span span);

void reference_alloc(struct reference *reference, const struct call *call,
                     struct outcome *outcome)
{
	const struct alloc_request request = {
		.addr = call->in[ALLOC_IN_addr],
		.size = call->in[ALLOC_IN_size],
		.zero_bits = call->in[ALLOC_IN_zero_bits],
		.lowest = call->in[ALLOC_IN_lowest],
		.highest = call->in[ALLOC_IN_highest],
		.align = call->in[ALLOC_IN_align],
		.type = (uint32_t)call->in[ALLOC_IN_type],
		.protect = (uint32_t)call->in[ALLOC_IN_protect],
	};
	struct process *process = &reference->process[call->process];
	struct span span = {0, 0};
	vmm_status status = ref_alloc_check(reference, process, &request, outcome);
	if (VMM_OK(status))
		status = find_range(reference, process, &request, &span, outcome);
	if (VMM_OK(status) && !charge_fits(reference, process, &request, span))
		status = ref_decide(outcome, "A25", VMM_COMMITMENT_LIMIT);

	uint64_t base = request.addr, size = request.size;
	if (VMM_OK(status)) {
		perform(reference, process, &request, span);
		base = span.base;
		size = span.end - span.base;
		outcome->binds = base;
	}
	outcome_set(outcome, ALLOC_OUT_base, base);
	outcome_set(outcome, ALLOC_OUT_size, size);
	/* A refused call that left the place open has looked at no page. */
	ref_changed(reference, call->process, base, base == 0 ? 1 : size);
}

/* ---- The range ------------------------------------------------------------- */

static vmm_status reserve_at(const struct process *process,
                             const struct alloc_request *request, struct span *span,
                             struct outcome *outcome)
{
	span->base = ref_down(request->addr, VMM_GRANULARITY);
	span->end = ref_up(request->addr + request->size, VMM_PAGE_SIZE);
	if (!ref_ranges_all_free(process, *span))
		return ref_decide(outcome, "A17", VMM_CONFLICTING_ADDRESSES);
	return ref_decide(outcome, "A14", VMM_SUCCESS);
}

static vmm_status reserve_anywhere(const struct reference *reference,
                                   const struct process *process,
                                   const struct alloc_request *request, struct span *span,
                                   struct outcome *outcome)
{
	uint64_t size = ref_up(request->size, VMM_PAGE_SIZE); /* A14 */
	uint64_t align = request->align != 0 ? request->align : VMM_GRANULARITY;
	bool top_down = (request->type & VMM_MEM_TOP_DOWN) != 0;
	uint64_t lowest = reference->user_low;
	uint64_t highest = reference->user_high;
	if (request->lowest > lowest)
		lowest = request->lowest;
	if (request->highest != 0 && request->highest < highest)
		highest = request->highest;
	if (ref_alloc_zero_limit(request) < highest) /* A1 */
		highest = ref_alloc_zero_limit(request);
	const struct span within = {lowest, highest + 1};
	if (!ref_placement_find(process, within, size, align, top_down, &span->base))
		return ref_decide(outcome, "A26", VMM_NO_MEMORY);
	span->end = span->base + size;
	return ref_decide(outcome, "A27", VMM_SUCCESS);
}

/* The range must be one whole placeholder. */
static vmm_status replace_at(const struct process *process,
                             const struct alloc_request *request, struct span *span,
                             struct outcome *outcome)
{
	*span = ref_outward(request->addr, request->size);
	const struct allocation *allocation = ref_ranges_find(process, span->base);
	if (allocation == NULL || (allocation->kind & VMM_MEM_RESERVE_PLACEHOLDER) == 0)
		return ref_decide(outcome, "A36", VMM_CONFLICTING_ADDRESSES);
	if (allocation->base != span->base || allocation->end != span->end)
		return ref_decide(outcome, "A36", VMM_CONFLICTING_ADDRESSES);
	return ref_decide(outcome, "A36", VMM_SUCCESS);
}

static vmm_status commit_at(const struct process *process,
                            const struct alloc_request *request, struct span *span,
                            struct outcome *outcome)
{
	*span = ref_outward(request->addr, request->size); /* A15 */
	const struct allocation *allocation = ref_ranges_holding(process, *span);
	if (allocation == NULL)
		return ref_decide(outcome, "A18", VMM_CONFLICTING_ADDRESSES);
	if ((allocation->kind & NEVER_COMMITTED) != 0)
		return ref_decide(outcome, "A20", VMM_CONFLICTING_ADDRESSES);
	if (ref_protection_copies(request->protect))
		return ref_decide(outcome, "A8", VMM_INVALID_PAGE_PROTECTION);
	bool again = ref_pages_count(process, *span) != 0;
	return ref_decide(outcome, again ? "A19" : "A15", VMM_SUCCESS);
}

static vmm_status reset_at(const struct process *process, const struct alloc_request *request,
                           struct span *span, struct outcome *outcome)
{
	bool undo = request->type == VMM_MEM_RESET_UNDO;
	const char *rule = undo ? "A31" : "A29";
	span->base = ref_up(request->addr, VMM_PAGE_SIZE);
	span->end = ref_down(request->addr + request->size, VMM_PAGE_SIZE);
	if (span->base >= span->end)
		return ref_decide(outcome, "A30", VMM_CONFLICTING_ADDRESSES);
	const struct allocation *allocation = ref_ranges_holding(process, *span);
	if (allocation == NULL || (allocation->kind & NEVER_COMMITTED) != 0)
		return ref_decide(outcome, rule,
		                  undo ? VMM_MEMORY_NOT_ALLOCATED : VMM_CONFLICTING_ADDRESSES);
	return ref_decide(outcome, rule, VMM_SUCCESS);
}

static vmm_status find_range(const struct reference *reference, const struct process *process,
                             const struct alloc_request *request, struct span *span,
                             struct outcome *outcome)
{
	if ((request->type & RESETS) != 0)
		return reset_at(process, request, span, outcome);
	if ((request->type & VMM_MEM_REPLACE_PLACEHOLDER) != 0)
		return replace_at(process, request, span, outcome);
	if (!ref_alloc_reserves(request))
		return commit_at(process, request, span, outcome);
	if (request->addr != 0)
		return reserve_at(process, request, span, outcome);
	return reserve_anywhere(reference, process, request, span, outcome);
}

/* ---- The effect ------------------------------------------------------------ */

/* A19: only pages that are not committed yet are charged. */
static bool charge_fits(const struct reference *reference, const struct process *process,
                        const struct alloc_request *request, struct span span)
{
	if ((request->type & VMM_MEM_COMMIT) == 0)
		return true;
	uint64_t pages = (span.end - span.base) / VMM_PAGE_SIZE;
	uint64_t fresh = pages - ref_pages_count(process, span);
	return fresh <= reference->commit_limit - reference->committed;
}

/* A29, A31: nothing is paged out here, so a reset leaves all pages intact. */
static void perform(struct reference *reference, struct process *process,
                    const struct alloc_request *request, struct span span)
{
	const struct allocation made = {span.base, span.end, request->protect,
	                                request->type & REF_KINDS};
	if ((request->type & VMM_MEM_REPLACE_PLACEHOLDER) != 0)
		ref_ranges_cut(process, span);
	if (ref_alloc_reserves(request))
		ref_ranges_insert(process, made);
	if ((request->type & VMM_MEM_COMMIT) != 0)
		ref_pages_commit(reference, process, span, request->protect);
}
