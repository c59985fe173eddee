/* tlb.c: the software TLB and shootdown. */
#include "tlb.h"

#include <string.h>

#include "../vm.h"
#include "batch.h"

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
	/* Plain, as nobody else looks at a TLB while its CPU runs. */
	memset(cpu->head.tlb, 0, (size_t)(cpu->head.tlb_mask + 1) * sizeof cpu->head.tlb[0]);
}

void tlb_fill_local(struct vmm_cpu *cpu, uint64_t page, pte_t pte)
{
	uint64_t entry = page << TLB_TAG_SHIFT | (uint64_t)pte_frame(pte) << TLB_FRAME_SHIFT |
	                 tlb_rights(pte);

	VMM_ASSERT(pte_kind(pte) == PTE_VALID);
	VMM_POINT(cpu->index, TLB_FILL_BEFORE_PUBLISH);
	if (cpu->vm->config.tlb_entries != 0)
		atomic64_store_own(slot_of(cpu, page), entry);
}

static void drop(struct vmm_cpu *cpu, uint64_t first, uint64_t count)
{
	if (count > cpu->head.tlb_mask) {
		tlb_flush_local(cpu);
		return;
	}
	for (uint64_t page = first; page < first + count; page++) {
		struct atomic64 *slot = slot_of(cpu, page);

		if (atomic64_load_own(slot) >> TLB_TAG_SHIFT == page)
			atomic64_store_own(slot, 0);
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
	 * with publish_record, which changes the number before it writes a range. */
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
	uint64_t seen = atomic64_load_own(&cpu->head.seen);
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

void shootdown_reset(struct shootdown *shootdown, const struct vmm_config *config)
{
	/* relaxed: no CPU runs in the space yet. */
	atomic64_store_relaxed(&shootdown->generation, GENERATION_START);
	atomic64_store_relaxed(&shootdown->cpus, 0);
	atomic64_store_relaxed(&shootdown->lock, 0);
	shootdown->ring_mask = (config->tiny ? TINY_SHOOTDOWN_RING : SHOOTDOWN_RING) - 1;
	for (unsigned i = 0; i < SHOOTDOWN_RING; i++)
		atomic64_store_relaxed(&shootdown->ring[i].number, GENERATION_START);
}

/* The lock is held: two initiators a ring apart would mix their ranges, and a
 * reader take the mixture for one of them. */
static void publish_record(struct shootdown *shootdown, uint64_t number, uint64_t first,
                           uint64_t count)
{
	struct shootdown_record *record = &shootdown->ring[number & shootdown->ring_mask];

	/* relaxed: the releases below carry it; a reader that sees either half of
	 * the new range sees the number gone, too. Nobody looks for ~number: it is
	 * half of all numbers away. */
	atomic64_store_relaxed(&record->number, ~number);
	/* release: pairs with read_record's acquires; without it the old number could
	 * be read beside the new range. */
	atomic64_store_release(&record->first, first);
	atomic64_store_release(&record->count, count);
	/* release: pairs with read_record's acquire; publishes the range. */
	atomic64_store_release(&record->number, number);
}

/* Step b. Returns the new generation. */
static uint64_t leave_record(struct vmm *vm, unsigned cpu, struct shootdown *shootdown,
                             uint64_t first, uint64_t count)
{
	uint64_t nobody = 0, turn = 0, generation;

	/* acquire: pairs with the release below; records are left one by one. */
	while (!atomic64_cas_acquire(&shootdown->lock, &nobody, cpu + 1)) {
		vm_wait(vm, cpu, VMM_ANY_CPU, POINT_SHOOTDOWN_LOCK, turn++);
		nobody = 0;
	}
	/* relaxed: writers hold the lock. */
	generation = atomic64_load_relaxed(&shootdown->generation) + 1;
	publish_record(shootdown, generation, first, count);
	/* release: pairs with the acquires of every compare; the busy PTEs come before
	 * it. What orders it against the pins is the fence of step c. */
	atomic64_store_release(&shootdown->generation, generation);
	atomic64_store_release(&shootdown->lock, 0); /* pairs with the CAS above */
	return generation;
}

void tlb_shootdown(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last)
{
	struct shootdown *shootdown = &process->shootdown;

	/* An initiator that waits inside a batch of its own could meet another that
	 * waits for it. */
	VMM_ASSERT((atomic64_load_own(&vm->cpu[cpu].head.pin) & 1) == 0);
	VMM_POINT(cpu, SHOOTDOWN_AFTER_PTE);
	uint64_t generation = leave_record(vm, cpu, shootdown, first, last - first + 1);

	/* Step c: pairs with the fence in vmm_access_begin; without it we could read
	 * an even pin while that CPU reads the old generation. */
	atomic_fence_seq_cst();
	/* A CPU whose bit is not seen attaches after our PTEs, by the fence above and the
	 * one of its first batch. acquire: pairs with the release of vmm_attach by which
	 * a CPU leaves; without it an access that it made here could still be on its way
	 * when the frame is reused. */
	uint64_t others = atomic64_load_acquire(&shootdown->cpus) & ~(UINT64_C(1) << cpu);

	for (; others != 0; others &= others - 1)
		batch_wait_or_seen(vm, cpu, (unsigned)__builtin_ctzll(others), generation);
}
