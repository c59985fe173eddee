/* call.h: an operation with its names resolved, and its outcome. Both sides,
 * core and reference, execute a struct call and fill a struct outcome. */
#ifndef CALL_H
#define CALL_H

#include "../../core/vmm.h"
#include "ops.h"

struct call {
	enum verb verb;
	unsigned cpu;
	uint32_t process; /* the subject process's number, or whose CPU accesses */
	uint64_t in[OP_INPUTS_MAX]; /* by ALLOC_IN_addr, ...; processes as numbers */
	const uint8_t *bytes;       /* of a KIND_BYTES input; its count is in in[] */
};

/* out[] by ALLOC_OUT_base, ...; bit i of present: out[i] has a value. An
 * in/out base and size are present in a refusal too, and are what went in. */
struct outcome {
	vmm_status status;
	uint32_t present;
	uint64_t out[OP_RESULTS_MAX];
	const uint64_t *list; /* of a KIND_ADDRESS_LIST result: out[i] of them */
	const uint8_t *bytes; /* of a KIND_BYTES result: out[i] of them */
	uint64_t binds;       /* what the operation's name is bound to on success */
	const char *rule;     /* the rule of docs/NT_SEMANTICS.md that decided it; the
	                         reference alone sets it */
};

/* Outcomes that only the harness gives: of check and of join. LINEARIZABLE is
 * a success. They lie in NTSTATUS's customer range, above the bug checks. */
enum {
	OUTCOME_INVARIANT_BROKEN = (vmm_status)0xE1000001,
	OUTCOME_NOT_LINEARIZABLE = (vmm_status)0xE1000002,
	OUTCOME_DEADLOCK = (vmm_status)0xE1000003,
	OUTCOME_NO_PROGRESS = (vmm_status)0xE1000004,
	OUTCOME_LINEARIZABLE = (vmm_status)0x61000001
};

/* Every status that an outcome may have, and its name in traces. */
struct outcome_word {
	const char *name;
	vmm_status status;
	const char *meaning;
};
extern const struct outcome_word outcome_words[];
extern const size_t outcome_word_count;
/* NULL when no outcome has that status. */
const char *outcome_name(vmm_status status);

static inline void outcome_set(struct outcome *outcome, unsigned index, uint64_t value)
{
	outcome->out[index] = value;
	outcome->present |= 1u << index;
}

#endif
