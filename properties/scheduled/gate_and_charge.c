/* Claim: who closes the gate is alone, what is under it is handed on, and the commit
 * limit is exact to the page whoever holds credit; likewise for the services that
 * stand on them.
 *
 * Not covered: charges of more CPUs than two. */
#include "../claim.h"
#include "scenario.h"

/* Left of the limit: nothing in the central word, `credit` pages as CPU 0's credit. */
static void leave(unsigned credit)
{
	uint64_t all = stage.vm->charge_limit;

	set_up(0, (struct step)CHARGE(all), VMM_SUCCESS);
	set_up(0, (struct step)UNCHARGE(credit), VMM_SUCCESS);
}

static void one_page(void)
{
	leave(1);
}

static void two_pages(void)
{
	leave(2);
}

/* As much credit as there can be: one more goes to the central word. */
static void four_pages(void)
{
	leave(4);
}

/* Three pages in the central word, none as credit. */
static void three_central(void)
{
	set_up(0, (struct step)CHARGE(stage.vm->charge_limit - 3 - TINY_CHARGE_CHUNK), VMM_SUCCESS);
	set_up(0, (struct step)CHARGE(TINY_CHARGE_CHUNK), VMM_SUCCESS);
}

/* A region, and all of the limit committed but for a page. */
static void one_page_to_commit(void)
{
	set_up(0, (struct step)RESERVE(PAGE(0), 64, 0), VMM_SUCCESS);
	set_up(0, (struct step)COMMIT(PAGE(8), stage.vm->charge_limit - 1, RW), VMM_SUCCESS);
}

static void regions(void)
{
	set_up(0, (struct step)RESERVE(PAGE(0), 2, VMM_MEM_COMMIT), VMM_SUCCESS);
	set_up(1, (struct step)STORE(PAGE(0), 1), VMM_SUCCESS);
}

/* Nobody was refused what could be had, wherever it lay. */
static const char *nothing_is_left(void)
{
	HOLDS(charge_total(stage.vm) == stage.vm->charge_limit, "a page is free, and was refused");
	return NULL;
}

static const struct scenario table[] = {
	{ .name = "inside_against_closed",
	  .step = { { CLOSED() }, { INSIDE(), INSIDE() } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "two_close",
	  .step = { { CLOSED(), INSIDE() }, { CLOSED(), CLOSED() } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "the_last_page_of_the_limit",
	  .set_up = one_page,
	  .step = { { CHARGE(1) }, { CHARGE(1), CHARGE(1) } },
	  .orders = ORDERS_REAL_TIME,
	  .judge = nothing_is_left },
	{ .name = "credit_of_another",
	  .set_up = two_pages,
	  .step = { { CHARGE(1), CHARGE(1) }, { CHARGE(2) } },
	  .orders = ORDERS_REAL_TIME,
	  .judge = nothing_is_left },
	/* Who is refused hides from nobody what he has counted. */
	{ .name = "credit_beside_a_refusal",
	  .set_up = two_pages,
	  .step = { { CHARGE(3) }, { CHARGE(2) } },
	  .orders = ORDERS_REAL_TIME,
	  .judge = nothing_is_left },
	{ .name = "credit_on_its_way",
	  .set_up = three_central,
	  .step = { { CHARGE(1) }, { CHARGE(2) } },
	  .orders = ORDERS_REAL_TIME,
	  .judge = nothing_is_left },
	{ .name = "charge_against_uncharge",
	  .set_up = one_page,
	  .step = { { UNCHARGE(1), CHARGE(1) }, { CHARGE(2), CHARGE(1) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "credit_on_its_way_back",
	  .set_up = four_pages,
	  .step = { { UNCHARGE(1) }, { CHARGE(5), CHARGE(4) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "two_commits_of_the_last_page",
	  .set_up = one_page_to_commit,
	  .step = { { COMMIT(PAGE(0), 1, RW) }, { COMMIT(PAGE(1), 1, RW) } },
	  .orders = ORDERS_REAL_TIME,
	  .judge = nothing_is_left },
	{ .name = "commit_against_decommit",
	  .set_up = one_page_to_commit,
	  .step = { { COMMIT(PAGE(0), 2, RW) }, { DECOMMIT(PAGE(8), 1) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "release_against_first_touch",
	  .set_up = regions,
	  .step = { { RELEASE(PAGE(0)), RESERVE(PAGE(0), 1, VMM_MEM_COMMIT) },
	            { STORE(PAGE(1), 7) } } },
	{ .name = "release_against_stores",
	  .set_up = regions,
	  .step = { { RELEASE(PAGE(0)) }, { STORE(PAGE(0), 7), LOAD(PAGE(0)) } } },
	{ .name = "release_against_protect",
	  .set_up = regions,
	  .step = { { RELEASE(PAGE(0)) }, { PROTECT(PAGE(0), 1, RO), QUERY(PAGE(0)) } },
	  .orders = ORDERS_REAL_TIME },
	{ .name = "two_reserves",
	  .step = { { RESERVE(0, 1, 0), QUERY(PAGE(0)) }, { RESERVE(0, 1, VMM_MEM_COMMIT) } },
	  .orders = ORDERS_REAL_TIME },
};

Test(gate_and_charge, sequential)
{
	scenarios_hold("gate_and_charge", SCENARIOS_OF(table), MODEL_SEQUENTIAL);
}

Test(gate_and_charge, views)
{
	scenarios_hold("gate_and_charge", SCENARIOS_OF(table), MODEL_VIEWS);
}

Test(gate_and_charge, cut_off_agrees)
{
	scenarios_cut_off_agrees(SCENARIOS_OF(table));
}
