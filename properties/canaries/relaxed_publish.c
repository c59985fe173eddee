/* Canary: a simulated CPU publishes plain data by a relaxed store. The switches
 * between CPUs must not hide it.
 * fibers must say: ThreadSanitizer: data race */
#include "../scheduled/trial.h"

static struct atomic64 flag;
static uint64_t data;
static volatile uint64_t read;

static void reset(void)
{
	flag.raw = 0;
	data = 0;
}

static void body(void *nothing, unsigned cpu)
{
	(void)nothing;
	if (cpu == 0) {
		data = 42;
		atomic64_store_relaxed(&flag, 1);
	} else if (atomic64_load_acquire(&flag) != 0) {
		read = data;
	}
}

static uint64_t outcome(void)
{
	return read;
}

Test(canary, relaxed_publish)
{
	const struct trial trial = { 2, reset, body, outcome, NULL, NULL };
	struct outcomes found;

	trial_explore(&trial, MODEL_SEQUENTIAL, oracle_exhaust(UINT_MAX, false), 1000, &found);
}
