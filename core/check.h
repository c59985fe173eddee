/* check.h: every numbered invariant (core/invariants.def), now. For tests; the
 * machine must be at rest. Not installed. */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include "vmm.h"

/* The number of the first invariant that is broken, or 0. Takes time in
 * proportion to what is allocated, not to the size of the machine, but for one
 * bit a frame. */
unsigned vmm_check(const struct vmm *vm);

/* "INV-07 tlb_agrees_with_ptes: ...", or NULL. */
const char *vmm_invariant_text(unsigned number);

#endif
