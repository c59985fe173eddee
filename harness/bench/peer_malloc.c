/* peer_malloc.c: allocators as pools of page frames: aligned_alloc(4096, 4096) and
 * free. They are opened at run time and by themselves, so that the rest of the
 * program keeps the allocator that it has. */
#include "peers.h"
#include "remote.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

enum { PAGE = 4096 };

struct allocator {
	const char *what, *file;
	bool tried, there;
	void *(*take)(size_t align, size_t size);
	void (*give)(void *memory);
};

static struct allocator allocators[] = {
	[PEER_TCMALLOC] = { .what = "tcmalloc", .file = "libtcmalloc_minimal.so.4" },
	[PEER_MIMALLOC] = { .what = "mimalloc", .file = "libmimalloc.so.2" },
};

static bool find(void *library, const char *name, void *function)
{
	void *symbol = dlsym(library, name);

	memcpy(function, &symbol, sizeof symbol); /* as in peer_unicorn.c */
	return symbol != NULL;
}

static bool is_there(struct allocator *allocator)
{
	void *library;

	if (allocator->tried)
		return allocator->there;
	allocator->tried = true;
	library = dlopen(allocator->file, RTLD_NOW | RTLD_LOCAL);
	allocator->there = library != NULL && find(library, "aligned_alloc", &allocator->take) &&
	                   find(library, "free", &allocator->give);
	return allocator->there;
}

static void pair(void *context, uint64_t count)
{
	const struct allocator *allocator = context;

	for (uint64_t i = 0; i < count; i++) {
		void *page = allocator->take(PAGE, PAGE);

		*(volatile uint64_t *)page = i;
		allocator->give(page);
	}
}

static void batch(void *context, uint64_t count)
{
	const struct allocator *allocator = context;
	void *page[PEER_BATCH];

	for (uint64_t i = 0; i < count; i += PEER_BATCH) {
		for (unsigned k = 0; k < PEER_BATCH; k++) {
			page[k] = allocator->take(PAGE, PAGE);
			*(volatile uint64_t *)page[k] = i;
		}
		for (unsigned k = 0; k < PEER_BATCH; k++)
			allocator->give(page[k]);
	}
}

struct bench_side peer_malloc_pair(enum peer_malloc which)
{
	struct allocator *allocator = &allocators[which];

	return (struct bench_side){ .what = allocator->what,
		                    .run = is_there(allocator) ? pair : NULL,
		                    .context = allocator };
}

struct bench_side peer_malloc_batch(enum peer_malloc which)
{
	struct allocator *allocator = &allocators[which];

	return (struct bench_side){ .what = allocator->what,
		                    .run = is_there(allocator) ? batch : NULL,
		                    .context = allocator,
		                    .count = 16 * PEER_BATCH };
}

static uintptr_t take_one(void *context, uint64_t number)
{
	const struct allocator *allocator = context;
	void *page = allocator->take(PAGE, PAGE);

	*(volatile uint64_t *)page = number;
	return (uintptr_t)page;
}

static void give_one(void *context, uintptr_t page)
{
	const struct allocator *allocator = context;

	allocator->give((void *)page);
}

struct bench_side peer_malloc_remote(enum peer_malloc which)
{
	static struct remote remotes[2];
	struct allocator *allocator = &allocators[which];
	struct remote *remote = &remotes[which];

	if (!is_there(allocator))
		return (struct bench_side){ .what = allocator->what };
	*remote = (struct remote){ .take = take_one, .give = give_one, .context = allocator };
	return remote_side(allocator->what, remote);
}
