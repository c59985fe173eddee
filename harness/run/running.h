/* running.h: a run in progress, for run.c and for concurrent parts
 * (harness/schedule/), which run lines of it in a way of their own. */
#ifndef RUNNING_H
#define RUNNING_H

#include "run.h"

struct run {
	struct runner *runner;
	const struct program *program;
	const struct trace *trace; /* NULL: the program has no expectations */
	const struct run_options *options;
	struct sides sides;
	struct finding *finding;
	struct outcome decided; /* the reference's last */
};

/* A line that is not executed: counted and observed. False: it carries an
 * expectation, which is the finding. */
bool run_pass_over(struct run *run, size_t index, enum fate fate);
/* The operation is not built, and would have changed memory. */
void run_shade(struct run *run, const struct op *op);
/* An executed line: counted, its name bound, its expectation held against it,
 * observed. `holds`: nothing was wrong so far. False: something is. */
bool run_executed(struct run *run, size_t index, const struct outcome *outcome, bool holds);

#endif
