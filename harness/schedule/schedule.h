/* schedule.h: concurrent parts of programs: the lines between `parallel` and
 * `join`, which simulated CPUs run against each other (harness/model/), judged
 * by whether some order of them explains what came (judge.h). In a build without
 * simulated CPUs there is none of this, and the lines count as not built. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "../../core/atomic.h"
#include "../model/oracle.h"
#include "../run/running.h"

/* Who decides which CPU runs where a part has no `schedule=`. */
enum schedule_runner {
	SCHEDULE_TURNS,  /* nobody: the lowest CPU runs to its end, then the next */
	SCHEDULE_RANDOM, /* a random walk */
	SCHEDULE_PCT     /* random priorities */
};

struct schedule_options {
	enum schedule_runner runner;
	uint64_t seed;
	unsigned depth; /* of PCT: ordering constraints that a bug needs */
	bool views;     /* C11 memory; also where a schedule= has choices of it */
	/* Decides the part with number `explored`, from 0, whatever its schedule=
	 * says; may be NULL. */
	struct oracle *oracle;
	size_t explored;
	bool anew; /* oracle is NULL: the runner decides it, whatever its schedule= says */
};

/* What happened in a part. */
struct schedule_part {
	size_t parallel; /* the operation that it starts with */
	struct oracle_entry *entry; /* the schedule that it ran by */
	size_t count, capacity;
	uint64_t steps, longest; /* schedule points; most of one operation */
	unsigned preemptions;
};

struct schedule; /* everything that parts need from run to run */

#ifdef VMM_SCHEDULED
struct schedule *schedule_create(struct runner *runner);
void schedule_destroy(struct schedule *schedule);
struct schedule_options *schedule_options(struct schedule *schedule);
/* A program starts. */
void schedule_start(struct schedule *schedule);
/* Runs the part that starts with the operation `first`, a parallel, and judges
 * it; *next is the operation behind it, at most `end`. False: *run->finding. */
bool schedule_run(struct schedule *schedule, struct run *run, size_t first, size_t end,
                  size_t *next);
/* The part that runs: its parallel, and the choices so far. False: none does. May
 * be called from a signal's handler. */
bool schedule_now(const struct schedule *schedule, size_t *parallel,
                  const struct oracle_entry **entry, size_t *count);
/* The parts of the last run. */
size_t schedule_parts(const struct schedule *schedule, const struct schedule_part **part);
/* Gives a parallel of the program a schedule. */
void schedule_write(struct program *program, size_t parallel, const struct oracle_entry *entry,
                    size_t count);
#else
static inline struct schedule *schedule_create(struct runner *runner)
{
	(void)runner;
	return NULL;
}
static inline void schedule_destroy(struct schedule *schedule)
{
	(void)schedule;
}
static inline struct schedule_options *schedule_options(struct schedule *schedule)
{
	(void)schedule;
	return NULL;
}
static inline void schedule_start(struct schedule *schedule)
{
	(void)schedule;
}
static inline bool schedule_run(struct schedule *schedule, struct run *run, size_t first,
                                size_t end, size_t *next)
{
	(void)schedule;
	*next = first + 1 < end ? first + 1 : end;
	return run_pass_over(run, first, FATE_NOT_BUILT);
}
#endif

#endif
