/* alloc_check.c: the checks of alloc that look at its arguments alone, in the
 * order of docs/NT_SEMANTICS.md, "Reserve, commit, reset". The first that fails
 * decides. What depends on the range is in alloc.c. */
#include "state.h"

#define RESETS (VMM_MEM_RESET | VMM_MEM_RESET_UNDO)
#define PLACEHOLDERS (VMM_MEM_RESERVE_PLACEHOLDER | VMM_MEM_REPLACE_PLACEHOLDER)
#define ACTIONS (VMM_MEM_COMMIT | VMM_MEM_RESERVE | RESETS)
#define KNOWN                                                                                    \
	(ACTIONS | PLACEHOLDERS | VMM_MEM_TOP_DOWN | VMM_MEM_WRITE_WATCH | VMM_MEM_PHYSICAL |    \
	 VMM_MEM_LARGE_PAGES)

static vmm_status check_zero_bits(const struct reference *reference, uint64_t zero_bits,
                                  struct outcome *outcome);
static vmm_status check_type(const struct alloc_request *request, struct outcome *outcome);
static vmm_status check_large_pages(const struct alloc_request *request, struct outcome *outcome);
static vmm_status check_kinds(const struct alloc_request *request, struct outcome *outcome);
static vmm_status check_protect(const struct alloc_request *request, struct outcome *outcome);
static vmm_status check_range(const struct reference *reference,
                              const struct alloc_request *request, struct outcome *outcome);
static vmm_status check_requirements(const struct reference *reference,
                                     const struct alloc_request *request, struct outcome *outcome);
static vmm_status check_caller(const struct process *process,
                               const struct alloc_request *request, struct outcome *outcome);

vmm_status ref_alloc_check(const struct reference *reference, const struct process *process,
                           const struct alloc_request *request, struct outcome *outcome)
{
	vmm_status status = check_zero_bits(reference, request->zero_bits, outcome);
	if (VMM_OK(status))
		status = check_type(request, outcome);
	if (VMM_OK(status))
		status = check_large_pages(request, outcome);
	if (VMM_OK(status))
		status = check_kinds(request, outcome);
	if (VMM_OK(status))
		status = check_protect(request, outcome);
	if (VMM_OK(status))
		status = check_range(reference, request, outcome);
	if (VMM_OK(status))
		status = check_requirements(reference, request, outcome);
	if (VMM_OK(status))
		status = check_caller(process, request, outcome);
	return status;
}

bool ref_alloc_reserves(const struct alloc_request *request)
{
	if ((request->type & VMM_MEM_RESERVE) != 0)
		return true;
	return (request->type & VMM_MEM_COMMIT) != 0 && request->addr == 0;
}

uint64_t ref_alloc_zero_limit(const struct alloc_request *request)
{
	uint64_t zero_bits = request->zero_bits;
	if (zero_bits == 0)
		return UINT64_MAX;
	if (zero_bits <= 31)
		return (UINT64_C(1) << (32 - zero_bits)) - 1;
	uint64_t limit = 0;
	while (limit < zero_bits)
		limit = limit << 1 | 1;
	return limit;
}

static vmm_status check_zero_bits(const struct reference *reference, uint64_t zero_bits,
                                  struct outcome *outcome)
{
	bool legal = zero_bits <= 21 || (zero_bits > 31 && reference->mask_zero_bits);
	return legal ? VMM_SUCCESS : ref_decide(outcome, "A1", VMM_INVALID_PARAMETER_3);
}

static vmm_status check_type(const struct alloc_request *request, struct outcome *outcome)
{
	uint32_t type = request->type;
	if ((type & ~KNOWN) != 0)
		return ref_decide(outcome, "A2", VMM_INVALID_PARAMETER_5);
	if ((type & ACTIONS) == 0)
		return ref_decide(outcome, "A2",
		                  (type & PLACEHOLDERS) != 0 ? VMM_INVALID_PARAMETER
		                                             : VMM_INVALID_PARAMETER_5);
	if ((type & RESETS) != 0 && type != VMM_MEM_RESET && type != VMM_MEM_RESET_UNDO)
		return ref_decide(outcome, "A3", VMM_INVALID_PARAMETER_5);
	return VMM_SUCCESS;
}

/* Without RESERVE and COMMIT: both are needed. */
static vmm_status check_large_pages(const struct alloc_request *request, struct outcome *outcome)
{
	const uint32_t needed = VMM_MEM_RESERVE | VMM_MEM_COMMIT;
	if ((request->type & VMM_MEM_LARGE_PAGES) == 0)
		return VMM_SUCCESS;
	if ((request->type & needed) != needed)
		return ref_decide(outcome, "A4", VMM_INVALID_PARAMETER_5);
	if ((request->type & (VMM_MEM_PHYSICAL | VMM_MEM_WRITE_WATCH)) != 0)
		return ref_decide(outcome, "A4", VMM_INVALID_PARAMETER_5);
	if (request->size % VMM_LARGE_PAGE_SIZE != 0 || request->addr % VMM_LARGE_PAGE_SIZE != 0)
		return ref_decide(outcome, "A4", VMM_INVALID_PARAMETER);
	return VMM_SUCCESS;
}

static vmm_status check_kinds(const struct alloc_request *request, struct outcome *outcome)
{
	const uint32_t with_window = VMM_MEM_PHYSICAL | VMM_MEM_RESERVE | VMM_MEM_TOP_DOWN;
	const uint32_t with_placeholder =
		VMM_MEM_RESERVE_PLACEHOLDER | VMM_MEM_RESERVE | VMM_MEM_TOP_DOWN;
	const uint32_t with_replace = VMM_MEM_REPLACE_PLACEHOLDER | VMM_MEM_RESERVE |
	                              VMM_MEM_COMMIT | VMM_MEM_WRITE_WATCH;
	uint32_t type = request->type;
	bool reserve = (type & VMM_MEM_RESERVE) != 0;

	if ((type & VMM_MEM_WRITE_WATCH) != 0 && !reserve)
		return ref_decide(outcome, "A5", VMM_INVALID_PARAMETER_5);
	if ((type & VMM_MEM_PHYSICAL) != 0) {
		if (!reserve || (type & ~with_window) != 0)
			return ref_decide(outcome, "A6", VMM_INVALID_PARAMETER_5);
		if (request->protect != VMM_PAGE_READWRITE)
			return ref_decide(outcome, "A6", VMM_INVALID_PARAMETER_6);
	}
	if ((type & VMM_MEM_RESERVE_PLACEHOLDER) != 0)
		if (!reserve || (type & ~with_placeholder) != 0)
			return ref_decide(outcome, "A35", VMM_INVALID_PARAMETER);
	if ((type & VMM_MEM_REPLACE_PLACEHOLDER) != 0)
		if (!reserve || (type & ~with_replace) != 0)
			return ref_decide(outcome, "A36", VMM_INVALID_PARAMETER);
	return VMM_SUCCESS;
}

static vmm_status check_protect(const struct alloc_request *request, struct outcome *outcome)
{
	if (!ref_protection_legal(request->protect))
		return ref_decide(outcome, "A7", VMM_INVALID_PAGE_PROTECTION);
	if (ref_alloc_reserves(request) && ref_protection_copies(request->protect))
		return ref_decide(outcome, "A8", VMM_INVALID_PAGE_PROTECTION);
	if ((request->type & VMM_MEM_RESERVE_PLACEHOLDER) != 0 &&
	    request->protect != VMM_PAGE_NOACCESS)
		return ref_decide(outcome, "A35", VMM_INVALID_PARAMETER);
	return VMM_SUCCESS;
}

static vmm_status check_range(const struct reference *reference,
                              const struct alloc_request *request, struct outcome *outcome)
{
	if (request->addr > reference->user_high)
		return ref_decide(outcome, "A9", VMM_INVALID_PARAMETER_2);
	if (request->addr != 0 && request->addr < reference->user_low)
		return ref_decide(outcome, "A9", VMM_INVALID_PARAMETER_2);
	if (ref_past_user(reference, request->addr, request->size))
		return ref_decide(outcome, "A10", VMM_INVALID_PARAMETER_4);
	return VMM_SUCCESS;
}

/* Zero is no requirement, and passes each of the tests. */
static vmm_status check_requirements(const struct reference *reference,
                                     const struct alloc_request *request, struct outcome *outcome)
{
	uint64_t lowest = request->lowest, highest = request->highest, align = request->align;
	if (request->addr != 0 && (lowest != 0 || highest != 0 || align != 0))
		return ref_decide(outcome, "A34", VMM_INVALID_PARAMETER);
	if (highest != 0 && (highest + 1) % VMM_PAGE_SIZE != 0)
		return ref_decide(outcome, "A34", VMM_INVALID_PARAMETER);
	if (highest > reference->user_high)
		return ref_decide(outcome, "A34", VMM_INVALID_PARAMETER);
	if (lowest % VMM_GRANULARITY != 0)
		return ref_decide(outcome, "A34", VMM_INVALID_PARAMETER);
	if (align != 0 && ((align & (align - 1)) != 0 || align < VMM_GRANULARITY))
		return ref_decide(outcome, "A34", VMM_INVALID_PARAMETER);
	return VMM_SUCCESS;
}

static vmm_status check_caller(const struct process *process,
                               const struct alloc_request *request, struct outcome *outcome)
{
	if ((request->type & VMM_MEM_LARGE_PAGES) != 0)
		return ref_decide(outcome, "A12", VMM_PRIVILEGE_NOT_HELD);
	if (!process->lives)
		return ref_decide(outcome, "A13", VMM_PROCESS_IS_TERMINATING);
	return VMM_SUCCESS;
}
