/* fault.c: the fault table, a row an if. */
#include "fault.h"

#include <string.h>

#include "../vm.h"

/* A page that was never touched gets a frame of zeros. */
static vmm_status demand_zero(struct vmm_cpu *cpu, struct atomic64 *slot, uint64_t page, pte_t pte,
                              pte_t *out)
{
	struct vmm *vm = cpu->vm;
	frame_t frame = frame_pool_take(vm, cpu->index);
	pte_t valid;

	if (frame == FRAME_NONE)
		return VMM_NO_MEMORY;
	if (!frame_activate(&vm->frames, frame, frame_owner(cpu->process->number, page)))
		memset(frame_bytes(&vm->frames, frame), 0, (size_t)VMM_PAGE_SIZE);
	valid = pte_with_kind(pte, PTE_VALID) | (uint64_t)frame << PTE_FRAME_SHIFT;
	VMM_POINT(cpu->index, FAULT_BEFORE_CAS);
	/* release half: publishes the zeros to whoever reads the PTE with acquire. */
	if (!atomic64_cas_acq_rel(slot, &pte, valid)) {
		frame_deactivate(&vm->frames, frame);
		frame_pool_give(vm, cpu->index, frame);
		*out = PTE_ZERO; /* somebody was quicker: look again */
		return VMM_SUCCESS;
	}
	*out = valid;
	return VMM_SUCCESS;
}

/* One look at a PTE that is not valid. *out is PTE_ZERO when it changed under us. */
static vmm_status resolve_invalid(struct vmm_cpu *cpu, struct atomic64 *slot, uint64_t page,
                                  pte_t pte, unsigned right, pte_t *out)
{
	bool allowed = (pte_rights(pte) & right) != 0;
	pte_t changed;

	/* A store to READONLY with GUARD leaves the guard armed. */
	if (!allowed && right != RIGHT_FETCH)
		return VMM_ACCESS_VIOLATION;
	if ((pte & PTE_GUARD) != 0) {
		VMM_POINT(cpu->index, FAULT_BEFORE_CAS);
		/* One shot: of several CPUs, the one whose CAS wins raises. Its release
		 * half is for walks, as below. */
		if (atomic64_cas_acq_rel(slot, &pte, pte & ~PTE_GUARD))
			return VMM_GUARD_PAGE_VIOLATION;
		*out = PTE_ZERO;
		return VMM_SUCCESS;
	}
	if (!allowed)
		return VMM_ACCESS_VIOLATION;
	if (pte_kind(pte) == PTE_DEMAND_ZERO)
		return demand_zero(cpu, slot, page, pte, out);
	VMM_ASSERT(pte_kind(pte) == PTE_TRANSITION);
	changed = pte_with_kind(pte, PTE_VALID);
	/* release half: pairs with the acquire of the next walk of this page. */
	*out = atomic64_cas_acq_rel(slot, &pte, changed) ? changed : PTE_ZERO;
	return VMM_SUCCESS;
}

vmm_status fault_resolve(struct vmm_cpu *cpu, uint64_t page, unsigned right, enum vmm_irql irql,
                         struct atomic64 **slot, pte_t *out)
{
	struct vmm *vm = cpu->vm;

	if (page < page_of(vm->layout.low) || page > page_of(vm->layout.high) ||
	    !cpu->process->alive)
		return VMM_ACCESS_VIOLATION;
	*slot = pagetable_find(&vm->tables, cpu->process->root, page);
	if (*slot == NULL)
		return VMM_ACCESS_VIOLATION;
	for (;;) {
		/* acquire: pairs with the release of whoever made the PTE valid; without
		 * it the frame's bytes could be older than the PTE. */
		pte_t pte = atomic64_load_acquire(*slot);
		vmm_status status;

		if (pte_kind(pte) == PTE_ZERO)
			return VMM_ACCESS_VIOLATION;
		if (pte_kind(pte) == PTE_VALID) {
			*out = pte;
			return (pte_rights(pte) & right) != 0 ? VMM_SUCCESS : VMM_ACCESS_VIOLATION;
		}
		if (irql >= VMM_IRQL_DISPATCH)
			return VMM_IRQL_NOT_LESS_OR_EQUAL;
		status = resolve_invalid(cpu, *slot, page, pte, right, out);
		if (status != VMM_SUCCESS || *out != PTE_ZERO)
			return status;
	}
}

bool fault_mark_stored(struct atomic64 *slot, pte_t *pte)
{
	for (;;) {
		pte_t marked = *pte | PTE_DIRTY | ((*pte & PTE_WATCH) != 0 ? PTE_MARK : 0);

		/* acq_rel: pairs with the AND in pages_marked, which puts this store
		 * before or after a reset of the mark. */
		if (marked == *pte || atomic64_cas_acq_rel(slot, pte, marked)) {
			*pte = marked;
			return true;
		}
		/* *pte is what is there now. */
		if (pte_kind(*pte) != PTE_VALID || (pte_rights(*pte) & RIGHT_STORE) == 0)
			return false;
	}
}
