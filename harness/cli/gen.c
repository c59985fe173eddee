/* gen.c: `faultline gen`: a random trace. */
#include <getopt.h>

#include "../generate/concurrent.h"
#include "../generate/generate.h"
#include "cli.h"

static const char usage[] =
	"usage: faultline gen [--seed N] [--ops N | --concurrent]\n\n"
	"Prints a random trace on standard output; the same seed (0) and number of\n"
	"operations (100) give the same trace everywhere.\n\n"
	"  --concurrent  with a part in which 2 to 4 CPUs run at once, 12 operations at most\n";

enum { OPTION_SEED = 1, OPTION_OPS, OPTION_CONCURRENT, OPTION_HELP, GEN_OPS_MAX = 100000 };

static const struct option long_options[] = {
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "ops", required_argument, NULL, OPTION_OPS },
	{ "concurrent", no_argument, NULL, OPTION_CONCURRENT },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

int command_gen(int argc, char **argv)
{
	uint64_t seed = 0, ops = 100;
	struct program program;
	struct trace trace;
	bool concurrent = false;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		bool good = true;

		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			return CLI_GOOD;
		} else if (option == OPTION_SEED) {
			good = option_number("gen", "--seed", optarg, 0, UINT64_MAX, &seed);
		} else if (option == OPTION_OPS) {
			good = option_number("gen", "--ops", optarg, 0, GEN_OPS_MAX, &ops);
		} else if (option == OPTION_CONCURRENT) {
			concurrent = true;
		} else {
			good = false;
		}
		if (!good)
			return CLI_USAGE;
	}
	if (optind != argc) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	program_init(&program);
	trace_init(&trace);
	if (concurrent)
		generate_concurrent(&program, seed, false);
	else
		generate_program(&program, seed, ops);
	trace_of_program(&trace, &program);
	trace_print(stdout, &trace);
	trace_destroy(&trace);
	program_destroy(&program);
	return CLI_GOOD;
}
