/* switch_coverage.h: preemptions as coverage: which verb was stopped where, for which
 * other one. An engine that knows extra counters keeps inputs whose schedules reach a
 * new combination. */
#ifndef SWITCH_COVERAGE_H
#define SWITCH_COVERAGE_H

#include "../program/ops.h"

/* A part begins: no CPU has begun an operation. */
void switch_coverage_start(void);
/* The CPU begins an operation. */
void switch_coverage_operation(unsigned cpu, enum verb verb);
/* on_preemption of struct model_options. */
void switch_coverage_note(unsigned from, unsigned point, uint64_t steps, unsigned to);

#endif
