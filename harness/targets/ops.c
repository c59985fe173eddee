/* ops.c: fuzz target. Claims that on any program of operations of one machine,
 * executed one after another, core and reference agree in every outcome and in
 * the observable state, and that the core's invariants hold. Does not cover
 * operations that overlap in time. */
#include <stddef.h>
#include <stdint.h>

#include "../run/statistics.h"
#include "../run/run.h"
#include "../run/state_coverage.h"

enum { OPERATIONS_MAX = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	const struct runner *runner = context;

	(void)index;
	if (fate == FATE_EXECUTED)
		state_coverage_note(runner->last_verb, outcome->status, runner->reference);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
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
		.observe = observe,
		.context = &runner,
		.counts = &statistics->counts,
	};

	program_decode_any(&program, data, size, OPERATIONS_MAX);
	statistics->executions++;
	if (runner_run(&runner, &program, NULL, &options, &finding) == RUN_FAIL)
		finding_trap(&finding);
	return 0;
}
