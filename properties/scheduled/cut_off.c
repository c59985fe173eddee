/* Claim: a search that is cut off at states it knows finds the same outcomes as one
 * that is not, with a bound of preemptions and without, on random programs of
 * few operations, with every pair of operations on two CPUs among them; and it
 * needs fewer executions.
 *
 * Not covered: longer programs, which is what the cut-off is for: without it they
 * do not end. */
#include "../../harness/generate/prng.h"
#include "trial.h"

enum { WORDS = 2, STEPS_MAX = 4, CPUS = 2 };

enum kind { LOAD, STORE, CAS, ADD, FENCE, ZERO, WAIT, KINDS };

/* One operation on a word. Of few words and values, so that states which are the same
 * but for one of their parts are common. */
struct step {
	enum kind kind;
	unsigned word, width;
	uint64_t value, expected;
	enum atomic_order order;
};

static struct program {
	struct step step[CPUS][STEPS_MAX];
	unsigned count[CPUS];
} program;

static struct atomic64 word[WORDS];
static uint64_t got[CPUS]; /* all that a CPU has read, as digits */

static void reset(void)
{
	memset(word, 0, sizeof word);
	memset(got, 0, sizeof got);
}

static uint64_t outcome(void)
{
	uint64_t memory = 0;

	for (unsigned i = 0; i < WORDS; i++)
		memory = memory * 8 + (word[i].raw & 7);
	return (got[0] * 4096 + got[1]) * 64 + memory;
}

static void keep(unsigned cpu, uint64_t value)
{
	got[cpu] = got[cpu] * 8 + (value & 7);
}

/* WAIT: until the word is not 0 or this has been in vain once: nobody else may ever
 * write to it, and a deadlock has no outcome. */
static void run(const struct step *step, unsigned cpu)
{
	void *memory = &word[step->word];
	uint64_t expected = step->expected;

	switch (step->kind) {
	case LOAD:
		keep(cpu, model_load(memory, step->width, step->order));
		break;
	case STORE:
		model_store(memory, step->width, step->value, step->order);
		break;
	case CAS:
		keep(cpu, model_cas(memory, step->width, &expected, step->value, step->order,
		                    ORDER_RELAXED));
		keep(cpu, expected);
		break;
	case ADD:
		keep(cpu, model_change(memory, step->width, CHANGE_ADD, step->value, step->order));
		break;
	case FENCE:
		model_fence(step->order);
		break;
	case ZERO:
		memset(memory, 0, sizeof *word);
		model_zeroed(memory, sizeof *word);
		break;
	case WAIT:
		while (model_load(memory, step->width, step->order) == 0)
			model_wait(NULL, cpu, 1 - cpu, POINT_SHOOTDOWN_WAIT, 0);
		break;
	case KINDS:
		break;
	}
}

static void body(void *nothing, unsigned cpu)
{
	(void)nothing;
	for (unsigned i = 0; i < program.count[cpu]; i++)
		run(&program.step[cpu][i], cpu);
}

static struct step random_step(struct prng *prng, enum kind kind)
{
	static const unsigned width[] = { 1, 4, 8, 8 };

	return (struct step){ .kind = kind,
		              .word = (unsigned)prng_below(prng, WORDS),
		              .width = width[prng_below(prng, 4)],
		              .value = 1 + prng_below(prng, 2),
		              .expected = prng_below(prng, 2),
		              .order = (enum atomic_order)prng_below(prng, ORDER_SEQ_CST + 1) };
}

static void agrees(enum model_memory memory, unsigned preemptions)
{
	const struct trial trial = { CPUS, reset, body, outcome, NULL, NULL };
	struct outcomes plain, cut;

	trial_explore(&trial, memory, oracle_exhaust(preemptions, false), UINT64_MAX, &plain);
	trial_explore(&trial, memory, oracle_exhaust(preemptions, true), UINT64_MAX, &cut);
	cr_assert_leq(cut.executions, plain.executions);
	cr_assert_eq(cut.count, plain.count);
	cr_assert_eq(memcmp(cut.value, plain.value, plain.count * sizeof *plain.value), 0);
	for (unsigned end = 0; end <= MODEL_NO_PROGRESS; end++)
		cr_assert_eq(cut.ends[end] > 0, plain.ends[end] > 0);
}

static void all_agree(void)
{
	for (enum model_memory memory = MODEL_SEQUENTIAL; memory <= MODEL_VIEWS; memory++) {
		agrees(memory, UINT_MAX);
		agrees(memory, 1);
	}
}

Test(cut_off, every_pair_of_operations)
{
	struct prng prng;

	prng_seed(&prng, 1);
	for (unsigned pair = 0; pair < 20 * KINDS * KINDS; pair++) {
		program.count[0] = program.count[1] = 2;
		program.step[0][0] = random_step(&prng, STORE);
		program.step[0][1] = random_step(&prng, (enum kind)(pair % KINDS));
		program.step[1][0] = random_step(&prng, (enum kind)(pair / KINDS % KINDS));
		program.step[1][1] = random_step(&prng, LOAD);
		all_agree();
	}
}

Test(cut_off, random_programs)
{
	struct prng prng;

	prng_seed(&prng, 2);
	for (unsigned i = 0; i < 300; i++) {
		for (unsigned cpu = 0; cpu < CPUS; cpu++) {
			program.count[cpu] = 1 + (unsigned)prng_below(&prng, STEPS_MAX);
			for (unsigned j = 0; j < program.count[cpu]; j++)
				program.step[cpu][j] =
					random_step(&prng, (enum kind)prng_below(&prng, KINDS));
		}
		all_agree();
	}
}
