/* main.c: the faultline program: finds the command. */
#include <string.h>

#include "cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "replay", command_replay, "run traces or compiled programs and check everything" },
	{ "show", command_show, "print a compiled program as a trace" },
	{ "compile", command_compile, "turn a trace into a compiled program" },
	{ "shrink", command_shrink, "the smallest trace that fails in the same way" },
	{ "gen", command_gen, "print a random trace" },
	{ "fuzz", command_fuzz, "run a fuzz campaign (make fuzz calls this)" },
	{ "explore", command_explore, "run every interleaving of a concurrent trace" },
	{ "pairs", command_pairs, "run every pair of verbs against each other (make pairs)" },
	{ "histories", command_histories, "run random concurrent programs (make histories)" },
	{ "ops", command_ops, "print the table of operations as Markdown, or a dictionary" },
};

const char *cli_program = "faultline";

static void help(FILE *out)
{
	fprintf(out, "usage: faultline COMMAND [ARGUMENT...]\n\n"
	             "Runs, converts and generates programs of virtual memory operations, and\n"
	             "compares a VMM core with a reference implementation.\n\n");
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		fprintf(out, "  %-9s  %s\n", commands[i].name, commands[i].help);
	fprintf(out, "\n`faultline COMMAND --help` tells more. Exit status: 0 all as expected, 1\n"
	             "something differs, 2 unusable arguments or input, 3 the machine failed.\n");
}

int main(int argc, char **argv)
{
	int status = -1;

	if (argc >= 1)
		cli_program = argv[0];
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		help(stdout);
		return CLI_GOOD;
	}
	for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			status = commands[i].run(argc - 1, argv + 1);
	if (status < 0) {
		if (argc >= 2)
			fprintf(stderr, "faultline: there is no command `%s`\n\n", argv[1]);
		help(stderr);
		return CLI_USAGE;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("faultline: standard output");
		return CLI_MACHINE;
	}
	return status;
}
