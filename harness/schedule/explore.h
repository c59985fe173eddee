/* explore.h: every execution of the concurrent parts of a program, depth first, or
 * some at random, in a process of its own, since a broken core may stop it.
 *
 * Each part is explored by itself, while those before it run by their own
 * schedules; what comes behind it runs, too, in every execution. */
#ifndef EXPLORE_H
#define EXPLORE_H

#include "../language/trace.h"
#include "../run/finding.h"
#include "schedule.h"

struct explore_options {
	unsigned preemptions; /* at most so many in an execution; UINT_MAX: any number */
	bool views;           /* C11 memory, not interleavings alone */
	bool cut_off;         /* states that were seen are not gone through again */
	uint64_t limit;       /* executions */
	/* Not all of them, but `limit` of each part by this runner (SCHEDULE_TURNS: all),
	 * the first with this seed, the next with the next. */
	enum schedule_runner runner;
	unsigned depth; /* of SCHEDULE_PCT */
	uint64_t seed;
};

enum explore_end {
	EXPLORE_DONE,  /* every execution was made, or all that were asked for */
	EXPLORE_LIMIT, /* as many as allowed */
	EXPLORE_FAIL,  /* finding says what is wrong with the last one */
	EXPLORE_CRASH, /* it stopped the process */
	EXPLORE_HANG   /* it did not end in 20 s */
};

enum { EXPLORE_ENTRIES_MAX = 4096 };

struct explore_result {
	enum explore_end end;
	uint64_t executions, states;
	uint64_t longest; /* steps of one operation, at most */
	size_t parts;
	struct finding finding;
	char token[64]; /* of the finding or crash */
	/* What failed ran by a schedule that the trace does not have: the one of the
	 * parallel `parallel`. */
	bool scheduled;
	size_t parallel;
	size_t count;
	struct oracle_entry entry[EXPLORE_ENTRIES_MAX];
};

/* *result is large, and not for the stack of a fiber. False: no process could be
 * made, errno says why. */
bool explore(const struct trace *trace, const struct explore_options *options,
             struct explore_result *result);

static inline bool explore_failed(const struct explore_result *result)
{
	return result->end != EXPLORE_DONE && result->end != EXPLORE_LIMIT;
}

#endif
