/* memory.c: see memory.h. */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE = 1 << 20 };

_Noreturn void memory_exhausted(void)
{
	fputs("faultline: out of memory\n", stderr);
	exit(3);
}

void *memory_resize(void *old, size_t size)
{
	if (size == 0) {
		free(old);
		return NULL;
	}
	void *memory = realloc(old, size);
	if (memory == NULL)
		memory_exhausted();
	return memory;
}

void *memory_zeroed(size_t size)
{
	if (size == 0)
		return NULL;
	void *memory = calloc(1, size);
	if (memory == NULL)
		memory_exhausted();
	return memory;
}

void *memory_grow(void *array, size_t *capacity, size_t needed, size_t element)
{
	if (needed <= *capacity)
		return array;
	size_t wanted = *capacity < 8 ? 8 : *capacity;
	while (wanted < needed) {
		size_t more = wanted > LARGE / element ? wanted / 4 : wanted;
		if (wanted > SIZE_MAX - more)
			memory_exhausted();
		wanted += more;
	}
	if (wanted > SIZE_MAX / element)
		memory_exhausted();
	*capacity = wanted;
	return memory_resize(array, wanted * element);
}

void *memory_grow_zeroed(void *array, size_t *capacity, size_t needed, size_t element)
{
	size_t old = *capacity;
	char *grown = memory_grow(array, capacity, needed, element);
	if (*capacity > old)
		memset(grown + old * element, 0, (*capacity - old) * element);
	return grown;
}

/* ---- Stocks of blocks ------------------------------------------------------------ */

/* A block that nobody has begins with where the next one is. */
void *memory_stock_take(struct memory_stock *stock, size_t size)
{
	void *block = stock->first;
	if (block == NULL)
		return memory_zeroed(size);
	memcpy(&stock->first, block, sizeof stock->first);
	return memset(block, 0, size);
}

void memory_stock_give(struct memory_stock *stock, void *block)
{
	if (block == NULL)
		return;
	memcpy(block, &stock->first, sizeof stock->first);
	stock->first = block;
}

void memory_stock_empty(struct memory_stock *stock)
{
	while (stock->first != NULL) {
		void *block = stock->first;
		memcpy(&stock->first, block, sizeof stock->first);
		free(block);
	}
}
