/* generate_values.h: what the files of the generator share; nobody else
 * includes it. */
#ifndef GENERATE_VALUES_H
#define GENERATE_VALUES_H

#include "generate.h"

/* The files of the generator draw at most one random number in an expression
 * whose order of evaluation is open: otherwise compilers would disagree on the
 * program of a seed. */

/* Whether the program does a thing now that it could do. */
static inline bool generator_does(struct generator *generator, enum habit habit)
{
	return prng_below(&generator->prng, 256) < generator->habit[habit];
}

/* generate_values.c: values by kind. */
void generator_put_address(struct generator *generator, struct op *op, unsigned input,
                           uint64_t address);
uint64_t generator_fresh_size(struct generator *generator);
uint32_t generator_protect(struct generator *generator);
/* A member of a set of pages, at random; the set is not empty. */
unsigned generator_pick_page(struct generator *generator, uint64_t pages);

/* A number of any length in bits. */
uint64_t generator_exponential(struct generator *generator);
/* A word of a kind, or some of them joined; 0 for a kind without words. */
uint32_t generator_word(struct generator *generator, enum kind kind);
/* Any name of a sort (enum picture_sort), 0 if there is none. */
name_ref generator_name(struct generator *generator, unsigned sort);

/* generate_odd.c */
uint64_t generator_odd_size(struct generator *generator);
uint64_t generator_odd_address(struct generator *generator);

/* generate_targets.c: where in the program's allocations an operation goes. */
struct target {
	struct picture_allocation *allocation;
	uint64_t first, last; /* pages of it */
};
/* An allocation of the op's process, the one at the focus if the program likes
 * that; NULL when there is none. */
struct picture_allocation *generator_allocation(struct generator *generator,
                                                const struct op *op);
/* A run of pages of target->allocation. */
void generator_range(struct generator *generator, struct target *target);
/* A run of pages that are all in a set, which is not empty. */
void generator_range_in(struct generator *generator, struct target *target, uint64_t pages);
/* Fills the address and size inputs of an operation with a run of pages. */
void generator_put_range(struct generator *generator, struct op *op, unsigned address,
                         unsigned size, const struct target *target);
/* Fills an address input with a place in a page, which allows the operation
 * where it can be; width is that of an access, otherwise 1. */
void generator_put_place(struct generator *generator, struct op *op, unsigned input,
                         unsigned width);

/* generate_watch.c: a write-watch allocation of a process, or NULL; and the
 * operations that need one, as generator_build. */
struct picture_allocation *generator_watched(struct generator *generator, name_ref process);
bool generator_build_watch(struct generator *generator, struct op *op);

/* generate_verbs.c: whole operations. False when the verb has no builder of
 * its own, or there is nothing that it could act on. */
bool generator_build(struct generator *generator, struct op *op);

#endif
