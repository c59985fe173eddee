/* batch.h: batches of accesses, announced to the other CPUs by the pin: odd
 * inside of one. vmm_access_begin and vmm_access_end are in vmm.h. */
#ifndef CORE_BATCH_H
#define CORE_BATCH_H

#include "../vm.h"

/* Pins start close to where they wrap, so that every run goes round. */
#define PIN_START (UINT64_MAX - 3)

/* vmm_access_begin and _end, for accesses that are batches of their own: inline, as a
 * call of each would be a tenth of a miss. */
static inline void batch_begin(struct vmm_cpu *cpu)
{
	uint64_t pin = atomic64_load_own(&cpu->head.pin);

	VMM_ASSERT((pin & 1) == 0);
	/* release: pairs with the acquires in batch.c, whose CPU may find this batch in
	 * place of the end of the one that it waits for. The fence below orders it. */
	atomic64_store_release(&cpu->head.pin, pin + 1);
	/* Step 2: pairs with the fences in tlb_shootdown and frame_pool_stop; without
	 * it our compare of the generation could come before the pin is visible. */
	atomic_fence_seq_cst();
	VMM_POINT(cpu->index, ACCESS_PINNED);
	tlb_catch_up(cpu);
}

static inline void batch_end(struct vmm_cpu *cpu)
{
	/* release: pairs with the acquires below; the batch's accesses are done
	 * before an initiator sees the pin even. */
	atomic64_store_release(&cpu->head.pin, atomic64_load_own(&cpu->head.pin) + 1);
}

/* Until `other` is out of the batch that it is in now. A seq_cst fence of the
 * caller's stands before it: what the caller wrote before that fence is seen by
 * every batch that is not waited for. */
void batch_wait(struct vmm *vm, unsigned cpu, unsigned other, unsigned point);

/* The same for all other CPUs, after a fence of its own. */
void batch_wait_all(struct vmm *vm, unsigned cpu);

/* The same, but a CPU that has applied `generation` need not be waited for. */
void batch_wait_or_seen(struct vmm *vm, unsigned cpu, unsigned other, uint64_t generation);

#endif
