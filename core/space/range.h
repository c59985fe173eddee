/* range.h: the allocations of an address space (NT's VADs), each a range of
 * pages with the properties that belong to the whole, in a B+-tree ordered by
 * address. Every entry of a node carries its subtree's extent and largest gap,
 * so a place for a new allocation is found in one descent.
 *
 * Trees change with the machine's gate closed, and are looked at inside of it
 * (machine/gate.h); so nothing in them is atomic. */
#ifndef CORE_RANGE_H
#define CORE_RANGE_H

#include "../atomic.h"
#include "../machine/arena.h"

enum range_flags {
	RANGE_WRITE_WATCH = 1, /* its PTEs carry PTE_WATCH */
	RANGE_PLACEHOLDER = 2,
	RANGE_REPLACED = 4, /* made in place of a placeholder (A36), so it can become one again */
	RANGE_PHYSICAL = 8  /* an AWE window */
};

/* Fixed by the reserve, but for the extent, which a partial release shrinks. */
struct range {
	/* changed with the gate closed; on a line apart from other ranges */
	_Alignas(VMM_CACHE_LINE) uint64_t first;
	uint64_t last;     /* pages, inclusive (INV-01) */
	uint32_t protect;  /* AllocationProtect */
	uint32_t flags;    /* enum range_flags */
	uint32_t link;     /* while free: the next free range, plus one */
	/* The CPU whose service is at work on the pages, plus one. Held by services
	 * inside the gate; who has closed it needs no lock. */
	struct atomic64 lock;
	uint64_t committed; /* pages; the lock's (INV-04) */
};

/* A node; INV-02 holds its entries against what is below. Entry i of a leaf is
 * a range, of an inner node a node. */
struct range_node {
	uint32_t count;
	bool leaf;
	uint32_t child[NODE_ENTRIES];
	uint64_t first[NODE_ENTRIES], last[NODE_ENTRIES]; /* extent in pages */
	uint64_t gap[NODE_ENTRIES]; /* inner: the largest gap inside, as range_gap() */
	uint32_t link;              /* while free: the next free node, plus one */
};

/* Records of all address spaces of a machine. */
struct ranges {
	struct range *range;
	struct range_node *node;
	/* fixed after create */
	uint32_t range_count, node_count;
	uint32_t entries, merge; /* of a node: NODE_ENTRIES and NODE_MERGE, or tiny */
	/* changed with the gate closed; on a line apart, since services read the above */
	_Alignas(VMM_CACHE_LINE) uint32_t range_fresh;
	uint32_t node_fresh, range_free, node_free;
	uint32_t range_used, node_used;
};

/* The tree of one address space. */
struct range_tree {
	uint32_t root;  /* a node, or RANGE_NONE when empty */
	uint32_t depth; /* levels of nodes */
};

#define RANGE_NONE UINT32_MAX

struct vmm;

void ranges_lay_out(struct ranges *ranges, struct arena *arena, const struct vmm_config *config);
void ranges_reset(struct ranges *ranges);

/* Room for `count` more ranges in a tree, so that as many range_insert cannot
 * fail. */
bool ranges_have_room(const struct ranges *ranges, uint32_t count);

/* The range that holds a page, or NULL. */
struct range *range_find(const struct ranges *ranges, const struct range_tree *tree, uint64_t page);
/* One service at a time works on the pages of a range: what it checks and what it
 * does is one step for the others. */
void range_lock(struct vmm *vm, unsigned cpu, struct range *range);
void range_unlock(struct range *range);

/* The range that holds a page, or the next one above it, or NULL. */
struct range *range_at_or_above(const struct ranges *ranges, const struct range_tree *tree,
                                uint64_t page);

/* Adds a range whose pages are free. Needs ranges_have_room. */
struct range *range_insert(struct ranges *ranges, struct range_tree *tree, uint64_t first,
                           uint64_t last, uint32_t protect, uint32_t flags);
void range_remove(struct ranges *ranges, struct range_tree *tree, struct range *range);
/* Changes the extent; the new one overlaps no other range. */
void range_resize(struct ranges *ranges, struct range_tree *tree, struct range *range,
                  uint64_t first, uint64_t last);

/* Committed pages of all ranges of a tree; for inspection at rest. */
uint64_t ranges_committed(const struct ranges *ranges, const struct range_tree *tree);

/* Where `pages` fit into the free pages of [low, high], starting at a multiple
 * of `align` pages (a multiple of the granularity): the lowest place, or the
 * highest. False: nowhere. */
bool range_place(const struct ranges *ranges, const struct range_tree *tree, uint64_t low,
                 uint64_t high, uint64_t pages, uint64_t align, bool top_down, uint64_t *first);

/* Pages between two neighbours that an allocation of granularity could use. */
uint64_t range_gap(uint64_t last, uint64_t next_first);

#endif
