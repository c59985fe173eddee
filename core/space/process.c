/* process.c: processes and the CPUs that run in them. */
#include "process.h"

#include "../vm.h"
#include "pages.h"

vmm_status process_open(struct vmm *vm, vmm_process caller, vmm_handle handle,
                        struct process **process)
{
	if (handle != VMM_CURRENT_PROCESS || caller >= vm->process_count)
		return VMM_INVALID_HANDLE;
	if (!vm->process[caller].alive)
		return VMM_PROCESS_IS_TERMINATING;
	*process = &vm->process[caller];
	return VMM_SUCCESS;
}

bool process_start(struct vmm *vm, uint32_t number)
{
	struct process *process = &vm->process[number];

	process->root = pagetable_create(&vm->tables);
	if (process->root == 0)
		return false;
	process->number = number;
	process->alive = true;
	process->tree = (struct range_tree){ .root = RANGE_NONE, .depth = 0 };
	/* relaxed: no CPU runs in it yet. */
	atomic64_store_relaxed(&process->charge, 0);
	process->shootdown.ring_mask =
		(vm->config.tiny ? TINY_SHOOTDOWN_RING : SHOOTDOWN_RING) - 1;
	atomic64_store_relaxed(&process->shootdown.generation, 0);
	atomic64_store_relaxed(&process->shootdown.cpus, 0);
	for (unsigned i = 0; i < SHOOTDOWN_RING; i++)
		atomic64_store_relaxed(&process->shootdown.ring[i].number, 0);
	return true;
}

void process_end(struct vmm *vm, unsigned cpu, struct process *process)
{
	struct range *range;

	while ((range = range_at_or_above(&vm->ranges, &process->tree, 0)) != NULL) {
		pages_decommit(vm, cpu, process, range->first, range->last);
		range_remove(&vm->ranges, &process->tree, range);
	}
	process->alive = false;
	pagetable_destroy(&vm->tables, process->root);
	process->root = 0;
}

vmm_status vmm_create_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                              vmm_process *process)
{
	struct process *parent;
	vmm_status status = process_open(vm, caller, VMM_CURRENT_PROCESS, &parent);

	(void)cpu;
	if (status != VMM_SUCCESS)
		return status;
	if (vm->process_count == vm->config.processes_max || !process_start(vm, vm->process_count))
		return VMM_INSUFFICIENT_RESOURCES;
	*process = vm->process_count++;
	return VMM_SUCCESS;
}

vmm_status vmm_terminate_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_handle handle)
{
	struct process *process;
	vmm_status status = process_open(vm, caller, handle, &process);

	if (status == VMM_SUCCESS)
		process_end(vm, cpu, process);
	return status;
}

vmm_status vmm_attach(struct vmm_cpu *cpu, vmm_process number)
{
	struct vmm *vm = cpu->vm;
	uint64_t bit = UINT64_C(1) << cpu->index;

	if (number >= vm->process_count)
		return VMM_INVALID_HANDLE;
	if (cpu->process == &vm->process[number])
		return VMM_SUCCESS;
	VMM_ASSERT((atomic64_load_relaxed(&cpu->head.pin) & 1) == 0);
	/* release half: our accesses to the old space are done before an initiator
	 * there leaves us out. */
	atomic64_and_acq_rel(&cpu->process->shootdown.cpus, ~bit);
	cpu->process = &vm->process[number];
	cpu->head.generation = &cpu->process->shootdown.generation;
	/* The bit first: an initiator that does not see it has changed its PTEs before
	 * the TLB, empty from here on, is filled. acq_rel, and the fence in
	 * vmm_access_begin pairs with the one in tlb_shootdown. */
	atomic64_or_acq_rel(&cpu->process->shootdown.cpus, bit);
	tlb_flush_local(cpu);
	atomic64_store_release(&cpu->head.seen, /* as in tlb_apply_local */
	                       atomic64_load_acquire(cpu->head.generation));
	return VMM_SUCCESS;
}
