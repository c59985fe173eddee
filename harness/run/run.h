/* run.h: runs a program on core, reference or both, and compares. */
#ifndef RUN_H
#define RUN_H

#include "compare.h"
#include "names.h"
#include "not_built.h"
#include "../language/trace.h"

enum run_sut { RUN_CORE = 1, RUN_REFERENCE = 2, RUN_BOTH = 3 };

/* What became of an operation. */
enum fate {
	FATE_EXECUTED,
	FATE_SKIPPED,  /* it uses a name that is not bound to what it needs */
	FATE_NOT_BUILT /* its verb, or a line that it depends on, is not built */
};

enum { RUN_STATUSES_MAX = 96, RUN_LENGTHS = 25 };

struct run_counts {
	uint64_t executed, succeeded, skipped, not_built;
	/* Concurrent parts, by their operations; further ones count as the longest. */
	uint64_t histories, length[RUN_LENGTHS], steps;
	uint64_t longest; /* steps of one operation */
	/* Nanoseconds in the reference of every TIME_SAMPLE-th operation (run.c), and in the
	 * whole of it. */
	uint64_t reference_ns, sampled_ns;
	uint64_t status[OP_COUNT][RUN_STATUSES_MAX]; /* by outcome_words index */
};

struct run_options {
	enum run_sut sut;
	bool every_state; /* the whole state after every operation */
	bool no_tlb;      /* the core runs without a TLB */
	bool tear_down;   /* end the core's processes at the end, and check that nothing is left */
	bool sample_time; /* fills reference_ns and sampled_ns */
	size_t stop_at;   /* operations to run; SIZE_MAX = all */
	/* Told about each operation, after it; may be NULL. outcome is NULL unless
	 * executed; the core's where the core runs. */
	void (*observe)(void *context, size_t index, enum fate fate,
	                const struct outcome *outcome);
	void *context;
	struct run_counts *counts; /* added to; may be NULL */
};

enum run_verdict { RUN_PASS, RUN_FAIL };

struct runner {
	struct core_side core;
	struct reference *reference;
	struct not_built not_built;
	struct names names;
	struct schedule *schedule; /* simulated CPUs (harness/schedule/); NULL: there are none */
	enum verb last_verb; /* of the operation that is being observed */
};

void runner_init(struct runner *runner);
void runner_destroy(struct runner *runner);

/* Runs the program from a fresh machine. trace carries the expectations, and is
 * NULL for a program that has none. RUN_FAIL: *finding is the first thing that
 * was wrong. */
enum run_verdict runner_run(struct runner *runner, const struct program *program,
                            const struct trace *trace, const struct run_options *options,
                            struct finding *finding);

/* The index of a status in outcome_words. */
unsigned run_status_index(vmm_status status);

#endif
