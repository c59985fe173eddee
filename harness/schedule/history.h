/* history.h: what the CPUs of a concurrent part did: each operation with its call,
 * its outcome, and when it was called and had returned. */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdio.h>

#include "../language/trace.h"

/* Of a part; further operations are skipped, since the search for an order grows
 * with every one. And places, when accesses are taken apart into bytes. */
enum { HISTORY_OPS_MAX = 24, HISTORY_PLACES_MAX = 8 * HISTORY_OPS_MAX };

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
	struct history_op op[HISTORY_PLACES_MAX];
	unsigned places;
	unsigned count; /* of them that were called; by history_close */
};

/* A zeroed struct is an empty history. */
void history_clear(struct history *history);
void history_destroy(struct history *history);
/* A place for an operation. NULL: HISTORY_OPS_MAX have one. */
struct history_op *history_place(struct history *history, size_t index);
void history_call(struct history_op *op, const struct call *call, uint64_t now);
/* outcome is there; its list is copied. */
void history_return(struct history_op *op, uint64_t now);
/* All have returned, or never will. */
void history_close(struct history *history);

/* An access that is not naturally aligned is its bytes, each an access of its own
 * that took place sometime between call and return. `to`, which keeps nothing of
 * its own, becomes the history with such accesses taken apart. False: there are
 * none. */
bool history_split(struct history *to, const struct history *from);

/* Whether `a` had returned before `b` was called; so it is, too, with operations of
 * one CPU. */
static inline bool history_precedes(const struct history_op *a, const struct history_op *b)
{
	return a->ended && b->begun && a->returned < b->called;
}

/* The operations in the order of their calls, a line each: when, operation and
 * outcome. */
void history_print(FILE *out, const struct history *history, const struct program *program,
                   char *const *name);

#endif
