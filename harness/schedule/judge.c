/* judge.c: the search for an order. The reference goes forward with the search;
 * to go back, it is put into the state of before the first call again, and the
 * operations up to there are executed once more. That costs nothing where the
 * first order fits, which is the usual case. */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "../run/compare.h"
#include "../run/execute.h"
#include "../support/memory.h"

/* Places of the search that are gone through at most: with many bytes in one time
 * there could be more, and what was not explained until then is a finding. */
enum { VISITS_MAX = 1 << 16 };

/* Operations, as bits by their places. */
struct done {
	uint64_t word[HISTORY_PLACES_MAX / 64];
};

/* A place of the search that leads nowhere. */
struct dead {
	struct done done;
	uint64_t digest; /* of the reference */
};

struct judge {
	struct reference *start;
	struct history bytes; /* with accesses taken apart */
	struct dead *dead;
	size_t dead_count, dead_capacity;
};

struct search {
	struct judge *judge;
	const struct history *history;
	struct reference *reference;
	struct judge_end end;
	struct judgement *best;
	unsigned order[HISTORY_PLACES_MAX];
	unsigned length;
	struct done done;
	struct done late; /* stores that were not overwritten, it seems */
	bool in_turn; /* the bytes of an access come one after another */
	bool turned; /* it has gone back at least once */
	unsigned visits;
};

struct judge *judge_create(void)
{
	struct judge *judge = memory_zeroed(sizeof *judge);

	judge->start = reference_create();
	return judge;
}

void judge_destroy(struct judge *judge)
{
	reference_destroy(judge->start);
	free(judge->dead);
	free(judge);
}

void judge_start(struct judge *judge)
{
	const struct machine machine = machine_default();

	reference_reset(judge->start, &machine);
}

/* ---- Back and forth -------------------------------------------------------------- */

static bool is_in(const struct done *set, unsigned place)
{
	return (set->word[place / 64] >> place % 64 & 1) != 0;
}

static void put_in(struct done *set, unsigned place, bool in)
{
	set->word[place / 64] &= ~(UINT64_C(1) << place % 64);
	set->word[place / 64] |= (uint64_t)in << place % 64;
}

static void execute(struct search *search, unsigned place, struct outcome *outcome)
{
	*outcome = (struct outcome){ .status = VMM_SUCCESS };
	execute_reference(search->reference, &search->history->op[place].call, outcome);
}

/* Back to where `length` operations of the order are done. */
static void turn_back(struct search *search, unsigned length)
{
	struct outcome outcome;

	reference_copy(search->reference, search->judge->start);
	for (unsigned i = 0; i < length; i++)
		execute(search, search->order[i], &outcome);
	search->turned = true;
}

static bool same_outcome(const struct history_op *op, const struct outcome *reference,
                         struct finding *finding)
{
	if (!compare_outcome(&op->outcome, reference, op->call.verb, finding))
		return false;
	if (!VMM_OK(reference->status) || op->outcome.binds == reference->binds)
		return true;
	finding->check = CHECK_OUTCOME_RESULT;
	(void)snprintf(finding->expected, sizeof finding->expected, "the name is bound to 0x%llx",
	               (unsigned long long)reference->binds);
	(void)snprintf(finding->actual, sizeof finding->actual, "it is bound to 0x%llx",
	               (unsigned long long)op->outcome.binds);
	return false;
}

/* An order ended here; the longest is what a report shows. */
static void note(struct search *search, unsigned stuck, const struct finding *finding)
{
	struct judgement *best = search->best;

	best->orders++;
	if (best->orders > 1 && search->length <= best->length)
		return;
	memcpy(best->order, search->order, sizeof best->order);
	best->length = search->length;
	best->stuck = stuck;
	best->finding = *finding;
}

/* ---- What is known to lead nowhere -------------------------------------------------- */

/* Short histories have too few orders to meet one state twice. */
static bool remembers(const struct search *search)
{
	return search->turned && search->history->count > 3;
}

static bool is_dead(const struct search *search)
{
	const struct judge *judge = search->judge;
	uint64_t digest;

	if (!remembers(search))
		return false;
	digest = reference_digest(search->reference);
	for (size_t i = judge->dead_count; i-- > 0;)
		if (judge->dead[i].digest == digest &&
		    memcmp(&judge->dead[i].done, &search->done, sizeof search->done) == 0)
			return true;
	return false;
}

static void bury(struct search *search)
{
	struct judge *judge = search->judge;

	if (!remembers(search))
		return;
	judge->dead = memory_grow(judge->dead, &judge->dead_capacity, judge->dead_count + 1,
	                          sizeof judge->dead[0]);
	judge->dead[judge->dead_count++] =
		(struct dead){ search->done, reference_digest(search->reference) };
}

/* ---- The search ----------------------------------------------------------------------- */

static bool is_left(const struct search *search, unsigned place)
{
	return search->history->op[place].begun && !is_in(&search->done, place);
}

/* Nothing that is left had returned before it was called. */
static bool may_come(const struct search *search, unsigned place)
{
	const struct history *history = search->history;

	if (search->in_turn && place > 0 && is_left(search, place - 1) &&
	    history->op[place - 1].index == history->op[place].index)
		return false;
	for (unsigned i = 0; i < history->places; i++)
		if (is_left(search, i) && history_precedes(&history->op[i], &history->op[place]))
			return false;
	return true;
}

/* `a` is tried before `b`: by the time of its return, and what was not overwritten last. */
static bool comes_first(const struct search *search, unsigned a, unsigned b)
{
	bool a_late = is_in(&search->late, a), b_late = is_in(&search->late, b);

	if (a_late != b_late)
		return b_late;
	return search->history->op[a].returned < search->history->op[b].returned;
}

/* What may come next, in the order in which it is tried. */
static unsigned candidates(const struct search *search, unsigned place[HISTORY_PLACES_MAX])
{
	const struct history *history = search->history;
	unsigned count = 0;

	for (unsigned i = 0; i < history->places; i++) {
		unsigned at = count;

		if (!is_left(search, i) || !may_come(search, i))
			continue;
		for (; at > 0 && comes_first(search, i, place[at - 1]); at--)
			place[at] = place[at - 1];
		place[at] = i;
		count++;
	}
	return count;
}

static bool search_from(struct search *search);

/* The operation comes next; true: from there an order was found. */
static bool try_next(struct search *search, unsigned place)
{
	struct outcome outcome;
	struct finding finding;
	bool found;

	memset(&finding, 0, sizeof finding);
	execute(search, place, &outcome);
	if (!same_outcome(&search->history->op[place], &outcome, &finding)) {
		note(search, place, &finding);
		return false;
	}
	search->order[search->length++] = place;
	put_in(&search->done, place, true);
	found = search_from(search);
	if (found)
		return true;
	search->length--;
	put_in(&search->done, place, false);
	return false;
}

static bool search_from(struct search *search)
{
	unsigned place[HISTORY_PLACES_MAX];
	unsigned length = search->length, count;
	struct finding finding;

	if (length == search->history->count) {
		memset(&finding, 0, sizeof finding);
		if (search->end.agrees(search->end.context, &finding))
			return true;
		note(search, HISTORY_PLACES_MAX, &finding);
		return false;
	}
	if (++search->visits > VISITS_MAX || is_dead(search))
		return false;
	count = candidates(search, place);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			turn_back(search, length);
		if (try_next(search, place[i]))
			return true;
	}
	turn_back(search, length);
	bury(search);
	return false;
}

static bool judge_as(struct judge *judge, const struct history *history, bool in_turn,
                     struct reference *reference, struct judge_end end,
                     struct judgement *judgement)
{
	struct search search = { .judge = judge,
		                 .history = history,
		                 .reference = reference,
		                 .end = end,
		                 .in_turn = in_turn,
		                 .best = judgement };

	memset(judgement, 0, sizeof *judgement);
	judge->dead_count = 0;
	for (unsigned i = 0; i < history->places && end.keeps != NULL; i++) {
		const struct history_op *op = &history->op[i];

		put_in(&search.late, i, op->begun && op->call.verb == OP_STORE &&
		                                VMM_OK(op->outcome.status) &&
		                                end.keeps(end.context, &op->call));
	}
	judgement->linearizable = search_from(&search);
	if (judgement->linearizable) {
		memcpy(judgement->order, search.order, sizeof judgement->order);
		judgement->length = search.length;
	}
	return judgement->linearizable;
}

bool judge_history(struct judge *judge, const struct history *history,
                   struct reference *reference, struct judge_end end,
                   struct judgement *judgement)
{
	struct judgement as_bytes;

	reference_copy(judge->start, reference);
	if (judge_as(judge, history, false, reference, end, judgement))
		return true;
	/* Only where it must be: there are many orders of bytes. Mostly they come one
	 * after another, which leaves few; on C11 memory they need not. */
	judgement->linearizable =
		history_split(&judge->bytes, history) &&
		(judge_as(judge, &judge->bytes, true, reference, end, &as_bytes) ||
	         judge_as(judge, &judge->bytes, false, reference, end, &as_bytes));
	return judgement->linearizable;
}
