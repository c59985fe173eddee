/* stream.h: random addresses. A stream goes on from sample to sample: one that
 * started anew would replay the same few thousand addresses, and what misses the
 * cache would look two to three times too quick. */
#ifndef STREAM_H
#define STREAM_H

#include <stdint.h>

#define STREAM_SEED UINT64_C(88172645463325252)

static inline uint64_t stream_next(uint64_t *state) /* xorshift64 (Marsaglia 2003) */
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

/* The offset of an aligned word of a random page, out of the one cache line that
 * is used of each page; `pages` is a power of two. The lines of neighbouring
 * pages fall into different sets of the cache, so 256 pages are 16 KiB of data:
 * what is seen is the translation, and both sides see the same data. */
static inline uint64_t stream_hot(uint64_t *state, uint64_t pages)
{
	uint64_t word = stream_next(state) & ((pages << 12) - 1) & ~UINT64_C(0xFC7);

	return word | (word >> 6 & 0xFC0);
}

/* An address in a random one of `count` ranges, each half a stride long. */
static inline uint64_t stream_range(uint64_t *state, uint64_t base, uint64_t count, uint64_t stride)
{
	uint64_t x = stream_next(state);

	return base + (x >> 20) % count * stride + (x & (stride / 2 - 1));
}

/* The same, mostly in one of four neighbours; now and then it moves on. */
static inline uint64_t stream_near(uint64_t *state, uint64_t *near, uint64_t base, uint64_t count,
                                   uint64_t stride)
{
	uint64_t x = stream_next(state);

	if ((x & 63) == 0)
		*near = (x >> 20) % count;
	return base + (*near + (x >> 8 & 3)) % count * stride;
}

#endif
