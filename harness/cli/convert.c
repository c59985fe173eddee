/* convert.c: `faultline show`, `compile` and `ops`: between the forms. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "../support/file.h"
#include "../program/ops_doc.h"
#include "cli.h"

enum { OPTION_RAW = 1, OPTION_HELP, OPTION_DICTIONARY };

static const struct option long_options[] = {
	{ "raw", no_argument, NULL, OPTION_RAW },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "dictionary", no_argument, NULL, OPTION_DICTIONARY },
	{ NULL, 0, NULL, 0 }
};

int command_show(int argc, char **argv)
{
	const char *usage = "usage: faultline show [--raw] FILE\n\n"
	                    "Prints a compiled program, or a trace, as a trace on standard output.\n"
	                    "--raw: FILE is bytes as a fuzz engine feeds them.\n";
	struct trace trace;
	bool raw = false, good;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			return CLI_GOOD;
		}
		if (option != OPTION_RAW)
			return CLI_USAGE;
		raw = true;
	}
	if (argc - optind != 1) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	trace_init(&trace);
	good = load(argv[optind], raw, &trace);
	if (good)
		trace_print(stdout, &trace);
	trace_destroy(&trace);
	return good ? CLI_GOOD : CLI_USAGE;
}

/* The trace in compiled form, in a file that is written whole or not at all. */
static int write_compiled(const struct trace *trace, const char *from, const char *to)
{
	struct program program;
	struct place place;
	int status = CLI_GOOD;

	program_init(&program);
	if (!trace_to_slots(trace, &program, &place)) {
		fprintf(stderr, "%s:%zu:%zu: %s\n", from, place.line, place.column, place.message);
		status = CLI_USAGE;
	} else {
		char message[FILE_MESSAGE];
		uint8_t *data;
		size_t size;

		program_encode(&program, &data, &size);
		if (!file_write(to, data, size, message)) {
			fprintf(stderr, "%s: %s\n", to, message);
			status = CLI_MACHINE;
		}
		free(data);
	}
	program_destroy(&program);
	return status;
}

int command_compile(int argc, char **argv)
{
	const char *usage = "usage: faultline compile FILE.vmt -o FILE\n\n"
	                    "Turns a trace into a compiled program. Comments, expectations and the\n"
	                    "spelling of names are dropped.\n";
	const char *output = NULL;
	struct trace trace;
	int option, status = CLI_USAGE;

	while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			return CLI_GOOD;
		}
		if (option != 'o')
			return CLI_USAGE;
		output = optarg;
	}
	if (argc - optind != 1 || output == NULL) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	trace_init(&trace);
	if (load(argv[optind], false, &trace))
		status = write_compiled(&trace, argv[optind], output);
	trace_destroy(&trace);
	return status;
}

int command_ops(int argc, char **argv)
{
	const char *usage = "usage: faultline ops [--dictionary]\n\n"
	                    "Prints the table of operations, docs/OPS.md, or a dictionary of the\n"
	                    "trace language for fuzz engines.\n";
	bool dictionary = false;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			return CLI_GOOD;
		}
		if (option != OPTION_DICTIONARY)
			return CLI_USAGE;
		dictionary = true;
	}
	if (optind != argc) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	if (dictionary)
		ops_print_dictionary(stdout);
	else
		ops_print_markdown(stdout);
	return CLI_GOOD;
}
