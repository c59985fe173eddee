/* seen.h: a set of states, each known by a hash of 64 bits alone. Two of n states
 * share one with a probability of about n^2 in 2^65, which is one in forty million
 * for a million states; the second would be cut off wrongly. */
#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, it is empty. Open addressing; 0 is an empty place. */
struct seen {
	uint64_t *hash;
	size_t count, capacity; /* capacity: a power of two, or 0 */
};

void seen_destroy(struct seen *seen);
/* False: it was there. */
bool seen_add(struct seen *seen, uint64_t hash);

/* A word more in a hash: the finalizer of MurmurHash3 over both. */
static inline uint64_t seen_mix(uint64_t hash, uint64_t word)
{
	hash = hash * UINT64_C(0x9e3779b97f4a7c15) + word;
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

#endif
