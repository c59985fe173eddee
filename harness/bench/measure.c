/* measure.c: medians of samples, where a sample in which the kernel preempted the
 * thread is taken again. */
#define _GNU_SOURCE /* RUSAGE_THREAD, sched_setaffinity, pthread_getcpuclockid */
#include "measure.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "two.h"

enum { SAMPLES_MAX = 101, SAMPLE_NS = 2000000, WARM_BYTES = 256 << 20 };

static unsigned samples_wanted = 15;
static unsigned cpu_own, cpu_other;

static uint64_t ns_of(clockid_t clock)
{
	struct timespec time;

	(void)clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void pin(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	bench_must(sched_setaffinity(0, sizeof set, &set) == 0, "sched_setaffinity");
}

bool measure_has_other(void)
{
	return cpu_other != cpu_own;
}

void measure_pin_other(void)
{
	pin(cpu_other);
}

long measure_preemptions(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

static void *nothing(void *context)
{
	return context;
}

static unsigned from_environment(const char *name, unsigned lowest, unsigned highest,
                                 unsigned otherwise)
{
	const char *text = getenv(name);
	unsigned long value = text == NULL ? otherwise : strtoul(text, NULL, 10);

	return value < lowest ? lowest : value > highest ? highest : (unsigned)value;
}

void measure_start(void)
{
	unsigned cpus = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread;
	void *warm = mmap(NULL, WARM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	                  -1, 0);

	/* glibc leaves out lock prefixes until the first thread exists; a memory
	 * manager lives in programs with threads. */
	bench_must(pthread_create(&thread, NULL, nothing, NULL) == 0, "pthread_create");
	(void)pthread_join(thread, NULL);
	samples_wanted = from_environment("BENCH_SAMPLES", 1, SAMPLES_MAX, samples_wanted);
	cpu_own = from_environment("BENCH_CPU", 0, cpus - 1, cpus - 1);
	cpu_other = cpu_own != 0 ? 0 : cpus - 1;
	pin(cpu_own);
	/* In a virtual machine the first touch of memory that the guest never had is
	 * a fault of the hypervisor's, and would be charged to whoever came first. */
	if (warm != MAP_FAILED) {
		memset(warm, 1, WARM_BYTES);
		(void)munmap(warm, WARM_BYTES);
	}
}

/* ---- A second thread ----------------------------------------------------------- */

static struct {
	pthread_t thread;
	clockid_t clock;
	void (*step)(void *context);
	void *context;
	atomic_bool runs, stop;
} beside;

static void *beside_loop(void *context)
{
	measure_pin_other();
	(void)pthread_getcpuclockid(pthread_self(), &beside.clock);
	atomic_store(&beside.runs, true);
	while (!atomic_load_explicit(&beside.stop, memory_order_relaxed))
		beside.step(beside.context);
	return context;
}

bool measure_beside(void (*step)(void *context), void *context)
{
	if (!measure_has_other())
		return false;
	beside.step = step;
	beside.context = context;
	atomic_store(&beside.stop, false);
	bench_must(pthread_create(&beside.thread, NULL, beside_loop, NULL) == 0, "pthread_create");
	while (!atomic_load(&beside.runs))
		;
	return true;
}

void measure_alone(void)
{
	if (!atomic_load(&beside.runs))
		return;
	atomic_store(&beside.stop, true);
	(void)pthread_join(beside.thread, NULL);
	atomic_store(&beside.runs, false);
}

/* ---- Samples -------------------------------------------------------------------- */

/* How much work makes a sample: `rounds` runs of `count` operations. */
struct work {
	uint64_t count, rounds;
};

static uint64_t timed_run(const struct bench_side *side, uint64_t count)
{
	uint64_t start;

	if (side->prepare != NULL)
		side->prepare(side->context);
	start = ns_of(CLOCK_MONOTONIC);
	side->run(side->context, count);
	return ns_of(CLOCK_MONOTONIC) - start;
}

/* One sample, in ns an operation; false: the thread, or the one that does half of the
 * work (two.h), was preempted, or the thread beside did not run. */
static bool take_sample(const struct bench_side *side, struct work work, double *ns)
{
	bool two = atomic_load(&beside.runs);
	long before = measure_preemptions() + two_preemptions();
	uint64_t own = ns_of(CLOCK_MONOTONIC), other = two ? ns_of(beside.clock) : 0, total = 0;

	for (uint64_t round = 0; round < work.rounds; round++)
		total += timed_run(side, work.count);
	own = ns_of(CLOCK_MONOTONIC) - own;
	*ns = (double)total / (double)(work.count * work.rounds);
	if (two && ns_of(beside.clock) - other < own / 10 * 9)
		return false;
	return measure_preemptions() + two_preemptions() == before;
}

/* The least of a few samples: one that was interrupted would make what follows far
 * too short, and a short sample shows the clock and cold caches. */
static double least_of(const struct bench_side *side, struct work work)
{
	double least = 0;

	for (unsigned i = 0; i < 3; i++) {
		double ns;

		(void)take_sample(side, work, &ns);
		if (i == 0 || ns < least)
			least = ns;
	}
	return least;
}

/* Finds out how much fills a sample; warms everything up on the way. */
static struct work calibrate(const struct bench_side *side)
{
	struct work work = { side->count != 0 ? side->count : 16, 1 };
	uint64_t *grow = side->count != 0 ? &work.rounds : &work.count;

	for (;;) {
		double total = least_of(side, work) * (double)(work.count * work.rounds);

		if (total >= SAMPLE_NS / 2)
			return work;
		*grow = total < SAMPLE_NS / 16
		                ? *grow * 8
		                : (uint64_t)((double)*grow * SAMPLE_NS / total) + 1;
	}
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static void summarise(double *ns, struct measured *measured)
{
	unsigned count = measured->samples;

	qsort(ns, count, sizeof ns[0], by_value);
	measured->lowest = ns[0];
	measured->highest = ns[count - 1];
	measured->median = (ns[(count - 1) / 2] + ns[count / 2]) / 2;
}

/* A machine that is busy all the time must not keep us for ever. */
static void sample_again(const struct bench_side *side, struct work work, double *ns,
                         struct measured *measured)
{
	while (!take_sample(side, work, ns) && measured->rejected < 20 * samples_wanted)
		measured->rejected++;
}

void measure_pair(const struct bench_side *ours, const struct bench_side *peer,
                  struct measured *of_ours, struct measured *of_peer)
{
	double ns_ours[SAMPLES_MAX], ns_peer[SAMPLES_MAX];
	struct work work_ours = calibrate(ours);
	struct work work_peer = { 0, 0 };

	*of_ours = *of_peer = (struct measured){ .samples = samples_wanted };
	if (peer->run != NULL)
		work_peer = calibrate(peer);
	for (unsigned i = 0; i < samples_wanted; i++) {
		sample_again(ours, work_ours, &ns_ours[i], of_ours);
		if (peer->run != NULL)
			sample_again(peer, work_peer, &ns_peer[i], of_peer);
	}
	summarise(ns_ours, of_ours);
	if (peer->run != NULL)
		summarise(ns_peer, of_peer);
}
