/* simulation.h: the execution that is running. For harness/model alone.
 *
 * There is one at a time, and it is a global: the operations of core/atomic.h know
 * nothing but an address. */
#ifndef SIMULATION_H
#define SIMULATION_H

#include "../../core/atomic.h"
#include "fiber.h"
#include "model.h"
#include "seen.h"

enum { AWAITED_MAX = 16 };

/* A word that a CPU has read or written since its last wait. */
struct awaited {
	const uint64_t *word; /* the 8 bytes that it lies in */
	uint64_t value;       /* what the CPU knows to be there */
};

struct simulated_cpu {
	struct fiber *fiber;
	bool lives;
	bool operates;      /* has called model_operation */
	bool waits;         /* in model_wait */
	unsigned point;     /* enum vmm_point: the last one passed; POINT_COUNT: none */
	unsigned wait_for;  /* while it waits: the CPU, or VMM_ANY_CPU */
	unsigned wait_at;   /* and the point */
	unsigned ended;     /* operations that have ended */
	uint64_t steps;     /* of its operation */
	uint64_t history;   /* hash of all that it has read, and of where it stands */

	struct awaited awaited[AWAITED_MAX];
	unsigned awaited_count;
	bool awaits_any;          /* there were more words than have room */
	bool is_behind;           /* has read what was not the newest, since its last wait */
	uint64_t others_before;   /* others' events: its wait is over when there are more */
	uint64_t events;          /* VMM_MODEL: writes; VMM_FIBERS: steps; and its end */
};

struct simulation {
	bool runs;
	unsigned count, current;
	struct simulated_cpu cpu[MODEL_CPUS_MAX];
	const struct model_options *options;
	struct model_result *result;
	void (*body)(void *context, unsigned cpu);
	void *context;
	uint64_t clock;  /* model_now */
	uint64_t events; /* of all CPUs */
	bool has_states; /* the oracle cuts off; VMM_MODEL alone, as fibers' memory is not seen */

	/* An operation took too long: the CPUs run in turn until it ends. */
	bool is_fair;
	unsigned slow;
	uint64_t fair_steps;
};

extern struct simulation simulation;

static inline struct simulated_cpu *simulation_cpu(void)
{
	return &simulation.cpu[simulation.current];
}

/* A schedule point of the running CPU. */
void simulation_step(void);
/* The running CPU has got `value` from `memory`, and all of the word in which that
 * lies is, as far as the CPU knows, `known`. */
void simulation_has_read(const void *memory, uint64_t value, uint64_t known);
/* The running CPU has written to `memory`, and made all of its word `known`. */
void simulation_has_written(const void *memory, uint64_t known);
/* It has gone past an operation that gave it nothing. */
void simulation_has_passed(void);

#endif
