/* explore.c: `faultline explore`: every execution of a concurrent trace. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "../cli.h"
#include "../../schedule/findings.h"

static const char usage[] =
	"usage: faultline explore [OPTION...] FILE\n\n"
	"Runs every interleaving of the concurrent parts of a trace or compiled program,\n"
	"depth first, and judges each. The first that fails is reported, and kept as a\n"
	"trace with its schedule; the exit status is then 1.\n\n"
	"  --preemptions K    at most K preemptions in an execution (any number)\n"
	"  --memory MODEL     sequential, or views, which is C11's (sequential)\n"
	"  --no-cut-off       go through states again that were seen before\n"
	"  --limit N          at most N executions (2^64 - 1)\n"
	"  --findings FOLDER  where the trace goes (build/findings)\n";

enum { OPTION_PREEMPTIONS = 1, OPTION_MEMORY, OPTION_NO_CUT_OFF, OPTION_LIMIT, OPTION_FINDINGS,
       OPTION_HELP };

static const struct option long_options[] = {
	{ "preemptions", required_argument, NULL, OPTION_PREEMPTIONS },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "no-cut-off", no_argument, NULL, OPTION_NO_CUT_OFF },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "findings", required_argument, NULL, OPTION_FINDINGS },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

struct request {
	struct explore_options options;
	const char *findings;
};

/* -1: go on; else the exit status. */
static int take_option(struct request *request, int option)
{
	uint64_t number;

	switch (option) {
	case OPTION_PREEMPTIONS:
		if (!option_number("explore", "--preemptions", optarg, 0, 1000, &number))
			return CLI_USAGE;
		request->options.preemptions = (unsigned)number;
		return -1;
	case OPTION_MEMORY:
		return option_memory("explore", optarg, &request->options.views) ? -1 : CLI_USAGE;
	case OPTION_NO_CUT_OFF:
		request->options.cut_off = false;
		return -1;
	case OPTION_LIMIT:
		return option_number("explore", "--limit", optarg, 1, UINT64_MAX,
		                     &request->options.limit)
		               ? -1
		               : CLI_USAGE;
	case OPTION_FINDINGS:
		request->findings = optarg;
		return -1;
	case OPTION_HELP:
		fputs(usage, stdout);
		return CLI_GOOD;
	default:
		return CLI_USAGE; /* getopt has said why */
	}
}

static void print_counts(const struct request *request, const struct explore_result *result)
{
	printf("%" PRIu64 " executions, %" PRIu64 " states, at most %" PRIu64
	       " steps of an operation: ",
	       result->executions, result->states, result->longest);
	if (explore_failed(result))
		printf("the last one fails\n");
	else if (result->end == EXPLORE_LIMIT)
		printf("stopped at the limit\n");
	else if (request->options.preemptions == UINT_MAX)
		printf("exhausted\n");
	else
		printf("bounded %u\n", request->options.preemptions);
}

static int explore_trace(const struct request *request, struct trace *trace, const char *path)
{
	static struct explore_result result;
	char kept[FINDINGS_PATH];

	if (!explore(trace, &request->options, &result)) {
		fprintf(stderr, "faultline explore: %s\n", strerror(errno));
		return CLI_MACHINE;
	}
	if (!explore_failed(&result) && result.parts == 0) {
		fprintf(stderr, "%s: it has no concurrent part, so there is nothing to explore\n",
		        path);
		return CLI_USAGE;
	}
	print_counts(request, &result);
	if (!explore_failed(&result))
		return CLI_GOOD;
	if (!findings_save(request->findings, trace, &result, "found by explore", kept))
		return CLI_MACHINE;
	printf("\n");
	report_print(stdout, trace, &result.finding, result.token, kept);
	return CLI_DIFFERS;
}

int command_explore(int argc, char **argv)
{
	struct request request = { .options = { .preemptions = UINT_MAX,
		                                .cut_off = true,
		                                .limit = UINT64_MAX },
		                   .findings = "build/findings" };
	struct trace trace;
	int option, status = -1;

	while (status < 0 && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		status = take_option(&request, option);
	if (status >= 0)
		return status;
	if (argc - optind != 1) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	trace_init(&trace);
	status = load(argv[optind], false, &trace)
	                 ? explore_trace(&request, &trace, argv[optind])
	                 : CLI_USAGE;
	trace_destroy(&trace);
	return status;
}
