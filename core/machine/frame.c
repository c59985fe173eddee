/* frame.c: the frame database. */
#include "frame.h"

#include <string.h>

#include "../atomic.h"

void frames_lay_out(struct frames *frames, struct arena *arena, uint32_t count)
{
	frames->count = count;
	frames->record = arena_take(arena, count, sizeof frames->record[0]);
	frames->link = arena_take(arena, count, sizeof frames->link[0]);
	frames->memory = arena_take_pages(arena, count);
}

static void set_state(struct frames *frames, frame_t frame, enum frame_state state, uint64_t owner)
{
	frames->record[frame] = (uint64_t)state << FRAME_STATE_SHIFT | owner;
}

void frames_reset(struct frames *frames, uint32_t touched)
{
	for (frame_t frame = 0; frame < touched; frame++) {
		if (frame_state(frames, frame) == FRAME_ZEROED)
			continue;
		frame_zero(frames, frame);
		set_state(frames, frame, FRAME_ZEROED, 0);
	}
}

bool frame_activate(struct frames *frames, frame_t frame, uint64_t owner)
{
	VMM_ASSERT(frame < frames->count);
	bool zeroed = frame_state(frames, frame) == FRAME_ZEROED;

	VMM_ASSERT(zeroed || frame_state(frames, frame) == FRAME_FREE);
	set_state(frames, frame, FRAME_ACTIVE, owner);
	return zeroed;
}

void frame_deactivate(struct frames *frames, frame_t frame)
{
	VMM_ASSERT(frame < frames->count);
	VMM_ASSERT(frame_state(frames, frame) == FRAME_ACTIVE);
	set_state(frames, frame, FRAME_FREE, 0);
}

void frame_zero(const struct frames *frames, frame_t frame)
{
	memset(frame_bytes(frames, frame), 0, (size_t)VMM_PAGE_SIZE);
#ifdef VMM_MODEL
	model_zeroed(frame_bytes(frames, frame), (size_t)VMM_PAGE_SIZE);
#endif
}
