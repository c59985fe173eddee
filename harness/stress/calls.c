/* calls.c: the verbs, on one of the thread's CPUs, and a count of what came of them. */
#include <string.h>

#include "stress.h"

static const struct {
	const char *name, *outcomes;
} verbs[] = {
#define VERB(NAME, OUTCOMES) { #NAME, OUTCOMES },
#include "verbs.def"
#undef VERB
};

unsigned any_cpu(struct worker *worker)
{
	return worker->cpu[prng_below(&worker->prng, worker->cpus)];
}

const char *verb_name(enum verb verb)
{
	return verbs[verb].name;
}

static unsigned number_of(vmm_status status)
{
	switch (status) {
#define STATUS(NAME, CODE, MEANING)                                                              \
	case VMM_##NAME:                                                                         \
		return NUMBER_##NAME;
#include "../../core/status.def"
#undef STATUS
	default:
		return STATUSES;
	}
}

static bool verb_has(enum verb verb, vmm_status status)
{
	const char *name = vmm_status_name(status);
	const char *at = name == NULL ? NULL : strstr(verbs[verb].outcomes, name);

	return at != NULL && at[strlen(name)] == ' ' &&
	       (at == verbs[verb].outcomes || at[-1] == ' ');
}

/* What the thread is about to do, for the watch. */
static void starts(struct worker *worker, enum verb verb)
{
	atomic64_store_own(&worker->doing, verb);
}

vmm_status counted(struct worker *worker, enum verb verb, vmm_status status)
{
	unsigned number = number_of(status);

	MUST(worker, number < STATUSES, "%s answers 0x%x, which is no status", verb_name(verb),
	     (unsigned)status);
	/* One that has come before was looked up then. */
	if (worker->tally[verb][number]++ == 0)
		MUST(worker, verb_has(verb, status), "%s answers %s, which it never may",
		     verb_name(verb), vmm_status_name(status));
	atomic64_store_own(&worker->operations, atomic64_load_own(&worker->operations) + 1);
	return status;
}

static enum verb verb_of_allocate(uint32_t type)
{
	return (type & VMM_MEM_RESERVE) != 0  ? VERB_RESERVE
	       : (type & VMM_MEM_COMMIT) != 0 ? VERB_COMMIT
	                                      : VERB_RESET;
}

vmm_status call_allocate(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                         uint64_t pages, uint32_t type, uint32_t protect)
{
	struct vmm_allocate io = { .base = base,
		                   .size = pages * VMM_PAGE_SIZE,
		                   .type = type,
		                   .protect = protect };

	starts(worker, verb_of_allocate(type));
	return counted(worker, verb_of_allocate(type),
	               vmm_allocate(worker->vm, cpu, process, VMM_CURRENT_PROCESS, &io));
}

vmm_status call_free(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                     uint64_t pages, uint32_t type)
{
	struct vmm_free io = { .base = base, .size = pages * VMM_PAGE_SIZE, .type = type };
	enum verb verb = type == VMM_MEM_DECOMMIT ? VERB_DECOMMIT : VERB_RELEASE;

	starts(worker, verb);
	return counted(worker, verb,
	               vmm_free(worker->vm, cpu, process, VMM_CURRENT_PROCESS, &io));
}

vmm_status call_protect(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                        uint64_t pages, uint32_t protect, uint32_t *old)
{
	struct vmm_protect io = { .base = base,
		                  .size = pages * VMM_PAGE_SIZE,
		                  .protect = protect };
	vmm_status status;

	starts(worker, VERB_PROTECT);
	status = counted(worker, VERB_PROTECT,
	                 vmm_protect(worker->vm, cpu, process, VMM_CURRENT_PROCESS, &io));
	*old = io.old;
	return status;
}

vmm_status call_query(struct worker *worker, unsigned cpu, vmm_process process,
                      struct vmm_query *io)
{
	starts(worker, VERB_QUERY);
	return counted(worker, VERB_QUERY,
	               vmm_query(worker->vm, cpu, process, VMM_CURRENT_PROCESS, io));
}

vmm_status call_getwatch(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                         uint64_t pages, bool reset, uint64_t *list, uint64_t room,
                         uint64_t *count)
{
	struct vmm_get_write_watch io = { .base = base,
		                          .size = pages * VMM_PAGE_SIZE,
		                          .reset = reset,
		                          .count = room,
		                          .pages = list };
	vmm_status status;

	starts(worker, VERB_GETWATCH);
	status = counted(worker, VERB_GETWATCH,
	                 vmm_get_write_watch(worker->vm, cpu, process, VMM_CURRENT_PROCESS, &io));
	*count = status == VMM_SUCCESS ? io.count : 0;
	return status;
}

vmm_status call_resetwatch(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                           uint64_t pages)
{
	const struct vmm_reset_write_watch in = { base, pages * VMM_PAGE_SIZE };

	starts(worker, VERB_RESETWATCH);
	return counted(worker, VERB_RESETWATCH,
	               vmm_reset_write_watch(worker->vm, cpu, process, VMM_CURRENT_PROCESS, &in));
}

/* ---- Accesses ---------------------------------------------------------------------- */

static vmm_status access_singly(struct vmm_cpu *cpu, struct access *access)
{
	if (access->verb == VERB_LOAD)
		return vmm_load(cpu, access->va, 8, VMM_MODE_USER, VMM_IRQL_PASSIVE,
		                &access->value);
	if (access->verb == VERB_STORE)
		return vmm_store(cpu, access->va, 8, VMM_MODE_USER, VMM_IRQL_PASSIVE,
		                 access->value);
	return vmm_fetch(cpu, access->va, VMM_MODE_USER, VMM_IRQL_PASSIVE);
}

/* A fetch has no way inside a batch, and is made before it. */
void call_accesses(struct worker *worker, unsigned cpu, struct access access[], unsigned count,
                   bool batch)
{
	struct vmm_cpu *runs = vmm_cpu(worker->vm, cpu);

	starts(worker, access[0].verb);
	for (unsigned i = 0; i < count; i++)
		if (!batch || access[i].verb == VERB_EXEC)
			access[i].status = access_singly(runs, &access[i]);
	if (batch) {
		vmm_access_begin(runs);
		for (unsigned i = 0; i < count; i++) {
			if (access[i].verb == VERB_LOAD)
				access[i].status =
					vmm_load_u64(runs, access[i].va, &access[i].value);
			else if (access[i].verb == VERB_STORE)
				access[i].status =
					vmm_store_u64(runs, access[i].va, access[i].value);
		}
		vmm_access_end(runs);
	}
	for (unsigned i = 0; i < count; i++)
		(void)counted(worker, access[i].verb, access[i].status);
}

vmm_status call_access(struct worker *worker, unsigned cpu, struct access *access)
{
	call_accesses(worker, cpu, access, 1, prng_chance(&worker->prng, 1, 2));
	return access->status;
}
