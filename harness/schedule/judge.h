/* judge.h: whether a history is linearizable: some order of its operations that
 * keeps the order of each CPU, and puts what had returned before another was
 * called before that other, gives the same outcomes on the reference, and leaves
 * it in a state that agrees with what was seen after the last return. An access that
 * is not naturally aligned may be its bytes, each at a moment of its own.
 *
 * The search is that of Wing and Gong with the memory of Lowe: depth first, from
 * the order of returns on, and no state of the reference is gone through twice
 * with the same operations done. */
#ifndef JUDGE_H
#define JUDGE_H

#include "../reference/reference.h"
#include "../run/finding.h"
#include "history.h"

struct judge; /* what the search needs, kept from one history to the next */

struct judge *judge_create(void);
void judge_destroy(struct judge *judge);
/* A program starts: nothing is left of the one before, which coverage would see. */
void judge_start(struct judge *judge);

/* What came after the last return; true: the reference is in such a state now. */
struct judge_end {
	bool (*agrees)(void *context, struct finding *finding);
	/* Whether a byte of what a store stored is there then: such stores are tried last.
	 * May be NULL. */
	bool (*keeps)(void *context, const struct call *store);
	void *context;
};

/* What the search found. */
struct judgement {
	bool linearizable;
	/* The order, as places in history.op[]; of a history that is not linearizable
	 * the longest that came, whose next operation is `stuck` (HISTORY_PLACES_MAX: all
	 * agree, the end does not). Accesses are whole in it. */
	unsigned order[HISTORY_PLACES_MAX];
	unsigned length;
	unsigned stuck;
	struct finding finding; /* what then differs: expected is the reference's */
	uint64_t orders;        /* that failed: how many ends the search came to */
};

/* The reference is in the state of before the first call; true: afterwards in
 * that of the order found, else as it was. */
bool judge_history(struct judge *judge, const struct history *history,
                   struct reference *reference, struct judge_end end,
                   struct judgement *judgement);

#endif
