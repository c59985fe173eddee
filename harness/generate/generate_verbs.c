/* generate_verbs.c: whole operations of the verbs whose inputs belong together:
 * alloc, free, protect and the accesses. */
#include "generate_values.h"

static uint64_t below(struct generator *generator, uint64_t n)
{
	return prng_below(&generator->prng, n);
}

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) & ~(unit - 1);
}

/* ---- alloc: a new allocation --------------------------------------------------- */

static uint32_t reserve_type(struct generator *generator)
{
	if (generator_does(generator, HABIT_PLACEHOLDERS))
		return VMM_MEM_RESERVE | VMM_MEM_RESERVE_PLACEHOLDER;
	if (generator_does(generator, HABIT_PHYSICAL))
		return VMM_MEM_RESERVE | VMM_MEM_PHYSICAL;
	if (generator_does(generator, HABIT_LARGE_PAGES))
		return VMM_MEM_RESERVE | VMM_MEM_COMMIT | VMM_MEM_LARGE_PAGES;
	uint64_t n = below(generator, 16);
	if (n == 0)
		return VMM_MEM_COMMIT; /* reserves too when it has no address */
	uint32_t type = n < 6 ? VMM_MEM_RESERVE : VMM_MEM_RESERVE | VMM_MEM_COMMIT;
	return generator_does(generator, HABIT_WRITE_WATCH) ? type | VMM_MEM_WRITE_WATCH : type;
}

/* A base in reach of what the program has: touching an allocation from either
 * side, over a hole, at an end of user space, among the lowest. */
static uint64_t base_nearby(struct generator *generator, const struct op *op, uint64_t size)
{
	struct picture *picture = &generator->picture;
	const struct picture_allocation *allocation = generator_allocation(generator, op);
	uint64_t blocks = round_up(size, VMM_GRANULARITY);
	switch (below(generator, 8)) {
	case 0:
	case 1:
		if (allocation != NULL)
			return round_up(picture_end(allocation), VMM_GRANULARITY);
		break;
	case 2:
	case 3:
		if (allocation != NULL)
			return allocation->base - blocks;
		break;
	case 4:
		return picture->high + 1 - blocks;
	case 5:
		if (generator->focus_size != 0)
			return generator->focus;
		break;
	default:
		break;
	}
	return picture->low + below(generator, 64) * VMM_GRANULARITY;
}

static void put_fixed_base(struct generator *generator, struct op *op)
{
	uint64_t size = op->number[ALLOC_IN_size], base = 0;
	for (unsigned tries = 0; tries < 4; tries++) {
		base = base_nearby(generator, op, size);
		if (!picture_overlaps(&generator->picture, op->subject, base, size))
			break;
	}
	if (generator_does(generator, HABIT_UNALIGNED)) {
		base += below(generator, 16) * VMM_PAGE_SIZE;
		base += below(generator, 3);
	}
	if (generator_does(generator, HABIT_NEIGHBOURS))
		base += below(generator, 2) == 0 ? VMM_PAGE_SIZE : -VMM_PAGE_SIZE;
	generator_put_address(generator, op, ALLOC_IN_addr, base);
}

static void put_requirements(struct generator *generator, struct op *op)
{
	const struct picture *picture = &generator->picture;
	uint64_t lowest = picture->low + below(generator, 64) * VMM_GRANULARITY;
	uint64_t room = round_up(op->number[ALLOC_IN_size], VMM_PAGE_SIZE);
	/* Exactly enough, or a page too little, is where placement goes wrong. */
	uint64_t fit = below(generator, 4);
	if (fit == 0)
		room -= VMM_PAGE_SIZE;
	else if (fit > 1)
		room += below(generator, 16) * VMM_PAGE_SIZE;
	unsigned which = 1 + (unsigned)below(generator, 7);
	/* An alignment coarser than the room is too much for most ranges. */
	unsigned shift = (unsigned)below(generator, which == 4 ? 12 : 3);
	if (which & 1)
		generator_put_address(generator, op, ALLOC_IN_lowest, lowest);
	if (which & 2) {
		uint64_t blocks = below(generator, below(generator, 2) == 0 ? 1 : 4) *
		                  VMM_GRANULARITY;
		generator_put_address(generator, op, ALLOC_IN_highest,
		                      lowest + blocks + room - 1);
	}
	if ((which & 2) && below(generator, 6) == 0)
		generator_put_address(generator, op, ALLOC_IN_highest,
		                      generator->picture.high +
		                              (below(generator, 2) == 0 ? 0 : VMM_PAGE_SIZE));
	if (which & 4)
		op->number[ALLOC_IN_align] = VMM_GRANULARITY << shift;
}

static uint64_t zero_bits(struct generator *generator)
{
	switch (below(generator, 4)) {
	case 0:
		return UINT64_MAX >> (16 + below(generator, 40));
	case 1: /* a mask with holes: only its length counts */
		return (prng_next(&generator->prng) | UINT64_C(1) << 63) >> (16 + below(generator, 32));
	case 2:
		if (below(generator, 2) == 0)
			return 1 + below(generator, 15);
		return 12 + below(generator, 10);
	default:
		return 1 + below(generator, 15);
	}
}

static void build_reserve(struct generator *generator, struct op *op)
{
	uint32_t type = reserve_type(generator);
	op->number[ALLOC_IN_size] = generator_fresh_size(generator);
	op->number[ALLOC_IN_protect] = generator_protect(generator);
	if (type & VMM_MEM_RESERVE_PLACEHOLDER)
		op->number[ALLOC_IN_protect] = VMM_PAGE_NOACCESS;
	if (type & VMM_MEM_PHYSICAL)
		op->number[ALLOC_IN_protect] = VMM_PAGE_READWRITE;
	if (type & VMM_MEM_LARGE_PAGES)
		op->number[ALLOC_IN_size] = VMM_LARGE_PAGE_SIZE << below(generator, 2);
	if (type != VMM_MEM_COMMIT && generator_does(generator, HABIT_FIXED))
		put_fixed_base(generator, op);
	else if (generator_does(generator, HABIT_REQUIREMENTS))
		put_requirements(generator, op);
	if (generator_does(generator, HABIT_ZERO_BITS))
		op->number[ALLOC_IN_zero_bits] = zero_bits(generator);
	if (!(type & VMM_MEM_LARGE_PAGES) && generator_does(generator, HABIT_TOP_DOWN))
		type |= VMM_MEM_TOP_DOWN;
	op->number[ALLOC_IN_type] = type;
}

/* ---- alloc: in an allocation that is there ------------------------------------- */

static void build_replace(struct generator *generator, struct op *op,
                          struct picture_allocation *allocation)
{
	uint32_t type = VMM_MEM_RESERVE | VMM_MEM_REPLACE_PLACEHOLDER;
	struct target target = {allocation, 0, allocation->pages - 1};
	if (below(generator, 3) != 0)
		type |= VMM_MEM_COMMIT;
	if (generator_does(generator, HABIT_WRITE_WATCH))
		type |= VMM_MEM_WRITE_WATCH;
	op->number[ALLOC_IN_type] = type;
	op->number[ALLOC_IN_protect] = generator_protect(generator);
	generator_put_range(generator, op, ALLOC_IN_addr, ALLOC_IN_size, &target);
}

static void build_commit(struct generator *generator, struct op *op,
                         struct picture_allocation *allocation)
{
	struct target target = {.allocation = allocation};
	op->number[ALLOC_IN_type] = VMM_MEM_COMMIT;
	op->number[ALLOC_IN_protect] = generator_protect(generator);
	if (generator_does(generator, HABIT_RESETS)) {
		op->number[ALLOC_IN_type] = below(generator, 3) == 0 ? VMM_MEM_RESET_UNDO :
		                                                       VMM_MEM_RESET;
		op->number[ALLOC_IN_protect] = VMM_PAGE_NOACCESS;
	} else if (generator_does(generator, HABIT_TOP_DOWN)) {
		op->number[ALLOC_IN_type] |= VMM_MEM_TOP_DOWN;
	}
	generator_range(generator, &target);
	generator_put_range(generator, op, ALLOC_IN_addr, ALLOC_IN_size, &target);
}

static bool build_alloc(struct generator *generator, struct op *op)
{
	unsigned live = picture_count(&generator->picture, op->subject);
	struct picture_allocation *allocation = generator_allocation(generator, op);
	unsigned inside = live >= 2 * generator->regions ? 15 : live >= generator->regions ? 11 : 5;
	if (allocation == NULL || below(generator, 16) >= inside)
		build_reserve(generator, op);
	else if (picture_is_placeholder(allocation) && below(generator, 12) != 0)
		build_replace(generator, op, allocation);
	else
		build_commit(generator, op, allocation);
	return true;
}

/* ---- free --------------------------------------------------------------------- */

/* All placeholders that touch each other around one. */
static void put_coalesce(struct generator *generator, struct op *op,
                         const struct picture_allocation *allocation)
{
	struct picture *picture = &generator->picture;
	uint64_t base = allocation->base, end = picture_end(allocation);
	const struct picture_allocation *next = picture_find(picture, op->subject, end);
	while (next != NULL && picture_is_placeholder(next)) {
		end = picture_end(next);
		next = picture_find(picture, op->subject, end);
	}
	next = picture_find(picture, op->subject, base - 1);
	while (next != NULL && picture_is_placeholder(next) && below(generator, 4) != 0) {
		base = next->base;
		next = picture_find(picture, op->subject, base - 1);
	}
	/* A range that cuts a placeholder at an end, or takes in an allocation that is
	 * none, must be refused. */
	uint64_t wrong = below(generator, 12);
	next = picture_find(picture, op->subject, end);
	if (next != NULL && below(generator, 4) == 0) {
		end = picture_end(next);
		wrong = 2;
	}
	if (wrong == 0)
		base += VMM_PAGE_SIZE;
	else if (wrong == 1)
		end -= VMM_PAGE_SIZE;
	op->number[FREE_IN_type] = VMM_MEM_RELEASE | VMM_MEM_COALESCE_PLACEHOLDERS;
	op->number[FREE_IN_size] = end - base;
	generator_put_address(generator, op, FREE_IN_addr, base);
}

static void put_free(struct generator *generator, struct op *op, uint32_t type,
                     const struct target *target)
{
	op->number[FREE_IN_type] = type;
	generator_put_range(generator, op, FREE_IN_addr, FREE_IN_size, target);
}

static void build_release(struct generator *generator, struct op *op, struct target *target)
{
	op->number[FREE_IN_type] = VMM_MEM_RELEASE;
	switch (below(generator, 8)) {
	case 0:
	case 1:
	case 2:
		generator_put_address(generator, op, FREE_IN_addr, target->allocation->base);
		return;
	case 3:
		target->first = 0;
		target->last = target->allocation->pages - 1;
		break;
	default:
		generator_range(generator, target);
		break;
	}
	put_free(generator, op, VMM_MEM_RELEASE, target);
}

static void build_decommit(struct generator *generator, struct op *op, struct target *target)
{
	uint64_t committed = target->allocation->committed;
	if (below(generator, 10) == 0) {
		op->number[FREE_IN_type] = VMM_MEM_DECOMMIT;
		generator_put_address(generator, op, FREE_IN_addr, target->allocation->base);
		return;
	}
	if (committed != 0 && below(generator, 4) != 0)
		generator_range_in(generator, target, committed);
	else
		generator_range(generator, target);
	put_free(generator, op, VMM_MEM_DECOMMIT, target);
}

static void build_free_placeholder(struct generator *generator, struct op *op,
                                   struct target *target)
{
	uint64_t choice = below(generator, 8);
	if (choice < 3) {
		put_coalesce(generator, op, target->allocation);
	} else if (choice < 7) {
		generator_range(generator, target);
		put_free(generator, op, VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER, target);
	} else {
		build_release(generator, op, target);
	}
}

static bool build_free(struct generator *generator, struct op *op)
{
	unsigned live = picture_count(&generator->picture, op->subject);
	unsigned releases = live >= 2 * generator->regions ? 12 :
	                    live >= generator->regions     ? 6 :
	                                                     3;
	struct target target = {.allocation = generator_allocation(generator, op)};
	if (target.allocation == NULL)
		return false;
	if (picture_is_placeholder(target.allocation)) {
		build_free_placeholder(generator, op, &target);
	} else if ((target.allocation->type & VMM_MEM_REPLACE_PLACEHOLDER) &&
	           below(generator, 2) == 0) {
		target.last = target.allocation->pages - 1;
		put_free(generator, op, VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER, &target);
	} else if ((target.allocation->type & VMM_MEM_PHYSICAL) && below(generator, 4) != 0) {
		op->number[FREE_IN_type] = VMM_MEM_RELEASE;
		generator_put_address(generator, op, FREE_IN_addr, target.allocation->base);
	} else if (below(generator, 16) < releases) {
		build_release(generator, op, &target);
	} else {
		build_decommit(generator, op, &target);
	}
	return true;
}

/* ---- protect ------------------------------------------------------------------ */

static bool build_protect(struct generator *generator, struct op *op)
{
	struct target target = {.allocation = generator_allocation(generator, op)};
	for (unsigned tries = 0; tries < 3 && target.allocation != NULL &&
	                         target.allocation->committed == 0; tries++)
		target.allocation = generator_allocation(generator, op);
	if (target.allocation == NULL)
		return false;
	if (target.allocation->committed != 0 && below(generator, 8) != 0)
		generator_range_in(generator, &target, target.allocation->committed);
	else
		generator_range(generator, &target);
	generator_put_range(generator, op, PROTECT_IN_addr, PROTECT_IN_size, &target);
	op->number[PROTECT_IN_protect] = generator_protect(generator);
	return true;
}

/* ---- Accesses ----------------------------------------------------------------- */

static void put_circumstances(struct generator *generator, struct op *op, unsigned mode,
                              unsigned irql)
{
	if (generator_does(generator, HABIT_KERNEL))
		op->number[mode] = VMM_MODE_KERNEL;
	if (generator_does(generator, HABIT_RAISED))
		op->number[irql] = below(generator, 4) == 0 ? VMM_IRQL_APC : VMM_IRQL_DISPATCH;
}

static bool build_access(struct generator *generator, struct op *op)
{
	if (picture_count(&generator->picture, op->subject) == 0 && generator->follow == 0)
		return false;
	unsigned width = op->verb == OP_EXEC ? 1 : 1u << below(generator, 4);
	generator_put_place(generator, op, LOAD_IN_address, width);
	if (op->verb == OP_EXEC) {
		put_circumstances(generator, op, EXEC_IN_mode, EXEC_IN_irql);
		return true;
	}
	op->number[LOAD_IN_width] = width;
	if (op->verb == OP_STORE) {
		generator_input(generator, NULL, op, STORE_IN_value);
		put_circumstances(generator, op, STORE_IN_mode, STORE_IN_irql);
	} else {
		put_circumstances(generator, op, LOAD_IN_mode, LOAD_IN_irql);
	}
	return true;
}

bool generator_build(struct generator *generator, struct op *op)
{
	switch ((int)op->verb) {
	case OP_ALLOC:
		return build_alloc(generator, op);
	case OP_FREE:
		return build_free(generator, op);
	case OP_PROTECT:
		return build_protect(generator, op);
	case OP_LOAD:
	case OP_STORE:
	case OP_EXEC:
		return build_access(generator, op);
	case OP_GETWATCH:
	case OP_RESETWATCH:
		return generator_build_watch(generator, op);
	default:
		return false;
	}
}
