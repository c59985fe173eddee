/* memory.h: allocation that cannot fail half-way.
 *
 * The harness has nothing better to do than to stop when the machine has no
 * memory: every function here then prints so and ends the process with exit
 * status 3, and no caller checks for NULL. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

_Noreturn void memory_exhausted(void);
/* realloc; NULL for size 0, which frees. */
void *memory_resize(void *old, size_t size);
/* size zeroed bytes; NULL for size 0. */
void *memory_zeroed(size_t size);
/* Room for at least `needed` elements. *capacity doubles, from 1 MiB on it
 * grows by a quarter, so that a loop of appends costs amortised constant time
 * and a large array little room. Returns the array's new place. */
void *memory_grow(void *array, size_t *capacity, size_t needed, size_t element);

#endif
