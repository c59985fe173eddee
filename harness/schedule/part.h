/* part.h: the lines of a concurrent part: which are run, and what the names in
 * them are bound to while several CPUs bind some. For harness/schedule/ alone. */
#ifndef PART_H
#define PART_H

#include "../run/running.h"
#include "history.h"

struct part_line {
	enum fate fate;
	struct history_op *op; /* NULL: the line is not run */
	struct slot binds;     /* inside the part, once it has bound its name */
};

struct part {
	size_t first, end; /* the operations behind parallel, up to join or the end */
	bool joined;       /* op[end] is the join */
	unsigned cpus;     /* the highest CPU with a line, plus one */
	struct part_line *line;
	size_t line_capacity;
	uint8_t *writers; /* by name: the CPUs that bind it inside, as bits */
	size_t writers_capacity;
	struct history history;
};

void part_destroy(struct part *part);
/* Takes in the lines behind the parallel at `parallel`; `end` is that of the
 * program. Lines that are not run have their fate. */
void part_take(struct part *part, struct run *run, size_t parallel, size_t end);

/* A line's operation with its names resolved as its CPU sees them: what it bound
 * itself inside counts, then what was bound before; what another CPU binds inside
 * is not bound. False: the line is not run, and has its fate. */
bool part_resolve(struct part *part, const struct run *run, size_t index, struct call *call);
/* The line's operation has returned. */
void part_bind(struct part *part, const struct run *run, size_t index);

static inline struct part_line *part_line(struct part *part, size_t index)
{
	return &part->line[index - part->first];
}

#endif
