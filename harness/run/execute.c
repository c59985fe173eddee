/* execute.c: two switches made from ops.def. */
#include "execute.h"

#include <stdlib.h>

/* The cases of a switch over verbs; those that no side executes fall through to
 * the end. */
#define STAGE_BUILT_CASE(SIDE, NAME, verb)                                                       \
	case OP_##NAME:                                                                          \
		SIDE##_##verb(SIDE, call, outcome);                                              \
		return;
#define STAGE_SCHEDULED_CASE(SIDE, NAME, verb)                                                   \
	case OP_##NAME:                                                                          \
		break;
#define STAGE_LATER_CASE(SIDE, NAME, verb) STAGE_SCHEDULED_CASE(SIDE, NAME, verb)

void execute_core(struct core_side *core, const struct call *call, struct outcome *outcome)
{
	switch (call->verb) {
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	STAGE_##STAGE##_CASE(core, NAME, verb)
#include "../ops.def"
#undef OP
	case OP_COUNT:
		break;
	}
	abort(); /* only built verbs are executed */
}

void execute_reference(struct reference *reference, const struct call *call,
                       struct outcome *outcome)
{
	switch (call->verb) {
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	STAGE_##STAGE##_CASE(reference, NAME, verb)
#include "../ops.def"
#undef OP
	case OP_COUNT:
		break;
	}
	abort();
}
