/* outcome.c: the names of outcomes: those of core/status.def, and those that
 * only the harness gives (call.h). */
#include "call.h"

const struct outcome_word outcome_words[] = {
#define STATUS(NAME, CODE, MEANING) { #NAME, (vmm_status)CODE, MEANING },
#include "../../core/status.def"
#undef STATUS
	{ "INVARIANT_BROKEN", OUTCOME_INVARIANT_BROKEN,
	  "check: an invariant of docs/INVARIANTS.md does not hold" },
	{ "LINEARIZABLE", OUTCOME_LINEARIZABLE,
	  "join: success; some order of the operations gives the same outcomes" },
	{ "NOT_LINEARIZABLE", OUTCOME_NOT_LINEARIZABLE,
	  "join: no order of the operations gives these outcomes" },
	{ "DEADLOCK", OUTCOME_DEADLOCK, "join: every CPU waits for another" },
	{ "NO_PROGRESS", OUTCOME_NO_PROGRESS, "join: the step limit was reached" },
};
const size_t outcome_word_count = sizeof outcome_words / sizeof outcome_words[0];

const char *outcome_name(vmm_status status)
{
	for (size_t i = 0; i < outcome_word_count; i++)
		if (outcome_words[i].status == status)
			return outcome_words[i].name;
	return NULL;
}
