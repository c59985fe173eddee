/* reproducer.c: see reproducer.h. Entries are dropped one by one, and their gaps
 * reduced, while what is left still fails. */
#include "reproducer.h"

#include <stdio.h>
#include <string.h>

enum { REPLAYS = 1000, ANEW_MAX = 300000 };

static bool fails(const struct search *search, const struct oracle_entry entry[], size_t count)
{
	static struct search_result result;
	struct search replay = *search;

	replay.kind = ORACLE_REPLAY;
	replay.sparse = false;
	replay.entry = entry;
	replay.entries = count;
	replay.most = 1;
	search_run(&replay, &result);
	return result.failures != 0;
}

/* Without entry `at`; later ones of its sort stay where they were in time. */
static bool drop(const struct oracle_entry from[], size_t count, size_t at, bool stay,
                 struct oracle_entry to[])
{
	memcpy(to, from, at * sizeof *to);
	memcpy(to + at, from + at + 1, (count - at - 1) * sizeof *to);
	for (size_t i = at; stay && i < count - 1; i++) {
		uint32_t gap = to[i].gap + from[at].gap + 1u;

		if ((to[i].choice != 0) != (from[at].choice != 0))
			continue;
		if (gap > UINT16_MAX)
			return false;
		to[i].gap = (uint16_t)gap;
		break;
	}
	return true;
}

static bool drop_any(const struct search *search, struct oracle_entry entry[], size_t *count)
{
	static struct oracle_entry less[SEARCH_ENTRIES_MAX];
	bool any = false;

	for (size_t at = *count; at-- > 0;) {
		for (int stay = 1; stay >= 0; stay--) {
			if (!drop(entry, *count, at, stay == 1, less) ||
			    !fails(search, less, *count - 1))
				continue;
			(*count)--;
			memcpy(entry, less, *count * sizeof *entry);
			any = true;
			break;
		}
	}
	return any;
}

static void search_anew(const struct search *anew, struct search_result *result)
{
	static struct search_result again;

	search_run(anew, &again);
	if (again.failures == 0 || again.entries >= result->entries)
		return;
	result->entries = again.entries;
	memcpy(result->entry, again.entry, again.entries * sizeof *again.entry);
	while (drop_any(anew, result->entry, &result->entries))
		;
}

void reproducer_shrink(const struct search *search, struct search_result *result)
{
	static struct oracle_entry entry[SEARCH_ENTRIES_MAX];
	struct search anew = *search;

	while (drop_any(search, result->entry, &result->entries))
		;
	/* Where dropping does not get far: schedules with the fewest preemptions have
	 * few entries, and among all that have few, some fail. */
	anew.most = ANEW_MAX;
	anew.to_the_end = true;
	for (anew.preemptions = 0; anew.preemptions <= 2; anew.preemptions++)
		if (result->entries > SEARCH_ENTRIES_FEW)
			search_anew(&anew, result);
	anew.kind = ORACLE_REPLAY;
	anew.sparse = true;
	anew.seed = 1;
	anew.entry = entry;
	anew.entries = result->entries;
	memcpy(entry, result->entry, result->entries * sizeof *entry);
	if (result->entries > SEARCH_ENTRIES_FEW)
		search_anew(&anew, result);
}

unsigned reproducer_replay(const struct search *search, const struct search_result *result)
{
	static struct search_result again;
	struct search replay = *search;
	uint64_t failed = 0;

	replay.kind = ORACLE_REPLAY;
	replay.sparse = false;
	replay.entry = result->entry;
	replay.entries = result->entries;
	replay.most = REPLAYS;
	replay.to_the_end = true;
	/* A process that was stopped, or whose CPUs were given up, plays no more. */
	while (replay.most > 0) {
		search_run(&replay, &again);
		failed += again.failures;
		replay.most -= again.executions;
		if (again.failures == 0)
			break;
	}
	return (unsigned)failed;
}

void reproducer_print(const struct search_result *result)
{
	printf("%zu bytes (", result->entries * sizeof result->entry[0]);
	for (size_t i = 0; i < result->entries; i++) {
		const struct oracle_entry *entry = &result->entry[i];

		printf(entry->choice == 0 ? "%safter %u CPU %u" : "%safter %u value %u",
		       i == 0 ? "" : ", ", entry->gap,
		       entry->choice == 0 ? entry->cpu : entry->choice - 1u);
	}
	printf(")");
}
