/* rules.h: which rule of docs/NT_SEMANTICS.md a finding shows to be broken. */
#ifndef RULES_H
#define RULES_H

#include "../program/call.h"
#include "finding.h"

/* Names the rule of a finding about the state after an operation. `decided` is
 * the reference's outcome of it; NULL when the reference did not run. */
void rules_of_state(struct finding *finding, enum verb verb, const struct outcome *decided);

#endif
