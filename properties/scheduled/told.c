/* Claim: who runs a simulation is told of each write, in its order, with its CPU,
 * and when memory already has the value; times rise; more words and stores than a
 * location remembers do no harm; and outside of a run operations act at once. */
#include "trial.h"

enum { WORDS = 600, ROUNDS = 40 };

static struct atomic64 word[WORDS];
static struct atomic32 half[2];
static unsigned writes[2];
static uint64_t last_time;
static bool rises, is_told_right, is_whole;

static void reset(void)
{
	memset(word, 0, sizeof word);
	memset(writes, 0, sizeof writes);
	last_time = 0;
	rises = is_told_right = true;
}

static void time_passes(void)
{
	uint64_t now = model_now();

	rises = rises && now > last_time;
	last_time = now;
}

/* Failed compare-and-swaps write nothing. */
static void body(void *nothing, unsigned cpu)
{
	uint64_t expected = 1000;

	(void)nothing;
	for (unsigned i = 0; i < WORDS; i++) {
		time_passes();
		atomic64_store_relaxed(&word[i], cpu + 1);
		time_passes();
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		(void)atomic64_fetch_add_relaxed(&word[0], 8);
		(void)atomic64_load_relaxed(&word[1]);
		(void)atomic64_cas_relaxed(&word[1], &expected, 0);
		expected = 1000;
	}
}

static void on_write(void *context, unsigned cpu, const void *memory)
{
	const struct atomic64 *written = memory;

	is_told_right = is_told_right && context == writes && written >= word &&
	                written < word + WORDS &&
	                (writes[cpu] >= WORDS || written->raw == cpu + 1);
	writes[cpu]++;
}

static void runs(enum model_memory memory)
{
	struct oracle *oracle = oracle_random(1);
	const struct model_options options = { .memory = memory,
		                               .oracle = oracle,
		                               .on_write = on_write,
		                               .context = writes };
	struct model_result result;

	for (unsigned i = 0; i < 20; i++) {
		cr_assert(oracle_next(oracle));
		reset();
		model_run(2, body, NULL, &options, &result);
		cr_assert_eq(result.end, MODEL_DONE);
		cr_assert_eq(result.steps, 2 * (WORDS + 3 * ROUNDS));
		cr_assert_eq(result.longest, WORDS + 3 * ROUNDS);
		cr_assert_eq(writes[0], WORDS + ROUNDS);
		cr_assert_eq(writes[1], WORDS + ROUNDS);
		cr_assert_geq(word[0].raw, 8 * ROUNDS);
		cr_assert(rises);
		cr_assert(is_told_right);
	}
	oracle_destroy(oracle);
}

Test(told, of_each_write)
{
	runs(MODEL_SEQUENTIAL);
	runs(MODEL_VIEWS);
}

/* Both halves of a word are one location, and neither overwrites the other. */
static void store_half(void *nothing, unsigned cpu)
{
	(void)nothing;
	atomic32_store_relaxed(&half[cpu], cpu + 1);
	if (atomic32_load_relaxed(&half[cpu]) != cpu + 1)
		is_whole = false;
}

static void reset_halves(void)
{
	half[0].raw = half[1].raw = 0;
	is_whole = true;
}

static uint64_t halves(void)
{
	return is_whole ? 10 * half[0].raw + half[1].raw : 0;
}

Test(told, parts_of_a_word)
{
	const struct trial trial = { 2, reset_halves, store_half, halves, NULL, NULL };
	struct outcomes found;

	trial_explore(&trial, MODEL_VIEWS, oracle_exhaust(UINT_MAX, false), UINT64_MAX, &found);
	cr_assert_eq(found.count, 1);
	cr_assert_eq(found.value[0], 12);
}

Test(told, nothing_outside_of_a_run)
{
	uint64_t expected = 4;

	reset();
	atomic64_store_release(&word[0], 5);
	cr_assert_not(atomic64_cas_acq_rel(&word[0], &expected, 6));
	cr_assert_eq(expected, 5);
	cr_assert(atomic64_cas_acq_rel(&word[0], &expected, 6));
	cr_assert_eq(atomic64_fetch_add_relaxed(&word[0], 1), 6);
	atomic_fence_seq_cst();
	model_operation();
	model_yield();
	model_point(0, POINT_SHOOTDOWN_WAIT);
	model_zeroed(&word[0], sizeof word[0]);
	cr_assert_eq(atomic64_load_acquire(&word[0]), 7);
	cr_assert_eq(writes[0] + writes[1], 0);
}
