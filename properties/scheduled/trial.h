/* trial.h: a small program for simulated CPUs, and the set of its outcomes. */
#ifndef TRIAL_H
#define TRIAL_H

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../../core/atomic.h"
#include "../../harness/model/model.h"
#include "../claim.h"

struct trial {
	unsigned cpus;
	void (*reset)(void); /* before each execution: memory as at the start */
	void (*body)(void *context, unsigned cpu);
	uint64_t (*outcome)(void); /* of an execution that ended */
	void *context;             /* of body */
	uint64_t (*plain_state)(void *context);
};

enum { OUTCOMES_MAX = 128 };

struct outcomes {
	uint64_t value[OUTCOMES_MAX]; /* rising */
	unsigned count;
	uint64_t executions, states;
	uint64_t ends[MODEL_NO_PROGRESS + 1];
	struct model_result last;
};

static inline void outcomes_add(struct outcomes *outcomes, uint64_t value)
{
	unsigned place = outcomes->count;

	for (unsigned i = 0; i < outcomes->count; i++)
		if (outcomes->value[i] == value)
			return;
	cr_assert_lt(outcomes->count, (unsigned)OUTCOMES_MAX);
	for (; place > 0 && outcomes->value[place - 1] > value; place--)
		outcomes->value[place] = outcomes->value[place - 1];
	outcomes->value[place] = value;
	outcomes->count++;
}

/* One execution, for which oracle_next has been called. */
static inline enum model_end trial_run(const struct trial *trial, enum model_memory memory,
                                       struct oracle *oracle, struct model_result *result)
{
	const struct model_options options = { .memory = memory,
		                               .oracle = oracle,
		                               .operation_steps_max = 200,
		                               .plain_state = trial->plain_state,
		                               .context = trial->context };

	trial->reset();
	model_run(trial->cpus, trial->body, trial->context, &options, result);
	return result->end;
}

/* Executions until the oracle has no more or `most` are made. Takes the oracle. */
static inline void trial_explore(const struct trial *trial, enum model_memory memory,
                                 struct oracle *oracle, uint64_t most,
                                 struct outcomes *outcomes)
{
	memset(outcomes, 0, sizeof *outcomes);
	for (uint64_t i = 0; i < most && oracle_next(oracle); i++) {
		enum model_end end = trial_run(trial, memory, oracle, &outcomes->last);

		outcomes->ends[end]++;
		if (end == MODEL_DONE)
			outcomes_add(outcomes, trial->outcome());
	}
	oracle_counts(oracle, &outcomes->executions, &outcomes->states);
	oracle_destroy(oracle);
}

/* All outcomes, each with its digits, as in "00 01 11". */
static inline void outcomes_print(const struct outcomes *outcomes, unsigned digits, char *text,
                                  size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < outcomes->count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%0*u", i == 0 ? "" : " ",
		                         (int)digits, (unsigned)outcomes->value[i]);
}

#endif
