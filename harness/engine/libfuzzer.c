/* libfuzzer.c: libFuzzer's hooks around the mutator. The custom mutator replaces
 * the engine's own, which would tear records apart. */
#include <stddef.h>
#include <stdint.h>

#include "mutates.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return mutate_bytes(data, size, max_size, seed, MUTATES_CONCURRENT);
}

/* The engine would choose crossover half of the time, which is too often: 0 asks
 * it to try something else. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t max_size, unsigned seed)
{
	return seed % 4 != 0 ? 0
	                     : crossover_bytes(a, a_size, b, b_size, out, max_size, seed / 4,
	                                       MUTATES_CONCURRENT);
}
