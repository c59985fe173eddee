/* Claim: the stack of free indices loses none and gives none twice, and who pops an
 * index finds what its push left, though tags are few.
 *
 * Not covered: a CPU that sleeps through as many changes as there are tags. */
#include "../claim.h"
#include "scenario.h"

static void two(void)
{
	set_up(0, (struct step)PUSH(1), VMM_SUCCESS);
	set_up(0, (struct step)PUSH(0), VMM_SUCCESS);
}

/* Index 2 has been above index 0; now 1 is alone. */
static void old_link(void)
{
	set_up(0, (struct step)PUSH(0), VMM_SUCCESS);
	set_up(0, (struct step)PUSH(2), VMM_SUCCESS);
	set_up(0, (struct step)POP(), VMM_SUCCESS);
	set_up(0, (struct step)POP(), VMM_SUCCESS);
	set_up(0, (struct step)PUSH(1), VMM_SUCCESS);
	stage.pops[0] = 0;
}

static const struct scenario table[] = {
	{ .name = "pop_against_pop_pop_push",
	  .set_up = two,
	  .step = { { POP(), POP() }, { POP(), POP(), PUSH_BACK() } } },
	{ .name = "push_against_pops",
	  .set_up = old_link,
	  .step = { { PUSH(2) }, { POP(), POP() } } },
	{ .name = "two_pushes",
	  .set_up = old_link,
	  .step = { { PUSH(2), POP() }, { PUSH(3), POP() } } },
};

Test(free_stack, sequential)
{
	scenarios_hold("free_stack", SCENARIOS_OF(table), MODEL_SEQUENTIAL);
}

Test(free_stack, views)
{
	scenarios_hold("free_stack", SCENARIOS_OF(table), MODEL_VIEWS);
}

Test(free_stack, cut_off_agrees)
{
	scenarios_cut_off_agrees(SCENARIOS_OF(table));
}
