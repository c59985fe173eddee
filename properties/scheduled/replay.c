/* Claim: whatever made the choices of an execution, the entries that are left of it
 * replay it: the same operations of the same CPUs in the same order with the same
 * values, and the same entries again. Any entries at all can be replayed.
 *
 * Not covered: that entries of one build fit another. */
#include "../../harness/generate/prng.h"
#include "../../harness/model/seen.h"
#include "stack.h"
#include "trial.h"

static struct stack stack;
static uint64_t history; /* of all CPUs, in the order of their steps */

static void reset(void)
{
	stack_reset(&stack, true);
	history = 0;
}

static void note(unsigned cpu, uint64_t value)
{
	history = seen_mix(history, cpu);
	history = seen_mix(history, value);
	history = seen_mix(history, model_now());
}

static void body(void *nothing, unsigned cpu)
{
	(void)nothing;
	for (unsigned i = 0; i < 2; i++) {
		uint64_t index;

		model_operation();
		index = stack_pop(&stack);
		note(cpu, index);
		while (cpu == 0 && atomic64_load_relaxed(&stack.next[3]) == 0)
			model_wait(NULL, cpu, 1, POINT_FAULT_BEFORE_CAS, 0);
		model_operation();
		if (index != STACK_NONE)
			stack_push(&stack, index);
		note(cpu, stack.head.raw);
	}
}

static uint64_t outcome(void)
{
	return history;
}

static const struct trial trial = { 3, reset, body, outcome, NULL, NULL };

static struct oracle_entry kept[4096];

/* The last execution of `oracle`, again. */
static void replays(struct oracle *oracle, enum model_memory memory,
                    const struct model_result *result)
{
	const struct oracle_entry *entry;
	const uint64_t before = history;
	const size_t count = oracle_entries(oracle, &entry);
	struct model_result again;
	struct oracle *replay;

	cr_assert_leq(count, sizeof kept / sizeof *kept);
	for (size_t i = 0; i < count; i++)
		kept[i] = entry[i];
	replay = oracle_replay(kept, count);
	cr_assert(oracle_next(replay));
	cr_assert_eq(trial_run(&trial, memory, replay, &again), result->end);
	cr_assert_eq(history, before);
	cr_assert_eq(again.steps, result->steps);
	cr_assert_eq(again.preemptions, result->preemptions);
	cr_assert_eq(oracle_entries(replay, &entry), count);
	cr_assert(count == 0 || memcmp(kept, entry, count * sizeof *entry) == 0);
	oracle_destroy(replay);
}

/* Takes the oracle. The executions are of many kinds, or the test says little. */
static void all_replay(struct oracle *oracle, enum model_memory memory, unsigned executions)
{
	struct model_result result;
	struct seen different = { NULL, 0, 0 };

	for (unsigned i = 0; i < executions && oracle_next(oracle); i++) {
		(void)trial_run(&trial, memory, oracle, &result);
		(void)seen_add(&different, history);
		replays(oracle, memory, &result);
	}
	cr_assert_gt(different.count, 5);
	seen_destroy(&different);
	oracle_destroy(oracle);
}

Test(replay, thousand_of_thousand)
{
	for (enum model_memory memory = MODEL_SEQUENTIAL; memory <= MODEL_VIEWS; memory++) {
		all_replay(oracle_random(1), memory, 1000);
		all_replay(oracle_pct(2, 4, 60), memory, 1000);
		all_replay(oracle_exhaust(2, true), memory, 1000);
		all_replay(oracle_exhaust(UINT_MAX, false), memory, 1000);
	}
}

static void arbitrary_replays(const struct oracle_entry *entry, size_t count)
{
	struct oracle *oracle = oracle_replay(entry, count);
	struct model_result result;

	cr_assert(oracle_next(oracle));
	(void)trial_run(&trial, MODEL_VIEWS, oracle, &result);
	replays(oracle, MODEL_VIEWS, &result);
	oracle_destroy(oracle);
}

/* A fuzzer's bytes. What such a replay leaves is sparse, and replays exactly. */
Test(replay, any_entries_will_do)
{
	struct prng prng;

	prng_seed(&prng, 3);
	for (unsigned i = 0; i < 1000; i++) {
		struct oracle_entry entry[16];

		for (unsigned j = 0; j < 16; j++) {
			uint64_t word = prng_next(&prng);

			entry[j] = (struct oracle_entry){ word & 15, word >> 8 & 255,
				                          word >> 16 & 3 };
		}
		arbitrary_replays(entry, 16);
	}
}
