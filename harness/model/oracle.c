/* oracle.c: what all oracles have in common, and the two simple ones: the random
 * walk and the replay. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"
#include "fiber.h"
#include "oracle_kinds.h"

/* ---- Making them -------------------------------------------------------------------- */

static struct oracle *create(enum oracle_kind kind, uint64_t seed)
{
	struct oracle *oracle = memory_zeroed(sizeof *oracle);

	oracle->kind = kind;
	prng_seed(&oracle->prng, seed);
	return oracle;
}

struct oracle *oracle_random(uint64_t seed)
{
	return create(ORACLE_RANDOM, seed);
}

struct oracle *oracle_pct(uint64_t seed, unsigned depth, uint64_t length)
{
	struct oracle *oracle = create(ORACLE_PCT, seed);
	unsigned changes = depth == 0 ? 0 : depth - 1;

	oracle->changes = changes < ORACLE_CHANGES_MAX ? changes : ORACLE_CHANGES_MAX;
	oracle->length = length == 0 ? 1 : length;
	return oracle;
}

struct oracle *oracle_replay(const struct oracle_entry *entry, size_t count)
{
	struct oracle *oracle = create(ORACLE_REPLAY, 0);

	oracle->given = memory_zeroed(count * sizeof *entry);
	oracle->given_count = count;
	if (count > 0)
		memcpy(oracle->given, entry, count * sizeof *entry);
	return oracle;
}

struct oracle *oracle_exhaust(unsigned preemptions, bool cut_off)
{
	struct oracle *oracle = create(ORACLE_EXHAUST, 0);

	oracle->preemptions_max = preemptions;
	oracle->cut_off = cut_off;
	return oracle;
}

void oracle_destroy(struct oracle *oracle)
{
	if (oracle == NULL)
		return;
	seen_destroy(&oracle->seen);
	free(oracle->made);
	free(oracle->given);
	free(oracle->branch);
	free(oracle);
}

/* ---- The CPUs at a point --------------------------------------------------------------- */

/* The first of them at or behind cpu, going round. */
static unsigned runnable_from(uint32_t runnable, unsigned cpu)
{
	unsigned found = cpu % ORACLE_CPUS_MAX;

	while ((runnable >> found & 1) == 0)
		found = (found + 1) % ORACLE_CPUS_MAX;
	return found;
}

unsigned oracle_usual(const struct oracle_point *point)
{
	return point->goes_on ? point->current : runnable_from(point->runnable, point->current + 1);
}

unsigned oracle_candidates(const struct oracle_point *point)
{
	return (unsigned)__builtin_popcount(point->runnable);
}

/* Behind the usual one the others stand by their numbers. */
unsigned oracle_candidate(const struct oracle_point *point, unsigned index)
{
	unsigned usual = oracle_usual(point);
	unsigned cpu = 0;

	if (index == 0)
		return usual;
	for (uint32_t left = point->runnable & ~(UINT32_C(1) << usual);; left &= left - 1) {
		cpu = (unsigned)__builtin_ctz(left);
		if (--index == 0)
			return cpu;
	}
}

/* ---- Entries ------------------------------------------------------------------------------ */

static void append(struct oracle *oracle, const struct oracle_entry *entry)
{
	if (oracle->made_count == oracle->made_capacity) {
		fiber_unseen_begin();
		oracle->made = memory_grow(oracle->made, &oracle->made_capacity,
		                           oracle->made_count + 1, sizeof *entry);
		fiber_unseen_end();
	}
	oracle->made[oracle->made_count++] = *entry;
}

/* A gap that is too long for an entry is cut by one that chooses the usual. */
static void note(struct oracle *oracle, struct oracle_sort *sort, bool usual, unsigned cpu,
                 unsigned choice)
{
	struct oracle_entry entry = { (uint16_t)sort->gap, (uint8_t)cpu, (uint8_t)choice };

	if (usual && sort->gap < UINT16_MAX) {
		sort->gap++;
		return;
	}
	append(oracle, &entry);
	sort->gap = 0;
}

/* REPLAY: the entry that is due at this choice, or NULL. */
static const struct oracle_entry *due(const struct oracle *oracle, struct oracle_sort *sort,
                                      bool values)
{
	while (sort->next < oracle->given_count &&
	       (oracle->given[sort->next].choice != 0) != values)
		sort->next++;
	if (sort->next == oracle->given_count || oracle->given[sort->next].gap != sort->gap)
		return NULL;
	return &oracle->given[sort->next++];
}

/* ---- Choices -------------------------------------------------------------------------------- */

static unsigned replay_schedule(struct oracle *oracle, const struct oracle_point *point)
{
	const struct oracle_entry *entry = due(oracle, &oracle->schedule, false);

	return entry == NULL ? oracle_usual(point) : runnable_from(point->runnable, entry->cpu);
}

static unsigned replay_value(struct oracle *oracle, unsigned count)
{
	const struct oracle_entry *entry = due(oracle, &oracle->value, true);
	unsigned value = entry == NULL ? 0 : entry->choice - 1u;

	return value < count ? value : count - 1;
}

/* Old values are rare on real machines, too; a walk that saw them half of the time
 * at every load would hardly get anywhere. */
static unsigned random_value(struct oracle *oracle, unsigned count)
{
	return prng_chance(&oracle->prng, 1, 2) ? 0 : (unsigned)prng_below(&oracle->prng, count);
}

unsigned oracle_schedule(struct oracle *oracle, const struct oracle_point *point)
{
	unsigned cpu = 0;

	switch (oracle->kind) {
	case ORACLE_RANDOM:
		cpu = oracle_candidate(point, (unsigned)prng_below(&oracle->prng,
		                                                   oracle_candidates(point)));
		break;
	case ORACLE_PCT:
		cpu = oracle_pct_schedule(oracle, point);
		break;
	case ORACLE_REPLAY:
		cpu = replay_schedule(oracle, point);
		break;
	case ORACLE_EXHAUST:
		cpu = oracle_exhaust_schedule(oracle, point);
		break;
	}
	note(oracle, &oracle->schedule, cpu == oracle_usual(point), cpu, 0);
	return cpu;
}

unsigned oracle_value(struct oracle *oracle, unsigned count)
{
	unsigned value = 0;

	if (count == 1)
		return 0;
	switch (oracle->kind) {
	case ORACLE_RANDOM:
	case ORACLE_PCT:
		value = random_value(oracle, count);
		break;
	case ORACLE_REPLAY:
		value = replay_value(oracle, count);
		break;
	case ORACLE_EXHAUST:
		value = oracle_exhaust_value(oracle, count);
		break;
	}
	note(oracle, &oracle->value, value == 0, 0, value + 1);
	return value;
}

/* ---- Executions ------------------------------------------------------------------------------ */

bool oracle_next(struct oracle *oracle)
{
	oracle->made_count = 0;
	oracle->schedule = oracle->value = (struct oracle_sort){ 0, 0 };
	if (oracle->kind == ORACLE_EXHAUST && !oracle_exhaust_start(oracle))
		return false;
	if (oracle->kind == ORACLE_PCT)
		oracle_pct_start(oracle);
	oracle->executions++;
	return true;
}

void oracle_counts(const struct oracle *oracle, uint64_t *executions, uint64_t *states)
{
	*executions = oracle->executions;
	*states = oracle->seen.count;
}

size_t oracle_entries(const struct oracle *oracle, const struct oracle_entry **entry)
{
	*entry = oracle->made;
	return oracle->made_count;
}
