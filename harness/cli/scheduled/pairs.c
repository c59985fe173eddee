/* pairs.c: `faultline pairs`: every pair of verbs, two CPUs, every schedule
 * up to a number of preemptions. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../cli.h"
#include "../../support/memory.h"
#include "../../schedule/findings.h"
#include "../../schedule/pairs.h"
#include "../../schedule/workers.h"

static const char usage[] =
	"usage: faultline pairs [OPTION...]\n\n"
	"Runs every pair of verbs against each other on two CPUs: each with several\n"
	"arguments and from several states of the machine, in every interleaving up to a\n"
	"number of preemptions, and judges each. What fails is kept as a trace with its\n"
	"schedule; the exit status is then 1.\n\n"
	"  --sample 1/N       one scenario of N, chosen by --seed (1/1)\n"
	"  --seed N           (1)\n"
	"  --preemptions K    at most K in an execution (2)\n"
	"  --memory MODEL     sequential, or views, which is C11's (sequential)\n"
	"  --jobs J           processes, 1 to 64 (1)\n"
	"  --findings FOLDER  where traces go (build/findings)\n"
	"  --quiet            the total alone, and what failed\n";

enum { OPTION_SAMPLE = 1, OPTION_SEED, OPTION_PREEMPTIONS, OPTION_MEMORY, OPTION_JOBS,
       OPTION_FINDINGS, OPTION_QUIET, OPTION_HELP };

static const struct option long_options[] = {
	{ "sample", required_argument, NULL, OPTION_SAMPLE },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "preemptions", required_argument, NULL, OPTION_PREEMPTIONS },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "jobs", required_argument, NULL, OPTION_JOBS },
	{ "findings", required_argument, NULL, OPTION_FINDINGS },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

/* What became of a scenario; in memory that all workers share, each at its own. */
struct scenario_result {
	uint64_t executions, states, longest;
	bool run, failed;
	char token[64];
};

struct request {
	struct explore_options options;
	uint64_t sample, seed, jobs;
	const char *findings;
	bool quiet;
	struct scenario_result *result; /* by number */
};

/* ---- A scenario ------------------------------------------------------------------ */

/* SplitMix64: neighbours fall apart. */
static bool chosen(const struct request *request, size_t number)
{
	uint64_t hash = (request->seed << 32) + number + UINT64_C(0x9E3779B97F4A7C15);

	hash = (hash ^ hash >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	hash = (hash ^ hash >> 27) * UINT64_C(0x94D049BB133111EB);
	return (hash ^ hash >> 31) % request->sample == 0;
}

static bool keep(const struct request *request, struct trace *trace,
                 const struct explore_result *result, const char *name)
{
	char path[FINDINGS_PATH];

	if (!findings_save(request->findings, trace, result, name, path))
		return false;
	printf("FAIL %s: %s: %s\n", result->token, name, path);
	(void)fflush(stdout);
	return true;
}

static bool run_scenario(void *context, size_t number)
{
	static struct explore_result result;
	const struct request *request = context;
	struct scenario_result *kept = &request->result[number];
	const struct pairs_scenario scenario = pairs_scenario(number);
	struct trace trace;
	char name[200];
	bool good;

	if (!chosen(request, number))
		return true;
	trace_init(&trace);
	pairs_trace(&scenario, &trace);
	pairs_name(&scenario, name, sizeof name);
	good = explore(&trace, &request->options, &result);
	if (!good)
		fprintf(stderr, "faultline pairs: %s\n", strerror(errno));
	kept->run = good;
	kept->executions = result.executions;
	kept->states = result.states;
	kept->longest = result.longest;
	kept->failed = good && explore_failed(&result);
	if (kept->failed)
		good = keep(request, &trace, &result, name);
	trace_destroy(&trace);
	return good;
}

/* ---- Counts -------------------------------------------------------------------------- */

struct sums {
	uint64_t scenarios, executions, failed;
};

static void print_table(struct sums (*table)[OP_COUNT])
{
	printf("%-12s %-12s %10s %12s %8s\n", "verb", "against", "scenarios", "executions",
	       "failed");
	for (unsigned a = 0; a < OP_COUNT; a++)
		for (unsigned b = 0; b < OP_COUNT; b++)
			if (table[a][b].scenarios > 0)
				printf("%-12s %-12s %10" PRIu64 " %12" PRIu64 " %8" PRIu64 "\n",
				       ops_table[a].verb, ops_table[b].verb,
				       table[a][b].scenarios, table[a][b].executions,
				       table[a][b].failed);
}

static uint64_t print_counts(const struct request *request)
{
	static struct sums table[OP_COUNT][OP_COUNT];
	struct sums all = { 0, 0, 0 };
	uint64_t longest = 0;

	for (size_t i = 0; i < pairs_count(); i++) {
		const struct scenario_result *result = &request->result[i];
		const struct pairs_scenario scenario = pairs_scenario(i);
		struct sums *sums =
			&table[pairs_verb(scenario.row[0])][pairs_verb(scenario.row[1])];

		if (!result->run)
			continue;
		sums->scenarios++;
		sums->executions += result->executions;
		sums->failed += result->failed;
		all.scenarios++;
		all.executions += result->executions;
		all.failed += result->failed;
		if (result->longest > longest)
			longest = result->longest;
	}
	if (!request->quiet)
		print_table(table);
	printf("%" PRIu64 " of %zu scenarios, %" PRIu64 " executions, bounded %u; at most %" PRIu64
	       " steps of an operation; %" PRIu64 " failed\n",
	       all.scenarios, pairs_count(), all.executions, request->options.preemptions, longest,
	       all.failed);
	return all.failed;
}

/* ---- The command ------------------------------------------------------------------------ */

static bool take_sample(const char *text, uint64_t *sample)
{
	if (strncmp(text, "1/", 2) == 0)
		return option_number("pairs", "--sample 1/N", text + 2, 1, 1000000, sample);
	fprintf(stderr, "faultline pairs: --sample takes 1/N, not `%s`\n", text);
	return false;
}

/* -1: go on; else the exit status. */
static int take_option(struct request *request, int option)
{
	uint64_t number;
	bool good = true;

	switch (option) {
	case OPTION_SAMPLE:
		good = take_sample(optarg, &request->sample);
		break;
	case OPTION_SEED:
		good = option_number("pairs", "--seed", optarg, 0, UINT32_MAX, &request->seed);
		break;
	case OPTION_PREEMPTIONS:
		good = option_number("pairs", "--preemptions", optarg, 0, 1000, &number);
		request->options.preemptions = (unsigned)number;
		break;
	case OPTION_MEMORY:
		good = option_memory("pairs", optarg, &request->options.views);
		break;
	case OPTION_JOBS:
		good = option_number("pairs", "--jobs", optarg, 1, WORKERS_MAX, &request->jobs);
		break;
	case OPTION_FINDINGS:
		request->findings = optarg;
		break;
	case OPTION_QUIET:
		request->quiet = true;
		break;
	case OPTION_HELP:
		fputs(usage, stdout);
		return CLI_GOOD;
	default:
		good = false; /* getopt has said why */
	}
	return good ? -1 : CLI_USAGE;
}

int command_pairs(int argc, char **argv)
{
	struct request request = { .options = { .preemptions = 2,
		                                .cut_off = true,
		                                .limit = UINT64_MAX },
		                   .sample = 1,
		                   .seed = 1,
		                   .jobs = 1,
		                   .findings = "build/findings" };
	const enum verb missing = pairs_missing();
	int option, status = -1;

	while (status < 0 && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		status = take_option(&request, option);
	if (status >= 0)
		return status;
	if (optind != argc) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	if (missing != OP_COUNT) {
		fprintf(stderr, "faultline pairs: pairs.def has no row for %s\n",
		        ops_table[missing].verb);
		return CLI_DIFFERS;
	}
	request.result = workers_share(pairs_count() * sizeof *request.result);
	if (request.result == NULL ||
	    !workers_run((unsigned)request.jobs, pairs_count(), run_scenario, &request)) {
		fprintf(stderr, "faultline pairs: not every scenario was run\n");
		return CLI_MACHINE;
	}
	return print_counts(&request) == 0 ? CLI_GOOD : CLI_DIFFERS;
}
