/* Claim: every trace of the corpus holds on core and reference: facts about
 * genuine Windows (vectors), seeds, and every bug found so far (regress); and the
 * lines of the vectors that are not built are exactly those that
 * corpus/vectors/not-built.txt lists.
 *
 * Not covered: traces with concurrent parts, which run on simulated CPUs
 * (`faultline replay corpus`). Run from the project's root. */
#include <stdlib.h>
#include <string.h>

#include "../harness/support/file.h"
#include "../harness/language/load.h"
#include "../harness/support/memory.h"
#include "../harness/run/run.h"
#include "claim.h"

struct replayed {
	struct trace trace;
	const char *name; /* of the file, without its folder */
	char *not_built;  /* "file:line\n" of each line */
	size_t length, capacity;
};

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct replayed *replayed = context;
	char line[300];

	(void)outcome;
	if (fate != FATE_NOT_BUILT)
		return;
	int length = snprintf(line, sizeof line, "%s:%u\n", replayed->name,
	                      replayed->trace.line[index].line);

	cr_assert(length > 0 && (size_t)length < sizeof line);
	replayed->not_built = memory_grow(replayed->not_built, &replayed->capacity,
	                                  replayed->length + (size_t)length + 1, 1);
	memcpy(replayed->not_built + replayed->length, line, (size_t)length + 1);
	replayed->length += (size_t)length;
}

static bool is_concurrent(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].verb == OP_PARALLEL)
			return true;
	return false;
}

/* Replays a folder; the number of operations executed. */
static uint64_t replay(const char *folder, struct replayed *replayed)
{
	struct run_counts *counts = memory_zeroed(sizeof *counts);
	const struct run_options options = { .sut = RUN_BOTH,
		                             .stop_at = SIZE_MAX,
		                             .every_state = true,
		                             .observe = observe,
		                             .context = replayed,
		                             .counts = counts };
	struct paths paths = { NULL, 0, 0 };
	char *from[] = { (char *)folder };
	struct runner runner;
	uint64_t executed;

	cr_assert(paths_collect(&paths, from, 1));
	runner_init(&runner);
	for (size_t i = 0; i < paths.count; i++) {
		struct finding finding;

		trace_init(&replayed->trace);
		cr_assert(load(paths.path[i], false, &replayed->trace), "%s", paths.path[i]);
		replayed->name = strrchr(paths.path[i], '/') + 1;
		if (!is_concurrent(&replayed->trace.program))
			cr_assert_eq(runner_run(&runner, &replayed->trace.program,
			                        &replayed->trace, &options, &finding),
			             RUN_PASS, "%s:%u: %s %s", paths.path[i],
			             replayed->trace.line[finding.op].line, finding.expected,
			             finding.actual);
		trace_destroy(&replayed->trace);
	}
	executed = counts->executed;
	runner_destroy(&runner);
	paths_destroy(&paths);
	free(counts);
	return executed;
}

Test(corpus_holds, vectors)
{
	struct replayed replayed = { .not_built = NULL };
	uint64_t executed = replay("corpus/vectors", &replayed);
	char message[FILE_MESSAGE];
	uint8_t *expected;
	size_t size;

	cr_assert_gt(executed, 200, "only %u lines were executed", (unsigned)executed);
	cr_assert(file_read("corpus/vectors/not-built.txt", &expected, &size, message), "%s",
	          message);
	cr_assert_str_eq(replayed.not_built == NULL ? "" : replayed.not_built,
	                 (const char *)expected);
	free(expected);
	free(replayed.not_built);
}

Test(corpus_holds, seeds)
{
	struct replayed replayed = { .not_built = NULL };

	cr_assert_gt(replay("corpus/seeds", &replayed), 30);
	cr_assert_null(replayed.not_built);
}

Test(corpus_holds, regressions)
{
	struct replayed replayed = { .not_built = NULL };

	(void)replay("corpus/regress", &replayed);
	cr_assert_null(replayed.not_built);
}
