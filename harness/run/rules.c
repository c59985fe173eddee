/* rules.c: from what is wrong with the state, and the operation before it, to
 * the rule that says what the state should be.
 *
 * An outcome names its rule itself. The rule that let an operation succeed is
 * often also the one that says what becomes of the pages; the table holds the
 * cases where another one does. The first row that fits counts. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

static const struct {
	enum check check;
	enum verb verb;
	const char *decided; /* the outcome's rule; NULL: any */
	const char *rule;
} table[] = {
	/* A recommit and a reset keep what is there; every other alloc makes it. */
	{ CHECK_PAGE_COMMITTED, OP_ALLOC, "A29", "A29" },
	{ CHECK_PAGE_COMMITTED, OP_ALLOC, "A31", "A31" },
	{ CHECK_PAGE_COMMITTED, OP_ALLOC, NULL, "A15" },
	{ CHECK_PAGE_PROTECT, OP_ALLOC, "A19", "A19" },
	{ CHECK_PAGE_PROTECT, OP_ALLOC, "A29", "A29" },
	{ CHECK_PAGE_PROTECT, OP_ALLOC, "A31", "A31" },
	{ CHECK_PAGE_PROTECT, OP_ALLOC, NULL, "A15" },
	{ CHECK_PAGE_BYTES, OP_ALLOC, "A19", "A19 (contents)" },
	{ CHECK_PAGE_BYTES, OP_ALLOC, "A29", "A29 (contents)" },
	{ CHECK_PAGE_BYTES, OP_ALLOC, "A31", "A31 (contents)" },
	{ CHECK_PAGE_BYTES, OP_ALLOC, NULL, "A28" },
	{ CHECK_PAGE_BYTES, OP_FREE, NULL, "F9" },
	{ CHECK_PAGE_BYTES, OP_PROTECT, NULL, "P13" },
	{ CHECK_PAGE_BYTES, OP_STORE, NULL, "access 3 (contents)" },
	{ CHECK_PAGE_BYTES, OP_LOAD, NULL, "access 7 (contents)" },
	{ CHECK_PAGE_BYTES, OP_EXEC, NULL, "access 7 (contents)" },
	{ CHECK_PAGE_VALID, OP_ALLOC, NULL, "P15" },
	{ CHECK_PAGE_VALID, OP_PROTECT, NULL, "P15" },
	{ CHECK_PAGE_VALID, OP_FREE, NULL, "F13" },
	{ CHECK_PAGE_MARK, OP_STORE, NULL, "W5" },
	{ CHECK_PAGE_MARK, OP_LOAD, NULL, "W5" },
	{ CHECK_PAGE_MARK, OP_EXEC, NULL, "W5" },
	{ CHECK_PAGE_MARK, OP_ALLOC, NULL, "W5" },
	{ CHECK_PAGE_MARK, OP_PROTECT, NULL, "W6" },
	{ CHECK_PAGE_MARK, OP_FREE, NULL, "W9" },
	{ CHECK_CHARGE_PROCESS, OP_ALLOC, "A19", "A19" },
	{ CHECK_CHARGE_PROCESS, OP_ALLOC, NULL, "A25" },
	{ CHECK_CHARGE_PROCESS, OP_FREE, NULL, "F13" },
	{ CHECK_CHARGE_MACHINE, OP_ALLOC, "A19", "A19" },
	{ CHECK_CHARGE_MACHINE, OP_ALLOC, NULL, "A25" },
	{ CHECK_CHARGE_MACHINE, OP_FREE, NULL, "F13" },
	{ CHECK_CHARGE_MACHINE, OP_EXIT, NULL, "A13 (gives back)" },
	{ CHECK_FRAMES_USED, OP_ALLOC, NULL, "access 7" },
	{ CHECK_FRAMES_USED, OP_FREE, NULL, "F13" },
	{ CHECK_FRAMES_USED, OP_PROTECT, NULL, "P15" },
	{ CHECK_FRAMES_USED, OP_EXIT, NULL, "A13 (gives back)" },
};

static const char *rule_of(enum check check, enum verb verb, const struct outcome *decided)
{
	/* A refused service changes nothing; a refused access may have met a guard. */
	if (check == CHECK_REFUSAL_TOTALS || (!VMM_OK(decided->status) && !op_accesses(verb)))
		return "A24";
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		bool fits = table[i].decided == NULL ||
		            (decided->rule != NULL &&
		             strcmp(table[i].decided, decided->rule) == 0);

		if (table[i].check == check && table[i].verb == verb && fits)
			return table[i].rule;
	}
	return decided->rule == NULL ? "" : decided->rule;
}

void rules_of_state(struct finding *finding, enum verb verb, const struct outcome *decided)
{
	static const struct outcome none = { .status = VMM_SUCCESS };

	if (finding->check == CHECK_INVARIANT)
		(void)snprintf(finding->rule, sizeof finding->rule, "INV-%02u", finding->invariant);
	else
		(void)snprintf(finding->rule, sizeof finding->rule, "%s",
		               rule_of(finding->check, verb, decided == NULL ? &none : decided));
}
