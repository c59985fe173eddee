/* pagetable.h: the page table of a process, a radix tree of four levels.
 *
 * A table is a page of 512 entries: PTEs at the lowest level, else numbers of
 * tables. Tables are made when pages are committed, and stay: an empty one is
 * given back when its process ends, or when none is left (pagetable_prune), both
 * with the machine's gate closed and after the batches in progress have ended.
 * So a walk never sees a table go, and needs no lock.
 *
 *   may run beside        find    make    walk, set    prune   (on other CPUs)
 *   find (accesses)        yes     yes       yes        yes: batches are waited for
 *   make (services)        yes     yes       yes        no
 *   walk, set (a range's)  yes     yes   other ranges   no */
#ifndef CORE_PAGETABLE_H
#define CORE_PAGETABLE_H

#include "../atomic.h"
#include "../machine/stack.h"
#include "pte.h"

struct vmm;
struct process;

struct table {
	struct atomic64 entry[TABLE_ENTRIES]; /* PTEs, or table numbers */
};

struct tables {
	/* fixed after create */
	struct table *table; /* table 0 is not used: an entry of 0 is no table */
	/* of each table: bit i: cache line i was written to since the table was
	 * taken; a hint, so that walks skip the others (INV-08) */
	struct atomic64 *lines;
	struct atomic32 *link; /* of the stack */
	uint32_t count;
	/* any CPU */
	_Alignas(VMM_CACHE_LINE) struct stack free;
	struct atomic64 fresh; /* tables at and above it were never used */
	struct atomic64 used;
};

/* Tables that a machine can ever need at once. */
uint32_t tables_needed(uint64_t commit_limit, uint32_t processes);
void tables_lay_out(struct tables *tables, struct arena *arena, uint32_t count);
void tables_reset(struct tables *tables);

/* The root of an empty page table, or 0. */
uint32_t pagetable_create(struct tables *tables, unsigned cpu);
/* Gives back all tables; every PTE is 0, and no CPU walks them. */
void pagetable_destroy(struct tables *tables, unsigned cpu, uint32_t root);
/* Gives back the empty tables of the living processes. The gate is closed. */
void pagetable_prune(struct vmm *vm, unsigned cpu);

/* The slot of a page's PTE, or NULL where no table covers it (the PTE is 0). */
struct atomic64 *pagetable_find(const struct tables *tables, uint32_t root, uint64_t page);

/* Makes the tables for pages first..last. False: the arena is exhausted; what was
 * made stays, empty. */
bool pagetable_make(struct tables *tables, unsigned cpu, uint32_t root, uint64_t first,
                    uint64_t last);

/* The PTEs of pages first..last that lie in one leaf table. */
struct leaf {
	struct atomic64 *slot; /* of first */
	uint64_t first, last;
};
/* The part of first..last that lies in first's leaf table, for setting PTEs:
 * the tables were made. */
struct leaf pagetable_leaf(struct tables *tables, uint32_t root, uint64_t first, uint64_t last);

/* A walk over the PTEs of first..last that are not 0, in rising order. It skips
 * whatever has no tables, so it is quick over an empty terabyte. PTEs may be
 * changed behind it, also to 0. */
struct pagetable_walk {
	const struct tables *tables;
	uint32_t root;
	uint64_t page, last; /* still to be looked at */
	uint32_t leaf;       /* the table that page is in, or 0 */
};
struct pagetable_walk pagetable_walk(const struct tables *tables, uint32_t root, uint64_t first,
                                     uint64_t last);
/* The next PTE and its slot; false: there is none. */
bool pagetable_walk_next(struct pagetable_walk *walk, uint64_t *page, struct atomic64 **slot);

/* Tables that a root reaches, itself included; for inspection at rest. */
uint32_t pagetable_count(const struct tables *tables, uint32_t root);

#endif
