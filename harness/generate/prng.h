/* prng.h: the one random generator of the harness.
 *
 * xoshiro256** of Blackman and Vigna, its state filled by splitmix64. It uses
 * 64-bit arithmetic alone, so a seed gives the same numbers on every machine,
 * compiler and build; a failure is then repeated from its seed. */
#ifndef PRNG_H
#define PRNG_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
	uint64_t state[4];
};

/* Any seed will do, 0 too: splitmix64 never leaves all four words zero. */
static inline void prng_seed(struct prng *prng, uint64_t seed)
{
	for (unsigned i = 0; i < 4; i++) {
		seed += UINT64_C(0x9e3779b97f4a7c15);
		uint64_t word = seed;
		word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
		prng->state[i] = word ^ (word >> 31);
	}
}

static inline uint64_t prng_rotate(uint64_t word, unsigned left)
{
	return word << left | word >> (64 - left);
}

/* A number of 64 random bits. */
static inline uint64_t prng_next(struct prng *prng)
{
	uint64_t *state = prng->state;
	uint64_t result = prng_rotate(state[1] * 5, 7) * 9;
	uint64_t shifted = state[1] << 17;
	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= shifted;
	state[3] = prng_rotate(state[3], 45);
	return result;
}

/* A number in 0..n-1; n is at least 1. Small n, which are nearly all, take one
 * multiplication; the bias, below n / 2^32, does not matter to a fuzzer. */
static inline uint64_t prng_below(struct prng *prng, uint64_t n)
{
	uint64_t word = prng_next(prng);
	return n <= UINT32_MAX ? (word >> 32) * n >> 32 : word % n;
}

/* True in numerator of denominator cases. */
static inline bool prng_chance(struct prng *prng, unsigned numerator, unsigned denominator)
{
	return prng_below(prng, denominator) < numerator;
}

#endif
