/* afl_mutator.c: AFL++'s hooks around the mutator, as the shared library that it
 * loads (AFL_CUSTOM_MUTATOR_LIBRARY). One afl-fuzz is one process with one of it. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../generate/prng.h"
#include "mutates.h"

/* As libFuzzer's -max_len. AFL++'s own limit is a megabyte. */
enum { INPUT_MAX = 4096 };

#define HOOK __attribute__((visibility("default")))

HOOK void *afl_custom_init(void *afl, unsigned seed);
HOOK void afl_custom_deinit(void *mutator);
HOOK size_t afl_custom_fuzz(void *mutator, uint8_t *data, size_t size, uint8_t **out,
                            const uint8_t *other, size_t other_size, size_t max_size);
HOOK const char *afl_custom_describe(void *mutator, size_t room);

static struct {
	struct prng prng;
	uint8_t out[INPUT_MAX];
	const char *did;
} state;

/* The seed follows from afl-fuzz's own. */
void *afl_custom_init(void *afl, unsigned seed)
{
	(void)afl;
	prng_seed(&state.prng, seed);
	return &state;
}

void afl_custom_deinit(void *mutator)
{
	(void)mutator;
}

/* Crossover as often as libFuzzer's hooks come to it: in every fifth call. */
size_t afl_custom_fuzz(void *mutator, uint8_t *data, size_t size, uint8_t **out,
                       const uint8_t *other, size_t other_size, size_t max_size)
{
	size_t room = max_size < INPUT_MAX ? max_size : INPUT_MAX;
	uint64_t seed = prng_next(&state.prng);
	size_t made = 0;

	(void)mutator;
	*out = state.out;
	state.did = "faultline-crossover";
	if (other != NULL && other_size > 0 && seed % 5 == 0)
		made = crossover_bytes(data, size, other, other_size, state.out, room, seed / 5,
		                       MUTATES_CONCURRENT);
	if (made > 0)
		return made;
	state.did = "faultline-mutate";
	size = size < room ? size : room;
	memcpy(state.out, data, size);
	return mutate_bytes(state.out, size, room, seed, MUTATES_CONCURRENT);
}

/* Goes into the names of files in AFL++'s queue; the campaign counts them. */
const char *afl_custom_describe(void *mutator, size_t room)
{
	(void)mutator;
	return strlen(state.did) < room ? state.did : "";
}
