/* protect.c: change the protection of committed pages (docs/NT_SEMANTICS.md,
 * "Protect"). Either every page of the range takes it or none does. */
#include "state.h"

struct request {
	uint64_t addr, size;
	uint32_t protect;
};

static vmm_status check(const struct reference *reference, const struct process *process,
                        const struct request *request, struct outcome *outcome);
static vmm_status find_range(const struct process *process, const struct request *request,
                             struct span *span, struct outcome *outcome);

void reference_protect(struct reference *reference, const struct call *call,
                       struct outcome *outcome)
{
	const struct request request = {call->in[PROTECT_IN_addr], call->in[PROTECT_IN_size],
	                                (uint32_t)call->in[PROTECT_IN_protect]};
	struct process *process = &reference->process[call->process];
	struct span span = {0, 0};
	vmm_status status = check(reference, process, &request, outcome);
	if (VMM_OK(status))
		status = find_range(process, &request, &span, outcome);

	uint64_t base = request.addr, size = request.size;
	if (VMM_OK(status)) {
		const struct allocation *allocation = ref_ranges_find(process, span.base);
		const struct page *first = ref_pages_find(process, span.base / VMM_PAGE_SIZE);
		uint32_t old = ref_protection_shown(allocation, first); /* P11 */
		outcome_set(outcome, PROTECT_OUT_old, old);
		ref_pages_protect(process, span, request.protect);
		base = span.base;
		size = span.end - span.base;
		ref_decide(outcome, "P4", VMM_SUCCESS);
	}
	outcome_set(outcome, PROTECT_OUT_base, base);
	outcome_set(outcome, PROTECT_OUT_size, size);
	ref_changed(reference, call->process, base, size);
}

static vmm_status check(const struct reference *reference, const struct process *process,
                        const struct request *request, struct outcome *outcome)
{
	if (!ref_protection_legal(request->protect))
		return ref_decide(outcome, "P1", VMM_INVALID_PAGE_PROTECTION);
	if (request->addr > reference->user_high)
		return ref_decide(outcome, "P2", VMM_INVALID_PARAMETER_2);
	if (ref_past_user(reference, request->addr, request->size))
		return ref_decide(outcome, "P2", VMM_INVALID_PARAMETER_3);
	if (!process->lives)
		return ref_decide(outcome, "P3", VMM_PROCESS_IS_TERMINATING);
	return VMM_SUCCESS;
}

static vmm_status find_range(const struct process *process, const struct request *request,
                             struct span *span, struct outcome *outcome)
{
	*span = ref_outward(request->addr, request->size); /* P4 */
	const struct allocation *allocation = ref_ranges_holding(process, *span);
	if (allocation == NULL)
		return ref_decide(outcome, "P5", VMM_CONFLICTING_ADDRESSES);
	if ((allocation->kind & VMM_MEM_PHYSICAL) != 0)
		return ref_decide(outcome, "P6", VMM_CONFLICTING_ADDRESSES);
	if (ref_protection_copies(request->protect))
		return ref_decide(outcome, "P7", VMM_INVALID_PAGE_PROTECTION);
	if (ref_pages_count(process, *span) != (span->end - span->base) / VMM_PAGE_SIZE)
		return ref_decide(outcome, "P10", VMM_NOT_COMMITTED);
	return VMM_SUCCESS;
}
