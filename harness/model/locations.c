/* locations.c: see locations.h. */
#include "locations.h"

#include <stdio.h>
#include <stdlib.h>

#include "seen.h"

enum { PLACES = 4 * LOCATIONS_MAX };

/* Open addressing. Places of an earlier execution are empty. */
struct place {
	const uint64_t *word;
	uint32_t execution;
	uint32_t number;
};

struct locations locations;

static struct place places[PLACES];
static uint32_t execution;

void locations_start(void)
{
	locations.count = 0;
	locations.hash = 0;
	if (++execution != 0)
		return;
	for (unsigned i = 0; i < PLACES; i++)
		places[i].execution = 0;
	execution = 1;
}

static uint64_t share_of(const uint64_t *word, uint64_t value)
{
	return seen_mix((uintptr_t)word, value);
}

static void add(struct place *place, uint64_t *word)
{
	struct location *location = &locations.at[locations.count];

	if (locations.count == LOCATIONS_MAX) {
		fprintf(stderr, "faultline: an execution shares more than %u words\n",
		        (unsigned)LOCATIONS_MAX);
		abort();
	}
	*place = (struct place){ word, execution, locations.count++ };
	*location = (struct location){ word, raw_load(word, sizeof *word), 0 };
	locations.hash += share_of(word, location->value);
}

unsigned locations_find(const void *memory, bool *is_new)
{
	uint64_t *word = raw_word_of(memory);
	unsigned index = (unsigned)(seen_mix((uintptr_t)word, 0) % PLACES);

	while (places[index].execution == execution && places[index].word != word)
		index = (index + 1) % PLACES;
	*is_new = places[index].execution != execution;
	if (*is_new)
		add(&places[index], word);
	return places[index].number;
}

void locations_set(unsigned number, uint64_t value)
{
	struct location *location = &locations.at[number];

	locations.hash += share_of(location->word, value);
	locations.hash -= share_of(location->word, location->value);
	location->value = value;
}
