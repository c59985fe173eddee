/* scenario.h: a small program for two CPUs of the real core, or three, of which
 * every schedule is looked at.
 *
 * Nobody writes down what its outcomes may be: its steps are also run one after
 * another, in every order that keeps each CPU's own, and an execution must come out
 * as one of these orders does: the same result of every step, the same machine at
 * the end. Under MODEL_SEQUENTIAL that order must put a step which had returned
 * before another was called before it (linearizability). Under MODEL_VIEWS it need
 * not: who is not told of a step may not know of it yet; where a guarantee is in
 * real time all the same, the scenario's judge has it. Every execution ends with
 * vmm_check, and what the CPUs' modules refuse to go on with is a failure, too. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "../../harness/model/model.h"
#include "step.h"

enum scenario_orders {
	ORDERS_USUAL,     /* as above */
	ORDERS_REAL_TIME, /* in real time under MODEL_VIEWS, too */
	ORDERS_NONE       /* the steps are more than one operation; its judge alone */
};

struct scenario {
	const char *name;
	void (*set_up)(void);
	struct step step[STAGE_CPUS][STAGE_STEPS]; /* a CPU's end where run is NULL */
	unsigned cpus;                             /* 0: two */
	enum scenario_orders orders;
	/* What does not hold of an execution, or NULL. */
	const char *(*judge)(void);
	/* Preemptions that the search is bounded by, plus one; 0: it has no bound. */
	unsigned bound_sequential, bound_views;
};

/* In a judge: the claim is what it returns when it does not hold. */
#define HOLDS(condition, claim)                                                                  \
	do {                                                                                     \
		if (!(condition))                                                                \
			return claim;                                                            \
	} while (0)

static inline bool ended_before(const struct done *first, const struct done *second)
{
	return first->returned < second->called;
}

/* Every schedule of every scenario in the table, under that model: a line of counts
 * for each, and a failed claim with its schedule where one does not hold. The
 * environment's SCENARIO names one to run alone. */
void scenarios_hold(const char *suite, const struct scenario table[], unsigned count,
                    enum model_memory memory);
/* That the search finds the same outcomes with the state cut-off and without, for the
 * first step of each CPU. */
void scenarios_cut_off_agrees(const struct scenario table[], unsigned count);

#define SCENARIOS_OF(table) table, sizeof(table) / sizeof *(table)

#endif
