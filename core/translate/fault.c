/* fault.c: the fault table, a row an if. */
#include "fault.h"

#include "../vm.h"

static pte_t marked(pte_t pte)
{
	return pte | PTE_DIRTY | ((pte & PTE_WATCH) != 0 ? PTE_MARK : 0);
}

/* ---- Deciding ---------------------------------------------------------------------- */

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

/* Whether a page with this word, not valid, lets the access through once it is
 * valid; a guard is left to the caller. */
static vmm_status check_invalid(pte_t pte, const struct need *need)
{
	bool allowed = (pte_rights(pte) & need->right) != 0;

	if (need->irql >= VMM_IRQL_DISPATCH)
		return VMM_IRQL_NOT_LESS_OR_EQUAL;
	/* A store to READONLY with GUARD leaves the guard armed. */
	if (!allowed && (need->right != RIGHT_FETCH || (pte & PTE_GUARD) == 0))
		return VMM_ACCESS_VIOLATION;
	return (pte & PTE_GUARD) != 0 ? VMM_GUARD_PAGE_VIOLATION : VMM_SUCCESS;
}

/* The frame of a page that becomes valid: its own, or one of zeros. */
static vmm_status frame_for(struct vmm_cpu *cpu, uint64_t page, pte_t pte, frame_t *frame)
{
	struct vmm *vm = cpu->vm;

	if (pte_kind(pte) == PTE_TRANSITION) {
		*frame = pte_frame(pte);
		return VMM_SUCCESS;
	}
	VMM_ASSERT(pte_kind(pte) == PTE_DEMAND_ZERO);
	*frame = frame_pool_take(vm, cpu->index);
	if (*frame == FRAME_NONE) /* the truth only while nobody else takes or gives */
		return frame_pool_is_stopped(vm, cpu->index) ? VMM_NO_MEMORY : FAULT_NO_FRAME;
	if (!frame_activate(&vm->frames, *frame, frame_owner(cpu->process->number, page)))
		frame_zero(&vm->frames, *frame);
	return VMM_SUCCESS;
}

/* Gives back what frame_for took for a page that was not valid. */
static void drop_frame(struct vmm_cpu *cpu, pte_t pte, frame_t frame)
{
	if (pte_kind(pte) != PTE_DEMAND_ZERO)
		return;
	frame_deactivate(&cpu->vm->frames, frame);
	frame_pool_give(cpu->vm, cpu->index, frame);
}

/* What the word is to become; PTE_ZERO: nothing has to change, or, with another
 * status than success, nothing can. */
static vmm_status decide(struct vmm_cpu *cpu, uint64_t page, pte_t pte, const struct need *need,
                         pte_t *next)
{
	vmm_status status;
	frame_t frame;

	*next = PTE_ZERO;
	if ((pte & PTE_BUSY) != 0)
		return FAULT_BUSY;
	if (pte_kind(pte) == PTE_ZERO)
		return VMM_ACCESS_VIOLATION;
	if (pte_kind(pte) == PTE_VALID) {
		if ((pte_rights(pte) & need->right) == 0)
			return VMM_ACCESS_VIOLATION;
		if (need->right == RIGHT_STORE && marked(pte) != pte)
			*next = marked(pte);
		return VMM_SUCCESS;
	}
	status = check_invalid(pte, need);
	if (status == VMM_GUARD_PAGE_VIOLATION)
		*next = pte & ~PTE_GUARD;
	if (status == VMM_SUCCESS)
		status = frame_for(cpu, page, pte, &frame);
	if (status != VMM_SUCCESS)
		return status;
	*next = pte_with_kind(pte, PTE_VALID) | (uint64_t)frame << PTE_FRAME_SHIFT;
	if (need->right == RIGHT_STORE)
		*next = marked(*next);
	return VMM_SUCCESS;
}

/* ---- Doing ---------------------------------------------------------------------------- */

/* Inline in both of its callers: a call more would be a tenth of a miss. */
static inline __attribute__((always_inline)) vmm_status resolve(struct vmm_cpu *cpu, uint64_t page,
                                                                const struct need *need,
                                                                bool hold, struct ready *ready)
{
	vmm_status status = find_slot(cpu, page, &ready->slot);

	if (status != VMM_SUCCESS)
		return status;
	/* acquire, also of a failed CAS: pairs with the release of whoever made the
	 * PTE valid; without it the frame's bytes could be older than the PTE. */
	ready->before = ready->pte = atomic64_load_acquire(ready->slot);
	ready->held = false;
	/* What most misses find: nothing is to be done. */
	if (pte_kind(ready->pte) == PTE_VALID && (pte_rights(ready->pte) & need->right) != 0 &&
	    (need->right != RIGHT_STORE || marked(ready->pte) == ready->pte))
		return VMM_SUCCESS;
	for (;;) {
		pte_t pte = ready->before;
		bool holds;

		status = decide(cpu, page, pte, need, &ready->pte);
		holds = hold && status == VMM_SUCCESS && ready->pte != PTE_ZERO;
		ready->held = holds;
		if (ready->pte == PTE_ZERO) {
			ready->pte = pte;
			return status;
		}
		VMM_POINT(cpu->index, FAULT_BEFORE_CAS);
		/* release half: publishes the zeros of the frame to whoever reads the
		 * PTE with acquire. acquire half: pairs with the busy CAS of
		 * pages_take_marks, which puts a store before or after a reset of its
		 * mark. A guard is one shot: of several CPUs the one whose CAS wins
		 * raises. */
		if (atomic64_cas_acq_rel(ready->slot, &ready->before,
		                         holds ? pte | PTE_BUSY : ready->pte))
			return status;
		/* Somebody was quicker: look again. */
		if (status == VMM_SUCCESS)
			drop_frame(cpu, pte, pte_frame(ready->pte));
	}
}

vmm_status fault_resolve(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                         struct ready *ready)
{
	return resolve(cpu, page, need, false, ready);
}

vmm_status fault_hold(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                      struct ready *ready)
{
	return resolve(cpu, page, need, true, ready);
}

void fault_put(struct vmm_cpu *cpu, struct ready *ready, vmm_status other)
{
	pte_t before = ready->before;

	if (!ready->held)
		return;
	if (other == FAULT_BUSY || other == FAULT_NO_FRAME) {
		drop_frame(cpu, before, pte_frame(ready->pte));
		ready->pte = before;
	} else if (other != VMM_SUCCESS) {
		/* Not stored to: the bits that a store sets are what they were. */
		ready->pte = (ready->pte & ~(PTE_DIRTY | PTE_MARK)) |
		             (before & (PTE_DIRTY | PTE_MARK));
	}
	/* release: pairs with the acquire of the next walk of this page. */
	atomic64_store_release(ready->slot, ready->pte);
	ready->held = false;
}
