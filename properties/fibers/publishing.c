/* Claim: plain data that one simulated CPU hands to another in the right order is no
 * race to TSan, nor is what the sequential parts before and after a run, finished
 * or given up, do with it; and the schedules are all there. That a wrong order is
 * a race shows properties/canaries/relaxed_publish.c.
 *
 * Not covered: weak memory, which fibers on one processor cannot show. */
#include "../scheduled/trial.h"

static struct atomic64 flag, seen[2];
static uint64_t data;
static uint64_t got[2];

static void reset(void)
{
	flag.raw = seen[0].raw = seen[1].raw = 0;
	data = got[0] = got[1] = 0;
}

static uint64_t outcome(void)
{
	return 10 * got[0] + got[1];
}

/* CPU 0 publishes; the others look a few times. */
static void publish(void *nothing, unsigned cpu)
{
	(void)nothing;
	model_operation();
	if (cpu == 0) {
		data = 7;
		atomic64_store_release(&flag, 1);
		return;
	}
	for (unsigned i = 0; i < 4 && got[1] == 0; i++)
		if (atomic64_load_acquire(&flag) != 0)
			got[1] = data;
}

static void store_buffering(void *nothing, unsigned cpu)
{
	(void)nothing;
	atomic64_store_relaxed(&seen[cpu], 1);
	got[cpu] = atomic64_load_relaxed(&seen[1 - cpu]);
}

/* CPU 1 waits for what CPU 0 does after many steps, or never does. */
static void wait_for_flag(void *comes, unsigned cpu)
{
	model_operation();
	if (cpu == 1) {
		while (atomic64_load_acquire(&flag) == 0)
			model_wait(NULL, cpu, 0, POINT_SHOOTDOWN_WAIT, 0);
		got[1] = data;
		return;
	}
	data = 3;
	for (unsigned i = 0; i < 100; i++)
		atomic64_store_relaxed(&seen[0], i);
	while (comes == NULL)
		atomic64_store_relaxed(&seen[0], 1);
	atomic64_store_release(&flag, 1);
}

Test(publishing, in_order_is_no_race)
{
	const struct trial trial = { 2, reset, publish, outcome, NULL, NULL };
	struct outcomes found;

	trial_explore(&trial, MODEL_SEQUENTIAL, oracle_random(1), 20000, &found);
	cr_assert_eq(found.ends[MODEL_DONE], 20000);
	cr_assert_eq(found.count, 2);
	cr_assert_eq(found.value[1], 7);
}

Test(publishing, schedules_are_all_there)
{
	const struct trial trial = { 2, reset, store_buffering, outcome, NULL, NULL };
	struct outcomes found;
	char text[64];

	trial_explore(&trial, MODEL_SEQUENTIAL, oracle_exhaust(UINT_MAX, false), UINT64_MAX,
	              &found);
	outcomes_print(&found, 2, text, sizeof text);
	cr_assert_str_eq(text, "01 10 11");
}

Test(publishing, waits_end_or_are_given_up)
{
	struct trial trial = { 2, reset, wait_for_flag, outcome, &trial, NULL };
	struct outcomes found;

	trial_explore(&trial, MODEL_SEQUENTIAL, oracle_random(2), 1000, &found);
	cr_assert_eq(found.ends[MODEL_DONE], 1000);
	cr_assert_eq(found.value[0], 3);
	trial.context = NULL;
	trial_explore(&trial, MODEL_SEQUENTIAL, oracle_pct(3, 3, 200), 1000, &found);
	cr_assert_eq(found.ends[MODEL_NO_PROGRESS], 1000);
}
