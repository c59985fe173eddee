/* gate.c: the lock of the machine's shape. */
#include "gate.h"

#include "../vm.h"

void gate_enter(struct vmm *vm, unsigned cpu)
{
	struct atomic64 *inside = &vm->cpu[cpu].inside;
	uint64_t turn = 0;

	VMM_ASSERT(atomic64_load_own(inside) == 0);
	for (;;) {
		/* relaxed: the fence orders it. */
		atomic64_store_relaxed(inside, 1);
		/* Step 2: pairs with the fence of gate_close; without it we could read
		 * an open gate while the closer reads that we are not inside. */
		atomic_fence_seq_cst();
		/* acquire: pairs with the release of gate_open; without it the tree
		 * could be read as it was in the middle of a change. */
		uint64_t writer = atomic64_load_acquire(&vm->gate.writer);

		if (writer == 0)
			return;
		/* relaxed: we have looked at nothing. */
		atomic64_store_relaxed(inside, 0);
		vm_wait(vm, cpu, (unsigned)writer - 1, POINT_GATE_CLOSED, turn++);
	}
}

void gate_leave(struct vmm *vm, unsigned cpu)
{
	/* release: pairs with the acquire of gate_close; without it the tree could be
	 * changed under a look that is still on its way. */
	atomic64_store_release(&vm->cpu[cpu].inside, 0);
}

void gate_close(struct vmm *vm, unsigned cpu)
{
	uint64_t open = 0, turn = 0;

	VMM_ASSERT(atomic64_load_own(&vm->cpu[cpu].inside) == 0);
	/* acquire: pairs with the release of gate_open; the last closer's changes
	 * are seen. */
	while (!atomic64_cas_acquire(&vm->gate.writer, &open, cpu + 1)) {
		vm_wait(vm, cpu, open == 0 ? VMM_ANY_CPU : (unsigned)open - 1, POINT_GATE_CLOSED,
		        turn++);
		open = 0;
	}
	/* Step b: pairs with the fence of gate_enter. */
	atomic_fence_seq_cst();
	for (unsigned other = 0; other < vm->config.cpus; other++) {
		/* acquire: pairs with the release of gate_leave. */
		for (turn = 0; other != cpu && atomic64_load_acquire(&vm->cpu[other].inside) != 0;)
			vm_wait(vm, cpu, other, POINT_GATE_DRAIN, turn++);
	}
}

void gate_open(struct vmm *vm, unsigned cpu)
{
	VMM_ASSERT(atomic64_load_own(&vm->gate.writer) == cpu + 1);
	/* release: publishes the changes to gate_enter and gate_close. */
	atomic64_store_release(&vm->gate.writer, 0);
}
