/* replay.c: `faultline replay`: runs files and checks everything. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "../schedule/schedule.h"
#include "cli.h"
#include "elsewhere.h"

struct replay {
	struct run_options options;
	struct schedule_options schedule;
	bool raw, print, list_not_built, quiet, here;
	/* the file at hand */
	struct runner runner;
	struct trace trace;
	const char *path;
	/* over all files */
	size_t files, failed;
	struct paths elsewhere; /* with concurrent parts, which this build cannot run */
};

static void help(FILE *out)
{
	fprintf(out,
	        "usage: faultline replay [OPTION...] FILE|FOLDER...\n\n"
	        "Runs traces (.vmt) and compiled programs on the core and on the reference,\n"
	        "and checks the traces' expectations, core against reference, and the core's\n"
	        "invariants. A folder stands for the traces and extension-less files in it.\n\n"
	        "  --sut core|reference|both  what to run (both)\n"
	        "  --print          print each operation with its outcome, as a trace\n"
	        "  --raw            files are bytes as a fuzz engine feeds them\n"
	        "  --stop-at N      run the first N operations only\n"
	        "  --every-state    compare the whole state after every operation\n"
	        "  --no-tlb         run the core without a TLB\n"
	        "  --list-not-built print file:line of each line that is not built\n"
	        "  --here           leave out files with concurrent parts where this program\n"
	        "                   would run faultline-schedule for them\n"
	        "  --runner turns|random|pct  what decides where a concurrent part has no\n"
	        "                   schedule: each CPU runs to its end; at random; by priorities\n"
	        "                   that change (turns)\n"
	        "  --schedule-seed N  of random and pct (1)\n"
	        "  --memory sequential|views  of concurrent parts: interleavings alone, or C11\n"
	        "                   (sequential, or views where the schedule has choices)\n"
	        "  --quiet          nothing but failures\n");
}

static void print_operation(const struct replay *replay, size_t index, enum fate fate,
                            const struct outcome *outcome)
{
	const struct program *program = &replay->trace.program;

	trace_print_op(stdout, program, index, replay->trace.name);
	if (fate == FATE_EXECUTED)
		trace_print_outcome(stdout, (enum verb)program->op[index].verb, outcome);
	if (fate != FATE_EXECUTED)
		printf("  # %s", fate == FATE_SKIPPED ? "skipped" : "not built");
	printf("\n");
}

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	const struct replay *replay = context;

	if (replay->print)
		print_operation(replay, index, fate, outcome);
	if (replay->list_not_built && fate == FATE_NOT_BUILT) {
		const char *name = strrchr(replay->path, '/');

		printf("%s:%u\n", name != NULL ? name + 1 : replay->path,
		       replay->trace.line[index].line);
	}
}

/* The file is left for faultline-schedule. Standard input cannot be read twice. */
static bool leave(struct replay *replay, const char *path)
{
	if (replay->here)
		return true;
	if (strcmp(path, "-") == 0) {
		fprintf(stderr, "-: it has a concurrent part, which is replayed from a file only\n");
		return false;
	}
	paths_add(&replay->elsewhere, "", path);
	return true;
}

static void replay_loaded(struct replay *replay, const char *path)
{
	struct finding finding;
	char token[64];

	replay->files++;
	if (replay->print)
		trace_print_head(stdout, &replay->trace.program.machine);
	if (runner_run(&replay->runner, &replay->trace.program, &replay->trace, &replay->options,
	               &finding) == RUN_PASS)
		return;
	replay->failed++;
	finding_token(&finding, token, sizeof token);
	report_print(replay->print ? stderr : stdout, &replay->trace, &finding, token, path);
}

/* False: the file cannot be used. */
static bool replay_file(struct replay *replay, const char *path)
{
	bool good;

	trace_init(&replay->trace);
	replay->path = path;
	good = load(path, replay->raw, &replay->trace);
	if (good && elsewhere_needed(&replay->trace.program) &&
	    replay->options.sut != RUN_REFERENCE)
		good = leave(replay, path);
	else if (good)
		replay_loaded(replay, path);
	trace_destroy(&replay->trace);
	return good;
}

enum { OPTION_SUT = 1, OPTION_PRINT, OPTION_RAW, OPTION_STOP_AT, OPTION_EVERY_STATE, OPTION_NO_TLB,
       OPTION_LIST, OPTION_QUIET, OPTION_HERE, OPTION_RUNNER, OPTION_SEED, OPTION_MEMORY, OPTION_HELP };

static const struct option long_options[] = {
	{ "sut", required_argument, NULL, OPTION_SUT },
	{ "print", no_argument, NULL, OPTION_PRINT },
	{ "raw", no_argument, NULL, OPTION_RAW },
	{ "stop-at", required_argument, NULL, OPTION_STOP_AT },
	{ "every-state", no_argument, NULL, OPTION_EVERY_STATE },
	{ "no-tlb", no_argument, NULL, OPTION_NO_TLB },
	{ "list-not-built", no_argument, NULL, OPTION_LIST },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "here", no_argument, NULL, OPTION_HERE },
	{ "runner", required_argument, NULL, OPTION_RUNNER },
	{ "schedule-seed", required_argument, NULL, OPTION_SEED },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

static bool choose_sut(struct replay *replay, const char *text)
{
	static const char *const name[] = { "", "core", "reference", "both" };

	for (int i = RUN_CORE; i <= RUN_BOTH; i++) {
		if (strcmp(text, name[i]) == 0) {
			replay->options.sut = (enum run_sut)i;
			return true;
		}
	}
	fprintf(stderr, "faultline replay: --sut takes core, reference or both, not `%s`\n", text);
	return false;
}

static bool choose_runner(struct replay *replay, const char *text)
{
	static const char *const name[] = { [SCHEDULE_TURNS] = "turns",
		                            [SCHEDULE_RANDOM] = "random",
		                            [SCHEDULE_PCT] = "pct" };

	for (unsigned i = 0; i < sizeof name / sizeof name[0]; i++) {
		if (strcmp(text, name[i]) == 0) {
			replay->schedule.runner = (enum schedule_runner)i;
			return true;
		}
	}
	fprintf(stderr, "faultline replay: --runner takes turns, random or pct, not `%s`\n", text);
	return false;
}

/* -1: go on; else the exit status. */
static int take_option(struct replay *replay, int option)
{
	uint64_t number;

	switch (option) {
	case OPTION_SUT:
		return choose_sut(replay, optarg) ? -1 : CLI_USAGE;
	case OPTION_PRINT:
		replay->print = true;
		return -1;
	case OPTION_RAW:
		replay->raw = true;
		return -1;
	case OPTION_STOP_AT:
		if (!option_number("replay", "--stop-at", optarg, 0, SIZE_MAX, &number))
			return CLI_USAGE;
		replay->options.stop_at = number;
		return -1;
	case OPTION_EVERY_STATE:
		replay->options.every_state = true;
		return -1;
	case OPTION_NO_TLB:
		replay->options.no_tlb = true;
		return -1;
	case OPTION_LIST:
		replay->list_not_built = true;
		return -1;
	case OPTION_QUIET:
		replay->quiet = true;
		return -1;
	case OPTION_HERE:
		replay->here = true;
		return -1;
	case OPTION_RUNNER:
		return choose_runner(replay, optarg) ? -1 : CLI_USAGE;
	case OPTION_SEED:
		return option_number("replay", "--schedule-seed", optarg, 0, UINT64_MAX,
		                     &replay->schedule.seed)
		               ? -1
		               : CLI_USAGE;
	case OPTION_MEMORY:
		return option_memory("replay", optarg, &replay->schedule.views) ? -1 : CLI_USAGE;
	case OPTION_HELP:
		help(stdout);
		return CLI_GOOD;
	default:
		return CLI_USAGE; /* getopt has said why */
	}
}

/* The exit status of everything, sequential and concurrent. */
static int finish(struct replay *replay, bool usable, int argc, char **argv)
{
	const struct run_counts *counts = replay->options.counts;
	int status = !usable ? CLI_USAGE : replay->failed != 0 ? CLI_DIFFERS : CLI_GOOD;

	if (!replay->quiet && !replay->print && !replay->list_not_built && usable &&
	    (replay->files > 0 || replay->elsewhere.count == 0))
		printf("%zu files, %zu failed; %" PRIu64 " operations executed, %" PRIu64
		       " succeeded, %" PRIu64 " skipped, %" PRIu64 " not built\n",
		       replay->files, replay->failed, counts->executed, counts->succeeded,
		       counts->skipped, counts->not_built);
	if (replay->elsewhere.count > 0) {
		int there = elsewhere_run(argc, argv, replay->elsewhere.path,
		                          replay->elsewhere.count);

		status = there > status ? there : status;
	}
	paths_destroy(&replay->elsewhere);
	return status;
}

int command_replay(int argc, char **argv)
{
	struct run_counts counts;
	struct replay replay = { .schedule = { .seed = 1, .depth = 3 } };
	struct schedule_options *schedule;
	struct paths paths = { NULL, 0, 0 };
	bool usable;
	int option;

	memset(&counts, 0, sizeof counts);
	replay.options = (struct run_options){ .sut = RUN_BOTH,
		                               .stop_at = SIZE_MAX,
		                               .tear_down = true,
		                               .observe = observe,
		                               .context = &replay,
		                               .counts = &counts };
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		int status = take_option(&replay, option);

		if (status >= 0)
			return status;
	}
	if (optind == argc) {
		help(stderr);
		return CLI_USAGE;
	}
	usable = paths_collect(&paths, argv + optind, argc - optind);
	runner_init(&replay.runner);
	schedule = schedule_options(replay.runner.schedule);
	if (schedule != NULL)
		*schedule = replay.schedule;
	for (size_t i = 0; i < paths.count; i++)
		usable &= replay_file(&replay, paths.path[i]);
	runner_destroy(&replay.runner);
	paths_destroy(&paths);
	/* getopt has moved the files behind the options. */
	return finish(&replay, usable, optind, argv);
}
