/* trace.h: the text form of a program (docs/TRACE.md): names, line numbers and
 * expectations beside the operations. */
#ifndef TRACE_H
#define TRACE_H

#include <stdio.h>

#include "../program/call.h"
#include "../program/program.h"

/* Limits of a text, beside PROGRAM_OPS_MAX and PROGRAM_BYTES_MAX: with them a
 * text of S bytes makes of memory at most 64 MiB + 4 * S. */
enum {
	TRACE_SIZE_MAX = 16 << 20,
	TRACE_LINE_MAX = 65536,
	TRACE_NAME_MAX = 64,
	TRACE_STATUSES_MAX = 1 << 18,
	TRACE_RESULTS_MAX = 1 << 18,
	TRACE_ELEMENTS_MAX = 1 << 18
};

/* What follows "->". */
enum compare {
	COMPARE_EQ,
	COMPARE_NE,
	COMPARE_LT,
	COMPARE_LE,
	COMPARE_GT,
	COMPARE_GE,
	COMPARE_MOD
};

struct expected_result {
	uint8_t result;   /* index into the verb's results */
	uint8_t compare;  /* enum compare */
	name_ref name;    /* of an address expression */
	uint64_t modulus; /* COMPARE_MOD: KEY % modulus = number */
	uint64_t number;  /* for lists and bytes their count */
	uint32_t first;   /* of a list: index of its first element in trace.element;
	                     of bytes: place in program.bytes */
	uint32_t column;  /* of the key */
};
struct expected_status {
	const char *text; /* into trace.strings: NAME, NAME* or FAIL; no NUL behind it */
	uint32_t length;
};
struct list_element {
	name_ref name;
	uint64_t number;
};

struct trace_line {
	uint32_t line, column;   /* of the verb, from 1 */
	bool expects;            /* has a "->" */
	uint32_t first_status, status_count; /* into trace.status: any of them */
	uint32_t first_result, result_count; /* into trace.result: all of them */
};

struct trace {
	struct program program;
	struct trace_line *line; /* one for each operation */
	char **name;             /* name[k-1] is the text of name_ref k */
	struct expected_status *status;
	struct expected_result *result;
	struct list_element *element;
	/* counts and capacities of the arrays above, and the text they point into */
	size_t line_capacity, name_capacity, status_count, status_capacity, result_count,
	    result_capacity, element_count, element_capacity;
	char *strings; /* a copy of the source; of a program without text its names */
};

void trace_init(struct trace *trace);
void trace_destroy(struct trace *trace);

/* Reads text into an initialised trace, whose content goes. False: *place says
 * where it is wrong, and trace is empty. */
bool trace_parse(struct trace *trace, const char *text, size_t size, struct place *place);
/* A trace of a program without text: names r0, r1, ..., no expectations. The
 * program is copied. */
void trace_of_program(struct trace *trace, const struct program *program);
/* The program in records' terms: names become slots (rN keeps slot N, others
 * take the lowest free slots in order of first appearance in an operation).
 * False: there are more than PROGRAM_SLOTS names, *place is the operation with
 * the first too many. *program is an initialised program. */
bool trace_to_slots(const struct trace *trace, struct program *program, struct place *place);

/* "vmt 1" and the machine line, as `show` prints them. */
void trace_print_head(FILE *out, const struct machine *machine);
/* One operation without a newline: "@1 r0 = alloc P0 size=0x1000 ...". name[]
 * as in struct trace; NULL prints r0, r1, ... */
void trace_print_op(FILE *out, const struct program *program, size_t index, char *const *name);
/* " -> SUCCESS base=0x10000 size=0x1000". Lists and bytes that would not fit on
 * a line of a trace are left out: a result that is not named is not checked. */
void trace_print_outcome(FILE *out, enum verb verb, const struct outcome *outcome);
/* The whole program: head and operations. */
void trace_print(FILE *out, const struct trace *trace);

/* Values that names are bound to while a trace runs. */
struct binding {
	bool bound;
	uint64_t value;
};

/* Holds an outcome against the line's expectation. False: why says what was
 * expected and what came, in one line. A line without "->" holds. binding[k-1]
 * is name_ref k; the operation's own name is bound before the call, since its
 * results may be given by it (`s = stack P0 ... -> SUCCESS base=s+0x1000`). */
bool trace_expect(const struct trace *trace, size_t index, const struct outcome *outcome,
                  const struct binding *binding, char *why, size_t why_size);

#endif
