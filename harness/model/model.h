/* model.h: simulated CPUs. In a build of the core with VMM_MODEL or VMM_FIBERS
 * (core/atomic.h) every atomic operation comes here: another CPU may run first,
 * and then, in the model build, a memory model answers. Whatever is not decided
 * by the program is a choice of the oracle, so that an execution is a function
 * of the program and the choices. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oracle.h"

enum { MODEL_CPUS_MAX = 8 };

enum model_memory {
	MODEL_SEQUENTIAL, /* interleavings alone */
	MODEL_VIEWS       /* C11, view based: a load may see any store that is not older than its view */
};

struct model_options {
	enum model_memory memory;
	struct oracle *oracle;
	/* Steps of one operation while the schedule is fair before it is
	 * MODEL_NO_PROGRESS. */
	uint64_t operation_steps_max;
	/* State cut-off, for depth-first search: the plain data that the CPUs hand
	 * over among them, as a hash; NULL: the atomic words and what each CPU has
	 * read say all. Only called when the oracle asks for states. */
	uint64_t (*plain_state)(void *context);
	void *context;
	/* Told of every write to memory through core/atomic.h; may be NULL. */
	void (*on_write)(void *context, unsigned cpu, const void *word);
};

enum model_end { MODEL_DONE, MODEL_DEADLOCK, MODEL_NO_PROGRESS };

struct model_result {
	enum model_end end;
	uint64_t steps;         /* schedule points passed, all CPUs */
	uint64_t longest;       /* most steps of one operation (model_operation) */
	unsigned preemptions;   /* a CPU that could have gone on was made to wait */
	char report[400];       /* not MODEL_DONE: who waits for whom and where */
};

/* Runs body(context, 0) ... body(context, count - 1) as CPUs against each other
 * until all have returned. Not MODEL_DONE: CPUs were given up in mid-operation,
 * and what they worked on must be thrown away. */
void model_run(unsigned count, void (*body)(void *context, unsigned cpu), void *context,
               const struct model_options *options, struct model_result *result);

/* Called by a body before each operation: restarts its count of steps. */
void model_operation(void);
/* A number that rises with every step: for call and return times. */
uint64_t model_now(void);

/* The `wait` of a struct vmm_host: the CPU is not run again until another one
 * has written. */
void model_wait(void *context, unsigned cpu, unsigned other, unsigned point, uint64_t turn);

#endif
