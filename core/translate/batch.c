/* batch.c: batches of accesses. */
#include "batch.h"

#include "../vm.h"

void vmm_access_begin(struct vmm_cpu *cpu)
{
	uint64_t pin = atomic64_load_own(&cpu->head.pin);

	VMM_ASSERT((pin & 1) == 0);
	/* relaxed: the fence below orders it. */
	atomic64_store_relaxed(&cpu->head.pin, pin + 1);
	/* Step 2: pairs with the fences in tlb_shootdown and frame_pool_stop; without
	 * it our compare of the generation could come before the pin is visible. */
	atomic_fence_seq_cst();
	VMM_POINT(cpu->index, ACCESS_PINNED);
	tlb_catch_up(cpu);
}

void vmm_access_end(struct vmm_cpu *cpu)
{
	/* release: pairs with the acquires below; the batch's accesses are done
	 * before an initiator sees the pin even. */
	atomic64_store_release(&cpu->head.pin, atomic64_load_own(&cpu->head.pin) + 1);
}

void batch_wait(struct vmm *vm, unsigned cpu, unsigned other, unsigned point)
{
	const struct atomic64 *word = &vm->cpu[other].head.pin;
	/* acquire: pairs with the release at the end of a batch; without it an access
	 * of that batch could still be on its way when we go on. */
	uint64_t pin = atomic64_load_acquire(word), turn = 0;

	if ((pin & 1) == 0)
		return;
	do
		vm_wait(vm, cpu, other, point, turn++);
	while (atomic64_load_acquire(word) == pin); /* as above */
}

void batch_wait_or_seen(struct vmm *vm, unsigned cpu, unsigned other, uint64_t generation)
{
	const struct vmm_cpu_head *head = &vm->cpu[other].head;
	uint64_t pin = atomic64_load_acquire(&head->pin), turn = 0; /* as in batch_wait */

	if ((pin & 1) == 0)
		return;
	for (;;) {
		/* acquire: pairs with the release in tlb_apply_local; the entries are
		 * gone. Compared by difference: it may be ahead of ours, and wraps. */
		if ((int64_t)(atomic64_load_acquire(&head->seen) - generation) >= 0)
			return;
		vm_wait(vm, cpu, other, POINT_SHOOTDOWN_WAIT, turn++);
		if (atomic64_load_acquire(&head->pin) != pin) /* as in batch_wait */
			return;
	}
}
