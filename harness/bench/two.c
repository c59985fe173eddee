/* two.c: the second thread. It sleeps while nobody needs it, since a thread that
 * spins would take from whoever else uses the machine; `prepare`, which is not timed,
 * wakes it, and from there on it spins until the run starts. */
#include "two.h"

#include <pthread.h>
#include <stdatomic.h>

#include "measure.h"

enum state { ASLEEP, READY, AT_WORK, DONE };

static struct {
	bool started;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool woken; /* the mutex's */
	const struct two *two;
	uint64_t count;
	atomic_int state;
	atomic_long preempted;
} second = { .mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };

static void spin_until(enum state state)
{
	while (atomic_load_explicit(&second.state, memory_order_acquire) != (int)state)
		;
}

static void sleep_until_woken(void)
{
	(void)pthread_mutex_lock(&second.mutex);
	while (!second.woken)
		(void)pthread_cond_wait(&second.wake, &second.mutex);
	second.woken = false;
	(void)pthread_mutex_unlock(&second.mutex);
}

/* Each thread prepares its own half, so that what it needs is in its own cache. */
static void prepare(unsigned half)
{
	if (second.two->before != NULL)
		second.two->before(second.two->context[half]);
}

static void *loop(void *nothing)
{
	(void)nothing;
	measure_pin_other();
	for (;;) {
		long before;

		sleep_until_woken();
		prepare(1);
		before = measure_preemptions();
		atomic_store(&second.state, READY);
		spin_until(AT_WORK);
		second.two->half(second.two->context[1], second.count);
		atomic_fetch_add(&second.preempted, measure_preemptions() - before);
		atomic_store(&second.state, DONE);
	}
	return NULL;
}

long two_preemptions(void)
{
	return atomic_load(&second.preempted);
}

/* ---- Sides ----------------------------------------------------------------------- */

static void before_alone(void *context)
{
	const struct two *two = context;

	two->before(two->context[0]);
}

static void before_both(void *context)
{
	(void)pthread_mutex_lock(&second.mutex);
	second.two = context;
	second.woken = true;
	(void)pthread_cond_signal(&second.wake);
	(void)pthread_mutex_unlock(&second.mutex);
	prepare(0);
	spin_until(READY);
}

static void run_alone(void *context, uint64_t count)
{
	const struct two *two = context;

	two->half(two->context[0], count);
}

static void run_both(void *context, uint64_t count)
{
	const struct two *two = context;

	second.count = count / 2;
	atomic_store(&second.state, AT_WORK);
	two->half(two->context[0], count / 2);
	spin_until(DONE);
	atomic_store(&second.state, ASLEEP);
}

struct bench_side two_side(const char *what, const struct two *two)
{
	if (!second.started && measure_has_other()) {
		second.started = true;
		bench_must(pthread_create(&second.thread, NULL, loop, NULL) == 0, "pthread_create");
	}
	return (struct bench_side){ .what = what,
		                    .prepare = before_both,
		                    .run = second.started ? run_both : NULL,
		                    .context = (void *)(uintptr_t)two,
		                    .count = 2 * two->count };
}

struct bench_side two_alone(const char *what, const struct two *two)
{
	return (struct bench_side){ .what = what,
		                    .prepare = two->before == NULL ? NULL : before_alone,
		                    .run = run_alone,
		                    .context = (void *)(uintptr_t)two,
		                    .count = two->count };
}

void two_row(const char *name, const struct two *two, struct goal goal)
{
	if (bench_wanted(name) && measure_has_other())
		bench_row(name, two_side("two CPUs", two), two_alone("one CPU", two), goal);
}
