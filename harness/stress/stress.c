/* stress.c: real threads on one machine, for a number of seconds:
 *
 *   stress SECONDS [SEED]
 *
 * In rounds: the threads run, join, and everything is checked at rest; then every
 * process ends, and everything must have come back. The machine of the next round
 * is the same one after a reset, or another. Exit status 1: something was found;
 * 3: a machine could not be made. */
#define _GNU_SOURCE /* clock_gettime, nanosleep */
#include "stress.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../core/check.h"
#include "../../core/inspect.h"

/* Few frames, so that a CPU finds none and has to stop the pool; little to commit,
 * so that the limit is reached; few records; and machines with plenty, whose quick
 * paths run undisturbed. Own and common pages are 104 at least. */
static const struct shape shapes[] = {
	{ "2 CPUs", 2, 96, 56, 256, 64, false },
	{ "2 CPUs, tiny", 2, 80, 128, 40, 2, true },
	{ "4 CPUs in turn", 4, 128, 128, 256, 64, false },
	{ "8 CPUs in turn, tiny", 8, 96, 144, 24, 16, true },
	{ "2 CPUs, plenty", 2, 4096, 4096, 4096, 256, false },
	{ "4 CPUs in turn, no TLB", 4, 96, 128, 256, 0, true },
};

enum {
	SHAPES = sizeof shapes / sizeof shapes[0],
	ROUNDS = 4,          /* of a machine */
	HANG_S = 60,         /* a thread that does nothing for so long */
	STEP_NS = 2000000 /* between two looks at the threads */
};

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

_Noreturn void finding(const struct worker *worker, const char *format, ...)
{
	va_list arguments;

	flockfile(stdout); /* and not unlocked: the other thread may have found something, too */
	printf("FINDING on %s, thread %u: ", worker->shape->name, worker->index);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	printf("\n  seed 0x%llx, %llu operations of this round, in %s\n",
	       (unsigned long long)worker->seed,
	       (unsigned long long)atomic64_load_own(&worker->operations),
	       verb_name((enum verb)atomic64_load_own(&worker->doing)));
	(void)fflush(stdout);
	_Exit(1);
}

/* ---- A round ---------------------------------------------------------------------- */

static void *work(void *context)
{
	struct worker *worker = context;

	while (atomic64_load_own(&worker->operations) < worker->enough) {
		unsigned kind = (unsigned)prng_below(&worker->prng, 16);

		if (kind < 8)
			own_step(worker);
		else if (kind < 11)
			watched_step(worker);
		else if (kind < 15)
			chaos_step(worker);
		else
			chaos_visit(worker);
	}
	atomic64_store_own(&worker->operations, UINT64_MAX); /* for the watch */
	return NULL;
}

/* The CPUs of the machine go round the threads. */
static void prepare(struct worker workers[THREADS], struct vmm *vm, const struct shape *shape,
                    uint64_t seed, uint64_t enough)
{
	for (unsigned i = 0; i < THREADS; i++) {
		struct worker *worker = &workers[i];

		worker->vm = vm;
		worker->shape = shape;
		worker->index = i;
		worker->seed = seed;
		prng_seed(&worker->prng, seed * THREADS + i);
		worker->cpus = 0;
		worker->enough = enough;
		worker->books = (struct books){ .counter = { 0 } };
		atomic64_store_own(&worker->operations, 0);
		own_reset(worker);
	}
	for (unsigned cpu = 0; cpu < shape->cpus; cpu++) {
		struct worker *worker = &workers[(cpu + seed) % THREADS];

		worker->cpu[worker->cpus++] = cpu;
	}
}

/* Until all threads are through; one that stands still is a finding. */
static void watch(struct worker workers[THREADS])
{
	const struct timespec step = { 0, STEP_NS };
	uint64_t seen[THREADS] = { 0 };
	double since[THREADS], start = now();
	unsigned done;

	for (unsigned i = 0; i < THREADS; i++)
		since[i] = start;
	do {
		(void)nanosleep(&step, NULL);
		done = 0;
		for (unsigned i = 0; i < THREADS; i++) {
			uint64_t operations = atomic64_load_relaxed(&workers[i].operations);

			done += operations == UINT64_MAX;
			if (operations != seen[i] || operations == UINT64_MAX)
				since[i] = now();
			seen[i] = operations;
			MUST(&workers[i], now() - since[i] < HANG_S, "no step for %d s", HANG_S);
		}
	} while (done < THREADS);
}

static void check_at_rest(struct worker workers[THREADS])
{
	const struct worker *worker = &workers[0];
	unsigned broken = vmm_check(worker->vm);

	MUST(worker, broken == 0, "at rest %s", vmm_invariant_text(broken));
	for (unsigned i = 0; i < THREADS; i++)
		own_check(&workers[i]);
	watched_check(workers);
}

/* Ends every process; each on another CPU. */
static void check_the_end(const struct worker *worker)
{
	struct vmm *vm = worker->vm;
	struct vmm_totals totals;
	unsigned broken;

	for (uint32_t i = 0; i < vmm_inspect_process_count(vm); i++)
		if (vmm_inspect_process_lives(vm, i))
			MUST(worker,
			     vmm_terminate_process(vm, i % worker->shape->cpus, i,
			                           VMM_CURRENT_PROCESS) == VMM_SUCCESS,
			     "the end of process %u", i);
	vmm_inspect_totals(vm, &totals);
	MUST(worker,
	     totals.frames_free == totals.frames && totals.charge == 0 && totals.tables == 0 &&
	             totals.ranges == 0,
	     "after the end %u of %u frames are free, charge %llu, %u tables, %u ranges",
	     totals.frames_free, totals.frames, (unsigned long long)totals.charge, totals.tables,
	     totals.ranges);
	broken = vmm_check(vm);
	MUST(worker, broken == 0, "after the end %s", vmm_invariant_text(broken));
}

static void round_of(struct worker workers[THREADS], struct vmm *vm, const struct shape *shape,
                     uint64_t seed, uint64_t enough)
{
	pthread_t thread[THREADS];

	prepare(workers, vm, shape, seed, enough);
	watched_make(&workers[0]);
	for (unsigned i = 0; i < THREADS; i++)
		MUST(&workers[i], pthread_create(&thread[i], NULL, work, &workers[i]) == 0,
		     "no thread");
	watch(workers);
	for (unsigned i = 0; i < THREADS; i++)
		(void)pthread_join(thread[i], NULL);
	check_at_rest(workers);
	check_the_end(&workers[0]);
}

/* ---- A run ------------------------------------------------------------------------- */

static struct vmm *make_machine(const struct shape *shape)
{
	struct vmm_config config = vmm_config_default();
	struct vmm *vm;

	config.frames = shape->frames;
	config.pagefile = shape->pagefile;
	config.cpus = shape->cpus;
	config.processes_max = PROCESSES;
	config.ranges_max = shape->ranges;
	config.tlb_entries = shape->tlb;
	config.tiny = shape->tiny;
	if (vmm_create(&config, &vmm_host_posix, &vm) == VMM_SUCCESS)
		return vm;
	fprintf(stderr, "stress: no machine\n");
	exit(3);
}

static uint64_t add_up(struct worker workers[THREADS], enum verb verb, unsigned status)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < THREADS; i++)
		sum += workers[i].tally[verb][status];
	return sum;
}

/* What each verb answered; returns how often any was called. */
static uint64_t print_tally(struct worker workers[THREADS])
{
	static const char *const names[] = {
#define STATUS(NAME, CODE, MEANING) [NUMBER_##NAME] = #NAME,
#include "../../core/status.def"
#undef STATUS
	};
	uint64_t all = 0;

	for (unsigned verb = 0; verb < VERBS; verb++) {
		printf("  %-10s", verb_name((enum verb)verb));
		for (unsigned status = 0; status < STATUSES; status++) {
			uint64_t sum = add_up(workers, (enum verb)verb, status);

			all += sum;
			if (sum != 0)
				printf(" %s %llu", names[status], (unsigned long long)sum);
		}
		printf("\n");
	}
	return all;
}

int main(int count, char **arguments)
{
	static struct worker workers[THREADS];
	double seconds = count < 2 ? 0 : strtod(arguments[1], NULL), start = now(), took;
	uint64_t seed = count < 3 ? 1 : strtoull(arguments[2], NULL, 0), rounds = 0, all;
	uint64_t enough = 100000;

	if (seconds <= 0) {
		fprintf(stderr, "usage: stress SECONDS [SEED]\n");
		return 2;
	}
	printf("seeds from 0x%llx on, one a round\n", (unsigned long long)seed);
	for (unsigned i = 0; now() - start < seconds; i = (i + 1) % SHAPES) {
		struct vmm *vm = make_machine(&shapes[i]);

		for (unsigned k = 0; k < ROUNDS && now() - start < seconds; k++, rounds++) {
			round_of(workers, vm, &shapes[i], seed + rounds, enough);
			vmm_reset(vm);
		}
		vmm_destroy(vm);
	}
	took = now() - start;
	all = print_tally(workers);
	printf("%llu operations of %d threads in %llu rounds, %.0f s: %.0f a second; "
	       "nothing found\n",
	       (unsigned long long)all, THREADS, (unsigned long long)rounds, took,
	       (double)all / took);
	return 0;
}
