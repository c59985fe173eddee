/* protect.c: NtProtectVirtualMemory. */
#include "../vm.h"
#include "pages.h"
#include "protection.h"

struct plan {
	struct process *process;
	const struct range *range;
	uint64_t first, last;
};

static vmm_status decode_protect(struct vmm *vm, vmm_process caller, vmm_handle handle,
                                 const struct vmm_protect *io, struct plan *plan)
{
	vmm_status status;

	if (!protect_is_legal(io->protect)) /* P1 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (io->base > vm->layout.high) /* P2 */
		return VMM_INVALID_PARAMETER_2;
	if (io->size == 0 || io->size - 1 > vm->layout.high - io->base)
		return VMM_INVALID_PARAMETER_3;
	status = process_open(vm, caller, handle, &plan->process); /* P3 */
	if (status != VMM_SUCCESS)
		return status;
	plan->first = page_of(io->base); /* P4 */
	plan->last = page_of(io->base + io->size - 1);
	plan->range = range_find(&vm->ranges, &plan->process->tree, plan->first);
	if (plan->range == NULL || plan->range->last < plan->last) /* P5 */
		return VMM_CONFLICTING_ADDRESSES;
	if ((plan->range->flags & RANGE_PHYSICAL) != 0) /* P6 */
		return VMM_CONFLICTING_ADDRESSES;
	if (protect_copies(io->protect)) /* P7 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (pages_committed(vm, plan->process, plan->first, plan->last) !=
	    plan->last - plan->first + 1) /* P10 */
		return VMM_NOT_COMMITTED;
	return VMM_SUCCESS;
}

vmm_status vmm_protect(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                       struct vmm_protect *io)
{
	struct plan plan;
	vmm_status status = decode_protect(vm, caller, handle, io, &plan);

	if (status != VMM_SUCCESS)
		return status;
	/* relaxed: services do not overlap, and faults change only the guard, whose
	 * value just before this call is as good as just after (P11). */
	pte_t first = atomic64_load_relaxed(
		pagetable_find(&vm->tables, plan.process->root, plan.first));

	pages_protect(vm, cpu, plan.process, plan.first, plan.last, io->protect);
	io->old = protect_reported(pte_protect(first), plan.range->protect); /* P12 */
	io->base = address_of(plan.first);
	io->size = address_of(plan.last - plan.first + 1);
	return VMM_SUCCESS;
}
