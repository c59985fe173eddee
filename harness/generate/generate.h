/* generate.h: random programs.
 *
 * A generator appends one operation at a time and keeps a picture of what the
 * program has built, so that most operations make sense where they stand. Each
 * program has a taste of its own, as in swarm testing: some verbs and habits
 * are common in it and some do not occur, so that rare ones come in numbers
 * where they come at all. The same seed gives the same program everywhere. */
#ifndef GENERATE_H
#define GENERATE_H

#include "picture.h"
#include "prng.h"
#include "../program/program.h"

/* Habits: how often, of 256, a program does a thing where it could. Each
 * program scales them (generate.c). */
#define GENERATE_HABITS(HABIT)                                                                   \
	HABIT(FOLLOW, 176)       /* access a range after an operation on it */                  \
	HABIT(FOCUS, 150)        /* stay at the range of the last operation */                  \
	HABIT(UNALIGNED, 90)     /* address and size off page borders */                        \
	HABIT(FIXED, 70)         /* reserve at an address of its own choice */                  \
	HABIT(TOP_DOWN, 28)                                                                      \
	HABIT(REQUIREMENTS, 18)  /* lowest, highest, align */                                   \
	HABIT(ZERO_BITS, 10)                                                                     \
	HABIT(WRITE_WATCH, 24)                                                                   \
	HABIT(PLACEHOLDERS, 22)                                                                  \
	HABIT(PHYSICAL, 4)                                                                       \
	HABIT(LARGE_PAGES, 2)                                                                    \
	HABIT(RESETS, 20)                                                                        \
	HABIT(BIG, 12)           /* allocations of more than 16 pages */                        \
	HABIT(GUARDS, 40)                                                                        \
	HABIT(CACHES, 10)        /* nocache, writecombine */                                    \
	HABIT(EXECUTES, 60)                                                                      \
	HABIT(WRITECOPIES, 4)                                                                    \
	HABIT(NEIGHBOURS, 20)    /* ranges and pages across an allocation's border */           \
	HABIT(SPOIL, 20)         /* one input of an operation replaced by an odd one */         \
	HABIT(STRAY, 6)          /* addresses with no relation to the program */                \
	HABIT(KERNEL, 16)                                                                        \
	HABIT(RAISED, 14)        /* irql above passive */                                       \
	HABIT(SWEEP, 3)          /* stores to page after page */                                \
	HABIT(SWITCH, 26)        /* go on in another process */                                 \
	HABIT(DEAD, 3)           /* use a process that has exited */

#define HABIT(NAME, share) HABIT_##NAME,
enum habit { GENERATE_HABITS(HABIT) HABIT_COUNT };
#undef HABIT

struct generator {
	struct prng prng;
	struct picture picture;
	unsigned regions;      /* allocations that the program likes to have alive */
	name_ref process;      /* where it works now */
	unsigned cpu;          /* that accessed last */
	/* The range of the last operation on a range, and the accesses that
	 * shall still go there. */
	name_ref focus_process;
	uint64_t focus, focus_size;
	unsigned follow;
	/* A sweep under way. */
	unsigned sweep;
	uint64_t sweep_at;
	/* The program's taste. */
	uint16_t habit[HABIT_COUNT];
	uint32_t verb_weight[OP_COUNT], verb_total;
};

/* Chooses the program's taste; the picture is that of an empty machine. */
void generator_start(struct generator *generator, uint64_t seed, const struct machine *machine);
/* Appends one operation of a built verb, and observes it. */
void generator_op(struct generator *generator, struct program *program);
/* Takes note of an operation that the program has already. */
void generator_observe(struct generator *generator, const struct op *op);
/* Fills one input of an operation, by its kind and what stands before it;
 * generator_odd_input prefers what is illegal or at a border. Inputs are to be
 * filled in their order. */
void generator_input(struct generator *generator, struct program *program, struct op *op,
                     unsigned input);
void generator_odd_input(struct generator *generator, struct program *program, struct op *op,
                         unsigned input);

/* A machine small enough to fuzz. */
struct machine generate_machine(struct prng *prng);
/* A random machine and `ops` operations; the program's old content is lost. */
void generate_program(struct program *program, uint64_t seed, size_t ops);

#endif
