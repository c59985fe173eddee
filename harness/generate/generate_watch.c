/* generate_watch.c: asking which pages were stored to. Nearly every range is
 * refused unless it lies in a write-watch allocation, so one is looked for. */
#include "generate_values.h"

static bool is_watched(const struct picture_allocation *allocation)
{
	return (allocation->type & VMM_MEM_WRITE_WATCH) != 0;
}

struct picture_allocation *generator_watched(struct generator *generator, name_ref process)
{
	unsigned count = picture_count(&generator->picture, process);
	unsigned start = count == 0 ? 0 : (unsigned)prng_below(&generator->prng, count);

	for (unsigned i = 0; i < count; i++) {
		struct picture_allocation *allocation =
			picture_nth(&generator->picture, process, (start + i) % count);

		if (is_watched(allocation))
			return allocation;
	}
	return NULL;
}

/* Mostly the whole allocation or pages of it; now and then a byte too many. */
static void put_watched_range(struct generator *generator, struct op *op, unsigned address,
                              unsigned size, struct picture_allocation *allocation)
{
	struct target target = { .allocation = allocation, .last = allocation->pages - 1 };

	if (prng_chance(&generator->prng, 1, 2))
		generator_range(generator, &target);
	generator_put_range(generator, op, address, size, &target);
	if (prng_chance(&generator->prng, 1, 24))
		op->number[size]++;
}

bool generator_build_watch(struct generator *generator, struct op *op)
{
	struct picture_allocation *allocation = generator_watched(generator, op->subject);

	if (allocation == NULL)
		return false;
	if (op->verb == OP_RESETWATCH) {
		put_watched_range(generator, op, RESETWATCH_IN_addr, RESETWATCH_IN_size, allocation);
		return true;
	}
	put_watched_range(generator, op, GETWATCH_IN_addr, GETWATCH_IN_size, allocation);
	/* Little room as often as much: only the pages that are returned are reset. */
	op->number[GETWATCH_IN_max] = prng_chance(&generator->prng, 1, 2)
	                                      ? 1 + prng_below(&generator->prng, 3)
	                                      : 4096;
	op->number[GETWATCH_IN_reset] = prng_below(&generator->prng, 2);
	return true;
}
