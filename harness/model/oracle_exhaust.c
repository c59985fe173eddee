/* oracle_exhaust.c: depth first through all choices. The branches from the root to
 * the present leaf lie on a stack; an execution repeats them and then takes the
 * first choice everywhere. */
#include <limits.h>

#include "../support/memory.h"
#include "fiber.h"
#include "oracle_kinds.h"

bool oracle_exhaust_start(struct oracle *oracle)
{
	oracle->depth = 0;
	oracle->preemptions = 0;
	oracle->is_cut = false;
	if (oracle->executions == 0)
		return true;
	while (oracle->branches > 0) {
		struct oracle_branch *last = &oracle->branch[oracle->branches - 1];

		if (++last->next < last->count)
			return true;
		oracle->branches--;
	}
	return false;
}

static bool is_new(const struct oracle *oracle)
{
	return oracle->depth == oracle->branches;
}

static unsigned choose(struct oracle *oracle, unsigned count)
{
	if (count == 1)
		return 0;
	if (!is_new(oracle))
		return oracle->branch[oracle->depth++].next;
	if (oracle->is_cut)
		return 0;
	if (oracle->branches == oracle->branch_capacity) {
		fiber_unseen_begin();
		oracle->branch = memory_grow(oracle->branch, &oracle->branch_capacity,
		                             oracle->branches + 1, sizeof *oracle->branch);
		fiber_unseen_end();
	}
	oracle->branch[oracle->branches++] = (struct oracle_branch){ 0, (uint8_t)count };
	oracle->depth++;
	return 0;
}

static bool may_branch(const struct oracle *oracle, const struct oracle_point *point)
{
	return oracle_candidates(point) > 1 &&
	       (!point->goes_on || oracle->preemptions < oracle->preemptions_max);
}

unsigned oracle_exhaust_schedule(struct oracle *oracle, const struct oracle_point *point)
{
	unsigned index;

	if (!may_branch(oracle, point))
		return oracle_usual(point);
	index = choose(oracle, oracle_candidates(point));
	oracle->preemptions += point->goes_on && index > 0;
	return oracle_candidate(point, index);
}

unsigned oracle_exhaust_value(struct oracle *oracle, unsigned count)
{
	oracle->has_values = true;
	return choose(oracle, count);
}

/* ---- States -------------------------------------------------------------------------- */

bool oracle_cuts_off(const struct oracle *oracle)
{
	return oracle->kind == ORACLE_EXHAUST && oracle->cut_off;
}

bool oracle_asks_state(const struct oracle *oracle, const struct oracle_point *point)
{
	return oracle_cuts_off(oracle) && is_new(oracle) && !oracle->is_cut &&
	       (oracle->has_values || may_branch(oracle, point));
}

/* With a bound it matters, too, how much of it is used, and whose running on is
 * free. */
void oracle_state(struct oracle *oracle, const struct oracle_point *point, uint64_t hash)
{
	if (oracle->preemptions_max != UINT_MAX)
		hash = seen_mix(hash, (uint64_t)oracle->preemptions << 32 |
		                              (point->goes_on ? point->current + 1u : 0));
	fiber_unseen_begin();
	oracle->is_cut = !seen_add(&oracle->seen, hash);
	fiber_unseen_end();
}
