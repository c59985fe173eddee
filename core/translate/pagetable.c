/* pagetable.c: the radix page table. */
#include "pagetable.h"

#include "../vm.h"
#include "batch.h"

enum { LINE_ENTRIES = VMM_CACHE_LINE / 8 };

/* Pages under one entry of a level; level 0 holds PTEs. */
static unsigned level_shift(unsigned level)
{
	return TABLE_BITS * level;
}

static unsigned index_at(uint64_t page, unsigned level)
{
	return (unsigned)(page >> level_shift(level)) & (TABLE_ENTRIES - 1);
}

/* The cache line of an entry in its table: 64 lines of 8 entries. */
static unsigned line_of(unsigned index)
{
	return index / LINE_ENTRIES;
}

/* ---- The arena of tables ---------------------------------------------------- */

uint32_t tables_needed(uint64_t commit_limit, uint32_t processes)
{
	/* At worst every committed page stands alone under three tables of its
	 * own, beside the roots; one more path is made before it is filled. */
	uint64_t needed = 1 + processes + (TABLE_LEVELS - 1) * (commit_limit + 1);

	return needed > UINT32_MAX ? UINT32_MAX : (uint32_t)needed;
}

void tables_lay_out(struct tables *tables, struct arena *arena, uint32_t count)
{
	tables->count = count;
	tables->lines = arena_take(arena, count, sizeof tables->lines[0]);
	tables->link = arena_take(arena, count, sizeof tables->link[0]);
	tables->table = arena_take_pages(arena, count);
}

void tables_reset(struct tables *tables)
{
	stack_reset(&tables->free);
	/* relaxed: reset runs alone, the caller orders it. */
	atomic64_store_relaxed(&tables->fresh, 1);
	atomic64_store_relaxed(&tables->used, 0);
}

/* An empty table: tables are given back empty, and fresh ones are zero. 0: none. */
static uint32_t table_take(struct tables *tables, unsigned cpu)
{
	uint32_t index = 0;
	uint64_t fresh;

	if (!stack_pop(&tables->free, tables->link, cpu, &index)) {
		fresh = atomic64_load_relaxed(&tables->fresh);
		do {
			if (fresh == tables->count)
				return 0;
			/* relaxed: the counter only hands out numbers. */
		} while (!atomic64_cas_relaxed(&tables->fresh, &fresh, fresh + 1));
		index = (uint32_t)fresh;
	}
	/* relaxed: a count for inspection. */
	(void)atomic64_fetch_add_relaxed(&tables->used, 1);
	return index;
}

static void table_give(struct tables *tables, unsigned cpu, uint32_t table)
{
	(void)atomic64_fetch_sub_relaxed(&tables->used, 1); /* relaxed: as above */
	/* relaxed: the push publishes it. */
	atomic64_store_relaxed(&tables->lines[table], 0);
	stack_push(&tables->free, tables->link, cpu, table);
}

uint32_t pagetable_create(struct tables *tables, unsigned cpu)
{
	return table_take(tables, cpu);
}

/* ---- Finding and making ---------------------------------------------------------- */

struct atomic64 *pagetable_find(const struct tables *tables, uint32_t root, uint64_t page)
{
	uint32_t table = root;

	for (unsigned level = TABLE_LEVELS - 1; level > 0; level--) {
		/* acquire: pairs with the CAS in table_below; without it the table
		 * could be seen as it was in an earlier use. */
		table = (uint32_t)atomic64_load_acquire(
			&tables->table[table].entry[index_at(page, level)]);
		if (table == 0)
			return NULL;
	}
	return &tables->table[table].entry[index_at(page, 0)];
}

/* Entries of the table in these cache lines are about to be written. */
static void note_lines(struct tables *tables, uint32_t table, uint64_t lines)
{
	/* relaxed: whoever needs the hint for these entries got the right to look at
	 * them (a range's lock, the gate) from whoever set it. Written only when it
	 * changes, so that commits beside each other in one table do not share it. */
	if ((atomic64_load_relaxed(&tables->lines[table]) & lines) != lines)
		atomic64_or_relaxed(&tables->lines[table], lines);
}

/* The table that an entry names, made where missing; 0: the arena is exhausted. */
static uint32_t table_below(struct tables *tables, unsigned cpu, uint32_t table, unsigned index)
{
	struct atomic64 *entry = &tables->table[table].entry[index];
	/* acquire: as in pagetable_find. */
	uint64_t below = atomic64_load_acquire(entry);
	uint32_t made;

	if (below != 0)
		return (uint32_t)below;
	made = table_take(tables, cpu);
	if (made == 0)
		return 0;
	note_lines(tables, table, UINT64_C(1) << line_of(index));
	/* release half: publishes the empty table to pagetable_find. acquire: if
	 * another CPU was quicker, its table is used. */
	if (atomic64_cas_acq_rel(entry, &below, made))
		return made;
	table_give(tables, cpu, made);
	return (uint32_t)below;
}

/* The last page under the same leaf table. */
static uint64_t leaf_end(uint64_t page)
{
	return page | (TABLE_ENTRIES - 1);
}

bool pagetable_make(struct tables *tables, unsigned cpu, uint32_t root, uint64_t first,
                    uint64_t last)
{
	for (uint64_t page = first; page <= last; page = leaf_end(page) + 1) {
		uint32_t table = root;

		for (unsigned level = TABLE_LEVELS - 1; level > 0; level--) {
			table = table_below(tables, cpu, table, index_at(page, level));
			if (table == 0)
				return false;
		}
	}
	return true;
}

struct leaf pagetable_leaf(struct tables *tables, uint32_t root, uint64_t first, uint64_t last)
{
	uint32_t table = root;
	struct leaf leaf = { NULL, first, last < leaf_end(first) ? last : leaf_end(first) };
	uint64_t upto = UINT64_MAX >> (63 - line_of(index_at(leaf.last, 0)));

	for (unsigned level = TABLE_LEVELS - 1; level > 0; level--) {
		/* acquire: as in pagetable_find. */
		table = (uint32_t)atomic64_load_acquire(
			&tables->table[table].entry[index_at(first, level)]);
		VMM_ASSERT(table != 0);
	}
	note_lines(tables, table, upto & UINT64_MAX << line_of(index_at(first, 0)));
	leaf.slot = &tables->table[table].entry[index_at(first, 0)];
	return leaf;
}

/* ---- Walking ---------------------------------------------------------------------- */

/* The first entry of a table at or behind `from` that is not 0, or TABLE_ENTRIES.
 * Lines that were not written to are not looked at, nor is what lies behind `last`:
 * it may be another CPU's. */
static unsigned next_entry(const struct tables *tables, uint32_t table, unsigned from,
                           unsigned last)
{
	const struct table *at = &tables->table[table];
	uint64_t lines = atomic64_load_relaxed(&tables->lines[table]); /* as in note_lines */

	while (from <= last) {
		uint64_t ahead = lines >> line_of(from);

		if (ahead == 0)
			break;
		if ((ahead & 1) == 0)
			from = (line_of(from) + (unsigned)__builtin_ctzll(ahead)) * LINE_ENTRIES;
		if (from > last)
			break;
		do {
			/* acquire: pairs with whoever wrote the entry, as in
			 * pagetable_find. */
			if (atomic64_load_acquire(&at->entry[from]) != 0)
				return from;
		} while (++from % LINE_ENTRIES != 0 && from <= last);
	}
	return TABLE_ENTRIES;
}

/* The same, to the table's end. */
static unsigned entry_behind(const struct tables *tables, uint32_t table, unsigned from)
{
	return next_entry(tables, table, from, TABLE_ENTRIES - 1);
}

/* Moves the walk to the next leaf table at or above its page; false: none. */
static bool walk_to_leaf(struct pagetable_walk *walk)
{
	const struct tables *tables = walk->tables;
	uint32_t table = walk->root;
	unsigned level = TABLE_LEVELS - 1;

	while (walk->page <= walk->last) {
		unsigned from = index_at(walk->page, level);
		unsigned at = entry_behind(tables, table, from);

		/* To where that entry's pages start; behind the table, to the next
		 * entry of the level above. */
		if (at != from)
			walk->page = ((walk->page >> level_shift(level)) + (at - from))
			             << level_shift(level);
		if (at == TABLE_ENTRIES) {
			table = walk->root;
			level = TABLE_LEVELS - 1;
			if (walk->page >> PAGE_BITS_MAX != 0)
				return false;
			continue;
		}
		/* relaxed: next_entry has read it with acquire, and it does not change
		 * while tables are walked by services. */
		table = (uint32_t)atomic64_load_relaxed(&tables->table[table].entry[at]);
		if (--level == 0) {
			walk->leaf = table;
			return walk->page <= walk->last;
		}
	}
	return false;
}

struct pagetable_walk pagetable_walk(const struct tables *tables, uint32_t root, uint64_t first,
                                     uint64_t last)
{
	return (struct pagetable_walk){ tables, root, first, last, 0 };
}

bool pagetable_walk_next(struct pagetable_walk *walk, uint64_t *page, struct atomic64 **slot)
{
	while (walk->leaf != 0 || walk_to_leaf(walk)) {
		struct table *leaf = &walk->tables->table[walk->leaf];
		unsigned last = leaf_end(walk->page) <= walk->last ? TABLE_ENTRIES - 1
		                                                   : index_at(walk->last, 0);
		unsigned at = next_entry(walk->tables, walk->leaf, index_at(walk->page, 0), last);

		*page = align_down(walk->page, TABLE_ENTRIES) + at;
		walk->page = at == TABLE_ENTRIES ? *page : *page + 1;
		if (index_at(walk->page, 0) == 0)
			walk->leaf = 0;
		if (at == TABLE_ENTRIES)
			continue;
		if (*page > walk->last)
			return false;
		*slot = &leaf->entry[at];
		return true;
	}
	return false;
}

/* ---- Giving tables back ------------------------------------------------------------ */

static bool is_empty(const struct tables *tables, uint32_t table)
{
	return entry_behind(tables, table, 0) == TABLE_ENTRIES;
}

/* Unlinks the empty tables below an inner one, or all of them, and returns them
 * as a list. Recursion is as deep as there are levels. */
static uint32_t unlink_below(struct tables *tables, uint32_t table, unsigned level, bool all,
                             uint32_t list)
{
	for (unsigned at = entry_behind(tables, table, 0); at < TABLE_ENTRIES;
	     at = entry_behind(tables, table, at + 1)) {
		struct atomic64 *entry = &tables->table[table].entry[at];
		uint32_t below = (uint32_t)atomic64_load_relaxed(entry); /* the gate is closed */

		if (level > 1)
			list = unlink_below(tables, below, level - 1, all, list);
		if (!is_empty(tables, below)) {
			VMM_ASSERT(!all);
			continue;
		}
		/* relaxed: batches are waited for, and who walks the empty table until
		 * then finds 0s. */
		atomic64_store_relaxed(entry, 0);
		atomic32_store_relaxed(&tables->link[below], list); /* private yet */
		list = below;
	}
	return list;
}

static void give_list(struct tables *tables, unsigned cpu, uint32_t list)
{
	while (list != 0) {
		uint32_t next = atomic32_load_relaxed(&tables->link[list]); /* private */

		table_give(tables, cpu, list);
		list = next;
	}
}

void pagetable_destroy(struct tables *tables, unsigned cpu, uint32_t root)
{
	give_list(tables, cpu, unlink_below(tables, root, TABLE_LEVELS - 1, true, 0));
	table_give(tables, cpu, root);
}

void pagetable_prune(struct vmm *vm, unsigned cpu)
{
	uint32_t list = 0;

	for (uint32_t i = 0; i < vm->process_count; i++)
		if (process_lives(&vm->process[i]))
			list = unlink_below(&vm->tables, vm->process[i].root, TABLE_LEVELS - 1,
			                    false, list);
	if (list == 0)
		return;
	/* A batch that is not waited for finds the tables unlinked. */
	batch_wait_all(vm, cpu);
	give_list(&vm->tables, cpu, list);
}

/* ---- Inspection ------------------------------------------------------------------------ */

static uint32_t count_below(const struct tables *tables, uint32_t table, unsigned level)
{
	uint32_t count = 1;

	for (unsigned at = entry_behind(tables, table, 0); level > 0 && at < TABLE_ENTRIES;
	     at = entry_behind(tables, table, at + 1))
		count += count_below(tables,
		                     (uint32_t)atomic64_load_relaxed(
					     &tables->table[table].entry[at]),
		                     level - 1);
	return count;
}

uint32_t pagetable_count(const struct tables *tables, uint32_t root)
{
	return count_below(tables, root, TABLE_LEVELS - 1);
}
