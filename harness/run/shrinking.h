/* shrinking.h: what the files of the shrinker share. */
#ifndef SHRINKING_H
#define SHRINKING_H

#include "shrink.h"

struct shrinker {
	struct trace *trace;
	struct shrink_result *result;
	char token[64];
	struct trace candidate; /* shares all but op[] and line[] with trace */
	bool failed;            /* the machine did */
};

/* The trace becomes what the candidate is if that fails alike, with `anew` by its
 * schedule or by another; else the candidate what the trace is. */
bool shrink_keep(struct shrinker *shrinker, bool anew);
/* Takes lines out of the candidate. */
void shrink_cut(struct shrinker *shrinker, size_t first, size_t count);

/* shrink_parts.c: fewer CPUs, entries of schedules, and lines for what is reserved and
 * then committed. True: something has changed. */
bool shrink_parts(struct shrinker *shrinker);
/* Whether the trace has a concurrent part. */
bool shrink_is_concurrent(const struct trace *trace);

#endif
