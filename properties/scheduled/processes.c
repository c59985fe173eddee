/* Claim: a process ends in one step, whoever is running in it; what it had is given
 * back before anybody can know; and a page table that is pruned is walked by nobody.
 *
 * Not covered: a process that ends from inside of itself on both CPUs. */
#include "../claim.h"
#include "scenario.h"

/* CPU 1 runs in process 1, which has two pages; CPU 0 stays in process 0. */
static void apart(void)
{
	set_up(0, (struct step)CREATE(), VMM_SUCCESS);
	set_up(1, (struct step)ATTACH(1), VMM_SUCCESS);
	set_up(1, (struct step)RESERVE(PAGE(0), 2, VMM_MEM_COMMIT), VMM_SUCCESS);
	set_up(1, (struct step)STORE(PAGE(0), 1), VMM_SUCCESS);
}

/* All frames are taken, one of them by process 1. */
static void no_frame(void)
{
	apart();
	set_up(0, (struct step)RESERVE(PAGE(0), STAGE_FRAMES, VMM_MEM_COMMIT), VMM_SUCCESS);
	for (unsigned page = 1; page < STAGE_FRAMES; page++)
		set_up(0, (struct step)STORE(PAGE(page), 1), VMM_SUCCESS);
}

/* A page table without pages, and a region far away whose pages would stand at the
 * same places of such a table. */
static void empty_tables(void)
{
	set_up(0, (struct step)RESERVE(FAR(0), 1, VMM_MEM_COMMIT), VMM_SUCCESS);
	set_up(0, (struct step)DECOMMIT(FAR(0), 1), VMM_SUCCESS);
	set_up(0, (struct step)RESERVE(2 * FAR(0) - PAGE(0), 1, 0), VMM_SUCCESS);
}

static const struct scenario table[] = {
	{ .name = "exit_against_a_store",
	  .set_up = apart,
	  .step = { { EXIT(1) }, { STORE(PAGE(0), 7) } } },
	{ .name = "exit_against_a_first_touch",
	  .set_up = apart,
	  .step = { { EXIT(1) }, { STORE(PAGE(1), 7) } } },
	/* CPU 2 needs a frame, which is there when CPU 1 is refused. */
	{ .name = "exit_gives_back_first",
	  .set_up = no_frame,
	  .cpus = 3,
	  .bound_sequential = 1 + 2,
	  .bound_views = 1 + 1,
	  .step = { { EXIT(1) }, { LOAD(PAGE(0)) }, { LOAD(PAGE(0)) } } },
	{ .name = "exit_against_commit",
	  .set_up = apart,
	  .step = { { EXIT(1), CREATE() }, { DECOMMIT(PAGE(0), 2), COMMIT(PAGE(0), 1, RW) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "exit_against_attach",
	  .set_up = apart,
	  .step = { { ATTACH(1) }, { EXIT(1) } } },
	{ .name = "two_creates",
	  .step = { { CREATE(), ATTACH(1) }, { CREATE() } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "prune_against_load",
	  .set_up = empty_tables,
	  .step = { { PRUNE(), COMMIT(2 * FAR(0) - PAGE(0), 1, RW) },
	            { LOAD(FAR(0)), LOAD(FAR(0)) } } },
};

Test(processes, sequential)
{
	scenarios_hold("processes", SCENARIOS_OF(table), MODEL_SEQUENTIAL);
}

Test(processes, views)
{
	scenarios_hold("processes", SCENARIOS_OF(table), MODEL_VIEWS);
}

Test(processes, cut_off_agrees)
{
	scenarios_cut_off_agrees(SCENARIOS_OF(table));
}
