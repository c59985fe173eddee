/* histories.c: `faultline histories`: random concurrent programs, each once. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "../cli.h"
#include "../counts.h"
#include "../../run/shrink.h"
#include "../../schedule/findings.h"
#include "../../schedule/histories.h"
#include "../../schedule/workers.h"

static const char usage[] =
	"usage: faultline histories [OPTION...]\n\n"
	"Makes random programs in which 2 to 4 CPUs run at once, runs each by a random\n"
	"schedule (a walk, or PCT of depth 2 or 3), and judges its history. What fails is\n"
	"shrunk, reported, and kept as a trace; the exit status is then 1.\n\n"
	"  --count N          programs (100000)\n"
	"  --seed N           of the first; the next have the next (1)\n"
	"  --memory MODEL     sequential, or views, which is C11's (sequential)\n"
	"  --jobs J           processes, 1 to 64 (1)\n"
	"  --findings FOLDER  where traces go (build/findings)\n";

enum { OPTION_COUNT = 1, OPTION_SEED, OPTION_MEMORY, OPTION_JOBS, OPTION_FINDINGS, OPTION_HELP };

static const struct option long_options[] = {
	{ "count", required_argument, NULL, OPTION_COUNT },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "jobs", required_argument, NULL, OPTION_JOBS },
	{ "findings", required_argument, NULL, OPTION_FINDINGS },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

struct request {
	uint64_t count, seed, jobs;
	bool views;
	const char *findings;
	struct histories_result *result; /* of each job */
};

/* ---- What failed ----------------------------------------------------------------- */

static bool report(const struct request *request, uint64_t seed)
{
	static struct explore_result result;
	struct shrink_result shrunk;
	struct trace trace;
	char path[FINDINGS_PATH], said[80];
	bool good;

	trace_init(&trace);
	good = histories_again(seed, request->views, &trace, &result);
	if (good && !explore_failed(&result)) {
		printf("UNREPEATED: the program of seed %" PRIu64 " holds when it runs alone\n", seed);
		trace_destroy(&trace);
		return true;
	}
	if (good && result.scheduled)
		schedule_write(&trace.program, result.parallel, result.entry, result.count);
	good = good && shrink(&trace, &shrunk);
	if (!good)
		fprintf(stderr, "faultline histories: %s\n", strerror(errno));
	if (good && shrunk.failure.end != ISOLATED_PASS) {
		result.finding = shrunk.failure.finding;
		memcpy(result.token, shrunk.failure.token, sizeof result.token);
	}
	result.scheduled = false; /* it is in the trace now */
	(void)snprintf(said, sizeof said, "found by histories, seed %" PRIu64, seed);
	if (good)
		good = findings_save(request->findings, &trace, &result, said, path);
	if (good) {
		printf("\n");
		report_print(stdout, &trace, &result.finding, result.token, path);
	}
	trace_destroy(&trace);
	return good;
}

/* ---- The command ------------------------------------------------------------------------ */

static bool run_job(void *context, size_t number)
{
	struct request *request = context;

	histories_run(request->seed + number, request->seed + request->count, request->jobs,
	              request->views, &request->result[number]);
	return true;
}

static double clock_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The exit status. A process that was stopped has left its seed. */
static int run(struct request *request)
{
	struct run_counts counts;
	double start = clock_seconds();
	unsigned failed = 0;
	bool good;

	memset(&counts, 0, sizeof counts);
	good = workers_run((unsigned)request->jobs, request->jobs, run_job, request);
	for (size_t i = 0; i < request->jobs; i++)
		counts_add(&counts, &request->result[i].counts);
	counts_print_verbs(stdout, &counts);
	printf("\n");
	counts_print_histories(stdout, &counts, clock_seconds() - start);
	for (size_t i = 0; i < request->jobs; i++) {
		if (request->result[i].end == HISTORIES_GOOD)
			continue;
		if (!report(request, request->result[i].seed))
			return CLI_MACHINE;
		failed++;
	}
	if (failed == 0 && !good)
		return CLI_MACHINE;
	if (failed == 0)
		printf("%" PRIu64 " random histories are linearizable\n", counts.histories);
	return failed == 0 ? CLI_GOOD : CLI_DIFFERS;
}

/* -1: go on; else the exit status. */
static int take_option(struct request *request, int option)
{
	bool good = true;

	switch (option) {
	case OPTION_COUNT:
		good = option_number("histories", "--count", optarg, 1, UINT32_MAX, &request->count);
		break;
	case OPTION_SEED:
		good = option_number("histories", "--seed", optarg, 0, UINT32_MAX, &request->seed);
		break;
	case OPTION_MEMORY:
		good = option_memory("histories", optarg, &request->views);
		break;
	case OPTION_JOBS:
		good = option_number("histories", "--jobs", optarg, 1, WORKERS_MAX, &request->jobs);
		break;
	case OPTION_FINDINGS:
		request->findings = optarg;
		break;
	case OPTION_HELP:
		fputs(usage, stdout);
		return CLI_GOOD;
	default:
		good = false; /* getopt has said why */
	}
	return good ? -1 : CLI_USAGE;
}

int command_histories(int argc, char **argv)
{
	struct request request = {
		.count = 100000, .seed = 1, .jobs = 1, .findings = "build/findings"
	};
	int option, status = -1;

	while (status < 0 && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		status = take_option(&request, option);
	if (status >= 0)
		return status;
	if (optind != argc) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	request.result = workers_share(request.jobs * sizeof *request.result);
	if (request.result == NULL) {
		fprintf(stderr, "faultline histories: %s\n", strerror(errno));
		return CLI_MACHINE;
	}
	return run(&request);
}
