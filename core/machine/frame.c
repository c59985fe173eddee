/* frame.c: the frame database. */
#include "frame.h"

#include <string.h>

void frames_lay_out(struct frames *frames, struct arena *arena, uint32_t count)
{
	frames->count = count;
	frames->state = arena_take(arena, count, sizeof frames->state[0]);
	frames->owner = arena_take(arena, count, sizeof frames->owner[0]);
	frames->link = arena_take(arena, count, sizeof frames->link[0]);
	frames->memory = arena_take_pages(arena, count);
}

void frames_reset(struct frames *frames, uint32_t touched)
{
	for (frame_t frame = 0; frame < touched; frame++) {
		if (frames->state[frame] == FRAME_ZEROED)
			continue;
		memset(frame_bytes(frames, frame), 0, (size_t)VMM_PAGE_SIZE);
		frames->state[frame] = FRAME_ZEROED;
	}
}

bool frame_activate(struct frames *frames, frame_t frame, uint64_t owner)
{
	VMM_ASSERT(frame < frames->count);
	bool zeroed = frames->state[frame] == FRAME_ZEROED;

	VMM_ASSERT(zeroed || frames->state[frame] == FRAME_FREE);
	frames->state[frame] = FRAME_ACTIVE;
	frames->owner[frame] = owner;
	return zeroed;
}

void frame_deactivate(struct frames *frames, frame_t frame)
{
	VMM_ASSERT(frame < frames->count);
	VMM_ASSERT(frames->state[frame] == FRAME_ACTIVE);
	frames->state[frame] = FRAME_FREE;
}
