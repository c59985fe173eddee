/* execute.h: a call of any built verb on one side, by the tables that core_side.h
 * and reference.h have of their functions. The outcome comes in zeroed. */
#ifndef EXECUTE_H
#define EXECUTE_H

#include "../reference/reference.h"
#include "core_side.h"

void execute_core(struct core_side *core, const struct call *call, struct outcome *outcome);
void execute_reference(struct reference *reference, const struct call *call,
                       struct outcome *outcome);

#endif
