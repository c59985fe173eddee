/* Claim: a change of a page is one step, and so is one of several: faults, guards,
 * write watch, stores to two pages, protect, commit, decommit and query against each
 * other on the same pages.
 *
 * Not covered: pages in different leaf tables. */
#include "../claim.h"
#include "scenario.h"

static void fresh(void)
{
	set_up(0, (struct step)RESERVE(PAGE(0), 4, VMM_MEM_COMMIT), VMM_SUCCESS);
}

static void touched(void)
{
	fresh();
	for (unsigned cpu = 0; cpu < 2; cpu++)
		for (unsigned page = 0; page < 2; page++)
			set_up(cpu, (struct step)STORE(PAGE(page), 1 + page), VMM_SUCCESS);
}

static void guarded(void)
{
	fresh();
	set_up(0, (struct step)PROTECT(PAGE(0), 1, GUARDED), VMM_SUCCESS);
}

static void watched(void)
{
	set_up(0, (struct step)RESERVE(PAGE(0), 2, VMM_MEM_COMMIT | VMM_MEM_WRITE_WATCH),
	       VMM_SUCCESS);
}

/* Stored to, so that both CPUs have entries that allow stores. */
static void watched_and_touched(void)
{
	watched();
	for (unsigned cpu = 0; cpu < 2; cpu++)
		for (unsigned page = 0; page < 2; page++)
			set_up(cpu, (struct step)STORE(PAGE(page), 1 + page), VMM_SUCCESS);
}

/* Loaded, so that pages are valid and their marks are not set. */
static void watched_and_loaded(void)
{
	watched();
	for (unsigned cpu = 0; cpu < 2; cpu++)
		for (unsigned page = 0; page < 2; page++)
			set_up(cpu, (struct step)LOAD(PAGE(page)), VMM_SUCCESS);
}

static void closed(void)
{
	touched();
	set_up(0, (struct step)PROTECT(PAGE(0), 1, NONE), VMM_SUCCESS);
}

static const struct scenario table[] = {
	/* One CPU maps a frame, the other finds it or gives its own back. */
	{ .name = "two_first_touches",
	  .set_up = fresh,
	  .step = { { LOAD(PAGE(0)), STORE(PAGE(0), 7) }, { STORE(PAGE(0), 8), LOAD(PAGE(0)) } } },
	/* One of them alone is told of the guard. */
	{ .name = "guard_once",
	  .set_up = guarded,
	  .step = { { LOAD(PAGE(0)) }, { STORE(PAGE(0), 7), STORE(PAGE(0), 8) } } },
	{ .name = "guard_against_protect",
	  .set_up = guarded,
	  .step = { { PROTECT(PAGE(0), 1, GUARDED) }, { LOAD(PAGE(0)), LOAD(PAGE(0)) } } },
	{ .name = "first_touch_against_protect",
	  .set_up = fresh,
	  .step = { { PROTECT(PAGE(0), 1, NONE), PROTECT(PAGE(0), 1, RW) },
	            { STORE(PAGE(0), 7) } } },
	{ .name = "first_touch_against_decommit",
	  .set_up = fresh,
	  .step = { { DECOMMIT(PAGE(0), 1), COMMIT(PAGE(0), 1, RW) }, { STORE(PAGE(0), 7) } } },
	{ .name = "opening_against_loads",
	  .set_up = closed,
	  .step = { { PROTECT(PAGE(0), 2, RO) }, { LOAD(PAGE(0)), STORE(PAGE(1), 7) } } },
	{ .name = "two_protects",
	  .set_up = touched,
	  .step = { { PROTECT(PAGE(0), 2, RO) }, { PROTECT(PAGE(0), 1, NONE), LOAD(PAGE(1)) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "query_against_protect",
	  .set_up = touched,
	  .step = { { PROTECT(PAGE(0), 2, RO) }, { QUERY(PAGE(0)), QUERY(PAGE(1)) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "query_against_decommit",
	  .set_up = fresh,
	  .step = { { DECOMMIT(PAGE(0), 2) }, { QUERY(PAGE(1)), QUERY(PAGE(0)) } },
	  .orders = ORDERS_REAL_TIME },
	/* A store across the edge marks both pages or none. */
	{ .name = "across_against_protect",
	  .set_up = watched_and_loaded,
	  .step = { { PROTECT(PAGE(1), 1, RO) }, { STORE_ACROSS(PAGE(1), 0x0707) } } },
	{ .name = "across_against_decommit",
	  .set_up = watched_and_loaded,
	  .step = { { DECOMMIT(PAGE(1), 1) }, { STORE_ACROSS(PAGE(1), 0x0707) } } },
	{ .name = "across_against_look",
	  .set_up = watched_and_loaded,
	  .step = { { GET_WATCH(PAGE(0), 2) }, { STORE_ACROSS(PAGE(1), 0x0707) } } },
	{ .name = "across_against_watch",
	  .set_up = watched_and_loaded,
	  .step = { { TAKE_WATCH(PAGE(0), 2) }, { STORE_ACROSS(PAGE(1), 0x0707) } } },
	{ .name = "across_first_touches",
	  .set_up = watched,
	  .step = { { STORE(PAGE(0), 8), LOAD(PAGE(1)) }, { STORE_ACROSS(PAGE(1), 0x0707) } } },
	{ .name = "two_across",
	  .set_up = watched_and_loaded,
	  .step = { { STORE_ACROSS(PAGE(1), 0x0707) }, { STORE_ACROSS(PAGE(1), 0x0707) } } },
	{ .name = "watch_against_a_store",
	  .set_up = watched_and_touched,
	  .step = { { TAKE_WATCH(PAGE(0), 1), GET_WATCH(PAGE(0), 1) }, { STORE(PAGE(0), 7) } } },
	{ .name = "watch_against_stores",
	  .set_up = watched_and_touched,
	  .step = { { TAKE_WATCH(PAGE(0), 2) }, { STORE(PAGE(0), 7), STORE(PAGE(1), 8) } } },
	/* A look has the second mark only with the first. */
	{ .name = "look_against_first_stores",
	  .set_up = watched_and_loaded,
	  .step = { { GET_WATCH(PAGE(0), 2) }, { STORE(PAGE(0), 7), STORE(PAGE(1), 8) } } },
	{ .name = "look_against_first_stores_downwards",
	  .set_up = watched_and_loaded,
	  .step = { { GET_WATCH(PAGE(0), 2) }, { STORE(PAGE(1), 7), STORE(PAGE(0), 8) } } },
};

Test(pages, sequential)
{
	scenarios_hold("pages", SCENARIOS_OF(table), MODEL_SEQUENTIAL);
}

Test(pages, views)
{
	scenarios_hold("pages", SCENARIOS_OF(table), MODEL_VIEWS);
}

Test(pages, cut_off_agrees)
{
	scenarios_cut_off_agrees(SCENARIOS_OF(table));
}
