/* pages.c: PTEs of a range of pages. */
#include "pages.h"

#include "../translate/batch.h"
#include "../vm.h"

/* The committed pages of first..last. */
static struct pagetable_walk walk_over(const struct vmm *vm, const struct process *process,
                                       uint64_t first, uint64_t last)
{
	return pagetable_walk(&vm->tables, process->root, first, last);
}

pte_t pages_look(const struct vmm *vm, const struct process *process, uint64_t page)
{
	const struct atomic64 *slot = pagetable_find(&vm->tables, process->root, page);

	/* relaxed: the word itself is all that is looked at. */
	return slot == NULL ? PTE_ZERO : atomic64_load_relaxed(slot) & ~PTE_BUSY;
}

uint64_t pages_committed(const struct vmm *vm, const struct process *process, uint64_t first,
                         uint64_t last)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	struct atomic64 *slot;
	uint64_t count = 0, page;

	while (pagetable_walk_next(&walk, &page, &slot))
		count++;
	return count;
}

/* ---- Busy pages ----------------------------------------------------------------- */

/* Makes a committed page busy and returns its word. From here on it is ours. */
static pte_t take_page(struct vmm *vm, unsigned cpu, struct atomic64 *slot)
{
	/* acquire, like that of a failed CAS: pairs with a fault's CAS, whose frame
	 * the new word carries on. */
	pte_t old = atomic64_load_acquire(slot);
	uint64_t turn = 0;

	for (;;) {
		if ((old & PTE_BUSY) != 0) { /* a store to two pages, which does not wait */
			vm_wait(vm, cpu, VMM_ANY_CPU, POINT_PTE_BUSY, turn++);
			old = atomic64_load_acquire(slot); /* as above */
			continue;
		}
		/* acquire half: as above. release half: for walks of a page that stays
		 * as it is. */
		if (atomic64_cas_acq_rel(slot, &old, old | PTE_BUSY))
			return old;
	}
}

/* Writes the word of a busy page. */
static void put_page(struct atomic64 *slot, pte_t pte)
{
	/* release: pairs with the acquire of a walk in fault_resolve; what we did to
	 * the page's frame, and gave back, comes before. */
	atomic64_store_release(slot, pte);
}

/* Whether a CPU may hold an entry for the old PTE that the new one forbids. */
static bool takes_away(pte_t old, pte_t changed)
{
	uint64_t before = pte_kind(old) == PTE_VALID ? tlb_rights(old) : 0;
	uint64_t after = pte_kind(changed) == PTE_VALID ? tlb_rights(changed) : 0;

	return (before & ~after) != 0;
}

/* ---- Commit and protect ----------------------------------------------------------- */

static pte_t committed(pte_t old, uint32_t protect, bool watch)
{
	return pte_kind(old) == PTE_ZERO ? pte_demand_zero(protect, watch)
	                                 : pte_with_protect(old, protect);
}

/* A page that may not be committed yet becomes busy. */
static pte_t take_any(struct vmm *vm, unsigned cpu, struct atomic64 *slot)
{
	/* relaxed, both: only services set a word from 0, and only we do here. */
	if (atomic64_load_relaxed(slot) != 0)
		return take_page(vm, cpu, slot);
	atomic64_store_relaxed(slot, PTE_BUSY);
	return PTE_ZERO;
}

/* Makes the pages of one leaf busy; true: the change takes rights away. */
static bool take_leaf(struct vmm *vm, unsigned cpu, const struct leaf *leaf, uint32_t protect,
                      bool watch)
{
	bool downgrades = false;

	for (uint64_t i = 0; i <= leaf->last - leaf->first; i++) {
		pte_t old = take_any(vm, cpu, &leaf->slot[i]);

		downgrades |= takes_away(old, committed(old, protect, watch));
	}
	return downgrades;
}

static void put_leaf(const struct leaf *leaf, uint32_t protect, bool watch)
{
	for (uint64_t i = 0; i <= leaf->last - leaf->first; i++) {
		/* A busy page is ours alone. */
		pte_t old = atomic64_load_own(&leaf->slot[i]) & ~PTE_BUSY;

		put_page(&leaf->slot[i], committed(old, protect, watch));
	}
}

pte_t pages_commit(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last, uint32_t protect, bool watch)
{
	struct leaf leaf;
	bool downgrades = false;
	pte_t before;

	for (uint64_t page = first; page <= last; page = leaf.last + 1) {
		leaf = pagetable_leaf(&vm->tables, process->root, page, last);
		downgrades |= take_leaf(vm, cpu, &leaf, protect, watch);
	}
	if (downgrades)
		tlb_shootdown(vm, cpu, process, first, last);
	leaf = pagetable_leaf(&vm->tables, process->root, first, last);
	before = atomic64_load_own(leaf.slot) & ~PTE_BUSY;
	for (uint64_t page = first; page <= last; page = leaf.last + 1) {
		leaf = pagetable_leaf(&vm->tables, process->root, page, last);
		put_leaf(&leaf, protect, watch);
	}
	return before;
}

/* ---- Decommit ------------------------------------------------------------------------ */

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

void pages_decommit(struct vmm *vm, unsigned cpu, struct process *process, struct range *range,
                    uint64_t first, uint64_t last)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	frame_t freed = FRAME_NONE;
	struct atomic64 *slot;
	uint64_t count = 0, page;

	while (pagetable_walk_next(&walk, &page, &slot)) {
		pte_t old = take_page(vm, cpu, slot);

		count++;
		if (!pte_has_frame(old))
			continue;
		vm->frames.link[pte_frame(old)] = freed;
		freed = pte_frame(old);
	}
	if (freed != FRAME_NONE) {
		frame_pool_announce(vm, cpu);
		tlb_shootdown(vm, cpu, process, first, last); /* with the fence that it needs */
		frame_pool_begin(vm, cpu);
		give_frames(vm, cpu, freed);
		frame_pool_end(vm, cpu);
	}
	charge_give(vm, cpu, count);
	range->committed -= count;
	walk = walk_over(vm, process, first, last);
	while (count-- != 0 && pagetable_walk_next(&walk, &page, &slot))
		put_page(slot, PTE_ZERO);
}

/* ---- Write watch ----------------------------------------------------------------------- */

/* Whether a page carries the mark. A store to two pages marks both while the first
 * is busy: a look in its midst would find the second one alone. */
static bool look_at_mark(struct vmm *vm, unsigned cpu, const struct atomic64 *slot)
{
	uint64_t turn = 0;

	for (;;) {
		/* acquire: pairs with the CAS of a store's mark; without it a mark could
		 * be seen twice before one that its CPU has set earlier. */
		pte_t pte = atomic64_load_acquire(slot);

		if ((pte & PTE_BUSY) == 0)
			return (pte & PTE_MARK) != 0;
		vm_wait(vm, cpu, VMM_ANY_CPU, POINT_PTE_BUSY, turn++);
	}
}

/* Whether the marked pages, cut off at `room`, are the `count` in the list. */
static bool is_marked(struct vmm *vm, unsigned cpu, const struct process *process, uint64_t first,
                      uint64_t last, const uint64_t *list, uint64_t count, uint64_t room)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	struct atomic64 *slot;
	uint64_t at = 0, page;

	while (at < room && pagetable_walk_next(&walk, &page, &slot)) {
		if (!look_at_mark(vm, cpu, slot))
			continue;
		if (at == count || list[at] != address_of(page))
			return false;
		at++;
	}
	return at == count;
}

uint64_t pages_marked(struct vmm *vm, unsigned cpu, const struct process *process, uint64_t first,
                      uint64_t last, uint64_t *list, uint64_t room)
{
	struct atomic64 *slot;
	uint64_t count, page;

	/* Until two looks agree. Marks come and do not go meanwhile, so all stood as
	 * they were found at the moment between the looks. A store marks its page before
	 * it writes, in one batch: with the batches between the looks ended, what is
	 * marked has been written. Who makes looks differ has marked a page for the
	 * first time, so it ends. */
	do {
		struct pagetable_walk walk = walk_over(vm, process, first, last);

		count = 0;
		while (count < room && pagetable_walk_next(&walk, &page, &slot))
			if (look_at_mark(vm, cpu, slot))
				list[count++] = address_of(page);
		if (count != 0)
			batch_wait_all(vm, cpu);
	} while (!is_marked(vm, cpu, process, first, last, list, count, room));
	return count;
}

uint64_t pages_take_marks(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                          uint64_t last, uint64_t *list, uint64_t room)
{
	struct pagetable_walk walk = walk_over(vm, process, first, last);
	struct atomic64 *slot;
	uint64_t count = 0, taken = 0, page;

	while (count < room && pagetable_walk_next(&walk, &page, &slot)) {
		taken++;
		if ((take_page(vm, cpu, slot) & PTE_MARK) == 0)
			continue;
		if (list != NULL)
			list[count] = address_of(page);
		count++;
	}
	/* Without it a CPU could go on storing through its entry, unmarked. */
	if (count != 0)
		tlb_shootdown(vm, cpu, process, first, last);
	walk = walk_over(vm, process, first, last);
	while (taken-- != 0 && pagetable_walk_next(&walk, &page, &slot))
		put_page(slot, atomic64_load_own(slot) & ~(PTE_BUSY | PTE_MARK));
	return count;
}
