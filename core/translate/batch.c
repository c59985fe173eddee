/* batch.c: batches of accesses. */
#include "batch.h"

void vmm_access_begin(struct vmm_cpu *cpu)
{
	batch_begin(cpu);
}

void vmm_access_end(struct vmm_cpu *cpu)
{
	batch_end(cpu);
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

void batch_wait_all(struct vmm *vm, unsigned cpu)
{
	/* Pairs with the fence of vmm_access_begin: a batch that we do not wait for finds
	 * what we wrote before, and one whose marks we have seen is waited for. */
	atomic_fence_seq_cst();
	for (unsigned other = 0; other < vm->config.cpus; other++)
		if (other != cpu)
			batch_wait(vm, cpu, other, POINT_SHOOTDOWN_WAIT);
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
