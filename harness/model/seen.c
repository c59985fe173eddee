/* seen.c: see seen.h. */
#include "seen.h"

#include <stdlib.h>

#include "../support/memory.h"

enum { FIRST_CAPACITY = 1 << 12 };

void seen_destroy(struct seen *seen)
{
	free(seen->hash);
	*seen = (struct seen){ NULL, 0, 0 };
}

/* Where the hash is, or the empty place for it. */
static uint64_t *place_of(const struct seen *seen, uint64_t hash)
{
	size_t place = hash & (seen->capacity - 1);

	while (seen->hash[place] != 0 && seen->hash[place] != hash)
		place = (place + 1) & (seen->capacity - 1);
	return &seen->hash[place];
}

static void grow(struct seen *seen)
{
	struct seen larger = { NULL, seen->count, FIRST_CAPACITY };

	if (seen->capacity > 0)
		larger.capacity = 2 * seen->capacity;
	larger.hash = memory_zeroed(larger.capacity * sizeof *larger.hash);
	for (size_t i = 0; i < seen->capacity; i++)
		if (seen->hash[i] != 0)
			*place_of(&larger, seen->hash[i]) = seen->hash[i];
	free(seen->hash);
	*seen = larger;
}

bool seen_add(struct seen *seen, uint64_t hash)
{
	uint64_t *place;

	hash += hash == 0;
	if (seen->count >= seen->capacity - seen->capacity / 4)
		grow(seen);
	place = place_of(seen, hash);
	if (*place == hash)
		return false;
	*place = hash;
	seen->count++;
	return true;
}
