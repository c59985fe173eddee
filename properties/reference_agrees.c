/* Claim: on random programs core and reference give every operation the same
 * outcome and have the same observable state, compared whole after every
 * operation in one run and at the campaign's cadence in longer ones.
 *
 * Not covered: operations that overlap in time. */
#include "run_program.h"

static void agree(uint64_t first_seed, unsigned programs, size_t ops, bool every_state)
{
	const struct run_options options = {
		.sut = RUN_BOTH, .stop_at = SIZE_MAX, .every_state = every_state
	};
	struct program program;
	struct runner runner;

	runner_init(&runner);
	program_init(&program);
	for (unsigned i = 0; i < programs; i++)
		run_generated(&runner, &program, first_seed + i, ops, &options);
	program_destroy(&program);
	runner_destroy(&runner);
}

Test(reference_agrees, after_every_operation)
{
	agree(1, 400, 120, true);
}

Test(reference_agrees, over_long_programs)
{
	agree(100000, 150, 3000, false);
}
