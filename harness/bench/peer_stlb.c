/* peer_stlb.c: a direct-mapped software TLB in its plainest form: an entry is a
 * tag and an addend, nothing guards it against other CPUs, and there are no
 * rights. It is what a hit costs when nobody else has to be thought of. */
#include "peers.h"
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#define PAGE UINT64_C(0x1000)
#define BASE UINT64_C(0x7f0000000000)

struct entry {
	uint64_t tag, addend;
};

struct stlb {
	struct entry *entry; /* one for each page: every access hits */
	uint64_t *directory; /* for refill: three levels above tables of 512 addends */
	uint64_t pages, stream, cursor;
	uint8_t *memory;
};

static void *take(size_t size)
{
	void *memory = aligned_alloc(PAGE, (size + PAGE - 1) & ~(PAGE - 1));

	bench_must(memory != NULL, "aligned_alloc");
	memset(memory, 0, size);
	return memory;
}

static struct stlb *make(uint64_t pages)
{
	struct stlb *stlb = take(sizeof *stlb);

	stlb->pages = pages;
	stlb->stream = STREAM_SEED;
	stlb->entry = take(pages * sizeof stlb->entry[0]);
	stlb->memory = take(pages * PAGE);
	for (uint64_t i = 0; i < pages; i++) {
		uint64_t va = BASE + i * PAGE;

		stlb->entry[(va / PAGE) & (pages - 1)] = (struct entry){
			va | 1, (uint64_t)(uintptr_t)stlb->memory + i * PAGE - va
		};
	}
	return stlb;
}

static inline uint64_t read_through(const struct entry *entry, uint64_t va)
{
	return *(const volatile uint64_t *)(uintptr_t)(entry->addend + va);
}

static inline uint64_t load(const struct stlb *stlb, uint64_t va)
{
	const struct entry *entry = &stlb->entry[(va / PAGE) & (stlb->pages - 1)];

	bench_must(entry->tag == ((va & ~(PAGE - 1)) | 1), "a hit");
	return read_through(entry, va);
}

static void hit(void *context, uint64_t count)
{
	struct stlb *stlb = context;
	uint64_t stream = stlb->stream, sum = 0;

	for (uint64_t i = 0; i < count; i++)
		sum += load(stlb, BASE + stream_hot(&stream, stlb->pages));
	stlb->stream = stream;
	bench_keep(sum);
}

struct bench_side peer_stlb_hit(uint64_t pages)
{
	return (struct bench_side){ .what = "plain entry, inline", .run = hit,
		                    .context = make(pages) };
}

static void next_word(void *context, uint64_t count)
{
	struct stlb *stlb = context;
	uint64_t cursor = stlb->cursor, sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		sum += load(stlb, BASE + cursor);
		cursor = (cursor + 8) & (stlb->pages * PAGE - 1);
	}
	stlb->cursor = cursor;
	bench_keep(sum);
}

struct bench_side peer_stlb_next(uint64_t pages)
{
	return (struct bench_side){ .what = "plain entry, inline", .run = next_word,
		                    .context = make(pages) };
}

/* ---- A probe that fails, a walk of four levels, and a fill ----------------------- */

static uint64_t *table_below(uint64_t *table, unsigned index)
{
	if (table[index] == 0)
		table[index] = (uint64_t)(uintptr_t)take(PAGE);
	return (uint64_t *)(uintptr_t)table[index];
}

static inline unsigned index_at(uint64_t va, unsigned level)
{
	return (unsigned)(va >> (12 + 9 * level)) & 511;
}

static void refill(void *context, uint64_t count)
{
	struct stlb *stlb = context;
	uint64_t stream = stlb->stream, sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t va = BASE + stream_hot(&stream, stlb->pages);
		struct entry *entry = &stlb->entry[(va / PAGE) & (stlb->pages - 1)];
		const volatile uint64_t *table = stlb->directory;

		bench_keep(entry->tag); /* the probe */
		for (unsigned level = 3; level > 0; level--) {
			table = (uint64_t *)(uintptr_t)table[index_at(va, level)];
			bench_must(table != NULL, "a walk");
		}
		entry->addend = table[index_at(va, 0)];
		entry->tag = (va & ~(PAGE - 1)) | 1;
		sum += read_through(entry, va);
	}
	stlb->stream = stream;
	bench_keep(sum);
}

struct bench_side peer_stlb_refill(uint64_t pages)
{
	struct stlb *stlb = make(pages);

	stlb->directory = take(PAGE);
	for (uint64_t i = 0; i < pages; i++) {
		uint64_t va = BASE + i * PAGE;
		uint64_t *table = stlb->directory;

		for (unsigned level = 3; level > 0; level--)
			table = table_below(table, index_at(va, level));
		table[index_at(va, 0)] = stlb->entry[(va / PAGE) & (pages - 1)].addend;
	}
	return (struct bench_side){ .what = "probe, walk, fill inline", .run = refill,
		                    .context = stlb };
}
