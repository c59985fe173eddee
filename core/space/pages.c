/* pages.c: PTEs of a range of pages. Every function that takes rights away
 * changes all PTEs, shoots down once, and only then lets go of frames. */
#include "pages.h"

#include "../vm.h"

static struct atomic64 *slot_of(const struct vmm *vm, const struct process *process, uint64_t page)
{
	struct atomic64 *slot = pagetable_find(&vm->tables, process->root, page);

	VMM_ASSERT(slot != NULL);
	return slot;
}

/* The committed pages of first..last. */
static struct pagetable_walk walk_over(const struct vmm *vm, const struct process *process,
                                       uint64_t first, uint64_t last)
{
	return pagetable_walk(&vm->tables, process->root, first, last);
}

uint64_t pages_committed(const struct vmm *vm, const struct process *process, uint64_t first,
                         uint64_t last)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	uint64_t count = 0, page;
	pte_t pte;

	while (pagetable_walk_next(&walk, &page, &pte))
		count++;
	return count;
}

/* Whether a CPU may hold an entry for the old PTE that the new one forbids. */
static bool takes_away(pte_t old, pte_t changed)
{
	uint64_t before = pte_kind(old) == PTE_VALID ? tlb_rights(old) : 0;
	uint64_t after = pte_kind(changed) == PTE_VALID ? tlb_rights(changed) : 0;

	return (before & ~after) != 0;
}

/* Another protection for one committed page; true: that took rights away. */
static bool protect_page(struct atomic64 *slot, uint32_t protect)
{
	/* acquire: pairs with a fault's CAS, whose frame the new word carries on. */
	pte_t old = atomic64_load_acquire(slot);
	pte_t changed;

	VMM_ASSERT(pte_kind(old) != PTE_ZERO);
	do
		changed = pte_with_protect(old, protect);
	while (!atomic64_cas_acq_rel(slot, &old, changed)); /* release: for the walks */
	return takes_away(old, changed);
}

bool pages_commit(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                  uint64_t last, uint32_t protect, bool watch)
{
	bool downgraded = false;

	if (!pagetable_prepare(&vm->tables, process->root, first, last))
		return false;
	for (uint64_t page = first; page <= last; page++) {
		struct atomic64 *slot = slot_of(vm, process, page);

		if (atomic64_load_relaxed(slot) == 0) /* relaxed: only services set it from 0 */
			pagetable_set(&vm->tables, process->root, page,
			              pte_demand_zero(protect, watch));
		else
			downgraded |= protect_page(slot, protect);
	}
	if (downgraded)
		tlb_shootdown(vm, cpu, process, first, last);
	return true;
}

void pages_protect(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last, uint32_t protect)
{
	bool downgraded = false;

	for (uint64_t page = first; page <= last; page++)
		downgraded |= protect_page(slot_of(vm, process, page), protect);
	if (downgraded)
		tlb_shootdown(vm, cpu, process, first, last);
}

/* Frames that wait for a shootdown, linked through the frame database. */
static void give_frames(struct vmm *vm, unsigned cpu, frame_t frame)
{
	while (frame != FRAME_NONE) {
		frame_t next = vm->frames.link[frame];

		frame_deactivate(&vm->frames, frame);
		frame_pool_give(vm, cpu, frame);
		frame = next;
	}
}

void pages_decommit(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                    uint64_t last)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	frame_t freed = FRAME_NONE;
	uint64_t count = 0, page;
	pte_t old;

	while (pagetable_walk_next(&walk, &page, &old)) {
		old = pagetable_clear(&vm->tables, process->root, page);
		count++;
		if (!pte_has_frame(old))
			continue;
		vm->frames.link[pte_frame(old)] = freed;
		freed = pte_frame(old);
	}
	if (count == 0)
		return;
	if (freed != FRAME_NONE)
		tlb_shootdown(vm, cpu, process, first, last);
	give_frames(vm, cpu, freed);
	charge_give(vm, process, count);
}

uint64_t pages_marked(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                      uint64_t last, bool reset, uint64_t *list, uint64_t room)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	uint64_t count = 0, page;
	pte_t pte;

	while (count < room && pagetable_walk_next(&walk, &page, &pte)) {
		if ((pte & PTE_MARK) == 0)
			continue;
		/* acq_rel: pairs with the CAS of fault_mark_stored; a store whose mark
		 * goes here has happened before, one after it sets the mark anew. */
		if (reset)
			atomic64_and_acq_rel(slot_of(vm, process, page), ~PTE_MARK);
		if (list != NULL)
			list[count] = address_of(page);
		count++;
	}
	/* Without it a CPU could go on storing through its entry, unmarked. */
	if (reset && count != 0)
		tlb_shootdown(vm, cpu, process, first, last);
	return count;
}
