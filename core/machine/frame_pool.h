/* frame_pool.h: free frames. Each CPU keeps two magazines of frame numbers, and
 * the CPUs exchange full and empty magazines over a depot (Bonwick and Adams,
 * "Magazines and Vmem", 2001), so that frames which are freed on another CPU than
 * they are taken on travel by the magazine, one CAS for many. Frames that were
 * never used are not on any list: they are taken in order from a counter, so that
 * reset costs what was touched.
 *
 * NO_MEMORY means that no frame is free on any CPU. A CPU that finds none stops
 * the pool, looks through the other CPUs' magazines, and repeats what it needs
 * the frame for before it lets the pool go. A CPU's magazines are touched inside
 * an announced section of it alone: a batch of accesses (its pin is odd), or a
 * giving; who stops the pool waits for both, by the same Dekker handshake as
 * shootdown:
 *
 *   section                              stop
 *   1 announce: pin odd, or giving       a thief := this CPU
 *   2 fence                              b fence
 *   3 thief == 0, else back out          c wait for the other CPUs' sections
 *
 *   may run beside      take, give   stopped   (on other CPUs)
 *   take, give             yes         no
 *   stopped                no          no
 *
 * A magazine is a LIFO: the frame that was freed last, still in the cache, is
 * the one that is given next. */
#ifndef CORE_FRAME_POOL_H
#define CORE_FRAME_POOL_H

#include "frame.h"
#include "stack.h"

struct vmm;

/* On lines of its own: two CPUs take from neighbours. */
struct magazine {
	_Alignas(VMM_CACHE_LINE) uint32_t count;
	frame_t frame[FRAME_MAGAZINE];
};

/* Of one CPU; touched by it inside its sections, and by who has stopped the pool. */
struct frame_cache {
	uint32_t loaded, previous; /* magazines */
};

struct frame_pool {
	/* fixed after create */
	struct magazine *magazine;
	struct atomic32 *link; /* of the depot's stacks */
	uint32_t magazine_count;
	uint32_t capacity; /* of a magazine in use, at most FRAME_MAGAZINE */
	/* read at every take and give, so on a line apart */
	_Alignas(VMM_CACHE_LINE) struct atomic64 thief; /* CPU that stopped the pool, plus one */
	/* any CPU */
	_Alignas(VMM_CACHE_LINE) struct stack full;
	struct stack empty;
	struct atomic64 fresh_frame;    /* frames at and above it were never used */
	struct atomic64 fresh_magazine; /* likewise */
};

void frame_pool_lay_out(struct frame_pool *pool, struct arena *arena,
                        const struct vmm_config *config);
/* The fresh machine: all frames free, every CPU with two empty magazines. */
void frame_pool_reset(struct vmm *vm);

/* A free frame, now owned by the caller, who is in a batch. FRAME_NONE: no free
 * frame is at hand, or another CPU has stopped the pool. Where the caller has
 * stopped it: none is free on any CPU. */
frame_t frame_pool_take(struct vmm *vm, unsigned cpu);
/* The caller is in a batch or in a giving, and the pool is not stopped. */
void frame_pool_give(struct vmm *vm, unsigned cpu, frame_t frame);

/* A giving outside of a batch. Between announce and begin stands a seq_cst fence
 * of the caller's, which is that of step 2. begin waits while the pool is
 * stopped. */
void frame_pool_announce(struct vmm *vm, unsigned cpu);
void frame_pool_begin(struct vmm *vm, unsigned cpu);
void frame_pool_end(struct vmm *vm, unsigned cpu);

/* The caller is in no batch and in no giving. */
void frame_pool_stop(struct vmm *vm, unsigned cpu);
void frame_pool_go(struct vmm *vm, unsigned cpu);
/* By this CPU. */
bool frame_pool_is_stopped(const struct vmm *vm, unsigned cpu);
/* Until no other CPU has stopped the pool. */
void frame_pool_wait(struct vmm *vm, unsigned cpu);

/* Free frames, counted over depot, caches and fresh ones; for inspection at
 * rest. Calls visit, unless NULL, for each that is on a list. */
uint32_t frame_pool_count(const struct vmm *vm, void (*visit)(void *context, frame_t frame),
                          void *context);

#endif
