/* charge.c: commit charge. */
#include "charge.h"

#include "../vm.h"

/* A word is locked while its CPU may not use it. */
#define LOCKED (UINT64_C(1) << 63)

uint64_t charge_limit(const struct vmm_config *config)
{
	uint64_t reserve = RESERVE_PER_CPU * config->cpus;

	if (reserve < RESERVE_MIN)
		reserve = RESERVE_MIN;
	return (uint64_t)config->frames + config->pagefile > reserve
	               ? (uint64_t)config->frames + config->pagefile - reserve
	               : 0;
}

void charge_reset(struct vmm *vm)
{
	/* relaxed: reset runs alone, the caller orders it. */
	atomic64_store_relaxed(&vm->charge.central, vm->charge_limit);
	for (uint32_t i = 0; i < vm->config.cpus; i++)
		atomic64_store_relaxed(&vm->cpu[i].credit, 0);
}

/* ---- The words ------------------------------------------------------------------ */

/* Locks a word and returns what is in it. */
static uint64_t lock_word(struct vmm *vm, unsigned cpu, struct atomic64 *word)
{
	uint64_t value = atomic64_load_relaxed(word), turn = 0; /* relaxed: the CAS decides */

	for (;;) {
		if ((value & LOCKED) != 0) {
			vm_wait(vm, cpu, VMM_ANY_CPU, POINT_CHARGE_LOCK, turn++);
			value = atomic64_load_relaxed(word); /* as above */
			continue;
		}
		/* relaxed: the words guard no other data, and each has one order of
		 * changes; with all of them locked their sum stands still. */
		if (atomic64_cas_relaxed(word, &value, value | LOCKED))
			return value;
	}
}

static void unlock_word(struct atomic64 *word, uint64_t value)
{
	atomic64_store_relaxed(word, value); /* relaxed: as in lock_word */
}

/* A change of the own credit by `give` less `take`; false: it is not enough. */
static bool change_credit(struct vmm *vm, unsigned cpu, uint64_t take, uint64_t give)
{
	struct atomic64 *credit = &vm->cpu[cpu].credit;
	uint64_t value = atomic64_load_relaxed(credit), turn = 0; /* relaxed: the CAS decides */

	for (;;) {
		if ((value & LOCKED) != 0) {
			vm_wait(vm, cpu, VMM_ANY_CPU, POINT_CHARGE_LOCK, turn++);
			value = atomic64_load_relaxed(credit); /* as above */
			continue;
		}
		if (value < take)
			return false;
		VMM_POINT(cpu, CHARGE_BEFORE_CAS);
		/* relaxed: as in lock_word. */
		if (atomic64_cas_relaxed(credit, &value, value - take + give))
			return true;
	}
}

/* ---- Moving credit ----------------------------------------------------------------- */

/* Credit that a CPU is given beyond its need, and gives back beyond twice that. */
static uint64_t chunk(const struct vmm *vm)
{
	return vm->config.tiny ? TINY_CHARGE_CHUNK : CHARGE_CHUNK;
}

/* With the central word locked at `central`: takes pages from it and the CPUs'
 * credits, all of them locked. Returns what is left for the central word; *taken
 * is false when there is not enough. */
static uint64_t collect(struct vmm *vm, unsigned cpu, uint64_t central, uint64_t pages, bool *taken)
{
	uint64_t credit[VMM_CPUS_MAX], total = central;

	for (unsigned i = 0; i < vm->config.cpus; i++) {
		credit[i] = lock_word(vm, cpu, &vm->cpu[i].credit);
		total += credit[i];
	}
	*taken = total >= pages;
	for (unsigned i = 0; i < vm->config.cpus; i++)
		unlock_word(&vm->cpu[i].credit, *taken ? 0 : credit[i]);
	return *taken ? total - pages : central;
}

/* The own credit is too small: from the central word, else from everywhere. */
static bool take_central(struct vmm *vm, unsigned cpu, uint64_t pages)
{
	uint64_t central = lock_word(vm, cpu, &vm->charge.central), extra = 0;
	bool taken = central >= pages;

	if (taken) {
		central -= pages;
		extra = central < chunk(vm) ? 0 : chunk(vm);
	} else {
		central = collect(vm, cpu, central, pages, &taken);
	}
	/* In this order: what is in neither word would be missed by nobody but us,
	 * since who counts locks the central word first. */
	if (extra != 0)
		(void)change_credit(vm, cpu, 0, extra);
	unlock_word(&vm->charge.central, central - extra);
	return taken;
}

bool charge_take(struct vmm *vm, unsigned cpu, uint64_t pages)
{
	return pages == 0 || change_credit(vm, cpu, pages, 0) || take_central(vm, cpu, pages);
}

bool charge_looks_short(const struct vmm *vm, unsigned cpu, uint64_t pages)
{
	/* relaxed: a hint. */
	return (atomic64_load_relaxed(&vm->cpu[cpu].credit) & ~LOCKED) < pages &&
	       (atomic64_load_relaxed(&vm->charge.central) & ~LOCKED) < pages;
}

void charge_give(struct vmm *vm, unsigned cpu, uint64_t pages)
{
	uint64_t central, credit;

	if (pages == 0)
		return;
	(void)change_credit(vm, cpu, 0, pages);
	/* relaxed: a hint; the credit is looked at again below. */
	if (atomic64_load_relaxed(&vm->cpu[cpu].credit) <= 2 * chunk(vm))
		return;
	central = lock_word(vm, cpu, &vm->charge.central);
	credit = lock_word(vm, cpu, &vm->cpu[cpu].credit);
	if (credit > chunk(vm)) {
		central += credit - chunk(vm);
		credit = chunk(vm);
	}
	unlock_word(&vm->cpu[cpu].credit, credit);
	unlock_word(&vm->charge.central, central);
}

uint64_t charge_total(const struct vmm *vm)
{
	uint64_t left = atomic64_load_relaxed(&vm->charge.central);

	for (uint32_t i = 0; i < vm->config.cpus; i++)
		left += atomic64_load_relaxed(&vm->cpu[i].credit);
	VMM_ASSERT(left <= vm->charge_limit);
	return vm->charge_limit - left;
}
