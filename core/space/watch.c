/* watch.c: NtGetWriteWatch and NtResetWriteWatch. */
#include "../vm.h"
#include "pages.h"

/* Inside the gate. W1: [base, base + size), to the byte, in one write-watch
 * allocation, which is locked then. */
static vmm_status open_watched(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                               uint64_t base, uint64_t size, struct process **process,
                               struct range **range)
{
	vmm_status status = process_open(vm, caller, handle, process);

	if (status != VMM_SUCCESS)
		return status;
	if (base > vm->layout.high || size - 1 > vm->layout.high - base)
		return VMM_INVALID_PARAMETER;
	*range = range_find(&vm->ranges, &(*process)->tree, page_of(base));
	if (*range == NULL || ((*range)->flags & RANGE_WRITE_WATCH) == 0 ||
	    page_of(base + size - 1) > (*range)->last)
		return VMM_INVALID_PARAMETER;
	range_lock(vm, cpu, *range);
	return VMM_SUCCESS;
}

vmm_status vmm_get_write_watch(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                               struct vmm_get_write_watch *io)
{
	uint64_t first = page_of(io->base), last = page_of(io->base + io->size - 1);
	struct process *process;
	struct range *range;
	vmm_status status;

	if (io->reset > 1 || io->count == 0 || io->size == 0) /* W2 */
		return VMM_INVALID_PARAMETER;
	gate_enter(vm, cpu);
	status = open_watched(vm, cpu, caller, handle, io->base, io->size, &process, &range);
	if (status == VMM_SUCCESS) { /* W4 */
		io->count = io->reset == 1 ? pages_take_marks(vm, cpu, process, first, last,
		                                              io->pages, io->count)
		                           : pages_marked(vm, cpu, process, first, last,
		                                          io->pages, io->count);
		range_unlock(range);
	}
	gate_leave(vm, cpu);
	return status;
}

vmm_status vmm_reset_write_watch(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_handle handle, const struct vmm_reset_write_watch *in)
{
	struct process *process;
	struct range *range;
	vmm_status status;

	if (in->size == 0) /* W2 */
		return VMM_INVALID_PARAMETER;
	gate_enter(vm, cpu);
	status = open_watched(vm, cpu, caller, handle, in->base, in->size, &process, &range);
	if (status == VMM_SUCCESS) {
		(void)pages_take_marks(vm, cpu, process, page_of(in->base),
		                       page_of(in->base + in->size - 1), NULL, UINT64_MAX);
		range_unlock(range);
	}
	gate_leave(vm, cpu);
	return status;
}
