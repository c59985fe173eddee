/* chaos.c: both threads do what they like to the same addresses. What can be said
 * of it: a status is one that the verb has (verbs.def), a query describes the
 * address that it was asked about, and a word holds 0 or what was stored to it in
 * this process: frames change hands, contents do not.
 *
 * Processes are made by either thread, visited by its CPUs, and may be ended by
 * the other one at any time. */
#include "../../core/inspect.h"
#include "stress.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

enum { PAGES = 4 * 16, LENGTH_MOST = 24 };

static const uint32_t protections[] = {
	VMM_PAGE_READWRITE,
	VMM_PAGE_READWRITE,
	VMM_PAGE_READWRITE,
	VMM_PAGE_READONLY,
	VMM_PAGE_NOACCESS,
	VMM_PAGE_EXECUTE_READWRITE,
	VMM_PAGE_READWRITE | VMM_PAGE_GUARD,
};

/* Where a step acts, and for whom. */
struct scene {
	vmm_process process;
	unsigned cpu; /* runs in it */
	uint64_t base, pages;
};

static uint32_t any_of(struct worker *worker, const uint32_t *values, size_t count)
{
	return values[prng_below(&worker->prng, count)];
}

static struct scene scene_in(struct worker *worker, vmm_process process, unsigned cpu)
{
	uint64_t first = prng_below(&worker->prng, PAGES);
	uint64_t most = PAGES - first < LENGTH_MOST ? PAGES - first : LENGTH_MOST;

	return (struct scene){ process, cpu, CHAOS_BASE + first * VMM_PAGE_SIZE,
		               1 + prng_below(&worker->prng, most) };
}

/* ---- Services ------------------------------------------------------------------- */

static void reserve(struct worker *worker, const struct scene *scene)
{
	static const uint32_t types[] = {
		VMM_MEM_RESERVE,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT,
		VMM_MEM_RESERVE | VMM_MEM_WRITE_WATCH,
		VMM_MEM_RESERVE | VMM_MEM_RESERVE_PLACEHOLDER,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT | VMM_MEM_REPLACE_PLACEHOLDER,
	};
	uint32_t type = any_of(worker, types, ARRAY_SIZE(types));
	uint32_t protect = (type & VMM_MEM_RESERVE_PLACEHOLDER) != 0
	                           ? VMM_PAGE_NOACCESS
	                           : any_of(worker, protections, ARRAY_SIZE(protections));

	(void)call_allocate(worker, scene->cpu, scene->process, scene->base, scene->pages, type,
	                    protect);
}

/* Wherever there is room, and away again: nobody else can know where it is, but
 * who frees at random. */
static void reserve_anywhere(struct worker *worker, const struct scene *scene)
{
	struct vmm_allocate io = { .size = scene->pages * VMM_PAGE_SIZE,
		                   .type = VMM_MEM_RESERVE | VMM_MEM_TOP_DOWN,
		                   .protect = VMM_PAGE_READWRITE };

	if (counted(worker, VERB_RESERVE,
	            vmm_allocate(worker->vm, scene->cpu, scene->process, VMM_CURRENT_PROCESS,
	                         &io)) != VMM_SUCCESS)
		return;
	vmm_status status =
		call_free(worker, scene->cpu, scene->process, io.base, 0, VMM_MEM_RELEASE);
	MUST(worker,
	     status == VMM_SUCCESS || (scene->process != 0 && status == VMM_PROCESS_IS_TERMINATING),
	     "release of what was just reserved: %s", vmm_status_name(status));
}

static void commit(struct worker *worker, const struct scene *scene)
{
	(void)call_allocate(worker, scene->cpu, scene->process, scene->base, scene->pages,
	                    prng_chance(&worker->prng, 1, 16) ? VMM_MEM_RESET : VMM_MEM_COMMIT,
	                    any_of(worker, protections, ARRAY_SIZE(protections)));
}

static void decommit(struct worker *worker, const struct scene *scene)
{
	(void)call_free(worker, scene->cpu, scene->process, scene->base, scene->pages,
	                VMM_MEM_DECOMMIT);
}

static void release(struct worker *worker, const struct scene *scene)
{
	static const uint32_t types[] = {
		VMM_MEM_RELEASE,
		VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER,
		VMM_MEM_RELEASE | VMM_MEM_COALESCE_PLACEHOLDERS,
	};
	bool whole = prng_chance(&worker->prng, 1, 2);
	uint64_t base = whole ? scene->base & ~(VMM_GRANULARITY - 1) : scene->base;

	(void)call_free(worker, scene->cpu, scene->process, base, whole ? 0 : scene->pages,
	                whole ? VMM_MEM_RELEASE : any_of(worker, types, ARRAY_SIZE(types)));
}

static void protect(struct worker *worker, const struct scene *scene)
{
	uint32_t old;

	(void)call_protect(worker, scene->cpu, scene->process, scene->base, scene->pages,
	                   any_of(worker, protections, ARRAY_SIZE(protections)), &old);
}

static void query(struct worker *worker, const struct scene *scene)
{
	struct vmm_query io = { .address = scene->base + prng_below(&worker->prng, 4096) };

	if (call_query(worker, scene->cpu, scene->process, &io) != VMM_SUCCESS)
		return;
	MUST(worker,
	     io.base == scene->base && io.size != 0 && io.size % VMM_PAGE_SIZE == 0 &&
	             (io.state == VMM_MEM_FREE) == (io.allocation_base == 0) &&
	             io.allocation_base <= io.base &&
	             (io.state == VMM_MEM_COMMIT || io.state == VMM_MEM_RESERVE ||
	              io.state == VMM_MEM_FREE),
	     "query of 0x%llx: base 0x%llx size 0x%llx allocation 0x%llx state 0x%x",
	     (unsigned long long)io.address, (unsigned long long)io.base,
	     (unsigned long long)io.size, (unsigned long long)io.allocation_base, io.state);
}

static void watch(struct worker *worker, const struct scene *scene)
{
	uint64_t list[LENGTH_MOST], count;

	if (prng_chance(&worker->prng, 1, 2)) {
		(void)call_resetwatch(worker, scene->cpu, scene->process, scene->base,
		                      scene->pages);
		return;
	}
	(void)call_getwatch(worker, scene->cpu, scene->process, scene->base, scene->pages,
	                    prng_chance(&worker->prng, 1, 2), list, LENGTH_MOST, &count);
	for (uint64_t i = 0; i < count; i++)
		MUST(worker,
		     list[i] >= scene->base &&
		             list[i] < scene->base + scene->pages * VMM_PAGE_SIZE &&
		             (i == 0 || list[i] > list[i - 1]),
		     "getwatch returns 0x%llx", (unsigned long long)list[i]);
}

/* ---- Accesses --------------------------------------------------------------------- */

enum { RUN = 16 };

/* A word tells where it was stored to. */
static uint64_t tag(const struct scene *scene, uint64_t va)
{
	return (uint64_t)scene->process << 44 | va << 12;
}

static void accesses(struct worker *worker, const struct scene *scene)
{
	struct access access[RUN];
	unsigned count = 1 + (unsigned)prng_below(&worker->prng, RUN);

	for (unsigned i = 0; i < count; i++) {
		uint64_t page = prng_below(&worker->prng, scene->pages);
		uint64_t va = scene->base + page * VMM_PAGE_SIZE +
		              prng_below(&worker->prng, 4) * 1024;
		unsigned kind = (unsigned)prng_below(&worker->prng, 16);

		access[i] = (struct access){ .verb = kind == 0  ? VERB_EXEC
			                             : kind < 8 ? VERB_STORE
			                                        : VERB_LOAD,
			                     .va = va,
			                     .value = tag(scene, va) |
			                              prng_below(&worker->prng, 4096) };
	}
	call_accesses(worker, scene->cpu, access, count, prng_chance(&worker->prng, 3, 4));
	for (unsigned i = 0; i < count; i++)
		MUST(worker,
		     access[i].verb != VERB_LOAD || access[i].status != VMM_SUCCESS ||
		             access[i].value == 0 ||
		             access[i].value >> 12 == tag(scene, access[i].va) >> 12,
		     "the word at 0x%llx of process %u holds 0x%llx, which was stored elsewhere",
		     (unsigned long long)access[i].va, scene->process,
		     (unsigned long long)access[i].value);
}

/* ---- Steps ------------------------------------------------------------------------ */

static void step(struct worker *worker, vmm_process process, unsigned cpu)
{
	static void (*const services[])(struct worker *worker, const struct scene *scene) = {
		reserve, reserve, reserve,  reserve_anywhere, commit,  commit,  commit, commit,
		commit,  commit,  decommit, release,          protect, protect, query,  watch,
	};
	const struct scene scene = scene_in(worker, process, cpu);

	if (prng_chance(&worker->prng, 3, 4))
		accesses(worker, &scene);
	else
		services[prng_below(&worker->prng, ARRAY_SIZE(services))](worker, &scene);
}

void chaos_step(struct worker *worker)
{
	step(worker, 0, any_cpu(worker));
}

static void attach(struct worker *worker, unsigned cpu, vmm_process process)
{
	MUST(worker,
	     counted(worker, VERB_ATTACH, vmm_attach(vmm_cpu(worker->vm, cpu), process)) ==
	             VMM_SUCCESS,
	     "attach to process %u", process);
}

/* A service and an access after the end. */
static void check_ended(struct worker *worker, vmm_process process, unsigned cpu)
{
	struct vmm_query io = { .address = CHAOS_BASE };
	struct access load = { .verb = VERB_LOAD, .va = CHAOS_BASE };

	MUST(worker, call_query(worker, cpu, process, &io) == VMM_PROCESS_IS_TERMINATING,
	     "a service on process %u after its end", process);
	MUST(worker, call_access(worker, cpu, &load) == VMM_ACCESS_VIOLATION,
	     "an access in process %u after its end: %s", process,
	     vmm_status_name(load.status));
}

void chaos_visit(struct worker *worker)
{
	unsigned cpu = any_cpu(worker), steps = (unsigned)prng_below(&worker->prng, 4);
	/* Those that were made last, so that the threads meet. */
	vmm_process process;

	atomic64_store_own(&worker->doing, VERB_CREATE);
	if (!prng_chance(&worker->prng, 1, 8) ||
	    counted(worker, VERB_CREATE,
	            vmm_create_process(worker->vm, cpu, 0, &process)) != VMM_SUCCESS) {
		/* One that either thread has made, if it is there. */
		process = (vmm_process)prng_below(&worker->prng, PROCESSES);
		if (vmm_attach(vmm_cpu(worker->vm, cpu), process) != VMM_SUCCESS)
			return;
	}
	attach(worker, cpu, process);
	for (unsigned i = 0; i < steps; i++)
		step(worker, process, cpu);
	if (process != 0 && prng_chance(&worker->prng, 1, 4)) {
		atomic64_store_own(&worker->doing, VERB_EXIT);
		(void)counted(worker, VERB_EXIT,
		              vmm_terminate_process(worker->vm, cpu, process,
		                                    VMM_CURRENT_PROCESS));
		check_ended(worker, process, cpu);
	}
	attach(worker, cpu, 0);
}
