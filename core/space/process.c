/* process.c: processes and the CPUs that run in them. */
#include "process.h"

#include "../vm.h"
#include "pages.h"

vmm_status process_open(struct vmm *vm, vmm_process caller, vmm_handle handle,
                        struct process **process)
{
	if (handle != VMM_CURRENT_PROCESS || caller >= vm->process_count)
		return VMM_INVALID_HANDLE;
	if (!process_lives(&vm->process[caller]))
		return VMM_PROCESS_IS_TERMINATING;
	*process = &vm->process[caller];
	return VMM_SUCCESS;
}

bool process_start(struct vmm *vm, unsigned cpu, uint32_t number)
{
	struct process *process = &vm->process[number];

	process->root = pagetable_create(&vm->tables, cpu);
	if (process->root == 0)
		return false;
	process->number = number;
	process->tree = (struct range_tree){ .root = RANGE_NONE, .depth = 0 };
	shootdown_reset(&process->shootdown, &vm->config);
	/* relaxed: no CPU runs in it before the gate has been opened. */
	atomic64_store_relaxed(&process->state, PROCESS_LIVES);
	return true;
}

void process_end(struct vmm *vm, unsigned cpu, struct process *process)
{
	struct range *range;

	/* relaxed: the shootdown publishes it. When it is over, every access of the
	 * process waits for what comes of it. */
	atomic64_store_relaxed(&process->state, PROCESS_ENDING);
	tlb_shootdown(vm, cpu, process, 0, page_of(vm->layout.high));
	while ((range = range_at_or_above(&vm->ranges, &process->tree, 0)) != NULL) {
		pages_decommit(vm, cpu, process, range, range->first, range->last);
		range_remove(&vm->ranges, &process->tree, range);
	}
	pagetable_destroy(&vm->tables, cpu, process->root);
	process->root = 0;
	/* release: pairs with the acquire in find_slot. Only here, so that whoever is
	 * refused because of it finds everything given back. */
	atomic64_store_release(&process->state, PROCESS_ENDED);
}

static vmm_status create_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_process *process)
{
	struct process *parent;
	vmm_status status = process_open(vm, caller, VMM_CURRENT_PROCESS, &parent);

	if (status != VMM_SUCCESS)
		return status;
	if (vm->process_count == vm->config.processes_max)
		return VMM_INSUFFICIENT_RESOURCES;
	if (!process_start(vm, cpu, vm->process_count)) {
		pagetable_prune(vm, cpu);
		if (!process_start(vm, cpu, vm->process_count))
			return VMM_INSUFFICIENT_RESOURCES;
	}
	*process = vm->process_count++;
	return VMM_SUCCESS;
}

vmm_status vmm_create_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                              vmm_process *process)
{
	vmm_status status;

	gate_close(vm, cpu);
	status = create_process(vm, cpu, caller, process);
	gate_open(vm, cpu);
	return status;
}

vmm_status vmm_terminate_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_handle handle)
{
	struct process *process;
	vmm_status status;

	gate_close(vm, cpu);
	status = process_open(vm, caller, handle, &process);
	if (status == VMM_SUCCESS)
		process_end(vm, cpu, process);
	gate_open(vm, cpu);
	return status;
}

/* Whether the process was ever made. */
static bool exists(struct vmm *vm, unsigned cpu, vmm_process number)
{
	bool exists;

	gate_enter(vm, cpu);
	exists = number < vm->process_count;
	gate_leave(vm, cpu);
	return exists;
}

vmm_status vmm_attach(struct vmm_cpu *cpu, vmm_process number)
{
	struct vmm *vm = cpu->vm;
	uint64_t bit = UINT64_C(1) << cpu->index;

	if (cpu->process->number == number)
		return VMM_SUCCESS;
	if (!exists(vm, cpu->index, number))
		return VMM_INVALID_HANDLE;
	VMM_ASSERT((atomic64_load_own(&cpu->head.pin) & 1) == 0);
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
