/* bench.h: what a row of the benchmark is: a piece of work done by libvmm beside
 * the same work done by a peer, and the ratio that is aimed at.
 *
 * Absolute times move from machine to machine and from hour to hour, so nothing
 * here is compared with a number written down: both sides of a row are sampled in
 * turns (measure.h), and a goal is a ratio of the two. No test is ever timed. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>

struct bench_side {
	const char *what;               /* who does it, for the table */
	void (*prepare)(void *context); /* before each run, not timed; NULL: nothing */
	void (*run)(void *context, uint64_t count); /* NULL: the peer is not installed */
	void *context;
	uint64_t count; /* operations of a run; 0: any number will do */
};

enum goal_kind {
	GOAL_NONE,     /* there to be looked at */
	GOAL_AT_MOST,  /* ours / peer <= committed */
	GOAL_AT_LEAST, /* peer / ours >= committed */
};

struct goal {
	enum goal_kind kind;
	double committed, ambitious; /* ambitious 0: none is set */
};

#define NO_GOAL ((struct goal){ GOAL_NONE, 0, 0 })
#define AT_MOST(COMMITTED, AMBITIOUS) ((struct goal){ GOAL_AT_MOST, COMMITTED, AMBITIOUS })
#define AT_LEAST(COMMITTED, AMBITIOUS) ((struct goal){ GOAL_AT_LEAST, COMMITTED, AMBITIOUS })

/* Whether the row was asked for; a group asks before it builds what is costly. */
bool bench_wanted(const char *name);
/* Measures a row and prints it; one that was not asked for is passed over. */
void bench_row(const char *name, struct bench_side ours, struct bench_side peer, struct goal goal);

/* Ends the program: a benchmark that has failed measures nothing. */
_Noreturn void bench_fail(const char *what);
/* The same unless `good`; cheap enough for a loop that is timed. */
static inline void bench_must(bool good, const char *what)
{
	if (__builtin_expect(!good, 0))
		bench_fail(what);
}

/* Keeps a value that nothing else uses from being optimised away. */
static inline void bench_keep(uint64_t value)
{
	__asm__ volatile("" : : "r"(value) : "memory");
}

/* The groups, a file each. */
void bench_tlb(void);
void bench_fault(void);
void bench_frames(void);
void bench_ranges(void);
void bench_lookup(void);

#endif
