/* run_program.h: what the properties about running programs share. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include <stdio.h>

#include "../core/inspect.h"
#include "../harness/generate/generate.h"
#include "../harness/run/digest.h"
#include "../harness/run/run.h"
#include "claim.h"

/* Runs a generated program; a finding ends the test with its seed. */
static inline void run_generated(struct runner *runner, struct program *program, uint64_t seed,
                                 size_t ops, const struct run_options *options)
{
	struct finding finding;
	char token[64];

	generate_program(program, seed, ops);
	if (runner_run(runner, program, NULL, options, &finding) == RUN_PASS)
		return;
	finding_token(&finding, token, sizeof token);
	cr_assert_fail("gen --seed %llu --ops %zu, operation %zu: %s: expected %s, actual %s",
	               (unsigned long long)seed, ops, finding.op, token, finding.expected,
	               finding.actual);
}

#endif
