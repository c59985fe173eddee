/* explore.c: the child makes the executions and keeps its result in memory that
 * the parent sees, so that nothing is lost when it crashes; the handler of the
 * signal adds the schedule. */
#define _DEFAULT_SOURCE
#include "explore.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../run/isolate.h"
#include "../support/memory.h"

enum { HANG_SECONDS = 20, SIGNAL_STACK = 64 << 10, ERROR_ROOM = 4096 };

/* ---- The child ----------------------------------------------------------------------- */

static struct {
	struct runner runner;
	struct explore_result *result;
} child;

static void keep_schedule(size_t parallel, const struct oracle_entry *entry, size_t count)
{
	struct explore_result *result = child.result;

	result->scheduled = true;
	result->parallel = parallel;
	result->count = count < EXPLORE_ENTRIES_MAX ? count : EXPLORE_ENTRIES_MAX;
	for (size_t i = 0; i < result->count; i++)
		result->entry[i] = entry[i];
}

static void stopped(int signal)
{
	const struct oracle_entry *entry;
	size_t parallel, count;

	if (schedule_now(child.runner.schedule, &parallel, &entry, &count))
		keep_schedule(parallel, entry, count);
	child.result->end = signal == SIGALRM ? EXPLORE_HANG : EXPLORE_CRASH;
	_exit(0);
}

static void catch_signals(void)
{
	static const int caught[] = { SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGALRM };
	static char room[SIGNAL_STACK];
	const stack_t stack = { .ss_sp = room, .ss_size = sizeof room };
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = stopped;
	action.sa_flags = SA_ONSTACK;
	(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++)
		(void)sigaction(caught[i], &action, NULL);
}

/* The operation that is being run, for a crash. */
static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	(void)context;
	(void)fate;
	(void)outcome;
	child.result->finding.op = index;
}

/* One execution; false: it failed. */
static bool execute(const struct trace *trace)
{
	static const struct run_options options = { .sut = RUN_BOTH,
		                                    .stop_at = SIZE_MAX,
		                                    .tear_down = true,
		                                    .observe = observe };
	struct explore_result *result = child.result;
	const struct schedule_part *part;
	struct finding finding;
	enum run_verdict verdict;

	result->executions++;
	verdict = runner_run(&child.runner, &trace->program, trace, &options, &finding);
	result->parts = schedule_parts(child.runner.schedule, &part);
	for (size_t i = 0; i < result->parts; i++)
		if (part[i].longest > result->longest)
			result->longest = part[i].longest;
	if (verdict == RUN_PASS)
		return true;
	result->end = EXPLORE_FAIL;
	result->finding = finding;
	finding_token(&finding, result->token, sizeof result->token);
	return false;
}

/* All executions of a part. False: one failed, or there were too many. */
static bool explore_part(const struct trace *trace, const struct explore_options *options,
                         size_t number, size_t parallel)
{
	struct schedule_options *decide = schedule_options(child.runner.schedule);
	struct explore_result *result = child.result;
	const struct oracle_entry *entry;
	size_t count;
	uint64_t made, states, before = result->states;
	bool good = true;

	decide->oracle = oracle_exhaust(options->preemptions, options->cut_off);
	decide->explored = number;
	decide->views = options->views;
	while (good && oracle_next(decide->oracle)) {
		if (result->executions >= options->limit) {
			result->end = EXPLORE_LIMIT;
			return false;
		}
		if (result->executions % 256 == 0)
			(void)alarm(HANG_SECONDS);
		good = execute(trace);
	}
	oracle_counts(decide->oracle, &made, &states);
	result->states = before + states;
	if (!good) {
		count = oracle_entries(decide->oracle, &entry);
		keep_schedule(parallel, entry, count);
	}
	oracle_destroy(decide->oracle);
	decide->oracle = NULL;
	return good;
}

/* As many executions of a part as asked for. False: one failed. */
static bool walk_part(const struct trace *trace, const struct explore_options *options,
                      size_t number)
{
	struct schedule_options *decide = schedule_options(child.runner.schedule);
	const struct schedule_part *part;

	*decide = (struct schedule_options){ .runner = options->runner,
		                             .depth = options->depth,
		                             .views = options->views,
		                             .explored = number,
		                             .anew = true };
	for (uint64_t i = 0; i < options->limit; i++) {
		decide->seed = options->seed + i;
		if (i % 256 == 0)
			(void)alarm(HANG_SECONDS);
		if (execute(trace))
			continue;
		if (schedule_parts(child.runner.schedule, &part) > number)
			keep_schedule(part[number].parallel, part[number].entry, part[number].count);
		return false;
	}
	return true;
}

/* The first execution, which tells how many parts there are, is that of the
 * schedules that the trace has. */
static void explore_here(const struct trace *trace, const struct explore_options *options)
{
	const struct schedule_part *part;
	size_t parts, *parallel;

	(void)alarm(HANG_SECONDS);
	runner_init(&child.runner);
	if (!execute(trace))
		return;
	parts = schedule_parts(child.runner.schedule, &part);
	parallel = memory_zeroed((parts + 1) * sizeof *parallel);
	for (size_t i = 0; i < parts; i++)
		parallel[i] = part[i].parallel;
	child.result->executions = 0;
	for (size_t i = 0; i < parts; i++)
		if (!(options->runner == SCHEDULE_TURNS
		              ? explore_part(trace, options, i, parallel[i])
		              : walk_part(trace, options, i)))
			break;
	free(parallel);
}

/* ---- The parent ------------------------------------------------------------------------- */

/* What the child wrote to standard error before it stopped. */
static void conclude_crash(struct explore_result *result, FILE *errors)
{
	char text[ERROR_ROOM];
	size_t length;

	rewind(errors);
	length = fread(text, 1, sizeof text - 1, errors);
	text[length] = '\0';
	(void)snprintf(result->finding.expected, sizeof result->finding.expected,
	               "every operation returns");
	if (result->end == EXPLORE_HANG) {
		(void)snprintf(result->token, sizeof result->token, "hang");
		(void)snprintf(result->finding.actual, sizeof result->finding.actual,
		               "an execution had not ended after %d s", HANG_SECONDS);
		return;
	}
	isolated_crash_token(text, result->token);
	(void)snprintf(result->finding.actual, sizeof result->finding.actual,
	               "the core stops the process: %.*s", (int)strcspn(text, "\n"), text);
	/* What was observed last stood before the part that crashed. */
	if (result->scheduled)
		result->finding.op = result->parallel;
}

static bool wait_for(pid_t pid, FILE *errors, struct explore_result *result)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return false;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		result->end = EXPLORE_CRASH;
	if (result->end == EXPLORE_CRASH || result->end == EXPLORE_HANG)
		conclude_crash(result, errors);
	return true;
}

bool explore(const struct trace *trace, const struct explore_options *options,
             struct explore_result *result)
{
	struct explore_result *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	FILE *errors = tmpfile();
	bool good = shared != MAP_FAILED && errors != NULL;
	pid_t pid = -1;

	if (good) {
		(void)fflush(stdout);
		pid = fork();
	}
	if (pid == 0) {
		(void)dup2(fileno(errors), STDERR_FILENO);
		child.result = shared;
		catch_signals();
		explore_here(trace, options);
		_exit(0);
	}
	good = good && pid > 0 && wait_for(pid, errors, shared);
	if (good)
		*result = *shared;
	if (shared != MAP_FAILED)
		(void)munmap(shared, sizeof *shared);
	if (errors != NULL)
		(void)fclose(errors);
	return good;
}
