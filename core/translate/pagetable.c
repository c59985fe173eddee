/* pagetable.c: the radix page table. */
#include "pagetable.h"

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
	tables->live = arena_take(arena, count, sizeof tables->live[0]);
	tables->lines = arena_take(arena, count, sizeof tables->lines[0]);
	tables->link = arena_take(arena, count, sizeof tables->link[0]);
	tables->table = arena_take_pages(arena, count);
}

void tables_reset(struct tables *tables)
{
	tables->free = 0;
	tables->fresh = 1;
	tables->used = 0;
}

/* An empty table: tables are given back empty, and fresh ones are zero. */
static uint32_t table_take(struct tables *tables)
{
	uint32_t table = tables->free;

	if (table != 0) {
		tables->free = tables->link[table];
	} else {
		if (tables->fresh == tables->count)
			return 0;
		table = tables->fresh++;
	}
	VMM_ASSERT(tables->live[table] == 0);
	tables->used++;
	return table;
}

static void table_give(struct tables *tables, uint32_t table)
{
	VMM_ASSERT(tables->live[table] == 0);
	tables->used--;
	tables->lines[table] = 0;
	tables->link[table] = tables->free;
	tables->free = table;
}

uint32_t pagetable_create(struct tables *tables)
{
	return table_take(tables);
}

void pagetable_destroy(struct tables *tables, uint32_t root)
{
	table_give(tables, root);
}

/* ---- Walks -------------------------------------------------------------------- */

struct atomic64 *pagetable_find(const struct tables *tables, uint32_t root, uint64_t page)
{
	uint32_t table = root;

	for (unsigned level = TABLE_LEVELS - 1; level > 0; level--) {
		/* acquire: pairs with the release in table_for; without it the table
		 * below could be seen as it was in an earlier use. */
		table = (uint32_t)atomic64_load_acquire(
			&tables->table[table].entry[index_at(page, level)]);
		if (table == 0)
			return NULL;
	}
	return &tables->table[table].entry[index_at(page, 0)];
}

/* An entry of the table is not 0 any more. */
static void count_entry(struct tables *tables, uint32_t table, unsigned index)
{
	tables->live[table]++;
	tables->lines[table] |= UINT64_C(1) << line_of(index);
}

/* The leaf table of a page, made where missing; 0: the arena is exhausted. */
static uint32_t table_for(struct tables *tables, uint32_t root, uint64_t page)
{
	uint32_t table = root;

	for (unsigned level = TABLE_LEVELS - 1; level > 0; level--) {
		struct atomic64 *entry = &tables->table[table].entry[index_at(page, level)];
		uint32_t below = (uint32_t)atomic64_load_relaxed(entry);

		if (below == 0) {
			below = table_take(tables);
			if (below == 0)
				return 0;
			/* release: pairs with pagetable_find; publishes the empty table. */
			atomic64_store_release(entry, below);
			count_entry(tables, table, index_at(page, level));
		}
		table = below;
	}
	return table;
}

/* Gives back the tables above a page that have become empty, but the root. */
static void prune(struct tables *tables, uint32_t root, uint64_t page)
{
	uint32_t path[TABLE_LEVELS];
	unsigned level = TABLE_LEVELS - 1;

	path[level] = root;
	for (; level > 0; level--) {
		uint32_t below = (uint32_t)atomic64_load_relaxed(
			&tables->table[path[level]].entry[index_at(page, level)]);

		if (below == 0)
			break;
		path[level - 1] = below;
	}
	for (; level < TABLE_LEVELS - 1 && tables->live[path[level]] == 0; level++) {
		/* relaxed: writers run alone, and readers of the empty table find 0s. */
		atomic64_store_relaxed(
			&tables->table[path[level + 1]].entry[index_at(page, level + 1)], 0);
		tables->live[path[level + 1]]--;
		table_give(tables, path[level]);
	}
}

/* The last page under the same leaf table. */
static uint64_t leaf_end(uint64_t page)
{
	return page | (TABLE_ENTRIES - 1);
}

bool pagetable_prepare(struct tables *tables, uint32_t root, uint64_t first, uint64_t last)
{
	for (uint64_t page = first; page <= last; page = leaf_end(page) + 1) {
		if (table_for(tables, root, page) != 0)
			continue;
		for (uint64_t undo = first; undo <= page; undo = leaf_end(undo) + 1)
			prune(tables, root, undo);
		return false;
	}
	return true;
}

static uint32_t leaf_of(const struct tables *tables, uint32_t root, uint64_t page)
{
	uint32_t table = root;

	for (unsigned level = TABLE_LEVELS - 1; level > 0; level--) {
		table = (uint32_t)atomic64_load_relaxed(
			&tables->table[table].entry[index_at(page, level)]);
		VMM_ASSERT(table != 0);
	}
	return table;
}

void pagetable_set(struct tables *tables, uint32_t root, uint64_t page, pte_t pte)
{
	uint32_t leaf = leaf_of(tables, root, page);
	struct atomic64 *slot = &tables->table[leaf].entry[index_at(page, 0)];

	VMM_ASSERT(pte_kind(pte) != PTE_ZERO);
	VMM_ASSERT(atomic64_load_relaxed(slot) == 0);
	/* release: pairs with the acquire of a walk in fault_resolve. */
	atomic64_store_release(slot, pte);
	count_entry(tables, leaf, index_at(page, 0));
}

pte_t pagetable_clear(struct tables *tables, uint32_t root, uint64_t page)
{
	uint32_t leaf = leaf_of(tables, root, page);
	struct atomic64 *slot = &tables->table[leaf].entry[index_at(page, 0)];
	uint64_t old = atomic64_load_relaxed(slot);

	VMM_ASSERT(old != 0);
	/* A fault may change the word meanwhile; what is cleared is what was there
	 * last, so no frame is lost. acquire half: pairs with that fault's CAS. */
	while (!atomic64_cas_acq_rel(slot, &old, 0))
		;
	if (--tables->live[leaf] == 0)
		prune(tables, root, page);
	return old;
}

/* ---- Walking ---------------------------------------------------------------------- */

/* The first entry of a table at or behind `from` that is not 0, or TABLE_ENTRIES.
 * Lines that were not written to are not looked at. */
static unsigned next_entry(const struct tables *tables, uint32_t table, unsigned from)
{
	const struct table *at = &tables->table[table];
	uint64_t lines = tables->lines[table];

	while (from < TABLE_ENTRIES) {
		uint64_t ahead = lines >> line_of(from);

		if (ahead == 0)
			break;
		if ((ahead & 1) == 0)
			from = (line_of(from) + (unsigned)__builtin_ctzll(ahead)) * LINE_ENTRIES;
		do {
			if (atomic64_load_relaxed(&at->entry[from]) != 0)
				return from;
		} while (++from % LINE_ENTRIES != 0);
	}
	return TABLE_ENTRIES;
}

/* Moves the walk to the next leaf table at or above its page; false: none. */
static bool walk_to_leaf(struct pagetable_walk *walk)
{
	const struct tables *tables = walk->tables;
	uint32_t table = walk->root;
	unsigned level = TABLE_LEVELS - 1;

	while (walk->page <= walk->last) {
		unsigned from = index_at(walk->page, level);
		unsigned at = next_entry(tables, table, from);

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
		table = (uint32_t)atomic64_load_relaxed(&tables->table[table].entry[at]);
		if (--level == 0) {
			walk->leaf = table;
			walk->left = tables->live[table];
			return walk->page <= walk->last;
		}
	}
	return false;
}

struct pagetable_walk pagetable_walk(const struct tables *tables, uint32_t root, uint64_t first,
                                     uint64_t last)
{
	return (struct pagetable_walk){ tables, root, first, last, 0, 0 };
}

bool pagetable_walk_next(struct pagetable_walk *walk, uint64_t *page, pte_t *pte)
{
	while (walk->left != 0 || walk_to_leaf(walk)) {
		const struct table *leaf = &walk->tables->table[walk->leaf];
		unsigned at = next_entry(walk->tables, walk->leaf, index_at(walk->page, 0));

		/* Behind the last entry of a leaf the rest of it is not looked at. */
		walk->left = at == TABLE_ENTRIES ? 0 : walk->left - 1;
		*page = align_down(walk->page, TABLE_ENTRIES) + at;
		walk->page = walk->left == 0 ? leaf_end(walk->page) + 1 : *page + 1;
		if (index_at(walk->page, 0) == 0)
			walk->left = 0;
		if (at == TABLE_ENTRIES)
			continue;
		if (*page > walk->last)
			return false;
		*pte = atomic64_load_relaxed(&leaf->entry[at]);
		return true;
	}
	return false;
}
