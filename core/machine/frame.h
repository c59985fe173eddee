/* frame.h: the frame database (NT's PFN database), a structure of arrays: state,
 * owner and link of each frame of physical memory. The frames themselves stand
 * in one array of pages. */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include "arena.h"

typedef uint32_t frame_t;
#define FRAME_NONE UINT32_MAX

/* NT's numbers; the page lists between them come with paging. A zeroed frame
 * holds zeros (INV-10): the host gave it so, or a reset made it so. */
enum frame_state { FRAME_ZEROED = 0, FRAME_FREE = 1, FRAME_ACTIVE = 6 };

struct frames {
	/* fixed after create */
	uint8_t *memory; /* count pages */
	uint32_t count;
	/* of each frame; changed by whoever owns the frame at the time */
	uint8_t *state;   /* enum frame_state */
	uint64_t *owner;  /* while active: frame_owner() */
	frame_t *link;    /* while on a private list: the next of it, or FRAME_NONE */
};

void frames_lay_out(struct frames *frames, struct arena *arena, uint32_t count);
/* All frames below `touched` become zeroed, so that what a program finds in a
 * frame cannot depend on the program before. */
void frames_reset(struct frames *frames, uint32_t touched);

static inline void *frame_bytes(const struct frames *frames, frame_t frame)
{
	return frames->memory + ((size_t)frame << PAGE_SHIFT);
}

/* Who maps an active frame: a page of a process (NT's PTE back reference). */
static inline uint64_t frame_owner(uint32_t process, uint64_t page)
{
	return (uint64_t)process << PAGE_BITS_MAX | page;
}

/* Zeroed or free to active, and active to free; both ends check that the frame
 * was in the other state, so that a frame handed out twice stops at once.
 * frame_activate is true when the frame holds zeros already. */
bool frame_activate(struct frames *frames, frame_t frame, uint64_t owner);
void frame_deactivate(struct frames *frames, frame_t frame);

#endif
