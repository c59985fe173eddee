/* compare.h: core against reference. Every function returns true when they
 * agree; else *finding says what differs. None has side effects on either. */
#ifndef COMPARE_H
#define COMPARE_H

#include "../../core/inspect.h"
#include "core_side.h"
#include "finding.h"
#include "../reference/reference.h"

struct sides {
	struct core_side *core;
	struct reference *reference;
};

/* A finding of this one names its rule; those below are named by rules.h. */
bool compare_outcome(const struct outcome *core, const struct outcome *reference, enum verb verb,
                     struct finding *finding);
/* Charges, frames and processes. */
bool compare_counters(const struct sides *sides, uint32_t process, struct finding *finding);
/* What the last operation changed, by the reference's list, with one page either
 * side; and the pages around `probe`, which moves from call to call. */
bool compare_changes(const struct sides *sides, uint64_t probe, struct finding *finding);
/* Everything: regions, pages, counters of all processes. */
bool compare_state(const struct sides *sides, struct finding *finding);
/* What the core holds inside before and after a refused service. */
bool compare_refusal(const struct vmm_totals *before, const struct vmm_totals *after,
                     struct finding *finding);
/* Ends every process of the core, whose state is lost: nothing may be left. */
bool compare_tear_down(const struct sides *sides, struct finding *finding);
/* The core's numbered invariants. */
bool compare_invariants(const struct sides *sides, struct finding *finding);

#endif
