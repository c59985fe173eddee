/* remote.h: things that one CPU takes from a pool and the other gives back, as in a
 * program that passes buffers on. They travel in a ring; for libvmm and its peers
 * alike, so its cost is in both sides of a row. */
#ifndef REMOTE_H
#define REMOTE_H

#include "two.h"

enum { REMOTE_RING = 1024, REMOTE_BATCH = 16 };

struct remote {
	uintptr_t (*take)(void *context, uint64_t number); /* not 0 */
	void (*give)(void *context, uintptr_t thing);
	/* Around every REMOTE_BATCH of them, or fewer; NULL: nothing */
	void (*take_begin)(void *context);
	void (*take_end)(void *context);
	void (*give_begin)(void *context);
	void (*give_end)(void *context);
	void *context;
	/* the rest is remote.c's */
	struct two two;
	struct remote_end {
		struct remote *remote;
		bool takes;
	} end[2];
	_Alignas(64) uintptr_t ring[REMOTE_RING]; /* 0: free */
};

/* An operation is a take and a give. */
struct bench_side remote_side(const char *what, struct remote *remote);

#endif
