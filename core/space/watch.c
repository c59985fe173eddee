/* watch.c: NtGetWriteWatch and NtResetWriteWatch. */
#include "../vm.h"
#include "pages.h"

/* W1: [base, base + size), to the byte, in one write-watch allocation. */
static vmm_status decode_watch(struct vmm *vm, vmm_process caller, vmm_handle handle, uint64_t base,
                               uint64_t size, struct process **process)
{
	const struct range *range;
	vmm_status status;

	if (size == 0) /* W2 */
		return VMM_INVALID_PARAMETER;
	status = process_open(vm, caller, handle, process);
	if (status != VMM_SUCCESS)
		return status;
	if (base > vm->layout.high || size - 1 > vm->layout.high - base)
		return VMM_INVALID_PARAMETER;
	range = range_find(&vm->ranges, &(*process)->tree, page_of(base));
	if (range == NULL || (range->flags & RANGE_WRITE_WATCH) == 0 ||
	    page_of(base + size - 1) > range->last)
		return VMM_INVALID_PARAMETER;
	return VMM_SUCCESS;
}

vmm_status vmm_get_write_watch(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                               struct vmm_get_write_watch *io)
{
	struct process *process;
	vmm_status status;

	if (io->reset > 1 || io->count == 0) /* W2 */
		return VMM_INVALID_PARAMETER;
	status = decode_watch(vm, caller, handle, io->base, io->size, &process);
	if (status != VMM_SUCCESS)
		return status;
	io->count = pages_marked(vm, cpu, process, page_of(io->base),
	                         page_of(io->base + io->size - 1), io->reset == 1, io->pages,
	                         io->count); /* W4 */
	return VMM_SUCCESS;
}

vmm_status vmm_reset_write_watch(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_handle handle, const struct vmm_reset_write_watch *in)
{
	struct process *process;
	vmm_status status = decode_watch(vm, caller, handle, in->base, in->size, &process);

	if (status == VMM_SUCCESS)
		(void)pages_marked(vm, cpu, process, page_of(in->base),
		                   page_of(in->base + in->size - 1), true, NULL, UINT64_MAX);
	return status;
}
