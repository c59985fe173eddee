/* charge.c: commit charge. */
#include "charge.h"

#include "../vm.h"

uint64_t charge_limit(const struct vmm_config *config)
{
	uint64_t reserve = RESERVE_PER_CPU * config->cpus;

	if (reserve < RESERVE_MIN)
		reserve = RESERVE_MIN;
	return (uint64_t)config->frames + config->pagefile > reserve
	               ? (uint64_t)config->frames + config->pagefile - reserve
	               : 0;
}

bool charge_take(struct vmm *vm, unsigned cpu, struct process *process, uint64_t pages)
{
	/* relaxed: the CAS below decides; the counter guards no other data. */
	uint64_t charged = atomic64_load_relaxed(&vm->charge);

	do {
		VMM_ASSERT(charged <= vm->charge_limit);
		if (pages > vm->charge_limit - charged)
			return false;
		VMM_POINT(cpu, CHARGE_BEFORE_CAS);
		/* acq_rel is more than is needed: the counters guard no other data. */
	} while (!atomic64_cas_acq_rel(&vm->charge, &charged, charged + pages));
	(void)atomic64_fetch_add_seq_cst(&process->charge, pages);
	return true;
}

void charge_give(struct vmm *vm, struct process *process, uint64_t pages)
{
	/* acq_rel: as in charge_take. */
	uint64_t of_process = atomic64_fetch_sub_relaxed(&process->charge, pages);
	uint64_t of_machine = atomic64_fetch_sub_relaxed(&vm->charge, pages);

	VMM_ASSERT(of_process >= pages);
	VMM_ASSERT(of_machine >= pages);
}
