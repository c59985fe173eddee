/* Claim: the core and the harness call every status by the same name, the values
 * are those of NTSTATUS, and what is no status has no name. */
#include "../harness/program/call.h"
#include "claim.h"

Test(statuses_have_names, in_core_and_harness)
{
	unsigned shared = 0;

	for (size_t i = 0; i < outcome_word_count; i++) {
		const char *name = vmm_status_name(outcome_words[i].status);

		/* What only a harness says (INVARIANT_BROKEN) the core does not know. */
		if (name == NULL)
			continue;
		shared++;
		cr_assert_str_eq(name, outcome_words[i].name);
	}
	cr_assert_gt(shared, 50);
	cr_assert_null(vmm_status_name(1));
	cr_assert_str_eq(vmm_status_name((vmm_status)0xC0000005), "ACCESS_VIOLATION");
	cr_assert(VMM_OK(VMM_WAS_LOCKED) && !VMM_OK(VMM_GUARD_PAGE_VIOLATION));
}
