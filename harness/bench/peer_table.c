/* peer_table.c: page to translation by a lock-free hash table: liburcu's cds_lfht
 * in its flavour of quiescent states, whose readers announce nothing at all. Both
 * libraries are opened at run time; the structures below are those of
 * urcu/rculfhash.h and belong to the ABI of version 8. */
#include "peers.h"
#include "stream.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct lfht_node {
	struct lfht_node *next;
	unsigned long reverse_hash;
} __attribute__((aligned(8)));

struct lfht_iter {
	struct lfht_node *node, *next;
};

struct node {
	struct lfht_node link;
	uint64_t key, value;
	void *rcu[2]; /* what a table that deletes needs beside */
};

static struct {
	void (*register_thread)(void);
	void *(*make)(unsigned long size, unsigned long least, unsigned long most, int flags,
	              const void *memory, const void *flavour, void *attributes);
	void (*add)(void *table, unsigned long hash, struct lfht_node *node);
	void (*lookup)(void *table, unsigned long hash,
	               int (*match)(struct lfht_node *node, const void *key), const void *key,
	               struct lfht_iter *iter);
	const void *flavour;
} urcu;

struct lfht {
	void *table;
	uint64_t keys, stream;
};

static bool find(void *library, const char *name, void *place)
{
	void *symbol = dlsym(library, name);

	memcpy(place, &symbol, sizeof symbol); /* as in peer_unicorn.c */
	return symbol != NULL;
}

static bool is_there(void)
{
	static bool tried, there;
	void *qsbr, *cds;

	if (tried)
		return there;
	tried = true;
	qsbr = dlopen("liburcu-qsbr.so.8", RTLD_NOW | RTLD_GLOBAL);
	cds = dlopen("liburcu-cds.so.8", RTLD_NOW | RTLD_LOCAL);
	there = qsbr != NULL && cds != NULL &&
	        find(qsbr, "urcu_qsbr_register_thread", &urcu.register_thread) &&
	        find(qsbr, "urcu_qsbr_flavor", &urcu.flavour) &&
	        find(cds, "_cds_lfht_new", &urcu.make) && find(cds, "cds_lfht_add", &urcu.add) &&
	        find(cds, "cds_lfht_lookup", &urcu.lookup);
	if (there)
		urcu.register_thread();
	return there;
}

static uint64_t key_of(uint64_t i)
{
	return UINT64_C(0x7f0000000000) + (i << 12);
}

static unsigned long hash(uint64_t key)
{
	return (key >> 12) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
}

static int match(struct lfht_node *node, const void *key)
{
	return ((const struct node *)node)->key == *(const uint64_t *)key;
}

static void find_random(void *context, uint64_t count)
{
	struct lfht *lfht = context;
	uint64_t state = lfht->stream, sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t key = key_of(stream_next(&state) & (lfht->keys - 1));
		struct lfht_iter iter;

		urcu.lookup(lfht->table, hash(key), match, &key, &iter);
		bench_must(iter.node != NULL, "a lookup");
		sum += ((const struct node *)iter.node)->value;
	}
	lfht->stream = state;
	bench_keep(sum);
}

struct bench_side peer_table_find(uint64_t keys)
{
	struct lfht *lfht = calloc(1, sizeof *lfht);
	struct node *node = calloc(keys, sizeof *node);

	bench_must(lfht != NULL && node != NULL, "malloc");
	*lfht = (struct lfht){ NULL, keys, STREAM_SEED };
	if (is_there())
		lfht->table = urcu.make(keys, keys, 0, 0, NULL, urcu.flavour, NULL);
	for (uint64_t i = 0; lfht->table != NULL && i < keys; i++) {
		node[i].key = key_of(i);
		node[i].value = i;
		urcu.add(lfht->table, hash(node[i].key), &node[i].link);
	}
	return (struct bench_side){ .what = "liburcu cds_lfht, qsbr",
		                    .run = lfht->table != NULL ? find_random : NULL,
		                    .context = lfht };
}
