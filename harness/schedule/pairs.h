/* pairs.h: scenarios of two CPUs, made from the table pairs.def: a start, what each
 * CPU does, and probes behind the join. */
#ifndef PAIRS_H
#define PAIRS_H

#include "../language/trace.h"

struct pairs_scenario {
	unsigned start;  /* row of START */
	unsigned row[2]; /* of PAIR, of CPU 0 and CPU 1 */
};

/* Scenarios have numbers from 0. */
size_t pairs_count(void);
struct pairs_scenario pairs_scenario(size_t number);
/* The scenario as a trace, and its name: "touched: free release, store page". */
void pairs_trace(const struct pairs_scenario *scenario, struct trace *trace);
void pairs_name(const struct pairs_scenario *scenario, char *name, size_t room);
enum verb pairs_verb(unsigned row);
/* A built verb that has no row; OP_COUNT: each has one. */
enum verb pairs_missing(void);

#endif
