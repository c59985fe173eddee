/* inspect.c: looking at a machine at rest. relaxed throughout: nothing runs. */
#include "inspect.h"

#include "space/pages.h"
#include "space/protection.h"
#include "space/query.h"
#include "vm.h"

uint64_t vmm_inspect_user_low(const struct vmm *vm)
{
	return vm->layout.low;
}

uint64_t vmm_inspect_user_high(const struct vmm *vm)
{
	return vm->layout.high;
}

uint32_t vmm_inspect_process_count(const struct vmm *vm)
{
	return vm->process_count;
}

bool vmm_inspect_process_lives(const struct vmm *vm, vmm_process process)
{
	return process_lives(&vm->process[process]);
}

void vmm_inspect_region(const struct vmm *vm, vmm_process process, struct vmm_query *io)
{
	query_run(vm, &vm->process[process], io->address, io);
}

void vmm_inspect_page(const struct vmm *vm, vmm_process number, uint64_t page, struct vmm_page *out)
{
	const struct process *process = &vm->process[number];
	pte_t pte = process_lives(process) ? pages_look(vm, process, page) : PTE_ZERO;
	const struct range *range;

	*out = (struct vmm_page){ .committed = false };
	if (pte_kind(pte) == PTE_ZERO)
		return;
	range = range_find(&vm->ranges, &process->tree, page);
	out->committed = true;
	out->valid = pte_kind(pte) == PTE_VALID;
	out->watched = (pte & PTE_MARK) != 0;
	out->protect = protect_reported(pte_protect(pte), range != NULL ? range->protect : 0);
	out->bytes = pte_has_frame(pte) ? frame_bytes(&vm->frames, pte_frame(pte)) : NULL;
}

uint64_t vmm_inspect_next_page(const struct vmm *vm, vmm_process number, uint64_t page)
{
	const struct process *process = &vm->process[number];

	struct pagetable_walk walk = pagetable_walk(&vm->tables, process->root, page,
	                                            page_of(vm->layout.high));
	struct atomic64 *slot;
	uint64_t next;

	return process_lives(process) && pagetable_walk_next(&walk, &next, &slot) ? next
	                                                                           : UINT64_MAX;
}

void vmm_inspect_totals(const struct vmm *vm, struct vmm_totals *totals)
{
	totals->charge = charge_total(vm);
	totals->charge_limit = vm->charge_limit;
	totals->frames = vm->frames.count;
	totals->frames_free = frame_pool_count(vm, NULL, NULL);
	totals->tables = (uint32_t)atomic64_load_relaxed(&vm->tables.used);
	totals->ranges = vm->ranges.range_used;
	totals->processes = vm->process_count;
}

uint64_t vmm_inspect_charge(const struct vmm *vm, vmm_process process)
{
	return process_lives(&vm->process[process])
	               ? ranges_committed(&vm->ranges, &vm->process[process].tree)
	               : 0;
}
