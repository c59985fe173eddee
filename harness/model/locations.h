/* locations.h: the words of memory that an execution has used through
 * core/atomic.h, numbered in the order of their first use. A location is 8 bytes,
 * and narrower words are parts of one. For harness/model alone. */
#ifndef LOCATIONS_H
#define LOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "raw.h"

/* LOCATION_STORES: that MODEL_VIEWS remembers of each; a power of two. */
enum { LOCATIONS_MAX = 1024, LOCATION_STORES = 16 };

struct location {
	uint64_t *word;
	uint64_t value; /* the newest one */
	uint32_t last;  /* MODEL_VIEWS: the number of the newest store; the first is 0 */
};

struct locations {
	struct location at[LOCATIONS_MAX];
	unsigned count;
	/* MODEL_SEQUENTIAL: of all words and their values, whatever their order. */
	uint64_t hash;
};

extern struct locations locations;

/* Before an execution: there are none. */
void locations_start(void);
/* The number of the location; *is_new: it had none yet, and now has the value that
 * lies in memory. Ends the process when there are too many. */
unsigned locations_find(const void *memory, bool *is_new);
void locations_set(unsigned number, uint64_t value);

#endif
