/* Claim: frames, charge, page tables and ranges are given back to the last one
 * when the processes that hold them end, and a machine that was reset is as good
 * as a new one.
 *
 * Not covered: where frames are in between, which INV-05 and INV-06 hold after
 * every program. */
#include "run_program.h"

/* Ends every process that lives; each service call runs on another CPU. */
static void end_all(struct vmm *vm, unsigned cpus)
{
	for (uint32_t i = 0; i < vmm_inspect_process_count(vm); i++)
		if (vmm_inspect_process_lives(vm, i))
			cr_assert_eq(vmm_terminate_process(vm, i % cpus, i, VMM_CURRENT_PROCESS),
			             VMM_SUCCESS);
}

Test(frames_are_conserved, when_processes_end)
{
	const struct run_options options = { .sut = RUN_CORE, .stop_at = SIZE_MAX };
	uint64_t used = 0;
	struct program program;
	struct runner runner;

	runner_init(&runner);
	program_init(&program);
	for (uint64_t seed = 1; seed <= 600; seed++) {
		struct vmm_totals totals;

		run_generated(&runner, &program, seed, 150, &options);
		vmm_inspect_totals(runner.core.vm, &totals);
		used += totals.frames - totals.frames_free;
		end_all(runner.core.vm, program.machine.cpus);
		vmm_inspect_totals(runner.core.vm, &totals);
		cr_assert_eq(totals.frames_free, totals.frames, "seed %u: %u of %u frames",
		             (unsigned)seed, totals.frames_free, totals.frames);
		cr_assert_eq(totals.charge, 0);
		cr_assert_eq(totals.tables, 0);
		cr_assert_eq(totals.ranges, 0);
	}
	cr_assert_gt(used, 1000, "the programs used %u frames only", (unsigned)used);
	program_destroy(&program);
	runner_destroy(&runner);
}

struct history {
	uint64_t hash;
};

static void record(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct history *history = context;

	(void)index;
	if (fate != FATE_EXECUTED)
		return;
	history->hash = digest_mix(history->hash, (uint32_t)outcome->status);
	for (unsigned i = 0; i < OP_RESULTS_MAX; i++)
		history->hash = digest_mix(history->hash, outcome->out[i]);
}

static uint64_t history_of(struct runner *runner, struct program *program, uint64_t seed)
{
	struct history history = { 1 };
	const struct run_options options = {
		.sut = RUN_CORE, .stop_at = SIZE_MAX, .observe = record, .context = &history
	};

	run_generated(runner, program, seed, 150, &options);
	return digest_mix(history.hash, digest_state(runner->core.vm));
}

Test(frames_are_conserved, reset_is_fresh)
{
	struct program program;
	struct runner used, fresh;

	runner_init(&used);
	program_init(&program);
	for (uint64_t seed = 1; seed <= 100; seed++) {
		uint64_t expected;

		(void)history_of(&used, &program, seed + 1000);
		runner_init(&fresh);
		expected = history_of(&fresh, &program, seed);
		runner_destroy(&fresh);
		cr_assert_eq(history_of(&used, &program, seed), expected, "seed %u", (unsigned)seed);
	}
	program_destroy(&program);
	runner_destroy(&used);
}
