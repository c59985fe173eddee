/* Claim: a shootdown is one step for every CPU, whatever its TLB holds and its batch
 * does: accesses against protect and decommit, two shootdowns at once, a ring that is
 * passed by, and a CPU that comes into the address space meanwhile.
 *
 * Not covered: CPUs that are more than a ring behind. */
#include "../claim.h"
#include "scenario.h"

/* Two regions. Both CPUs have stored to pages 0 and 1 of the one and to page 2 of the
 * other, so that either has entries that allow everything. */
static void warm(void)
{
	set_up(0, (struct step)RESERVE(PAGE(0), 4, VMM_MEM_COMMIT), VMM_SUCCESS);
	set_up(0, (struct step)RESERVE(FAR(0), 4, VMM_MEM_COMMIT), VMM_SUCCESS);
	for (unsigned cpu = 0; cpu < stage.vm->config.cpus; cpu++) {
		set_up(cpu, (struct step)STORE(PAGE(0), 1), VMM_SUCCESS);
		set_up(cpu, (struct step)STORE(PAGE(1), 2), VMM_SUCCESS);
		set_up(cpu, (struct step)STORE(FAR(2), 3), VMM_SUCCESS);
	}
}

/* CPU 1 has no entries. */
static void cold(void)
{
	set_up(0, (struct step)RESERVE(PAGE(0), 1, VMM_MEM_COMMIT), VMM_SUCCESS);
	set_up(0, (struct step)STORE(PAGE(0), 1), VMM_SUCCESS);
}

/* CPU 1 has not applied two records yet, which is a whole ring. */
static void a_ring_behind(void)
{
	warm();
	set_up(0, (struct step)PROTECT(PAGE(0), 1, RO), VMM_SUCCESS);
	set_up(0, (struct step)PROTECT(PAGE(1), 1, RO), VMM_SUCCESS);
}

/* CPU 0 runs in another process than CPU 1. */
static void apart(void)
{
	set_up(0, (struct step)CREATE(), VMM_SUCCESS);
	set_up(0, (struct step)ATTACH(1), VMM_SUCCESS);
	set_up(0, (struct step)RESERVE(PAGE(0), 1, VMM_MEM_COMMIT), VMM_SUCCESS);
	set_up(0, (struct step)STORE(PAGE(0), 1), VMM_SUCCESS);
}

static void closed_page(void)
{
	warm();
	set_up(0, (struct step)PROTECT(PAGE(0), 1, NONE), VMM_SUCCESS);
}

/* What CPU 1 stores after CPU 0's first step returned does not take place. */
static const char *no_late_store(void)
{
	for (unsigned i = 0; i < stage.ended[1]; i++)
		HOLDS(!ended_before(&stage.done[0][0], &stage.done[1][i]) ||
		              stage.done[1][i].status != VMM_SUCCESS,
		      "a store is called after the right was taken away, and takes place");
	return NULL;
}

static const struct scenario table[] = {
	{ .name = "store_against_protect",
	  .set_up = warm,
	  .step = { { PROTECT(PAGE(0), 1, RO), LOAD(PAGE(0)) }, { STORE(PAGE(0), 7) } },
	  .judge = no_late_store },
	{ .name = "two_stores_against_protect",
	  .set_up = warm,
	  .step = { { PROTECT(PAGE(0), 1, RO), LOAD(PAGE(0)) },
	            { STORE(PAGE(0), 7), STORE(PAGE(0), 8) } },
	  .judge = no_late_store },
	{ .name = "batch_against_protect",
	  .set_up = warm,
	  .step = { { PROTECT(PAGE(0), 1, RO), LOAD(PAGE(0)) },
	            { STORE_THEN_LOAD(PAGE(0), PAGE(2), 7) } } },
	{ .name = "walk_against_protect",
	  .set_up = cold,
	  .step = { { PROTECT(PAGE(0), 1, RO), LOAD(PAGE(0)) },
	            { STORE(PAGE(0), 7), STORE(PAGE(0), 8) } },
	  .judge = no_late_store },
	{ .name = "store_against_decommit",
	  .set_up = warm,
	  .step = { { DECOMMIT(PAGE(0), 1), LOAD(PAGE(2)) }, { STORE(PAGE(0), 7) } },
	  .judge = no_late_store },
	{ .name = "stores_against_protect_of_both",
	  .set_up = warm,
	  .step = { { PROTECT(PAGE(0), 2, RO) }, { STORE(PAGE(0), 7), STORE(PAGE(1), 8) } },
	  .judge = no_late_store },
	{ .name = "two_shootdowns",
	  .set_up = warm,
	  .step = { { PROTECT(PAGE(0), 1, RO), STORE(FAR(2), 7) },
	            { PROTECT(FAR(2), 1, RO), STORE(PAGE(0), 8) } } },
	{ .name = "two_shootdowns_and_a_reader",
	  .set_up = warm,
	  .cpus = 3,
	  .bound_sequential = 1 + 3,
	  .bound_views = 1 + 2,
	  .step = { { PROTECT(PAGE(0), 1, RO) },
	            { PROTECT(FAR(2), 1, RO) },
	            { STORE(PAGE(0), 8) } } },
	{ .name = "passed_by_the_ring",
	  .set_up = a_ring_behind,
	  .step = { { PROTECT(FAR(2), 1, RO) }, { STORE(PAGE(0), 7), STORE(PAGE(1), 7) } } },
	{ .name = "attach_against_protect",
	  .set_up = apart,
	  .step = { { PROTECT(PAGE(0), 1, RO), LOAD(PAGE(0)) }, { ATTACH(1), STORE(PAGE(0), 7) } } },
	/* CPU 1 is refused, and so knows what CPU 2 stored before. */
	{ .name = "a_refusal_tells_of_stores",
	  .set_up = warm,
	  .cpus = 3,
	  .bound_sequential = 1 + 2,
	  .bound_views = 1 + 2,
	  .step = { { PROTECT(PAGE(0), 1, RO) },
	            { STORE(PAGE(0), 7), LOAD(PAGE(0)) },
	            { STORE(PAGE(0), 8) } } },
	{ .name = "an_upgrade_tells_of_stores",
	  .set_up = closed_page,
	  .step = { { STORE(PAGE(1), 9), PROTECT(PAGE(0), 1, RW) },
	            { LOAD_BOTH(PAGE(0), PAGE(1)) } } },
};

Test(tlb, sequential)
{
	scenarios_hold("tlb", SCENARIOS_OF(table), MODEL_SEQUENTIAL);
}

Test(tlb, views)
{
	scenarios_hold("tlb", SCENARIOS_OF(table), MODEL_VIEWS);
}

Test(tlb, cut_off_agrees)
{
	scenarios_cut_off_agrees(SCENARIOS_OF(table));
}
