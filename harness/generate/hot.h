/* hot.h: operations of several CPUs on the same few pages, where they meet.
 *
 * The generator of sequential programs (generate.h) goes all over the address space;
 * for a concurrent part that is too far: its operations must touch the same pages, or
 * neighbours, to disturb each other. */
#ifndef HOT_H
#define HOT_H

#include "../program/program.h"
#include "prng.h"

/* What such an operation does; each program likes some more than others. */
#define HOT_DEEDS(DEED)                                                                          \
	DEED(load, 16)                                                                           \
	DEED(store, 20)                                                                          \
	DEED(exec, 2)                                                                            \
	DEED(protect, 14)                                                                        \
	DEED(decommit, 10)                                                                       \
	DEED(release, 5)                                                                         \
	DEED(release_part, 2)                                                                    \
	DEED(commit, 10)                                                                         \
	DEED(reset, 2)                                                                           \
	DEED(allocate, 6)                                                                        \
	DEED(query, 5)                                                                           \
	DEED(look_at_marks, 6)                                                                   \
	DEED(forget_marks, 4)                                                                    \
	DEED(new_process, 1)                                                                     \
	DEED(exit, 2)

#define DEED(name, weight) HOT_##name,
enum hot_deed { HOT_DEEDS(DEED) HOT_COUNT };
#undef DEED

struct hot {
	struct prng *prng;
	name_ref process, name; /* the pages of an allocation: from its base on */
	unsigned pages, hottest; /* hottest: the page that half of all goes to */
	unsigned weight[HOT_COUNT];
	/* What each CPU allocated itself, since it cannot name what another CPU allocates
	 * beside it; 0: nothing. */
	name_ref own[MACHINE_CPUS_MAX];
	name_ref fresh; /* the next name for what is allocated */
};

/* `watched`: the allocation is under write watch. */
void hot_start(struct hot *hot, struct prng *prng, name_ref process, name_ref name, unsigned pages,
               bool watched);
/* Makes a zeroed operation of the CPU one on the hot pages. */
void hot_op(struct hot *hot, struct op *op, unsigned cpu);
/* What is done: a deed by its number, for what stands before and behind a part. */
void hot_do(struct hot *hot, struct op *op, unsigned cpu, enum hot_deed deed);

#endif
