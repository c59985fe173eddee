/* Claim: CPUs that wait for each other are a deadlock, with a report of who waits
 * for whom and where; an operation that a fair schedule does not end makes no
 * progress, and one that only an unfair schedule keeps from its end does. A wait
 * ends when, and only when, what was waited for can have happened. */
#include "../../core/vmm.h"
#include "trial.h"

static struct atomic64 lock[2], word, other;
static uint64_t got;

static void reset(void)
{
	lock[0].raw = lock[1].raw = word.raw = other.raw = 0;
	got = 0;
}

static uint64_t outcome(void)
{
	return got;
}

static void take(unsigned cpu, unsigned which)
{
	uint64_t unlocked = 0;

	for (uint64_t turn = 0; !atomic64_cas_acquire(&lock[which], &unlocked, 1 + cpu); turn++) {
		model_wait(NULL, cpu, (unsigned)unlocked - 1, POINT_CHARGE_BEFORE_CAS, turn);
		unlocked = 0;
	}
}

static void in_opposite_order(void *nothing, unsigned cpu)
{
	(void)nothing;
	take(cpu, cpu);
	take(cpu, 1 - cpu);
	got++;
	atomic64_store_release(&lock[1 - cpu], 0);
	atomic64_store_release(&lock[cpu], 0);
}

static void in_one_order(void *nothing, unsigned cpu)
{
	(void)nothing;
	take(cpu, 0);
	take(cpu, 1);
	got++;
	atomic64_store_release(&lock[1], 0);
	atomic64_store_release(&lock[0], 0);
}

/* A spin that calls nobody. */
static void spin(void *nothing, unsigned cpu)
{
	(void)nothing;
	model_operation();
	while (cpu == 0 && atomic64_load_relaxed(&word) == 0)
		continue;
}

static void spin_and_store(void *nothing, unsigned cpu)
{
	spin(nothing, cpu);
	if (cpu == 1)
		atomic64_store_relaxed(&word, 1);
}

/* The value that it waits for was there before it waited. */
static void wait_for_word(void *nothing, unsigned cpu)
{
	(void)nothing;
	if (cpu == 1) {
		atomic64_store_relaxed(&word, 1);
		atomic64_store_relaxed(&other, 1);
		return;
	}
	while (atomic64_load_relaxed(&word) == 0)
		model_wait(NULL, cpu, VMM_ANY_CPU, POINT_SHOOTDOWN_WAIT, 0);
	got = 1 + atomic64_load_relaxed(&other);
}

/* As CPU 1, but it never comes. */
static void wait_for_nothing(void *nothing, unsigned cpu)
{
	(void)nothing;
	while (cpu == 0 && atomic64_load_relaxed(&word) == 0)
		model_wait(NULL, cpu, VMM_ANY_CPU, POINT_SHOOTDOWN_WAIT, 0);
	if (cpu == 1)
		atomic64_store_relaxed(&other, 1);
}

static void explore(void (*body)(void *, unsigned), enum model_memory memory,
                    struct outcomes *found)
{
	const struct trial trial = { 2, reset, body, outcome, NULL, NULL };

	trial_explore(&trial, memory, oracle_exhaust(2, true), UINT64_MAX, found);
}

Test(ends, locks_in_opposite_order_are_a_deadlock)
{
	const struct trial trial = { 2, reset, in_opposite_order, outcome, NULL, NULL };
	struct oracle *oracle = oracle_exhaust(2, true);
	struct model_result result;
	struct outcomes found;
	bool reported = false;

	while (!reported && oracle_next(oracle))
		reported = trial_run(&trial, MODEL_VIEWS, oracle, &result) == MODEL_DEADLOCK;
	oracle_destroy(oracle);
	cr_assert(reported);
	cr_assert_str_eq(result.report, "deadlock; CPU 0 waits for CPU 1 at CHARGE_BEFORE_CAS; "
	                                "CPU 1 waits for CPU 0 at CHARGE_BEFORE_CAS");
	explore(in_one_order, MODEL_VIEWS, &found);
	cr_assert_eq(found.ends[MODEL_DONE], found.executions);
	cr_assert_eq(found.count, 1);
	cr_assert_eq(found.value[0], 2);
}

Test(ends, a_wait_for_nobody_is_a_deadlock)
{
	struct outcomes found;

	explore(wait_for_nothing, MODEL_SEQUENTIAL, &found);
	cr_assert_eq(found.ends[MODEL_DEADLOCK], found.executions);
	explore(wait_for_nothing, MODEL_VIEWS, &found);
	cr_assert_eq(found.ends[MODEL_DEADLOCK], found.executions);
	cr_assert_str_eq(found.last.report,
	                 "deadlock; CPU 0 waits for any CPU at SHOOTDOWN_WAIT; CPU 1 has ended");
}

/* 2: the wait orders nothing but the word itself. */
Test(ends, a_wait_ends_and_acquires_nothing)
{
	struct outcomes found;

	explore(wait_for_word, MODEL_SEQUENTIAL, &found);
	cr_assert_eq(found.ends[MODEL_DONE], found.executions);
	explore(wait_for_word, MODEL_VIEWS, &found);
	cr_assert_eq(found.ends[MODEL_DONE], found.executions);
	cr_assert_eq(found.count, 2);
}

Test(ends, a_spin_for_nobody_makes_no_progress)
{
	struct outcomes found;

	explore(spin, MODEL_VIEWS, &found);
	cr_assert_eq(found.ends[MODEL_NO_PROGRESS], found.executions);
	cr_assert_eq(strncmp(found.last.report, "no progress of CPU 0; CPU 0 runs, ", 34), 0,
	             "%s", found.last.report);
}

/* It spins until the schedule is fair; with old values for ever, too. */
Test(ends, a_spin_ends_in_a_fair_schedule)
{
	const struct trial trial = { 2, reset, spin_and_store, outcome, NULL, NULL };
	struct oracle *oracle = oracle_replay(NULL, 0);
	struct model_result result;

	cr_assert(oracle_next(oracle));
	cr_assert_eq(trial_run(&trial, MODEL_VIEWS, oracle, &result), MODEL_DONE);
	cr_assert_gt(result.longest, 200);
	cr_assert_lt(result.longest, 210);
	oracle_destroy(oracle);
}
