/* writes.c: a hash table of words. The state is a sum, so that it does not matter
 * which of two words was written to first. */
#include "writes.h"

#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"

enum { CAPACITY_LEAST = 256 };

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
	return hash ^ hash >> 32;
}

void writes_clear(struct writes *writes)
{
	if (writes->count > 0)
		memset(writes->place, 0, writes->capacity * sizeof writes->place[0]);
	writes->count = 0;
	writes->state = 0;
}

void writes_destroy(struct writes *writes)
{
	free(writes->place);
	*writes = (struct writes){ .place = NULL };
}

static struct writes_word *place_of(const struct writes *writes, const void *word)
{
	size_t at = (size_t)mix(1, (uint64_t)(uintptr_t)word) & (writes->capacity - 1);

	while (writes->place[at].word != NULL && writes->place[at].word != word)
		at = (at + 1) & (writes->capacity - 1);
	return &writes->place[at];
}

static void grow(struct writes *writes)
{
	struct writes old = *writes;

	writes->capacity = old.capacity == 0 ? CAPACITY_LEAST : 2 * old.capacity;
	writes->place = memory_zeroed(writes->capacity * sizeof writes->place[0]);
	for (size_t i = 0; i < old.capacity; i++)
		if (old.place[i].word != NULL)
			*place_of(writes, old.place[i].word) = old.place[i];
	free(old.place);
}

void writes_note(void *context, unsigned cpu, const void *word)
{
	struct writes *writes = context;
	struct writes_word *place;
	const uint64_t name = (uint64_t)(uintptr_t)word;

	if (2 * (writes->count + 1) > writes->capacity)
		grow(writes);
	place = place_of(writes, word);
	if (place->word == NULL) {
		*place = (struct writes_word){ word, 0 };
		writes->count++;
	} else {
		writes->state -= mix(place->order, name);
	}
	place->order = mix(place->order + 1, cpu + 1);
	writes->state += mix(place->order, name);
}

uint64_t writes_state(void *context)
{
	return ((const struct writes *)context)->state;
}
