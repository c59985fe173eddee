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
/* The same; what is new in it is zeroed. */
void *memory_grow_zeroed(void *array, size_t *capacity, size_t needed, size_t element);

/* Blocks of one size, at least a pointer's, that are given back to be taken
 * again. Whether a block is new is seen nowhere else, so a fuzz target covers
 * the same code in its first run as in its millionth. Zeroed, it is empty. */
struct memory_stock {
	void *first;
};
/* A zeroed block. */
void *memory_stock_take(struct memory_stock *stock, size_t size);
/* The block may be NULL, which is none. */
void memory_stock_give(struct memory_stock *stock, void *block);
/* Frees what was given back. */
void memory_stock_empty(struct memory_stock *stock);

#endif
