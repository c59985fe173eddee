/* fault.c: the fault table, a row an if. */
#include "fault.h"

#include "../vm.h"

static pte_t marked(pte_t pte)
{
	return pte | PTE_DIRTY | ((pte & PTE_WATCH) != 0 ? PTE_MARK : 0);
}

/* The word of a page that becomes valid. A store that fits into it goes through
 * with the same CAS, so that it takes no frame unless it takes place. */
static pte_t made_valid(pte_t pte, frame_t frame, const struct need *need)
{
	pte_t valid = pte_with_kind(pte, PTE_VALID) | (uint64_t)frame << PTE_FRAME_SHIFT;

	return need->alone && need->right == RIGHT_STORE ? marked(valid) : valid;
}

/* A page that was never touched gets a frame of zeros. */
static vmm_status demand_zero(struct vmm_cpu *cpu, struct atomic64 *slot, uint64_t page, pte_t pte,
                              const struct need *need, pte_t *out)
{
	struct vmm *vm = cpu->vm;
	frame_t frame = frame_pool_take(vm, cpu->index);
	pte_t valid;

	if (frame == FRAME_NONE)
		return FAULT_NO_FRAME;
	if (!frame_activate(&vm->frames, frame, frame_owner(cpu->process->number, page)))
		frame_zero(&vm->frames, frame);
	valid = made_valid(pte, frame, need);
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
                                  pte_t pte, const struct need *need, pte_t *out)
{
	bool allowed = (pte_rights(pte) & need->right) != 0;
	pte_t changed;

	/* A store to READONLY with GUARD leaves the guard armed. */
	if (!allowed && need->right != RIGHT_FETCH)
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
		return demand_zero(cpu, slot, page, pte, need, out);
	VMM_ASSERT(pte_kind(pte) == PTE_TRANSITION);
	changed = made_valid(pte, pte_frame(pte), need);
	/* release half: pairs with the acquire of the next walk of this page. */
	*out = atomic64_cas_acq_rel(slot, &pte, changed) ? changed : PTE_ZERO;
	return VMM_SUCCESS;
}

/* The state of the process, then the page's place in its page table. */
static vmm_status find_slot(struct vmm_cpu *cpu, uint64_t page, struct atomic64 **slot)
{
	struct vmm *vm = cpu->vm;
	/* acquire: pairs with the release of whoever changed it; without it the page
	 * table could be walked before the process is seen to have it. */
	uint64_t state = atomic64_load_acquire(&cpu->process->state);

	if (state == PROCESS_ENDING)
		return FAULT_BUSY;
	if (state != PROCESS_LIVES || page < page_of(vm->layout.low) ||
	    page > page_of(vm->layout.high))
		return VMM_ACCESS_VIOLATION;
	*slot = pagetable_find(&vm->tables, cpu->process->root, page);
	return *slot == NULL ? VMM_ACCESS_VIOLATION : VMM_SUCCESS;
}

vmm_status fault_resolve(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                         struct atomic64 **slot, pte_t *out)
{
	vmm_status status = find_slot(cpu, page, slot);

	while (status == VMM_SUCCESS) {
		/* acquire: pairs with the release of whoever made the PTE valid; without
		 * it the frame's bytes could be older than the PTE. */
		pte_t pte = atomic64_load_acquire(*slot);

		if ((pte & PTE_BUSY) != 0)
			return FAULT_BUSY;
		if (pte_kind(pte) == PTE_ZERO)
			return VMM_ACCESS_VIOLATION;
		if (pte_kind(pte) == PTE_VALID) {
			*out = pte;
			return (pte_rights(pte) & need->right) != 0 ? VMM_SUCCESS
			                                            : VMM_ACCESS_VIOLATION;
		}
		if (need->irql >= VMM_IRQL_DISPATCH)
			return VMM_IRQL_NOT_LESS_OR_EQUAL;
		status = resolve_invalid(cpu, *slot, page, pte, need, out);
		if (status != VMM_SUCCESS || *out != PTE_ZERO)
			break;
	}
	return status;
}

/* ---- Stores --------------------------------------------------------------------- */

static bool needs_mark(const struct stored *stored)
{
	return stored->slot != NULL && marked(stored->pte) != stored->pte;
}

static bool mark(struct stored *stored)
{
	for (;;) {
		/* acq_rel: pairs with the busy CAS of pages_take_marks, which puts this
		 * store before or after a reset of the mark. */
		if (atomic64_cas_acq_rel(stored->slot, &stored->pte, marked(stored->pte))) {
			stored->pte = marked(stored->pte);
			return true;
		}
		/* pte is what is there now: perhaps only another store's mark. The frame
		 * is the same, since whoever takes it away waits for our batch. */
		if (pte_kind(stored->pte) != PTE_VALID ||
		    (pte_rights(stored->pte) & RIGHT_STORE) == 0)
			return false;
		if (!needs_mark(stored))
			return true;
	}
}

/* Both pages as one step: the first is busy while the second is marked, so a
 * store that does not take place after all leaves no mark behind. We do not wait
 * inside, so it may be done in a batch. */
static bool mark_both(struct stored stored[2])
{
	pte_t first = stored[0].pte;

	/* acquire half: as in mark; nobody changes the page until we write it. */
	if (!atomic64_cas_acq_rel(stored[0].slot, &first, first | PTE_BUSY))
		return false;
	if (!mark(&stored[1])) {
		atomic64_store_release(stored[0].slot, first); /* as below */
		return false;
	}
	stored[0].pte = marked(first);
	/* release: pairs with the acquire of the next walk of this page. */
	atomic64_store_release(stored[0].slot, stored[0].pte);
	return true;
}

bool fault_mark_stored(struct stored stored[], unsigned count)
{
	if (count == 2 && needs_mark(&stored[0]) && needs_mark(&stored[1]))
		return mark_both(stored);
	for (unsigned i = 0; i < count; i++)
		if (needs_mark(&stored[i]))
			return mark(&stored[i]);
	return true;
}
