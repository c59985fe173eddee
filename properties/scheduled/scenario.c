/* scenario.c: see scenario.h. A scenario that fails is hunted a second time by a
 * random walk, to know how hard it is to find, and its schedule is shrunk. */
#include "scenario.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../claim.h"
#include "reproducer.h"
#include "search.h"

enum { EXECUTIONS_MAX = 100000000, WALK_MAX = 200000 };

static const char *memory_name(enum model_memory memory)
{
	return memory == MODEL_SEQUENTIAL ? "sequential" : "views";
}

static unsigned bound_of(const struct scenario *scenario, enum model_memory memory)
{
	unsigned bound = memory == MODEL_SEQUENTIAL ? scenario->bound_sequential
	                                            : scenario->bound_views;

	return bound == 0 ? UINT_MAX : bound - 1;
}

/* All at once: other tests print, too. */
static void print_failure(const char *name, const struct search *search,
                          struct search_result *result)
{
	static struct search_result walked;
	struct search walk = *search;
	unsigned replayed;

	walk.kind = ORACLE_RANDOM;
	walk.seed = 1;
	walk.most = WALK_MAX;
	search_run(&walk, &walked);
	reproducer_shrink(search, result);
	replayed = reproducer_replay(search, result);
	printf("FAIL %s under %s after %llu executions, %.2f s: %s\n", name,
	       memory_name(search->memory), (unsigned long long)result->executions,
	       result->seconds, result->why);
	printf("  a random walk %s %llu executions, %.2f s\n",
	       walked.failures != 0 ? "finds it in" : "does not find it in",
	       (unsigned long long)walked.executions, walked.seconds);
	printf("  schedule ");
	reproducer_print(result);
	printf(", %u of 1000 replays fail\n", replayed);
}

static void hold(const char *suite, const struct scenario *scenario, enum model_memory memory)
{
	static struct search_result result;
	unsigned bound = bound_of(scenario, memory);
	const struct search search = { .scenario = scenario,
		                       .memory = memory,
		                       .kind = ORACLE_EXHAUST,
		                       .preemptions = bound,
		                       .cut_off = true,
		                       .most = EXECUTIONS_MAX };
	char name[80], scope[32] = "exhausted";

	(void)snprintf(name, sizeof name, "%s/%s", suite, scenario->name);
	search_run(&search, &result);
	if (bound != UINT_MAX)
		(void)snprintf(scope, sizeof scope, "bounded %u", bound);
	if (result.failures != 0)
		print_failure(name, &search, &result);
	else
		printf("scenario %-42s %-10s %9llu executions %9llu states %4llu outcomes %7.2f s  %s\n",
		       name, memory_name(memory), (unsigned long long)result.executions,
		       (unsigned long long)result.states, (unsigned long long)result.outcomes,
		       result.seconds, result.exhausted ? scope : "NOT EXHAUSTED");
	(void)fflush(stdout);
	cr_expect(result.failures == 0, "%s: %s", name, result.why);
	cr_expect(result.exhausted || result.failures != 0, "%s is not exhausted", name);
}

void scenarios_hold(const char *suite, const struct scenario table[], unsigned count,
                    enum model_memory memory)
{
	const char *alone = getenv("SCENARIO");

	for (unsigned i = 0; i < count; i++)
		if (alone == NULL || strcmp(alone, table[i].name) == 0)
			hold(suite, &table[i], memory);
}

/* ---- The cut-off --------------------------------------------------------------------- */

static void agree(const struct scenario *scenario, enum model_memory memory)
{
	static struct search_result cut, whole;
	struct scenario first = *scenario;
	struct search search = { .scenario = &first,
		                 .memory = memory,
		                 .kind = ORACLE_EXHAUST,
		                 .preemptions = 2,
		                 .most = EXECUTIONS_MAX };

	for (unsigned i = 0; i < STAGE_CPUS; i++)
		for (unsigned k = 1; k < STAGE_STEPS; k++)
			first.step[i][k].run = NULL;
	first.judge = NULL;
	search_run(&search, &whole);
	search.cut_off = true;
	search_run(&search, &cut);
	printf("cut-off %-30s %-10s %8llu executions, %8llu with it, %llu and %llu outcomes\n", first.name,
	       memory_name(memory), (unsigned long long)whole.executions,
	       (unsigned long long)cut.executions, (unsigned long long)whole.outcomes,
	       (unsigned long long)cut.outcomes);
	(void)fflush(stdout);
	cr_expect(cut.exhausted && whole.exhausted && cut.executions <= whole.executions);
	cr_expect(cut.outcomes == whole.outcomes && cut.outcomes_hash == whole.outcomes_hash,
	          "%s", first.name);
}

void scenarios_cut_off_agrees(const struct scenario table[], unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		agree(&table[i], MODEL_SEQUENTIAL);
		agree(&table[i], MODEL_VIEWS);
	}
}
