/* free.c: NtFreeVirtualMemory: decommit, release, and what placeholders add. */
#include "../vm.h"
#include "pages.h"

#define RELEASE_PRESERVE (VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER)
#define RELEASE_COALESCE (VMM_MEM_RELEASE | VMM_MEM_COALESCE_PLACEHOLDERS)

struct plan {
	struct process *process;
	struct range *range; /* that holds first..last; the lowest one of a COALESCE */
	uint64_t first, last;
};

static vmm_status check_arguments(const struct layout *layout, const struct vmm_free *io)
{
	if (io->type != VMM_MEM_DECOMMIT && io->type != VMM_MEM_RELEASE && /* F1 */
	    io->type != RELEASE_PRESERVE && io->type != RELEASE_COALESCE)
		return VMM_INVALID_PARAMETER_4;
	if (io->base > layout->high) /* F2 */
		return VMM_INVALID_PARAMETER_2;
	if (io->size != 0 && io->size - 1 > layout->high - io->base) /* F3 */
		return VMM_INVALID_PARAMETER_3;
	return VMM_SUCCESS;
}

/* F16: first..last is exactly two or more placeholders side by side. */
static vmm_status decode_coalesce(const struct vmm *vm, struct plan *plan)
{
	const struct range *range;

	range = plan->range = range_find(&vm->ranges, &plan->process->tree, plan->first);
	if (range == NULL || range->first != plan->first || range->last >= plan->last)
		return VMM_CONFLICTING_ADDRESSES;
	while (range != NULL && (range->flags & RANGE_PLACEHOLDER) != 0) {
		if (range->last == plan->last)
			return VMM_SUCCESS;
		if (range->last > plan->last)
			break;
		range = range_find(&vm->ranges, &plan->process->tree, range->last + 1);
	}
	return VMM_CONFLICTING_ADDRESSES;
}

/* F15: part of a placeholder, or exactly what replaced one. */
static vmm_status decode_preserve(const struct plan *plan)
{
	bool whole = plan->first == plan->range->first && plan->last == plan->range->last;

	if ((plan->range->flags & RANGE_PLACEHOLDER) != 0)
		return whole ? VMM_CONFLICTING_ADDRESSES : VMM_SUCCESS;
	if ((plan->range->flags & RANGE_REPLACED) != 0 && whole)
		return VMM_SUCCESS;
	return VMM_CONFLICTING_ADDRESSES;
}

static vmm_status decode_range(const struct vmm *vm, const struct vmm_free *io, struct plan *plan)
{
	struct range *range = range_find(&vm->ranges, &plan->process->tree, plan->first);

	if (range == NULL) /* F5 */
		return VMM_MEMORY_NOT_ALLOCATED;
	if (io->size != 0 && plan->last > range->last) /* F6 */
		return VMM_UNABLE_TO_FREE_VM;
	if (io->size == 0 && plan->first != range->first) /* F8 */
		return VMM_FREE_VM_NOT_AT_BASE;
	plan->range = range;
	if (io->size == 0)
		plan->last = range->last;
	if ((range->flags & RANGE_PHYSICAL) != 0 && /* F12 */
	    (io->type == VMM_MEM_DECOMMIT || plan->first != range->first ||
	     plan->last != range->last))
		return VMM_UNABLE_TO_FREE_VM;
	return io->type == RELEASE_PRESERVE ? decode_preserve(plan) : VMM_SUCCESS;
}

/* Inside the gate, or with it closed. */
static vmm_status decode_free(struct vmm *vm, vmm_process caller, vmm_handle handle,
                              const struct vmm_free *io, struct plan *plan)
{
	vmm_status status = process_open(vm, caller, handle, &plan->process); /* F4 */

	if (status != VMM_SUCCESS)
		return status;
	if ((io->type == RELEASE_PRESERVE || io->type == RELEASE_COALESCE) && io->size == 0)
		return VMM_INVALID_PARAMETER_3; /* F14 */
	plan->first = page_of(io->base);
	plan->last = page_of(io->base + io->size - (io->size != 0 ? 1 : 0));
	return io->type == RELEASE_COALESCE ? decode_coalesce(vm, plan)
	                                    : decode_range(vm, io, plan);
}

/* ---- Perform ------------------------------------------------------------------- */

/* F11: takes first..last out of the range; what is left of it on either side
 * stays an allocation with the same properties. Needs room for one range. */
static void cut(struct vmm *vm, struct process *process, struct range *range, uint64_t first,
                uint64_t last)
{
	struct range old = *range;
	struct range *rest;

	if (first == old.first && last == old.last) {
		range_remove(&vm->ranges, &process->tree, range);
	} else if (first == old.first) {
		range_resize(&vm->ranges, &process->tree, range, last + 1, old.last);
	} else {
		range_resize(&vm->ranges, &process->tree, range, old.first, first - 1);
		if (last == old.last)
			return;
		rest = range_insert(&vm->ranges, &process->tree, last + 1, old.last, old.protect,
		                    old.flags);
		rest->committed = pages_committed(vm, process, last + 1, old.last);
		range->committed -= rest->committed;
	}
}

static void make_placeholder(struct vmm *vm, struct process *process, uint64_t first, uint64_t last)
{
	(void)range_insert(&vm->ranges, &process->tree, first, last, VMM_PAGE_NOACCESS,
	                   RANGE_PLACEHOLDER);
}

static void coalesce(struct vmm *vm, const struct plan *plan)
{
	struct range *next = plan->range;

	while (next != NULL && next->first <= plan->last) {
		range_remove(&vm->ranges, &plan->process->tree, next);
		next = range_at_or_above(&vm->ranges, &plan->process->tree, plan->first);
	}
	make_placeholder(vm, plan->process, plan->first, plan->last);
}

/* With the gate closed. */
static vmm_status release(struct vmm *vm, unsigned cpu, const struct plan *plan, uint32_t type)
{
	if (type == RELEASE_COALESCE) {
		coalesce(vm, plan);
		return VMM_SUCCESS;
	}
	/* A cut in the middle adds one range, a preserved part one more. */
	if (!ranges_have_room(&vm->ranges, 2) &&
	    (plan->first != plan->range->first || plan->last != plan->range->last))
		return VMM_INSUFFICIENT_RESOURCES;
	pages_decommit(vm, cpu, plan->process, plan->range, plan->first, plan->last);
	cut(vm, plan->process, plan->range, plan->first, plan->last);
	if (type == RELEASE_PRESERVE)
		make_placeholder(vm, plan->process, plan->first, plan->last);
	return VMM_SUCCESS;
}

/* A decommit leaves the tree as it is. */
static vmm_status decommit(struct vmm *vm, unsigned cpu, const struct plan *plan)
{
	range_lock(vm, cpu, plan->range);
	pages_decommit(vm, cpu, plan->process, plan->range, plan->first, plan->last);
	range_unlock(plan->range);
	return VMM_SUCCESS;
}

vmm_status vmm_free(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                    struct vmm_free *io)
{
	struct plan plan;
	bool decommits = io->type == VMM_MEM_DECOMMIT;
	vmm_status status = check_arguments(&vm->layout, io);

	if (status != VMM_SUCCESS)
		return status;
	(decommits ? gate_enter : gate_close)(vm, cpu);
	status = decode_free(vm, caller, handle, io, &plan);
	if (status == VMM_SUCCESS)
		status = decommits ? decommit(vm, cpu, &plan) : release(vm, cpu, &plan, io->type);
	(decommits ? gate_leave : gate_open)(vm, cpu);
	if (status != VMM_SUCCESS)
		return status;
	io->size = decommits && io->size == 0
	                   ? 0
	                   : address_of(plan.last - plan.first + 1); /* F10 */
	io->base = address_of(plan.first);
	return VMM_SUCCESS;
}
