/* reschedule.h: another schedule by which a trace fails in the same way. For the
 * shrinker: what it cuts out takes steps with it, so that a schedule, which counts
 * steps, no longer meets what it met. */
#ifndef RESCHEDULE_H
#define RESCHEDULE_H

#include "../../core/atomic.h"
#include "../language/trace.h"

enum reschedule_effort {
	RESCHEDULE_QUICK,   /* some hundred executions */
	RESCHEDULE_SHORTEST /* some thousand, those of the fewest preemptions first */
};

#ifdef VMM_SCHEDULED
/* Gives a parallel of the trace a schedule by which it fails with the token; its bytes
 * are added to the program's. False: none was found, and nothing has changed. */
bool reschedule(struct trace *trace, const char *token, enum reschedule_effort effort);
#else
static inline bool reschedule(struct trace *trace, const char *token,
                              enum reschedule_effort effort)
{
	(void)trace;
	(void)token;
	(void)effort;
	return false;
}
#endif

#endif
