/* range.c: the B+-tree of ranges. Nodes are split when full, and merged with a
 * neighbour when both fit into one with room to spare, so that the tree never
 * becomes much larger than its ranges and the arena can be sized. */
#include "range.h"

#include <string.h>

#include "../vm.h"

#define GRANULARITY_PAGES (VMM_GRANULARITY >> PAGE_SHIFT)

/* ---- Records ------------------------------------------------------------------ */

void ranges_lay_out(struct ranges *ranges, struct arena *arena, const struct vmm_config *config)
{
	uint32_t count = config->ranges_max;
	uint32_t trees = config->processes_max < count ? config->processes_max : count;

	ranges->range_count = count;
	/* Two neighbours hold nine entries or more (a full node may be split beside a
	 * neighbour of one), so the leaves are at most 2/9 of the ranges, and all
	 * inner nodes 2/7 of the leaves; beside them a thin path in every tree. */
	ranges->node_count = count / 3 + 2 * trees + 4 * NODE_DEPTH_MAX;
	ranges->entries = config->tiny ? TINY_NODE_ENTRIES : NODE_ENTRIES;
	ranges->merge = config->tiny ? TINY_NODE_MERGE : NODE_MERGE;
	if (config->tiny) /* two neighbours hold four or more: half as many leaves, and so on up */
		ranges->node_count += count;
	ranges->range = arena_take(arena, count, sizeof ranges->range[0]);
	ranges->node = arena_take(arena, ranges->node_count, sizeof ranges->node[0]);
}

void ranges_reset(struct ranges *ranges)
{
	ranges->range_fresh = ranges->node_fresh = 0;
	ranges->range_free = ranges->node_free = 0;
	ranges->range_used = ranges->node_used = 0;
}

bool ranges_have_room(const struct ranges *ranges, uint32_t count)
{
	/* An insert splits at most one node a level, and adds a root: as many new
	 * nodes as a tree can be deep. */
	return ranges->range_count - ranges->range_used >= count &&
	       ranges->node_count - ranges->node_used >= count * NODE_DEPTH_MAX;
}

static uint32_t range_take(struct ranges *ranges)
{
	uint32_t index = ranges->range_free;

	ranges->range_used++;
	if (index != 0) {
		ranges->range_free = ranges->range[index - 1].link;
		return index - 1;
	}
	VMM_ASSERT(ranges->range_fresh < ranges->range_count);
	return ranges->range_fresh++;
}

static uint32_t node_take(struct ranges *ranges, bool leaf)
{
	uint32_t index = ranges->node_free;

	ranges->node_used++;
	if (index != 0) {
		index--;
		ranges->node_free = ranges->node[index].link;
	} else {
		VMM_ASSERT(ranges->node_fresh < ranges->node_count);
		index = ranges->node_fresh++;
	}
	ranges->node[index].count = 0;
	ranges->node[index].leaf = leaf;
	return index;
}

static void node_give(struct ranges *ranges, uint32_t index)
{
	ranges->node_used--;
	ranges->node[index].link = ranges->node_free;
	ranges->node_free = index + 1;
}

/* ---- Entries -------------------------------------------------------------------- */

uint64_t range_gap(uint64_t last, uint64_t next_first)
{
	uint64_t start = align_up(last + 1, GRANULARITY_PAGES);

	return next_first > start ? next_first - start : 0;
}

static uint64_t node_gap(const struct range_node *node)
{
	uint64_t largest = 0;

	for (uint32_t i = 0; i < node->count; i++) {
		uint64_t gap = node->leaf ? 0 : node->gap[i];

		if (gap > largest)
			largest = gap;
		gap = i == 0 ? 0 : range_gap(node->last[i - 1], node->first[i]);
		if (gap > largest)
			largest = gap;
	}
	return largest;
}

static void entries_move(struct range_node *to, uint32_t at, const struct range_node *from,
                         uint32_t start, uint32_t count)
{
	memmove(&to->child[at], &from->child[start], count * sizeof to->child[0]);
	memmove(&to->first[at], &from->first[start], count * sizeof to->first[0]);
	memmove(&to->last[at], &from->last[start], count * sizeof to->last[0]);
	memmove(&to->gap[at], &from->gap[start], count * sizeof to->gap[0]);
}

static void entry_open(struct range_node *node, uint32_t at)
{
	entries_move(node, at + 1, node, at, node->count - at);
	node->count++;
}

static void entry_close(struct range_node *node, uint32_t at)
{
	node->count--;
	entries_move(node, at, node, at + 1, node->count - at);
}

/* Makes entry i of an inner node say what its child holds. */
static void entry_refresh(struct ranges *ranges, struct range_node *node, uint32_t i)
{
	const struct range_node *child = &ranges->node[node->child[i]];

	node->first[i] = child->first[0];
	node->last[i] = child->last[child->count - 1];
	node->gap[i] = node_gap(child);
}

/* ---- Paths ---------------------------------------------------------------------- */

/* From the root (level 0) to a leaf: the node and the entry taken in each. */
struct path {
	uint32_t node[NODE_DEPTH_MAX];
	uint32_t entry[NODE_DEPTH_MAX];
	uint32_t depth;
};

/* The last entry that starts at or below the page; 0 when none does. */
static uint32_t entry_for(const struct range_node *node, uint64_t page)
{
	uint32_t below = 0;

	for (uint32_t i = 0; i < node->count; i++)
		below += node->first[i] <= page;
	return below == 0 ? 0 : below - 1;
}

static void path_to(const struct ranges *ranges, const struct range_tree *tree, uint64_t page,
                    struct path *path)
{
	uint32_t index = tree->root;

	path->depth = tree->depth;
	for (uint32_t level = 0; level < tree->depth; level++) {
		const struct range_node *node = &ranges->node[index];

		path->node[level] = index;
		path->entry[level] = entry_for(node, page);
		index = node->child[path->entry[level]];
	}
}

static void path_refresh(struct ranges *ranges, const struct path *path)
{
	for (uint32_t level = path->depth - 1; level > 0; level--)
		entry_refresh(ranges, &ranges->node[path->node[level - 1]],
		              path->entry[level - 1]);
}

/* ---- Lookup ---------------------------------------------------------------------- */

struct range *range_find(const struct ranges *ranges, const struct range_tree *tree, uint64_t page)
{
	uint32_t index = tree->root;

	for (uint32_t level = 0; level < tree->depth; level++) {
		const struct range_node *node = &ranges->node[index];
		uint32_t i = entry_for(node, page);

		if (page < node->first[i] || page > node->last[i])
			return NULL;
		index = node->child[i];
	}
	return tree->depth == 0 ? NULL : &ranges->range[index];
}

struct range *range_at_or_above(const struct ranges *ranges, const struct range_tree *tree,
                                uint64_t page)
{
	uint32_t index = tree->root;

	for (uint32_t level = 0; level < tree->depth; level++) {
		const struct range_node *node = &ranges->node[index];
		uint32_t i = 0;

		while (i < node->count && node->last[i] < page)
			i++;
		if (i == node->count)
			return NULL; /* only at the root: above it the extents have said yes */
		index = node->child[i];
	}
	return tree->depth == 0 ? NULL : &ranges->range[index];
}

/* ---- Changes ---------------------------------------------------------------------- */

/* Splits the full child at entry i of a parent with room. */
static void split_child(struct ranges *ranges, uint32_t parent_index, uint32_t i)
{
	uint32_t left_index = ranges->node[parent_index].child[i];
	uint32_t right_index = node_take(ranges, ranges->node[left_index].leaf);
	struct range_node *parent = &ranges->node[parent_index];
	struct range_node *left = &ranges->node[left_index];
	struct range_node *right = &ranges->node[right_index];

	right->count = left->count / 2;
	left->count -= right->count;
	entries_move(right, 0, left, left->count, right->count);
	entry_open(parent, i + 1);
	parent->child[i + 1] = right_index;
	entry_refresh(ranges, parent, i);
	entry_refresh(ranges, parent, i + 1);
}

/* A new root above a full one, so that the descent always finds room. */
static void grow_root(struct ranges *ranges, struct range_tree *tree)
{
	uint32_t root = node_take(ranges, false);

	VMM_ASSERT(tree->depth < NODE_DEPTH_MAX);
	ranges->node[root].child[0] = tree->root;
	ranges->node[root].count = 1;
	entry_refresh(ranges, &ranges->node[root], 0);
	tree->root = root;
	tree->depth++;
}

/* Splits every full node on the way to where `first` belongs. */
static void make_room(struct ranges *ranges, struct range_tree *tree, uint64_t first)
{
	uint32_t index;

	if (tree->depth == 0) {
		tree->root = node_take(ranges, true);
		tree->depth = 1;
		return;
	}
	if (ranges->node[tree->root].count == ranges->entries)
		grow_root(ranges, tree);
	index = tree->root;
	for (uint32_t level = 0; level + 1 < tree->depth; level++) {
		uint32_t i = entry_for(&ranges->node[index], first);

		if (ranges->node[ranges->node[index].child[i]].count == ranges->entries) {
			split_child(ranges, index, i);
			i = entry_for(&ranges->node[index], first);
		}
		index = ranges->node[index].child[i];
	}
}

struct range *range_insert(struct ranges *ranges, struct range_tree *tree, uint64_t first,
                           uint64_t last, uint32_t protect, uint32_t flags)
{
	uint32_t index = range_take(ranges);
	struct range *range = &ranges->range[index];
	struct range_node *leaf;
	struct path path;
	uint32_t at = 0;

	VMM_ASSERT(first <= last);
	range->first = first;
	range->last = last;
	range->protect = protect;
	range->flags = flags;
	range->committed = 0;
	atomic64_store_relaxed(&range->lock, 0); /* relaxed: nobody can find it yet */
	make_room(ranges, tree, first);
	path_to(ranges, tree, first, &path);
	leaf = &ranges->node[path.node[path.depth - 1]];
	while (at < leaf->count && leaf->first[at] < first)
		at++;
	VMM_ASSERT(at == leaf->count || leaf->first[at] > last);
	VMM_ASSERT(at == 0 || leaf->last[at - 1] < first);
	entry_open(leaf, at);
	leaf->child[at] = index;
	leaf->first[at] = first;
	leaf->last[at] = last;
	path_refresh(ranges, &path);
	return range;
}

/* Merges the child at entry i with its right neighbour where both fit. */
static void merge_children(struct ranges *ranges, struct range_node *parent, uint32_t i)
{
	if (i + 1 >= parent->count)
		return;
	struct range_node *left = &ranges->node[parent->child[i]];
	struct range_node *right = &ranges->node[parent->child[i + 1]];

	if (left->count + right->count > ranges->merge)
		return;
	entries_move(left, left->count, right, 0, right->count);
	left->count += right->count;
	node_give(ranges, parent->child[i + 1]);
	entry_close(parent, i + 1);
	entry_refresh(ranges, parent, i);
}

/* A node on the path lost an entry: it goes when empty, or merges. */
static void mend_path(struct ranges *ranges, struct range_tree *tree, const struct path *path)
{
	for (uint32_t level = path->depth - 1; level > 0; level--) {
		struct range_node *parent = &ranges->node[path->node[level - 1]];
		uint32_t i = path->entry[level - 1];

		if (ranges->node[path->node[level]].count == 0) {
			node_give(ranges, path->node[level]);
			entry_close(parent, i);
			continue;
		}
		entry_refresh(ranges, parent, i);
		merge_children(ranges, parent, i);
		if (i > 0)
			merge_children(ranges, parent, i - 1);
	}
	while (tree->depth > 1 && ranges->node[tree->root].count == 1) {
		uint32_t root = tree->root;

		tree->root = ranges->node[root].child[0];
		tree->depth--;
		node_give(ranges, root);
	}
	if (ranges->node[tree->root].count == 0) {
		node_give(ranges, tree->root);
		tree->root = RANGE_NONE;
		tree->depth = 0;
	}
}

void range_remove(struct ranges *ranges, struct range_tree *tree, struct range *range)
{
	uint32_t index = (uint32_t)(range - ranges->range);
	struct path path;

	path_to(ranges, tree, range->first, &path);
	struct range_node *leaf = &ranges->node[path.node[path.depth - 1]];

	VMM_ASSERT(leaf->child[path.entry[path.depth - 1]] == index);
	entry_close(leaf, path.entry[path.depth - 1]);
	mend_path(ranges, tree, &path);
	range->link = ranges->range_free;
	ranges->range_free = index + 1;
	ranges->range_used--;
}

void range_resize(struct ranges *ranges, struct range_tree *tree, struct range *range,
                  uint64_t first, uint64_t last)
{
	struct path path;

	VMM_ASSERT(first <= last);
	path_to(ranges, tree, range->first, &path);
	struct range_node *leaf = &ranges->node[path.node[path.depth - 1]];
	uint32_t at = path.entry[path.depth - 1];

	VMM_ASSERT(leaf->child[at] == (uint32_t)(range - ranges->range));
	leaf->first[at] = range->first = first;
	leaf->last[at] = range->last = last;
	path_refresh(ranges, &path);
}

/* ---- Locks and totals -------------------------------------------------------------- */

void range_lock(struct vmm *vm, unsigned cpu, struct range *range)
{
	uint64_t nobody = 0, turn = 0;

	/* acquire: pairs with range_unlock; what the last holder did is seen. */
	while (!atomic64_cas_acquire(&range->lock, &nobody, cpu + 1)) {
		vm_wait(vm, cpu, nobody == 0 ? VMM_ANY_CPU : (unsigned)nobody - 1,
		        POINT_RANGE_LOCK, turn++);
		nobody = 0;
	}
}

void range_unlock(struct range *range)
{
	atomic64_store_release(&range->lock, 0); /* pairs with range_lock */
}

static uint64_t committed_below(const struct ranges *ranges, uint32_t index)
{
	const struct range_node *node = &ranges->node[index];
	uint64_t count = 0;

	for (uint32_t i = 0; i < node->count; i++)
		count += node->leaf ? ranges->range[node->child[i]].committed
		                    : committed_below(ranges, node->child[i]);
	return count;
}

uint64_t ranges_committed(const struct ranges *ranges, const struct range_tree *tree)
{
	return tree->depth == 0 ? 0 : committed_below(ranges, tree->root);
}
