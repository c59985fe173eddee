/* shrink.h: the smallest trace that still fails in the same way.
 *
 * The same way is the same token (finding_token, or that of a crash). The tail is
 * cut, then runs of lines, lines, arguments and the machine's keys towards the
 * simplest, until nothing more can go. Every candidate runs in a process of its
 * own with the whole state compared after each operation, so the first violation
 * counts. */
#ifndef SHRINK_H
#define SHRINK_H

#include "isolate.h"

struct shrink_result {
	struct isolated failure; /* of the shrunk trace; ISOLATED_PASS: there is none */
	bool flaky;              /* three runs of the trace were not alike */
	size_t flaky_op;         /* the first operation after which they differed */
	size_t from, to;         /* operations before and after */
	unsigned runs;
};

/* Shrinks the trace in place. False: the machine failed, errno says how. A trace
 * that passes, or is flaky, stays as it is. */
bool shrink(struct trace *trace, struct shrink_result *result);

#endif
