/* histories.c: a seed decides everything: the program, the runner and its choices. */
#define _DEFAULT_SOURCE
#include "histories.h"

#include <unistd.h>

#include "../generate/concurrent.h"

enum { HANG_SECONDS = 30 };

/* Half of them are random walks, which are hard to beat, the others have the promise
 * of PCT for bugs of depth 2 and 3. */
static struct schedule_options decided_by(uint64_t seed, bool views)
{
	static const struct {
		enum schedule_runner runner;
		unsigned depth;
	} way[] = {
		{ SCHEDULE_RANDOM, 0 }, { SCHEDULE_PCT, 2 }, { SCHEDULE_RANDOM, 0 }, { SCHEDULE_PCT, 3 }
	};

	return (struct schedule_options){ .runner = way[seed % 4].runner,
		                          .depth = way[seed % 4].depth,
		                          .seed = seed,
		                          .views = views };
}

void histories_run(uint64_t first, uint64_t end, uint64_t step, bool views,
                   struct histories_result *result)
{
	const struct run_options options = {
		.sut = RUN_BOTH, .stop_at = SIZE_MAX, .tear_down = true, .counts = &result->counts
	};
	static struct runner runner;
	struct program program;
	struct finding finding;
	uint64_t done = 0;

	runner_init(&runner);
	program_init(&program);
	result->end = HISTORIES_LEFT;
	for (uint64_t seed = first; seed < end; seed += step) {
		if (done++ % 4096 == 0)
			(void)alarm(HANG_SECONDS);
		result->seed = seed;
		*schedule_options(runner.schedule) = decided_by(seed, views);
		generate_concurrent(&program, seed, false);
		if (runner_run(&runner, &program, NULL, &options, &finding) == RUN_PASS)
			continue;
		result->end = HISTORIES_FAIL;
		break;
	}
	if (result->end == HISTORIES_LEFT)
		result->end = HISTORIES_GOOD;
	(void)alarm(0);
	program_destroy(&program);
	runner_destroy(&runner);
}

bool histories_again(uint64_t seed, bool views, struct trace *trace, struct explore_result *result)
{
	const struct schedule_options decided = decided_by(seed, views);
	const struct explore_options options = { .limit = 1,
		                                 .runner = decided.runner,
		                                 .depth = decided.depth,
		                                 .seed = seed,
		                                 .views = views };
	struct program program;
	bool good;

	program_init(&program);
	generate_concurrent(&program, seed, false);
	trace_of_program(trace, &program);
	good = explore(trace, &options, result);
	program_destroy(&program);
	return good;
}
