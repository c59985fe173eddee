/* shrink.c: `faultline shrink`: the smallest trace that fails in the same way. */
#include "../run/shrink.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "../support/file.h"
#include "cli.h"
#include "elsewhere.h"

static const char usage[] =
	"usage: faultline shrink [-o FILE] [--raw] FILE\n\n"
	"Reduces a failing trace or compiled program to the smallest trace that still\n"
	"fails in the same way, and prints it, or writes it to the file that -o names.\n"
	"The report goes to standard error. Exit status 1: three runs of the input were\n"
	"not alike (flaky); 2: it does not fail.\n\n"
	"  -o FILE   write the shrunk trace there\n"
	"  --raw     FILE is bytes as a fuzz engine feeds them\n";

enum { OPTION_RAW = 1, OPTION_HELP };

static const struct option long_options[] = {
	{ "raw", no_argument, NULL, OPTION_RAW },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

void print_shrunk(FILE *out, const struct trace *trace, const struct shrink_result *result)
{
	trace_print_head(out, &trace->program.machine);
	if (result->flaky)
		fprintf(out, "# flaky: three runs differ after operation %zu; not shrunk\n",
		        result->flaky_op + 1);
	else
		fprintf(out, "# %s: shrunk from %zu operations in %u runs\n", result->failure.token,
		        result->from, result->runs);
	for (size_t i = 0; i < trace->program.count; i++) {
		trace_print_op(out, &trace->program, i, trace->name);
		fputc('\n', out);
	}
}

static int write_shrunk(const struct trace *trace, const struct shrink_result *result,
                        const char *path)
{
	char message[FILE_MESSAGE] = "no memory", *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool good = out != NULL;

	if (good)
		print_shrunk(out, trace, result);
	good = good && fclose(out) == 0 && file_write(path, text, size, message);
	if (!good)
		fprintf(stderr, "%s: %s\n", path, message);
	free(text);
	return good ? CLI_GOOD : CLI_MACHINE;
}

static int shrink_trace(struct trace *trace, const char *path, const char *output)
{
	struct shrink_result result;
	int status = CLI_USAGE;

	if (!shrink(trace, &result)) {
		fprintf(stderr, "faultline shrink: %s\n", strerror(errno));
		status = CLI_MACHINE;
	} else if (result.flaky) {
		fprintf(stderr, "%s: flaky: three runs differ after operation %zu\n", path,
		        result.flaky_op + 1);
		status = CLI_DIFFERS;
	} else if (result.failure.end == ISOLATED_PASS) {
		fprintf(stderr, "%s: it does not fail, so there is nothing to shrink\n", path);
	} else {
		report_print(stderr, trace, &result.failure.finding, result.failure.token,
		             output != NULL ? output : path);
		status = write_shrunk(trace, &result, output != NULL ? output : "-");
	}
	return status;
}

int command_shrink(int argc, char **argv)
{
	struct trace trace;
	const char *output = NULL;
	bool raw = false;
	int option, status;

	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			output = optarg;
			break;
		case OPTION_RAW:
			raw = true;
			break;
		case OPTION_HELP:
			fputs(usage, stdout);
			return CLI_GOOD;
		default:
			return CLI_USAGE;
		}
	}
	if (argc - optind != 1) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	trace_init(&trace);
	if (!load(argv[optind], raw, &trace))
		status = CLI_USAGE;
	else if (elsewhere_needed(&trace.program))
		status = elsewhere_run(argc, argv, NULL, 0);
	else
		status = shrink_trace(&trace, argv[optind], output);
	trace_destroy(&trace);
	return status;
}
