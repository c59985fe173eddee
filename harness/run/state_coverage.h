/* state_coverage.h: the state of the machine as coverage: which verb met which
 * status on which state of page. An engine that knows extra counters keeps
 * inputs that reach a new combination; others ignore them. */
#ifndef STATE_COVERAGE_H
#define STATE_COVERAGE_H

#include "../reference/reference.h"

/* Notes an operation just executed, by the first page of its change list. */
void state_coverage_note(enum verb verb, vmm_status status, const struct reference *reference);
/* A program starts on a fresh machine. Does nothing, unless the engine has a
 * function of this name (engine/afl.c). */
void state_coverage_start(void);

#endif
