/* Claim: queries from address 0 on tile user space without a hole or an overlap,
 * each run is as long as it can be, and a query inside a run gives the same run
 * from there on (rules Q2, Q3, Q10).
 *
 * Not covered: what the runs should be, which reference_agrees holds. */
#include "run_program.h"

static struct vmm_query ask(struct vmm *vm, uint32_t process, uint64_t address)
{
	struct vmm_query query = { .address = address };

	cr_assert_eq(vmm_query(vm, 0, process, VMM_CURRENT_PROCESS, &query), VMM_SUCCESS);
	return query;
}

static bool alike(const struct vmm_query *a, const struct vmm_query *b)
{
	return a->allocation_base == b->allocation_base &&
	       a->allocation_protect == b->allocation_protect && a->state == b->state &&
	       a->protect == b->protect && a->type == b->type;
}

static void tile(struct vmm *vm, uint32_t process, struct prng *prng)
{
	uint64_t high = vmm_inspect_user_high(vm);
	struct vmm_query last = { .address = 0 };

	for (uint64_t address = 0; address <= high;) {
		struct vmm_query run = ask(vm, process, address);
		uint64_t inside = run.base + prng_below(prng, run.size);
		struct vmm_query part = ask(vm, process, inside);

		cr_assert_eq(run.base, address);
		cr_assert_gt(run.size, 0);
		cr_assert_eq(run.size % VMM_PAGE_SIZE, 0);
		cr_assert(alike(&run, &part));
		cr_assert_eq(part.base, inside - inside % VMM_PAGE_SIZE);
		cr_assert_eq(part.base + part.size, run.base + run.size);
		cr_assert(address == 0 || !alike(&last, &run));
		last = run;
		address = run.base + run.size;
	}
	cr_assert_eq(last.base + last.size, high + 1);
	last.address = high + 1;
	cr_assert_eq(vmm_query(vm, 0, process, VMM_CURRENT_PROCESS, &last), VMM_INVALID_PARAMETER);
}

Test(query_tiles_the_space, after_random_programs)
{
	const struct run_options options = { .sut = RUN_CORE, .stop_at = SIZE_MAX };
	struct program program;
	struct runner runner;
	struct prng prng;

	prng_seed(&prng, 7);
	runner_init(&runner);
	program_init(&program);
	for (uint64_t seed = 1; seed <= 600; seed++) {
		run_generated(&runner, &program, seed, 120, &options);
		for (uint32_t i = 0; i < vmm_inspect_process_count(runner.core.vm); i++)
			if (vmm_inspect_process_lives(runner.core.vm, i))
				tile(runner.core.vm, i, &prng);
	}
	program_destroy(&program);
	runner_destroy(&runner);
}
