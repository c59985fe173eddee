/* pagetable.h: the page table of a process, a radix tree of four levels of 512
 * atomic words. A table without entries is given back at once, so that tables
 * never outnumber what is committed and the arena is never exhausted. */
#ifndef CORE_PAGETABLE_H
#define CORE_PAGETABLE_H

#include "../atomic.h"
#include "pte.h"

struct vmm;
struct process;

struct table {
	struct atomic64 entry[TABLE_ENTRIES]; /* PTEs, or table numbers */
};

struct tables {
	struct table *table; /* table 0 is not used: an entry of 0 is no table */
	/* of each table; INV-08 */
	uint16_t *live;      /* entries that are not 0 */
	uint64_t *lines;     /* bit i: cache line i was written to since the table was
	                        taken; a hint, so that walks skip the others */
	uint32_t *link;      /* while free: the next free table */
	uint32_t free, fresh, used, count;
};

/* Tables that a machine can ever need at once. */
uint32_t tables_needed(uint64_t commit_limit, uint32_t processes);
void tables_lay_out(struct tables *tables, struct arena *arena, uint32_t count);
void tables_reset(struct tables *tables);

/* The root of an empty page table, or 0. */
uint32_t pagetable_create(struct tables *tables);
void pagetable_destroy(struct tables *tables, uint32_t root);

/* The slot of a page's PTE, or NULL where no table covers it (the PTE is 0). */
struct atomic64 *pagetable_find(const struct tables *tables, uint32_t root, uint64_t page);

/* Makes the tables for pages first..last. False: the arena is exhausted, and
 * nothing has changed. */
bool pagetable_prepare(struct tables *tables, uint32_t root, uint64_t first, uint64_t last);
/* Sets a PTE from 0, in tables that were prepared, and back to 0. */
void pagetable_set(struct tables *tables, uint32_t root, uint64_t page, pte_t pte);
pte_t pagetable_clear(struct tables *tables, uint32_t root, uint64_t page);

/* A walk over the PTEs of first..last that are not 0, in rising order. It skips
 * whatever has no tables, so it is quick over an empty terabyte. PTEs behind the
 * walk may be cleared, those before it may not be set. */
struct pagetable_walk {
	const struct tables *tables;
	uint32_t root;
	uint64_t page, last; /* still to be looked at */
	uint32_t leaf;       /* the table that page is in, while left is not 0 */
	unsigned left;       /* at most this many entries of the leaf are not 0 */
};
struct pagetable_walk pagetable_walk(const struct tables *tables, uint32_t root, uint64_t first,
                                     uint64_t last);
/* The next PTE; false: there is none. */
bool pagetable_walk_next(struct pagetable_walk *walk, uint64_t *page, pte_t *pte);

#endif
