/* generate_targets.c: where operations of the generator go.
 *
 * Most bugs of a memory manager need several operations on the same few pages:
 * a store, a change of the page, an access again. So an operation likes the
 * range of the one before it, pages that were accessed, and the ends of both. */
#include "generate_values.h"

static uint64_t below(struct generator *generator, uint64_t n)
{
	return prng_below(&generator->prng, n);
}

static bool in_focus(const struct generator *generator, const struct op *op)
{
	return generator->focus_size != 0 && generator->focus_process == op->subject;
}

struct picture_allocation *generator_allocation(struct generator *generator,
                                                const struct op *op)
{
	if (in_focus(generator, op) && generator_does(generator, HABIT_FOCUS)) {
		struct picture_allocation *allocation =
			picture_find(&generator->picture, op->subject, generator->focus);
		if (allocation != NULL)
			return allocation;
	}
	unsigned count = picture_count(&generator->picture, op->subject);
	if (count == 0)
		return NULL;
	return picture_nth(&generator->picture, op->subject,
	                   (unsigned)below(generator, count));
}

/* ---- Ranges ------------------------------------------------------------------- */

/* The focus as pages of an allocation that holds its first page. */
static void focus_pages(const struct generator *generator,
                        const struct picture_allocation *allocation, uint64_t *first,
                        uint64_t *last)
{
	*first = (generator->focus - allocation->base) / VMM_PAGE_SIZE;
	*last = *first + (generator->focus_size - 1) / VMM_PAGE_SIZE;
	if (*last >= allocation->pages)
		*last = allocation->pages - 1;
}

/* Moves a page by one or not at all, but not out of 0..pages-1. */
static uint64_t nudge(struct generator *generator, uint64_t page, uint64_t pages)
{
	uint64_t step = below(generator, 6);
	if (step == 0 && page > 0)
		return page - 1;
	if (step == 1 && page + 1 < pages)
		return page + 1;
	return page;
}

static void range_near_focus(struct generator *generator, struct target *target)
{
	uint64_t pages = target->allocation->pages, first, last;
	focus_pages(generator, target->allocation, &first, &last);
	first = nudge(generator, first, pages);
	last = nudge(generator, last, pages);
	target->first = first < last ? first : last;
	target->last = first < last ? last : first;
}

void generator_range(struct generator *generator, struct target *target)
{
	const struct picture_allocation *allocation = target->allocation;
	uint64_t pages = allocation->pages, drawn = pages;
	const struct op here = {.subject = allocation->process};
	if (in_focus(generator, &here) &&
	    generator->focus - allocation->base < pages * VMM_PAGE_SIZE &&
	    below(generator, 3) == 0) {
		range_near_focus(generator, target);
		return;
	}
	if (allocation->touched != 0 && below(generator, 3) == 0) {
		generator_range_in(generator, target, allocation->touched);
		return;
	}
	if (drawn > PICTURE_PAGES)
		drawn = PICTURE_PAGES;
	uint64_t a = below(generator, drawn), b = below(generator, drawn);
	switch (below(generator, 8)) {
	case 0: /* all */
		a = 0;
		b = pages - 1;
		break;
	case 1: /* a head */
		a = 0;
		break;
	case 2: /* a tail */
		b = pages - 1;
		break;
	case 3: /* the first page */
		a = b = 0;
		break;
	case 4: /* the last page */
		a = b = pages - 1;
		break;
	case 5: /* a page or two */
		b = nudge(generator, a, pages);
		break;
	default:
		break;
	}
	target->first = a < b ? a : b;
	target->last = a < b ? b : a;
}

void generator_range_in(struct generator *generator, struct target *target, uint64_t pages)
{
	unsigned first = generator_pick_page(generator, pages), last = first;
	unsigned more = (unsigned)below(generator, 4); /* 0: the page alone; 3: the whole run */
	while (first > 0 && (pages >> (first - 1) & 1) && more > below(generator, 3))
		first--;
	while (last + 1 < PICTURE_PAGES && (pages >> (last + 1) & 1) &&
	       more > below(generator, 3))
		last++;
	target->first = first;
	target->last = last;
}

void generator_put_range(struct generator *generator, struct op *op, unsigned address,
                         unsigned size, const struct target *target)
{
	uint64_t base = target->allocation->base;
	uint64_t from = base + target->first * VMM_PAGE_SIZE;
	uint64_t to = base + (target->last + 1) * VMM_PAGE_SIZE;
	if (generator_does(generator, HABIT_NEIGHBOURS)) {
		if (below(generator, 2) == 0 && from != 0)
			from -= VMM_PAGE_SIZE;
		else
			to += VMM_PAGE_SIZE;
	}
	if (generator_does(generator, HABIT_UNALIGNED)) {
		/* One byte off a border is where rounding goes wrong. */
		uint64_t shape = below(generator, 4);
		if (shape != 1)
			from += shape == 0 ? VMM_PAGE_SIZE - 1 : below(generator, VMM_PAGE_SIZE);
		to -= shape == 0 ? VMM_PAGE_SIZE - 1 : below(generator, VMM_PAGE_SIZE);
		if (shape == 3 && below(generator, 4) == 0)
			to = base + (target->last + 1) * VMM_PAGE_SIZE + 1;
		if (to <= from)
			to = from + 1;
	}
	generator_put_address(generator, op, address, from);
	op->number[size] = to - from;
}

/* ---- Places ------------------------------------------------------------------- */

/* Few different offsets, so that loads meet what was stored; both ends of the
 * page, and over its end. */
static uint64_t offset_in_page(struct generator *generator, unsigned width)
{
	uint64_t last = VMM_PAGE_SIZE - width;
	switch (below(generator, 12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		return 0;
	case 4:
	case 5:
		return last;
	case 6:
		return VMM_PAGE_SIZE - 1;
	case 7:
		return last + below(generator, width);
	case 8:
		return below(generator, VMM_PAGE_SIZE);
	default:
		return below(generator, 8) * 8;
	}
}

/* The pages of an allocation that allow the operation; now and then those that
 * answer with their guard. */
static uint64_t wanted_pages(struct generator *generator, const struct op *op,
                             const struct picture_allocation *allocation)
{
	uint64_t open = allocation->committed & ~allocation->guarded;
	if (op->verb != OP_LOAD && op->verb != OP_STORE && op->verb != OP_EXEC)
		return UINT64_MAX & picture_drawn(allocation);
	if (allocation->guarded != 0 && below(generator, 6) == 0)
		return allocation->guarded;
	if (op->verb == OP_STORE)
		return open & allocation->writable;
	return open & (op->verb == OP_EXEC ? allocation->executable : allocation->readable);
}

/* An allocation that has such pages, if some tries find one. */
static struct picture_allocation *allocation_wanted(struct generator *generator,
                                                    const struct op *op, uint64_t *wanted)
{
	struct picture_allocation *allocation = NULL;
	*wanted = 0;
	for (unsigned tries = 0; tries < 4 && *wanted == 0; tries++) {
		allocation = generator_allocation(generator, op);
		if (allocation == NULL)
			return NULL;
		*wanted = wanted_pages(generator, op, allocation);
	}
	return allocation;
}

/* A page of the focus, or of its whole allocation. */
static uint64_t page_of(struct generator *generator,
                        const struct picture_allocation *allocation, bool focused,
                        uint64_t wanted)
{
	uint64_t first = 0, last = allocation->pages - 1;
	if (focused)
		focus_pages(generator, allocation, &first, &last);
	uint64_t liked = wanted & picture_pages(first, last);
	if (liked == 0)
		liked = wanted;
	if (liked != 0 && below(generator, 8) != 0)
		return generator_pick_page(generator, liked);
	switch (below(generator, 4)) {
	case 0:
		return first;
	case 1:
		return last;
	default:
		return first + below(generator, last - first + 1);
	}
}

void generator_put_place(struct generator *generator, struct op *op, unsigned input,
                         unsigned width)
{
	struct picture *picture = &generator->picture;
	struct picture_allocation *allocation = NULL;
	bool follows = in_focus(generator, op) && generator->follow > 0;
	uint64_t address, wanted = 0;
	if (follows) {
		allocation = picture_find(picture, op->subject, generator->focus);
		if (allocation != NULL)
			wanted = wanted_pages(generator, op, allocation);
		if (wanted == 0)
			generator->follow = 1; /* one refusal tells all */
	} else {
		allocation = allocation_wanted(generator, op, &wanted);
	}
	if (allocation != NULL) {
		bool focused = in_focus(generator, op) &&
		               picture_find(picture, op->subject, generator->focus) == allocation;
		address = allocation->base +
		          page_of(generator, allocation, focused, wanted) * VMM_PAGE_SIZE;
	} else if (follows) {
		/* What was released must not be there any more. */
		uint64_t pages = (generator->focus_size + VMM_PAGE_SIZE - 1) / VMM_PAGE_SIZE;
		address = generator->focus + below(generator, pages) * VMM_PAGE_SIZE;
	} else {
		address = generator_odd_address(generator);
	}
	if (generator_does(generator, HABIT_NEIGHBOURS))
		address += below(generator, 2) == 0 ? VMM_PAGE_SIZE : -VMM_PAGE_SIZE;
	generator_put_address(generator, op, input, address + offset_in_page(generator, width));
}
