/* replay.c: `faultline replay`: runs files and checks everything. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "cli.h"

struct replay {
	struct run_options options;
	bool raw, print, list_not_built, quiet;
	/* the file at hand */
	struct runner runner;
	struct trace trace;
	const char *path;
	/* over all files */
	size_t files, failed;
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

/* False: the file cannot be used. */
static bool replay_file(struct replay *replay, const char *path)
{
	struct finding finding;
	char token[64];
	bool good = true;

	trace_init(&replay->trace);
	replay->path = path;
	if (load(path, replay->raw, &replay->trace)) {
		replay->files++;
		if (replay->print)
			trace_print_head(stdout, &replay->trace.program.machine);
		if (runner_run(&replay->runner, &replay->trace.program, &replay->trace,
		               &replay->options, &finding) == RUN_FAIL) {
			replay->failed++;
			finding_token(&finding, token, sizeof token);
			report_print(replay->print ? stderr : stdout, &replay->trace, &finding,
			             token, path);
		}
	} else {
		good = false;
	}
	trace_destroy(&replay->trace);
	return good;
}

enum { OPTION_SUT = 1, OPTION_PRINT, OPTION_RAW, OPTION_STOP_AT, OPTION_EVERY_STATE, OPTION_NO_TLB,
       OPTION_LIST, OPTION_QUIET, OPTION_HELP };

static const struct option long_options[] = {
	{ "sut", required_argument, NULL, OPTION_SUT },
	{ "print", no_argument, NULL, OPTION_PRINT },
	{ "raw", no_argument, NULL, OPTION_RAW },
	{ "stop-at", required_argument, NULL, OPTION_STOP_AT },
	{ "every-state", no_argument, NULL, OPTION_EVERY_STATE },
	{ "no-tlb", no_argument, NULL, OPTION_NO_TLB },
	{ "list-not-built", no_argument, NULL, OPTION_LIST },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
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
	case OPTION_HELP:
		help(stdout);
		return CLI_GOOD;
	default:
		return CLI_USAGE; /* getopt has said why */
	}
}

int command_replay(int argc, char **argv)
{
	struct run_counts counts;
	struct replay replay = { .raw = false };
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
	for (size_t i = 0; i < paths.count; i++)
		usable &= replay_file(&replay, paths.path[i]);
	runner_destroy(&replay.runner);
	paths_destroy(&paths);
	if (!replay.quiet && !replay.print && !replay.list_not_built && usable)
		printf("%zu files, %zu failed; %" PRIu64 " operations executed, %" PRIu64
		       " succeeded, %" PRIu64 " skipped, %" PRIu64 " not built\n",
		       replay.files, replay.failed, counts.executed, counts.succeeded,
		       counts.skipped, counts.not_built);
	return !usable ? CLI_USAGE : replay.failed != 0 ? CLI_DIFFERS : CLI_GOOD;
}
