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

/* A place of the search that leads nowhere. */
struct dead {
	uint64_t done;   /* operations, as bits */
	uint64_t digest; /* of the reference */
};

struct judge {
	struct reference *start;
	struct dead *dead;
	size_t dead_count, dead_capacity;
};

struct search {
	struct judge *judge;
	const struct history *history;
	struct reference *reference;
	struct judge_end end;
	struct judgement *best;
	unsigned order[HISTORY_OPS_MAX];
	unsigned length;
	uint64_t done;
	bool turned; /* it has gone back at least once */
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

/* ---- Back and forth -------------------------------------------------------------- */

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
		if (judge->dead[i].done == search->done && judge->dead[i].digest == digest)
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

/* The next operation of each CPU that may come next, by the time of its return. */
static unsigned candidates(const struct search *search, unsigned place[MACHINE_CPUS_MAX])
{
	const struct history *history = search->history;
	unsigned next[MACHINE_CPUS_MAX], count = 0, allowed = 0;

	for (unsigned cpu = 0; cpu < MACHINE_CPUS_MAX; cpu++) {
		unsigned i = 0;

		while (i < history->lane_count[cpu] &&
		       (search->done >> history->lane[cpu][i] & 1) != 0)
			i++;
		if (i < history->lane_count[cpu])
			next[count++] = history->lane[cpu][i];
	}
	for (unsigned i = 0; i < count; i++) {
		const struct history_op *op = &history->op[next[i]];
		bool first = true;
		unsigned at = allowed;

		for (unsigned k = 0; k < count; k++)
			first &= !history_precedes(&history->op[next[k]], op);
		if (!first)
			continue;
		for (; at > 0 && history->op[place[at - 1]].returned > op->returned; at--)
			place[at] = place[at - 1];
		place[at] = next[i];
		allowed++;
	}
	return allowed;
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
	search->done |= UINT64_C(1) << place;
	found = search_from(search);
	if (found)
		return true;
	search->length--;
	search->done &= ~(UINT64_C(1) << place);
	return false;
}

static bool search_from(struct search *search)
{
	unsigned place[MACHINE_CPUS_MAX];
	unsigned length = search->length, count;
	struct finding finding;

	if (length == search->history->count) {
		memset(&finding, 0, sizeof finding);
		if (search->end.agrees(search->end.context, &finding))
			return true;
		note(search, HISTORY_OPS_MAX, &finding);
		return false;
	}
	if (is_dead(search))
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

bool judge_history(struct judge *judge, const struct history *history,
                   struct reference *reference, struct judge_end end,
                   struct judgement *judgement)
{
	struct search search = { .judge = judge,
		                 .history = history,
		                 .reference = reference,
		                 .end = end,
		                 .best = judgement };

	memset(judgement, 0, sizeof *judgement);
	judge->dead_count = 0;
	reference_copy(judge->start, reference);
	judgement->linearizable = search_from(&search);
	if (judgement->linearizable) {
		memcpy(judgement->order, search.order, sizeof judgement->order);
		judgement->length = search.length;
	}
	return judgement->linearizable;
}
