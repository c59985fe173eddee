/* fault.h: what happens when an access finds no valid page that allows it
 * (docs/NT_SEMANTICS.md, "Accesses"). */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include "../atomic.h"
#include "pte.h"

struct vmm_cpu;

/* Makes `page` of the CPU's process ready for an access that needs `right` (one
 * RIGHT_ bit), or says why it cannot be. On success *out is the valid PTE and
 * *slot its place. A store's dirty bit is not set yet: fault_mark_stored does
 * that once the whole access is known to go through. */
vmm_status fault_resolve(struct vmm_cpu *cpu, uint64_t page, unsigned right, enum vmm_irql irql,
                         struct atomic64 **slot, pte_t *out);

/* The page is about to be stored to: sets D and, where watched, the mark. False:
 * the PTE is no longer the valid one that was resolved; resolve it again. */
bool fault_mark_stored(struct atomic64 *slot, pte_t *pte);

#endif
