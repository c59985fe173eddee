/* frame_pool.h: free frames. Each CPU keeps two magazines of frame numbers, and
 * the CPUs exchange full and empty magazines over a depot (Bonwick and Adams,
 * "Magazines and Vmem", 2001). Frames that were never used are not on any list:
 * they are taken in order from a counter, so that reset costs what was touched.
 *
 *   may run beside        take   give   (on other CPUs)
 *   take, give             yes    yes   depot: tagged Treiber stacks
 *   take that steals        no     no   it empties another CPU's magazines
 *
 * A magazine is a LIFO: the frame that was freed last, still in the cache, is
 * the one that is given next. */
#ifndef CORE_FRAME_POOL_H
#define CORE_FRAME_POOL_H

#include "../atomic.h"
#include "frame.h"

struct vmm;

struct magazine {
	uint32_t count;
	struct atomic32 next; /* in the depot: the magazine below, plus one */
	frame_t frame[FRAME_MAGAZINE];
};

/* A stack of magazines: the top, plus one, in the low half; a tag in the high
 * half that every change advances, so that a CAS cannot mistake a magazine that
 * left and came back for one that stayed (ABA). The tag wraps after 2^32
 * changes; a CAS would have to sleep through all of them. */
struct depot {
	struct atomic64 head;
};

/* owner CPU only */
struct frame_cache {
	uint32_t loaded, previous; /* magazines */
};

struct frame_pool {
	/* any CPU, atomic */
	struct depot full, empty;
	struct atomic64 fresh_frame;    /* frames at and above it were never used */
	struct atomic64 fresh_magazine; /* likewise */
	/* fixed after create */
	struct magazine *magazine;
	uint32_t magazine_count;
	uint32_t capacity; /* of a magazine in use, at most FRAME_MAGAZINE */
};

void frame_pool_lay_out(struct frame_pool *pool, struct arena *arena,
                        const struct vmm_config *config);
/* The fresh machine: all frames free, every CPU with two empty magazines. */
void frame_pool_reset(struct vmm *vm);

/* A free frame, now owned by the caller; FRAME_NONE: none is free on any CPU. */
frame_t frame_pool_take(struct vmm *vm, unsigned cpu);
void frame_pool_give(struct vmm *vm, unsigned cpu, frame_t frame);

/* Free frames, counted over depot, caches and fresh ones; for inspection at
 * rest. Calls visit, unless NULL, for each that is on a list. */
uint32_t frame_pool_count(const struct vmm *vm, void (*visit)(void *context, frame_t frame),
                          void *context);

#endif
