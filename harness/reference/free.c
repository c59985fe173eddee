/* free.c: decommit and release, and the placeholders that a release can leave
 * behind (docs/NT_SEMANTICS.md, "Free"). */
#include "state.h"

#define PRESERVE (VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER)
#define COALESCE (VMM_MEM_RELEASE | VMM_MEM_COALESCE_PLACEHOLDERS)

struct request {
	uint64_t addr, size;
	uint32_t type;
};

static vmm_status check(const struct reference *reference, const struct process *process,
                        const struct request *request, struct outcome *outcome);
static vmm_status coalesce_range(const struct process *process, const struct request *request,
                                 struct span *span, struct outcome *outcome);
static vmm_status free_range(const struct process *process, const struct request *request,
                             struct span *span, struct outcome *outcome);
static void perform(struct reference *reference, struct process *process, uint32_t type,
                    struct span span);

void reference_free(struct reference *reference, const struct call *call,
                    struct outcome *outcome)
{
	const struct request request = {call->in[FREE_IN_addr], call->in[FREE_IN_size],
	                                (uint32_t)call->in[FREE_IN_type]};
	struct process *process = &reference->process[call->process];
	struct span span = {0, 0};
	vmm_status status = check(reference, process, &request, outcome);
	if (VMM_OK(status) && request.type == COALESCE)
		status = coalesce_range(process, &request, &span, outcome);
	else if (VMM_OK(status))
		status = free_range(process, &request, &span, outcome);

	if (VMM_OK(status)) {
		bool whole_decommit = request.type == VMM_MEM_DECOMMIT && request.size == 0;
		uint64_t size = span.end - span.base;
		perform(reference, process, request.type, span);
		outcome_set(outcome, FREE_OUT_base, span.base);
		outcome_set(outcome, FREE_OUT_size, whole_decommit ? 0 : size); /* F10 */
		ref_changed(reference, call->process, span.base, size);
	} else {
		outcome_set(outcome, FREE_OUT_base, request.addr);
		outcome_set(outcome, FREE_OUT_size, request.size);
		ref_changed(reference, call->process, request.addr, request.size);
	}
}

static vmm_status check(const struct reference *reference, const struct process *process,
                        const struct request *request, struct outcome *outcome)
{
	uint32_t type = request->type;
	if (type != VMM_MEM_DECOMMIT && type != VMM_MEM_RELEASE && type != PRESERVE &&
	    type != COALESCE)
		return ref_decide(outcome, "F1", VMM_INVALID_PARAMETER_4);
	if (request->addr > reference->user_high)
		return ref_decide(outcome, "F2", VMM_INVALID_PARAMETER_2);
	if (request->size != 0 && ref_past_user(reference, request->addr, request->size))
		return ref_decide(outcome, "F3", VMM_INVALID_PARAMETER_3);
	if (!process->lives)
		return ref_decide(outcome, "F4", VMM_PROCESS_IS_TERMINATING);
	if ((type == PRESERVE || type == COALESCE) && request->size == 0)
		return ref_decide(outcome, "F14", VMM_INVALID_PARAMETER_3);
	return VMM_SUCCESS;
}

/* F16: two or more placeholders, adjacent, and nothing else. */
static vmm_status coalesce_range(const struct process *process, const struct request *request,
                                 struct span *span, struct outcome *outcome)
{
	*span = ref_outward(request->addr, request->size);
	uint64_t at = span->base;
	unsigned found = 0;
	for (size_t i = ref_ranges_index(process, at);
	     i < process->allocation_count && at < span->end; i++) {
		const struct allocation *allocation = &process->allocation[i];
		if (allocation->base != at)
			break;
		if ((allocation->kind & VMM_MEM_RESERVE_PLACEHOLDER) == 0)
			break;
		at = allocation->end;
		found++;
	}
	if (at != span->end || found < 2)
		return ref_decide(outcome, "F16", VMM_CONFLICTING_ADDRESSES);
	return ref_decide(outcome, "F16", VMM_SUCCESS);
}

/* F15: a whole replacement of a placeholder, or a part of a placeholder. */
static bool may_preserve(const struct allocation *allocation, bool whole)
{
	uint32_t needed = whole ? VMM_MEM_REPLACE_PLACEHOLDER : VMM_MEM_RESERVE_PLACEHOLDER;
	return (allocation->kind & needed) != 0;
}

/* The rule that describes what a free that passed its checks does. */
static const char *allowed_by(const struct request *request, const struct allocation *allocation)
{
	if (request->type == PRESERVE)
		return "F15";
	if ((allocation->kind & VMM_MEM_RESERVE_PLACEHOLDER) != 0)
		return "F17";
	if (request->type == VMM_MEM_DECOMMIT)
		return request->size == 0 ? "F10" : "F9";
	return request->size == 0 ? "F8" : "F11";
}

static vmm_status free_range(const struct process *process, const struct request *request,
                             struct span *span, struct outcome *outcome)
{
	uint64_t first_page = ref_down(request->addr, VMM_PAGE_SIZE);
	const struct allocation *allocation = ref_ranges_find(process, first_page);
	if (allocation == NULL)
		return ref_decide(outcome, "F5", VMM_MEMORY_NOT_ALLOCATED);
	if (request->size == 0)
		*span = (struct span){allocation->base, allocation->end};
	else
		*span = ref_outward(request->addr, request->size); /* F9 */
	if (span->end > allocation->end)
		return ref_decide(outcome, "F6", VMM_UNABLE_TO_FREE_VM);
	if (request->size == 0 && first_page != allocation->base)
		return ref_decide(outcome, "F8", VMM_FREE_VM_NOT_AT_BASE);
	bool whole = span->base == allocation->base && span->end == allocation->end;
	if ((allocation->kind & VMM_MEM_PHYSICAL) != 0 &&
	    (request->type == VMM_MEM_DECOMMIT || !whole))
		return ref_decide(outcome, "F12", VMM_UNABLE_TO_FREE_VM);
	if (request->type == PRESERVE && !may_preserve(allocation, whole))
		return ref_decide(outcome, "F15", VMM_CONFLICTING_ADDRESSES);
	return ref_decide(outcome, allowed_by(request, allocation), VMM_SUCCESS);
}

static void perform(struct reference *reference, struct process *process, uint32_t type,
                    struct span span)
{
	const struct allocation placeholder = {span.base, span.end, VMM_PAGE_NOACCESS,
	                                       VMM_MEM_RESERVE_PLACEHOLDER};
	if (type == COALESCE) {
		ref_ranges_join(process, span);
		return;
	}
	ref_pages_decommit(reference, process, span);
	if (type != VMM_MEM_DECOMMIT)
		ref_ranges_cut(process, span); /* F11: the rest keeps its flags */
	if (type == PRESERVE)
		ref_ranges_insert(process, placeholder);
}
