/* Claim: an operation that is refused leaves the observable state as it was. A
 * guard page that fires is the one exception, by its rule.
 *
 * Not covered: refusals for want of the machine's own records, which no program
 * reaches, since machines are made large enough (core_side.c). */
#include "run_program.h"

struct watcher {
	const struct runner *runner;
	uint64_t before;
	unsigned refused;
};

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct watcher *watcher = context;
	uint64_t after;

	if (fate != FATE_EXECUTED)
		return;
	after = digest_state(watcher->runner->core.vm);
	if (index != 0 && !VMM_OK(outcome->status) && outcome->status != VMM_GUARD_PAGE_VIOLATION) {
		watcher->refused++;
		cr_assert_eq(watcher->before, after, "operation %zu: refused with %s, but the state changed",
		             index, outcome_name(outcome->status));
	}
	watcher->before = after;
}

Test(refused_call_changes_nothing, random_programs)
{
	struct watcher watcher = { .refused = 0 };
	const struct run_options options = {
		.sut = RUN_CORE, .stop_at = SIZE_MAX, .observe = observe, .context = &watcher
	};
	struct program program;
	struct runner runner;

	runner_init(&runner);
	program_init(&program);
	watcher.runner = &runner;
	for (uint64_t seed = 1; seed <= 300; seed++)
		run_generated(&runner, &program, seed, 80, &options);
	cr_assert_gt(watcher.refused, 2000, "only %u refusals", watcher.refused);
	program_destroy(&program);
	runner_destroy(&runner);
}
