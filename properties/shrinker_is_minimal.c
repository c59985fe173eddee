/* Claim: the shrinker finds the known minimum. Hidden among random operations
 * stand two lines whose expectation cannot hold; what is left are those lines, in
 * their simplest form, on the usual machine, and they fail in the same way.
 *
 * Not covered: failures that stop the process, which every planted bug with an
 * assertion shows. */
#include <stdlib.h>
#include <string.h>

#include "../harness/run/shrink.h"
#include "run_program.h"

static char *hidden(uint64_t seed, size_t *size)
{
	struct program program;
	struct trace trace;
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	program_init(&program);
	trace_init(&trace);
	generate_program(&program, seed, 90);
	trace_of_program(&trace, &program);
	trace_print_head(out, &trace.program.machine);
	for (size_t i = 0; i < 45; i++) {
		trace_print_op(out, &trace.program, i, trace.name);
		fputc('\n', out);
	}
	fprintf(out, "process fresh\n");
	fprintf(out, "secret = alloc fresh size=0x6000 type=reserve|commit protect=readwrite\n");
	for (size_t i = 45; i < 90; i++) {
		trace_print_op(out, &trace.program, i, trace.name);
		fputc('\n', out);
	}
	fprintf(out, "load fresh secret+0x1004 u32 -> SUCCESS value=1\n");
	fclose(out);
	trace_destroy(&trace);
	program_destroy(&program);
	return text;
}

Test(shrinker_is_minimal, among_random_operations)
{
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct shrink_result result;
		struct trace trace;
		struct place place;
		size_t size;
		char *text = hidden(seed, &size);

		trace_init(&trace);
		cr_assert(trace_parse(&trace, text, size, &place), "%zu: %s", place.line,
		          place.message);
		free(text);
		cr_assert(shrink(&trace, &result));
		cr_assert_not(result.flaky);
		cr_assert_eq(result.failure.end, ISOLATED_FAIL);
		cr_assert_str_eq(result.failure.token, "expectation");
		cr_assert_eq(result.from, 93);
		/* The load alone would be skipped, and an address needs no name. */
		cr_assert_leq(trace.program.count, 2, "seed %u: %zu operations are left",
		              (unsigned)seed, trace.program.count);
		cr_assert_eq(trace.program.machine.layout, machine_default().layout);
		cr_assert_eq(trace.program.machine.cpus, 1);
		trace_destroy(&trace);
	}
}

Test(shrinker_is_minimal, a_passing_trace_stays)
{
	const char *text = "vmt 1\nload P0 0 u8 -> ACCESS_VIOLATION\nquery P0 addr=0\n";
	struct shrink_result result;
	struct trace trace;
	struct place place;

	trace_init(&trace);
	cr_assert(trace_parse(&trace, text, strlen(text), &place));
	cr_assert(shrink(&trace, &result));
	cr_assert_eq(result.failure.end, ISOLATED_PASS);
	cr_assert_eq(trace.program.count, 2);
	trace_destroy(&trace);
}
