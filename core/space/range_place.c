/* range_place.c: finding a place for an allocation. The gaps of the tree are
 * visited in order of address, upwards or downwards; a subtree whose largest gap
 * is too small is passed over. With the usual alignment a gap that is large
 * enough fits, so the first descent ends at the place. */
#include "range.h"

struct request {
	uint64_t low, high, pages, align; /* pages */
	bool top_down;
};

/* Whether the free pages from..to (inclusive) hold the request; *first is the
 * lowest or highest place in them. */
static bool fits(const struct request *request, uint64_t from, uint64_t to, uint64_t *first)
{
	uint64_t start;

	if (from < request->low)
		from = request->low;
	if (to > request->high)
		to = request->high;
	if (from > to || to - from + 1 < request->pages)
		return false;
	if (request->top_down)
		start = align_down(to + 1 - request->pages, request->align);
	else
		start = align_up(from, request->align);
	if (start < from || start > to || to - start + 1 < request->pages)
		return false;
	*first = start;
	return true;
}

/* A descent in progress: the nodes from the root, and the next entry in each. */
struct descent {
	uint32_t node[NODE_DEPTH_MAX];
	uint32_t next[NODE_DEPTH_MAX]; /* entries visited so far, from the near end */
	uint32_t level;
};

/* The entry that is `visited` entries from the near end. */
static uint32_t entry_at(const struct range_node *node, uint32_t visited, bool top_down)
{
	return top_down ? node->count - 1 - visited : visited;
}

static bool worth_descending(const struct range_node *node, uint32_t i,
                             const struct request *request)
{
	return !node->leaf && node->gap[i] >= request->pages && node->last[i] >= request->low &&
	       node->first[i] <= request->high;
}

bool range_place(const struct ranges *ranges, const struct range_tree *tree, uint64_t low,
                 uint64_t high, uint64_t pages, uint64_t align, bool top_down, uint64_t *first)
{
	const struct request request = { low, high, pages, align, top_down };
	struct descent descent = { .level = 0 };
	uint64_t edge = top_down ? high : low; /* the near end of the gap being looked at */

	if (low > high || pages == 0 || pages > high - low + 1)
		return false;
	if (tree->depth == 0)
		return fits(&request, low, high, first);
	descent.node[0] = tree->root;
	descent.next[0] = 0;
	for (;;) {
		const struct range_node *node = &ranges->node[descent.node[descent.level]];

		if (descent.next[descent.level] == node->count) {
			if (descent.level == 0)
				break;
			descent.level--;
			continue;
		}
		uint32_t i = entry_at(node, descent.next[descent.level]++, top_down);

		/* The gap before the entry. Page 0 is never free, so the -1 is safe. */
		if (top_down ? fits(&request, node->last[i] + 1, edge, first)
		             : fits(&request, edge, node->first[i] - 1, first))
			return true;
		if (worth_descending(node, i, &request)) {
			/* The child's first entry meets the gap just refused once more, and
			 * refuses it again. */
			descent.level++;
			descent.node[descent.level] = node->child[i];
			descent.next[descent.level] = 0;
			continue;
		}
		if (top_down ? node->first[i] - 1 < edge : node->last[i] + 1 > edge)
			edge = top_down ? node->first[i] - 1 : node->last[i] + 1;
	}
	return top_down ? fits(&request, low, edge, first) : fits(&request, edge, high, first);
}
