/* protect.c: NtProtectVirtualMemory. */
#include "../vm.h"
#include "pages.h"
#include "protection.h"

static vmm_status check_arguments(const struct layout *layout, const struct vmm_protect *io)
{
	if (!protect_is_legal(io->protect)) /* P1 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (io->base > layout->high) /* P2 */
		return VMM_INVALID_PARAMETER_2;
	if (io->size == 0 || io->size - 1 > layout->high - io->base)
		return VMM_INVALID_PARAMETER_3;
	return VMM_SUCCESS;
}

/* The range is locked. */
static vmm_status protect_range(struct vmm *vm, unsigned cpu, struct process *process,
                                const struct range *range, uint64_t first, uint64_t last,
                                struct vmm_protect *io)
{
	if (range->last < last) /* P5 */
		return VMM_CONFLICTING_ADDRESSES;
	if ((range->flags & RANGE_PHYSICAL) != 0) /* P6 */
		return VMM_CONFLICTING_ADDRESSES;
	if (protect_copies(io->protect)) /* P7 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (pages_committed(vm, process, first, last) != last - first + 1) /* P10 */
		return VMM_NOT_COMMITTED;
	pte_t before = pages_commit(vm, cpu, process, first, last, io->protect, false);

	io->old = protect_reported(pte_protect(before), range->protect); /* P12 */
	io->base = address_of(first);
	io->size = address_of(last - first + 1);
	return VMM_SUCCESS;
}

/* Inside the gate. */
static vmm_status protect(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                          struct vmm_protect *io)
{
	uint64_t first = page_of(io->base), last = page_of(io->base + io->size - 1); /* P4 */
	struct process *process;
	struct range *range;
	vmm_status status = process_open(vm, caller, handle, &process); /* P3 */

	if (status != VMM_SUCCESS)
		return status;
	range = range_find(&vm->ranges, &process->tree, first);
	if (range == NULL) /* P5 */
		return VMM_CONFLICTING_ADDRESSES;
	range_lock(vm, cpu, range);
	status = protect_range(vm, cpu, process, range, first, last, io);
	range_unlock(range);
	return status;
}

vmm_status vmm_protect(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                       struct vmm_protect *io)
{
	vmm_status status = check_arguments(&vm->layout, io);

	if (status != VMM_SUCCESS)
		return status;
	gate_enter(vm, cpu);
	status = protect(vm, cpu, caller, handle, io);
	gate_leave(vm, cpu);
	return status;
}
