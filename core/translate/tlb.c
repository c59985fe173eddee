/* tlb.c: the software TLB and shootdown. */
#include "tlb.h"

#include <string.h>

#include "../vm.h"

uint64_t tlb_rights(pte_t pte)
{
	unsigned rights = pte_rights(pte);
	bool may_store = (pte & PTE_DIRTY) != 0 &&
	                 ((pte & PTE_WATCH) == 0 || (pte & PTE_MARK) != 0);

	return TLB_U | ((rights & RIGHT_LOAD) != 0 ? TLB_R : 0) |
	       ((rights & RIGHT_STORE) != 0 && may_store ? TLB_W : 0) |
	       ((rights & RIGHT_FETCH) != 0 ? TLB_X : 0);
}

static struct atomic64 *slot_of(struct vmm_cpu *cpu, uint64_t page)
{
	return &cpu->head.tlb[page & cpu->head.tlb_mask];
}

void tlb_flush_local(struct vmm_cpu *cpu)
{
	memset(cpu->head.tlb, 0, (size_t)(cpu->head.tlb_mask + 1) * sizeof cpu->head.tlb[0]);
}

void tlb_fill_local(struct vmm_cpu *cpu, uint64_t page, pte_t pte)
{
	uint64_t entry = page << TLB_TAG_SHIFT | (uint64_t)pte_frame(pte) << TLB_FRAME_SHIFT |
	                 tlb_rights(pte);

	VMM_ASSERT(pte_kind(pte) == PTE_VALID);
	VMM_POINT(cpu->index, TLB_FILL_BEFORE_PUBLISH);
	/* relaxed: the owner alone reads it; inspection does so at rest. */
	if (cpu->vm->config.tlb_entries != 0)
		atomic64_store_relaxed(slot_of(cpu, page), entry);
}

static void drop(struct vmm_cpu *cpu, uint64_t first, uint64_t count)
{
	if (count > cpu->head.tlb_mask) {
		tlb_flush_local(cpu);
		return;
	}
	for (uint64_t page = first; page < first + count; page++) {
		struct atomic64 *slot = slot_of(cpu, page);

		if (atomic64_load_relaxed(slot) >> TLB_TAG_SHIFT == page)
			atomic64_store_relaxed(slot, 0);
	}
}

/* Copies record `number`; false: the ring has moved on, or it is being written. */
static bool read_record(const struct shootdown *shootdown, uint64_t number, uint64_t *first,
                        uint64_t *count)
{
	const struct shootdown_record *record = &shootdown->ring[number & shootdown->ring_mask];

	/* acquire: pairs with the release of the number in publish_record; without it
	 * the range could be an older record's. */
	if (atomic64_load_acquire(&record->number) != number)
		return false;
	/* acquire: the second look at the number stays behind these two. It pairs
	 * with publish_record, which clears the number before it writes a range. */
	*first = atomic64_load_acquire(&record->first);
	*count = atomic64_load_acquire(&record->count);
	return atomic64_load_relaxed(&record->number) == number;
}

void tlb_apply_local(struct vmm_cpu *cpu)
{
	const struct shootdown *shootdown = &cpu->process->shootdown;
	/* acquire: pairs with the increment in tlb_shootdown; the PTEs that it
	 * follows are seen by every walk from here on. */
	uint64_t generation = atomic64_load_acquire(&shootdown->generation);
	uint64_t seen = atomic64_load_relaxed(&cpu->head.seen); /* relaxed: our own */
	bool all = generation - seen > shootdown->ring_mask + 1;

	while (!all && seen != generation) {
		uint64_t first, count;

		seen++;
		if (read_record(shootdown, seen, &first, &count))
			drop(cpu, first, count);
		else
			all = true;
	}
	if (all)
		tlb_flush_local(cpu);
	/* release: pairs with the acquire in wait_for; an initiator that sees it may
	 * rely on the entries being gone. */
	atomic64_store_release(&cpu->head.seen, generation);
}

/* ---- Shootdown ------------------------------------------------------------------ */

static void publish_record(struct shootdown *shootdown, uint64_t number, uint64_t first,
                           uint64_t count)
{
	struct shootdown_record *record = &shootdown->ring[number & shootdown->ring_mask];

	/* relaxed: the releases below carry it; a reader that sees either half of
	 * the new range sees the number gone, too. */
	atomic64_store_relaxed(&record->number, 0);
	/* release: pairs with read_record's acquires; without it the old number could
	 * be read beside the new range. */
	atomic64_store_release(&record->first, first);
	atomic64_store_release(&record->count, count);
	/* release: pairs with read_record's acquire; publishes the range. */
	atomic64_store_release(&record->number, number);
}

/* Step d: until the CPU is out of the batch that it was in, or has applied
 * `generation`. */
static void wait_for(struct vmm *vm, unsigned cpu, const struct vmm_cpu *other, uint64_t generation)
{
	/* acquire: pairs with the release at the end of a batch; without it an access
	 * of that batch could still be on its way when we reuse the frame. */
	uint64_t pin = atomic64_load_acquire(&other->head.pin), turn = 0;

	if ((pin & 1) == 0)
		return;
	do {
		/* Pairs with the release in tlb_apply_local. Compared by difference: the
		 * generation never wraps within 2^64, but it may be ahead of ours. */
		if ((int64_t)(atomic64_load_acquire(&other->head.seen) - generation) >= 0)
			return;
		vm->host.wait(vm->host.context, cpu, other->index, POINT_SHOOTDOWN_WAIT, turn++);
	} while (atomic64_load_acquire(&other->head.pin) == pin); /* as above */
}

void tlb_shootdown(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last)
{
	struct shootdown *shootdown = &process->shootdown;

	/* An initiator that waits inside a batch of its own could meet another that
	 * waits for it. */
	VMM_ASSERT((atomic64_load_relaxed(&vm->cpu[cpu].head.pin) & 1) == 0);
	VMM_POINT(cpu, SHOOTDOWN_AFTER_PTE);
	/* seq_cst: step b; ordered before the fence of step c and, with it, against
	 * the fence of vmm_access_begin. */
	uint64_t generation = atomic64_fetch_add_seq_cst(&shootdown->generation, 1) + 1;

	publish_record(shootdown, generation, first, last - first + 1);
	/* Step c: pairs with the fence in vmm_access_begin; without it we could read
	 * an even pin while that CPU reads the old generation. */
	atomic_fence_seq_cst();
	/* relaxed: a CPU whose bit is not seen attaches after our PTEs, by the fence
	 * above and the one of its first batch. */
	uint64_t others = atomic64_load_relaxed(&shootdown->cpus) & ~(UINT64_C(1) << cpu);

	for (; others != 0; others &= others - 1)
		wait_for(vm, cpu, &vm->cpu[__builtin_ctzll(others)], generation);
}
