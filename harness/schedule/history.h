/* history.h: what the CPUs of a concurrent part did: each operation with its call,
 * its outcome, and when it was called and had returned. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdio.h>

#include "../language/trace.h"

/* Of a part; further operations are skipped, since the search for an order grows
 * with every one. */
enum { HISTORY_OPS_MAX = 24 };

struct history_op {
	size_t index; /* the operation of the program */
	struct call call;
	struct outcome outcome;
	/* Times of model_now: no two operations of several CPUs have one in common. */
	uint64_t called, returned;
	bool begun, ended;
	uint64_t *list; /* what the outcome lists, copied */
	size_t list_capacity;
};

/* Places are given before the part runs, and each is written to by one CPU, so
 * that nothing here is shared while it does. */
struct history {
	struct history_op op[HISTORY_OPS_MAX];
	unsigned places;
	/* By history_close: the operations that were called, of each CPU in their
	 * order, as places. */
	unsigned lane[MACHINE_CPUS_MAX][HISTORY_OPS_MAX];
	unsigned lane_count[MACHINE_CPUS_MAX];
	unsigned count;
};

/* A zeroed struct is an empty history. */
void history_clear(struct history *history);
void history_destroy(struct history *history);
/* A place for an operation, behind those of its CPU that have one. NULL: there
 * are HISTORY_OPS_MAX. */
struct history_op *history_place(struct history *history, size_t index);
void history_call(struct history_op *op, const struct call *call, uint64_t now);
/* outcome is there; its list is copied. */
void history_return(struct history_op *op, uint64_t now);
/* All have returned, or never will. */
void history_close(struct history *history);

/* Whether `a` had returned before `b` was called. */
static inline bool history_precedes(const struct history_op *a, const struct history_op *b)
{
	return a->ended && b->begun && a->returned < b->called;
}

/* The operations in the order of their calls, a line each: when, operation and
 * outcome. */
void history_print(FILE *out, const struct history *history, const struct program *program,
                   char *const *name);

#endif
