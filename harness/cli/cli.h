/* cli.h: what the commands of the faultline program share. */
#ifndef CLI_H
#define CLI_H

#include <stdio.h>

#include "../run/finding.h"
#include "../language/load.h"
#include "../run/run.h"
#include "../language/trace.h"

/* Exit statuses of every command. */
enum {
	CLI_GOOD = 0,
	CLI_DIFFERS = 1, /* something is not as expected */
	CLI_USAGE = 2,   /* arguments or input cannot be used; nothing was written */
	CLI_MACHINE = 3  /* the machine failed: disk full, no memory, no program */
};

/* The name that the program was called by, for commands it tells to run. */
extern const char *cli_program;

/* Commands: argv[0] is the command's name. */
int command_replay(int argc, char **argv);
int command_show(int argc, char **argv);
int command_compile(int argc, char **argv);
int command_gen(int argc, char **argv);
int command_shrink(int argc, char **argv);
int command_fuzz(int argc, char **argv);
int command_ops(int argc, char **argv);
/* Of faultline-schedule (harness/schedule/); elsewhere they run that. */
int command_explore(int argc, char **argv);
int command_pairs(int argc, char **argv);
int command_histories(int argc, char **argv);

/* ---- Options -------------------------------------------------------------------- */

/* A whole number from first..last given to an option; false, with a message. */
bool option_number(const char *command, const char *option, const char *text, uint64_t first,
                   uint64_t last, uint64_t *number);
/* The memory model given to --memory; false, with a message. */
bool option_memory(const char *command, const char *text, bool *views);

/* ---- Reports (report.c) ---------------------------------------------------------- */

/* One screen: what was claimed, the trace with the failing line marked, expected
 * and actual, and the command that replays it. token: the finding's own, or that
 * of a crash. */
void report_print(FILE *out, const struct trace *trace, const struct finding *finding,
                  const char *token, const char *path);

/* The same of an input that is bytes, not a program: said is what the target said
 * when it stopped, program what was run. */
void report_bytes_print(FILE *out, const uint8_t *data, size_t size, const char *token,
                        const char *said, const char *program, const char *path);

struct shrink_result;
/* The shrunk trace with a comment that says what it is (shrink.c). */
void print_shrunk(FILE *out, const struct trace *trace, const struct shrink_result *result);

#endif
