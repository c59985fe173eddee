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

enum { MODEL_CPUS_MAX = ORACLE_CPUS_MAX };

enum model_memory {
	MODEL_SEQUENTIAL, /* interleavings alone */
	/* C11, view based: a load may see any store that is not older than its view. From
	 * the 1025th word on that is used, interleavings alone. */
	MODEL_VIEWS
};

struct model_options {
	enum model_memory memory;
	struct oracle *oracle;
	/* Steps of one operation after which the schedule becomes a fair one, each CPU
	 * in turn and every load the newest; if the operation does not end within as
	 * many more for each CPU, it is MODEL_NO_PROGRESS. 0: 65536. */
	uint64_t operation_steps_max;
	/* State cut-off, for depth-first search: the plain data that the CPUs hand
	 * over among them, as a hash; NULL: the atomic words, what each CPU has read,
	 * and which operations came before which say all. Only called when the oracle
	 * asks for states. For the cut-off every execution must find its memory at the
	 * same addresses. */
	uint64_t (*plain_state)(void *context);
	void *context;
	/* VMM_MODEL: told of every write to memory through core/atomic.h, after it; may
	 * be NULL. */
	void (*on_write)(void *context, unsigned cpu, const void *word);
	/* Told of every preemption: the CPU that has to wait, the last named point that it
	 * passed, its steps in its operation, and the CPU that runs. May be NULL. */
	void (*on_preemption)(unsigned from, unsigned point, uint64_t steps, unsigned to);
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
 * until all have returned; one execution, before which oracle_next was called. Not
 * MODEL_DONE: CPUs were given up in mid-operation, and what they worked on must be
 * thrown away. A body must not longjmp out, which failed claims do; outside of
 * model_run the model_ functions act on memory at once. */
void model_run(unsigned count, void (*body)(void *context, unsigned cpu), void *context,
               const struct model_options *options, struct model_result *result);

/* Called by a body before each operation: a schedule point, so that an operation is
 * called as late as it can be; restarts the count of its steps. */
void model_operation(void);
/* A number that rises with every step and every call: for call and return times. */
uint64_t model_now(void);

/* The `wait` of a struct vmm_host: the CPU is not run again until one of the words
 * that it has read since its last wait or the start of its operation has another
 * value; of many words, or none (VMM_FIBERS, where reads are not seen), until
 * another CPU has written (VMM_FIBERS: made a step). So what is waited for must be
 * read between waits. */
void model_wait(void *context, unsigned cpu, unsigned other, unsigned point, uint64_t turn);

#endif
