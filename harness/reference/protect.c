/* protect.c: change the protection of committed pages (docs/NT_SEMANTICS.md,
 * "Protect"). Either every page of the range takes it or none does. */
#include "state.h"

struct request {
	uint64_t addr, size;
	uint32_t protect;
};

static vmm_status check(const struct reference *reference, const struct process *process,
                        const struct request *request);
static vmm_status find_range(const struct process *process, const struct request *request,
                             struct span *span);

void reference_protect(struct reference *reference, const struct call *call,
                       struct outcome *outcome)
{
	const struct request request = {call->in[PROTECT_IN_addr], call->in[PROTECT_IN_size],
	                                (uint32_t)call->in[PROTECT_IN_protect]};
	struct process *process = &reference->process[call->process];
	struct span span = {0, 0};
	vmm_status status = check(reference, process, &request);
	if (VMM_OK(status))
		status = find_range(process, &request, &span);

	uint64_t base = request.addr, size = request.size;
	if (VMM_OK(status)) {
		const struct allocation *allocation = ref_ranges_find(process, span.base);
		const struct page *first = ref_pages_find(process, span.base / VMM_PAGE_SIZE);
		uint32_t old = ref_protection_shown(allocation, first); /* P11 */
		outcome_set(outcome, PROTECT_OUT_old, old);
		ref_pages_protect(process, span, request.protect);
		base = span.base; /* P4 */
		size = span.end - span.base;
	}
	outcome->status = status;
	outcome_set(outcome, PROTECT_OUT_base, base);
	outcome_set(outcome, PROTECT_OUT_size, size);
	ref_changed(reference, call->process, base, size);
}

static vmm_status check(const struct reference *reference, const struct process *process,
                        const struct request *request)
{
	if (!ref_protection_legal(request->protect)) /* P1 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (request->addr > reference->user_high) /* P2 */
		return VMM_INVALID_PARAMETER_2;
	if (ref_past_user(reference, request->addr, request->size)) /* P2 */
		return VMM_INVALID_PARAMETER_3;
	if (!process->lives) /* P3 */
		return VMM_PROCESS_IS_TERMINATING;
	return VMM_SUCCESS;
}

static vmm_status find_range(const struct process *process, const struct request *request,
                             struct span *span)
{
	*span = ref_outward(request->addr, request->size); /* P4 */
	const struct allocation *allocation = ref_ranges_holding(process, *span);
	if (allocation == NULL) /* P5 */
		return VMM_CONFLICTING_ADDRESSES;
	if ((allocation->kind & VMM_MEM_PHYSICAL) != 0) /* P6 */
		return VMM_CONFLICTING_ADDRESSES;
	if (ref_protection_copies(request->protect)) /* P7 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (ref_pages_count(process, *span) != (span->end - span->base) / VMM_PAGE_SIZE) /* P10 */
		return VMM_NOT_COMMITTED;
	return VMM_SUCCESS;
}
