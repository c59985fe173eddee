/* Claim: no frame is lost, none is given twice, and NO_MEMORY is said only when none
 * is free anywhere: magazines over the depot, and thieves who stop the pool.
 *
 * Not covered: more than one magazine in the depot. */
#include "../claim.h"
#include "scenario.h"

/* CPU 0 holds all frames but four, which fill its magazines. */
static void full_magazines(void)
{
	for (unsigned i = 0; i < STAGE_FRAMES; i++)
		set_up(0, (struct step)TAKE(), VMM_SUCCESS);
	for (unsigned i = 0; i < 2 * TINY_FRAME_MAGAZINE; i++)
		set_up(0, (struct step)GIVE(), VMM_SUCCESS);
}

/* And one magazine lies in the depot. */
static void full_depot(void)
{
	full_magazines();
	set_up(0, (struct step)GIVE(), VMM_SUCCESS);
	set_up(0, (struct step)TAKE(), VMM_SUCCESS);
}

/* Pages 0 to 31, of which pages from `first` on have a frame, touched by CPU 0; the
 * limit leaves room for eight more. */
static void touch_from(unsigned first)
{
	set_up(0, (struct step)RESERVE(PAGE(0), STAGE_FRAMES, VMM_MEM_COMMIT), VMM_SUCCESS);
	for (unsigned page = first; page < STAGE_FRAMES; page++)
		set_up(0, (struct step)STORE(PAGE(page), 1), VMM_SUCCESS);
	set_up(0, (struct step)RESERVE(FAR(0), 4, VMM_MEM_COMMIT), VMM_SUCCESS);
}

static void no_frame(void)
{
	touch_from(0);
}

static void one_frame(void)
{
	touch_from(1);
}

static void two_frames(void)
{
	touch_from(2);
}

/* One frame is free, and CPU 1 has it. */
static void one_frame_of_another(void)
{
	no_frame();
	set_up(1, (struct step)DECOMMIT(PAGE(0), 1), VMM_SUCCESS);
}

/* No frame is free, and CPU 1 has an entry for a page of CPU 0. */
static void no_frame_and_an_entry(void)
{
	no_frame();
	set_up(1, (struct step)STORE(PAGE(2), 2), VMM_SUCCESS);
}

static const struct scenario table[] = {
	{ .name = "give_against_take",
	  .set_up = full_magazines,
	  .step = { { GIVE(), GIVE() }, { TAKE(), TAKE() } } },
	{ .name = "takes_from_the_depot",
	  .set_up = full_depot,
	  .step = { { GIVE(), TAKE() }, { TAKE(), GIVE() } } },
	{ .name = "fresh_frames",
	  .step = { { TAKE(), TAKE() }, { TAKE(), TAKE() } } },
	{ .name = "the_last_frame",
	  .set_up = one_frame,
	  .step = { { STORE(FAR(0), 7) }, { STORE(FAR(1), 8) } } },
	{ .name = "the_last_frame_of_another",
	  .set_up = one_frame_of_another,
	  .step = { { STORE(FAR(0), 7) }, { STORE(FAR(1), 8) } } },
	{ .name = "steal_against_a_store",
	  .set_up = one_frame_of_another,
	  .step = { { STORE(FAR(0), 7) }, { STORE(PAGE(2), 8), STORE(FAR(0), 9) } } },
	{ .name = "steal_against_decommit",
	  .set_up = no_frame,
	  .step = { { STORE(FAR(0), 7) }, { DECOMMIT(PAGE(2), 1), STORE(FAR(1), 8) } } },
	/* CPU 1 may get the frame to which it had an entry. */
	{ .name = "stolen_from_a_decommit",
	  .set_up = no_frame_and_an_entry,
	  .step = { { DECOMMIT(PAGE(2), 1) }, { LOAD(FAR(0)), STORE(PAGE(2), 7) } } },
	{ .name = "two_frames_for_three",
	  .set_up = two_frames,
	  .step = { { STORE(FAR(0), 7), STORE(FAR(1), 8) }, { STORE(FAR(2), 9) } } },
	{ .name = "the_last_frame_for_one_page",
	  .set_up = one_frame,
	  .step = { { STORE(FAR(0), 7) }, { STORE(FAR(0), 8), LOAD(FAR(1)) } } },
};

Test(frame_pool, sequential)
{
	scenarios_hold("frame_pool", SCENARIOS_OF(table), MODEL_SEQUENTIAL);
}

Test(frame_pool, views)
{
	scenarios_hold("frame_pool", SCENARIOS_OF(table), MODEL_VIEWS);
}

Test(frame_pool, cut_off_agrees)
{
	scenarios_cut_off_agrees(SCENARIOS_OF(table));
}
