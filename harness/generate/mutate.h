/* mutate.h: the mutator and the crossover of every engine: libFuzzer's and
 * AFL++'s custom hooks call these two.
 *
 * `concurrent`: every program has a concurrent part, which is mutated, too.
 *
 * They work on operations, not on bytes, and what they make is always in the
 * compiled form. The result depends on the arguments alone. Not thread-safe:
 * both reuse the memory of the call before. */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer inputs lose their tail, results are not longer. */
enum { MUTATE_OPS_MAX = 255 };

/* Changes data[0..size-1] in place; returns the new size, at most max_size.
 * Where max_size does not even hold an empty program the bytes stay as they
 * are, cut to max_size. */
size_t mutate_bytes(uint8_t *data, size_t size, size_t max_size, uint64_t seed, bool concurrent);

/* Joins a beginning of a with a part of b in out, which overlaps neither.
 * Returns the size, at most max_size, or 0 when nothing sensible came out. */
size_t crossover_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                       uint8_t *out, size_t max_size, uint64_t seed, bool concurrent);

#endif
