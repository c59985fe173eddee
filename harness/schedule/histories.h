/* histories.h: random concurrent programs by random schedules, many of them: the claim
 * that their histories are linearizable, held against as many as time allows. */
#ifndef HISTORIES_H
#define HISTORIES_H

#include "explore.h"

enum histories_end {
	HISTORIES_GOOD,
	HISTORIES_FAIL, /* it is wrong, or stopped its process, or did not end */
	HISTORIES_LEFT  /* it was not run to its end when the process ended */
};

/* Of one process; in memory that it shares with who started it. */
struct histories_result {
	enum histories_end end;
	uint64_t seed; /* of the last program */
	struct run_counts counts;
};

/* Runs the programs of the seeds first, first + step, ... below `end`, each by a
 * schedule of its own, up to the first that fails. */
void histories_run(uint64_t first, uint64_t end, uint64_t step, bool views,
                   struct histories_result *result);
/* Runs the program of a seed once more, apart, by the same schedule. False: no process
 * could be made, errno says why. */
bool histories_again(uint64_t seed, bool views, struct trace *trace,
                     struct explore_result *result);

#endif
