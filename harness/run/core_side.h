/* core_side.h: the core as a run sees it: a machine made to a program's measure,
 * and one function a verb that executes a call on it. */
#ifndef CORE_SIDE_H
#define CORE_SIDE_H

#include "../program/call.h"
#include "../program/program.h"

struct core_side {
	struct vmm *vm; /* the machine in use */
	const struct vmm_host *host; /* of machines that are made from now on */
	/* Room for a KIND_ADDRESS_LIST result, for each CPU, since calls of several
	 * may overlap; and the pages that one can be asked for at most. */
	struct core_list {
		uint64_t *address;
		size_t capacity;
	} list[MACHINE_CPUS_MAX];
	uint64_t pages_max;
	struct core_machine {
		struct vmm_config config;
		struct vmm *vm; /* NULL: the place is empty */
		uint64_t used;  /* when, by the counter below */
	} cache[8];             /* machines are kept, since making one costs more than a program */
	uint64_t uses;
};

void core_side_init(struct core_side *side);
void core_side_destroy(struct core_side *side);
/* A fresh machine, large enough that the program cannot exhaust the machine's
 * own records. An odd machine.seed makes what no caller can see tiny: a TLB of
 * four entries, small nodes, magazines and rings. tlb: false runs without a TLB. */
void core_side_reset(struct core_side *side, const struct program *program, bool tlb);

/* Throws the machine in use away: it cannot be trusted to reset. */
void core_side_discard(struct core_side *side);

/* core_alloc, core_free, ...: execute a call. The outcome comes in zeroed. */
#define STAGE_BUILT_PROTOTYPE(verb)                                                              \
	void core_##verb(struct core_side *side, const struct call *call, struct outcome *outcome);
#define STAGE_SCHEDULED_PROTOTYPE(verb)
#define STAGE_LATER_PROTOTYPE(verb)
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	STAGE_##STAGE##_PROTOTYPE(verb)
#include "../ops.def"
#undef OP
#undef STAGE_BUILT_PROTOTYPE
#undef STAGE_SCHEDULED_PROTOTYPE
#undef STAGE_LATER_PROTOTYPE

#endif
