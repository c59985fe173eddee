/* frame.h: the frame database (NT's PFN database): state, owner and link of each
 * frame of physical memory. The frames themselves stand in one array of pages.
 *
 * A frame's record belongs to whoever owns the frame at the time; it is handed
 * on with the frame, by a PTE or a magazine, so its words are plain. */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include "arena.h"

typedef uint32_t frame_t;
#define FRAME_NONE UINT32_MAX

/* NT's numbers; the page lists between them come with paging. A zeroed frame
 * holds zeros (INV-10): the host gave it so, or a reset made it so. */
enum frame_state { FRAME_ZEROED = 0, FRAME_FREE = 1, FRAME_ACTIVE = 6 };

/* State and owner in one word, so that the 32 frames of a magazine fill whole
 * cache lines and two CPUs do not write to one:
 *
 *   63  61  60       54 53        36 35           0
 *   +-----+------------+------------+--------------+
 *   |state|     0      |  process   |  page number |
 *   +-----+------------+------------+--------------+ */
enum { FRAME_STATE_SHIFT = 61 };

struct frames {
	/* fixed after create */
	uint8_t *memory; /* count pages */
	uint32_t count;
	/* of each frame */
	uint64_t *record; /* as above; the owner while active */
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

static inline enum frame_state frame_state(const struct frames *frames, frame_t frame)
{
	return (enum frame_state)(frames->record[frame] >> FRAME_STATE_SHIFT);
}

/* Whether the frame is active for that owner. */
static inline bool frame_is_owned(const struct frames *frames, frame_t frame, uint64_t owner)
{
	return frames->record[frame] == ((uint64_t)FRAME_ACTIVE << FRAME_STATE_SHIFT | owner);
}

/* Zeroed or free to active, and active to free; both ends check that the frame
 * was in the other state, so that a frame handed out twice stops at once.
 * frame_activate is true when the frame holds zeros already. */
bool frame_activate(struct frames *frames, frame_t frame, uint64_t owner);
void frame_deactivate(struct frames *frames, frame_t frame);
/* Fills an active frame with zeros. */
void frame_zero(const struct frames *frames, frame_t frame);

#endif
