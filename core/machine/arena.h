/* arena.h: where the machine's own records come from. The arena is laid out
 * twice by the same code: first without memory, to learn the size, then over
 * the one mapping that the host gave. Nothing is ever returned to it; each kind
 * of record keeps a free list of its own. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "../base.h"

struct arena {
	uint8_t *memory; /* NULL while measuring */
	size_t used;     /* bytes */
};

/* count records of `size` bytes, aligned to a cache line; NULL while measuring. */
static inline void *arena_take(struct arena *arena, size_t count, size_t size)
{
	size_t start = (size_t)align_up(arena->used, VMM_CACHE_LINE);

	arena->used = start + count * size;
	return arena->memory == NULL ? NULL : arena->memory + start;
}

/* The same, aligned to a page. */
static inline void *arena_take_pages(struct arena *arena, size_t pages)
{
	arena->used = (size_t)align_up(arena->used, VMM_PAGE_SIZE);
	return arena_take(arena, pages, (size_t)VMM_PAGE_SIZE);
}

#endif
