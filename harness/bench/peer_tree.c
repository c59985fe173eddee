/* peer_tree.c: address to range by a binary tree of records with pointers, as
 * managers of address spaces use it. The tree is perfectly balanced: no
 * red-black tree is better. Records lie in memory in another order than in the
 * address space, as they do after a while of use. */
#include "peers.h"
#include "stream.h"

#include <stdlib.h>

struct record {
	struct record *left, *right, *parent; /* parent: for the size; nobody goes up */
	uint64_t colour;
	uint64_t first, end;
	uint64_t zero; /* makes the next address depend on the record found */
};

static struct {
	struct record *record, *root;
	uint64_t count, base, stride, stream;
} tree = { .stream = STREAM_SEED };

static void shuffle(uint32_t *order, uint64_t count)
{
	uint64_t state = STREAM_SEED;

	for (uint64_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	for (uint64_t i = count - 1; i > 0; i--) {
		uint64_t other = stream_next(&state) % (i + 1);
		uint32_t kept = order[i];

		order[i] = order[other];
		order[other] = kept;
	}
}

/* Builds the subtree of ranges from..end-1 for each of a stack of such tasks, the
 * right half first; the stack never holds more than the tree is deep. */
static void build(const uint32_t *order)
{
	struct task {
		uint64_t from, end;
		struct record **slot;
	} task[128];
	unsigned left = 1;

	task[0] = (struct task){ 0, tree.count, &tree.root };
	while (left > 0) {
		struct task now = task[--left];

		if (now.from == now.end) {
			*now.slot = NULL;
			continue;
		}
		uint64_t middle = now.from + (now.end - now.from) / 2;
		struct record *record = &tree.record[order[middle]];

		record->first = tree.base + middle * tree.stride;
		record->end = record->first + tree.stride / 2;
		*now.slot = record;
		bench_must(left + 2 <= sizeof task / sizeof task[0], "building a tree");
		task[left++] = (struct task){ now.from, middle, &record->left };
		task[left++] = (struct task){ middle + 1, now.end, &record->right };
	}
}

void peer_tree_build(uint64_t count, uint64_t base, uint64_t stride)
{
	uint32_t *order = malloc(count * sizeof *order);

	free(tree.record);
	tree.record = calloc(count, sizeof tree.record[0]);
	bench_must(order != NULL && tree.record != NULL, "malloc");
	tree.count = count;
	tree.base = base;
	tree.stride = stride;
	shuffle(order, count);
	build(order);
	free(order);
}

static const struct record *find(uint64_t address)
{
	const struct record *record = tree.root;

	while (record != NULL) {
		if (address < record->first)
			record = record->left;
		else if (address >= record->end)
			record = record->right;
		else
			return record;
	}
	return NULL;
}

static void random_find(void *context, uint64_t count)
{
	uint64_t state = tree.stream, zero = 0;

	(void)context;
	for (uint64_t i = 0; i < count; i++) {
		const struct record *record =
			find(stream_range(&state, tree.base, tree.count, tree.stride) + zero);

		bench_must(record != NULL, "a lookup");
		zero = record->zero;
	}
	tree.stream = state;
	bench_keep(zero);
}

struct bench_side peer_tree_random(void)
{
	return (struct bench_side){ .what = "balanced binary tree", .run = random_find };
}

static void local_find(void *context, uint64_t count)
{
	uint64_t state = tree.stream, near = tree.count / 2, sum = 0;

	(void)context;
	for (uint64_t i = 0; i < count; i++) {
		const struct record *record =
			find(stream_near(&state, &near, tree.base, tree.count, tree.stride));

		bench_must(record != NULL, "a lookup");
		sum += record->zero;
	}
	tree.stream = state;
	bench_keep(sum);
}

struct bench_side peer_tree_local(void)
{
	return (struct bench_side){ .what = "balanced binary tree", .run = local_find };
}
