/* process.c: making and ending processes, and check. */
#include "state.h"

void reference_process(struct reference *reference, const struct call *call,
                       struct outcome *outcome)
{
	reference->change_count = 0;
	if (!reference->process[call->in[PROCESS_IN_parent]].lives) {
		ref_decide(outcome, "A13", VMM_PROCESS_IS_TERMINATING);
		return;
	}
	uint32_t number = ref_process_make(reference);
	ref_decide(outcome, "A13", VMM_SUCCESS);
	outcome->binds = number;
	ref_changed(reference, number, 0, UINT64_MAX);
}

/* The change list stays empty: an exited process has no pages to look at. */
void reference_exit(struct reference *reference, const struct call *call,
                    struct outcome *outcome)
{
	struct process *process = &reference->process[call->process];
	reference->change_count = 0;
	if (!process->lives) {
		ref_decide(outcome, "A13", VMM_PROCESS_IS_TERMINATING);
		return;
	}
	ref_process_empty(reference, process);
	process->lives = false;
	ref_decide(outcome, "A13", VMM_SUCCESS);
}

/* Invariants are the core's; here none can be broken. */
void reference_check(struct reference *reference, const struct call *call,
                     struct outcome *outcome)
{
	(void)call;
	reference->change_count = 0;
	ref_decide(outcome, "INV", VMM_SUCCESS);
	outcome_set(outcome, CHECK_OUT_invariant, 0);
}
