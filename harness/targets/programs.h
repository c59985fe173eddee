/* programs.h: what targets do with an input that is a program of operations: it runs
 * on core and reference, and the first thing that is wrong stops the process. */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <stddef.h>
#include <stdint.h>

#include "../run/run.h"
#include "../run/state_coverage.h"
#include "../run/statistics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void programs_observe(void *context, size_t index, enum fate fate,
                             const struct outcome *outcome)
{
	const struct runner *runner = context;

	(void)index;
	if (fate == FATE_EXECUTED)
		state_coverage_note(runner->last_verb, outcome->status, runner->reference);
}

static inline void programs_run(const uint8_t *data, size_t size, size_t operations_max)
{
	static struct runner runner;
	static struct program program;
	static struct statistics *statistics;
	struct finding finding;

	if (statistics == NULL) {
		statistics = statistics_open();
		runner_init(&runner);
		program_init(&program);
	}
	const struct run_options options = {
		.sut = RUN_BOTH,
		.stop_at = SIZE_MAX,
		.tear_down = true,
		.sample_time = true,
		.observe = programs_observe,
		.context = &runner,
		.counts = &statistics->counts,
	};

	program_decode_any(&program, data, size, operations_max);
	statistics->executions++;
	if (runner_run(&runner, &program, NULL, &options, &finding) == RUN_FAIL)
		finding_trap(&finding);
}

#endif
