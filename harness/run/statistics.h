/* statistics.h: what a fuzz target has done, in a file that the campaign maps
 * too, so that progress is seen while it runs and survives a crash. */
#ifndef STATISTICS_H
#define STATISTICS_H

#include "run.h"

struct statistics {
	uint64_t executions;
	uint64_t accepted; /* of a target of bytes: inputs that were not refused */
	struct run_counts counts;
};

/* The environment variable that names the file. */
#define STATISTICS_VARIABLE "FAULTLINE_STATISTICS"

/* The target's side: the file that the environment names, or, when it names
 * none, memory that nobody else sees. */
struct statistics *statistics_open(void);
/* The campaign's side: makes the file. NULL: errno says why. */
struct statistics *statistics_create(const char *path);

#endif
