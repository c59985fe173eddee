/* decide.h: who decides the schedule of a concurrent part. For harness/schedule/
 * alone. */
#ifndef DECIDE_H
#define DECIDE_H

#include "schedule.h"

struct decision {
	struct oracle *oracle;
	bool owned; /* made for this part; else the options' own, and oracle_next was called */
	bool views; /* C11 memory */
};

/* For the parallel `op`, which starts the part with number `part` and at most
 * `operations` operations. */
struct decision decide(const struct schedule_options *options, const struct program *program,
                       const struct op *op, size_t part, unsigned operations);

#endif
