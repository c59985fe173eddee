/* fault.h: what happens when an access finds no valid page that allows it
 * (docs/NT_SEMANTICS.md, "Accesses"). */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include "../atomic.h"
#include "pte.h"

struct vmm_cpu;

/* Besides statuses, what an access cannot get past inside its batch. */
enum {
	FAULT_BUSY = (vmm_status)1,    /* the page, or the process, is being changed: wait */
	FAULT_NO_FRAME = (vmm_status)2 /* none at hand: stop the pool and try again */
};

/* What an access needs of a page. */
struct need {
	unsigned right; /* one RIGHT_ bit */
	enum vmm_irql irql;
	bool alone; /* the access is in this page */
};

/* Makes `page` of the CPU's process ready for an access, or says why it cannot be.
 * On success *out is the valid PTE and *slot its place. A store is marked at once
 * where the page becomes valid by it and it is alone there; otherwise
 * fault_mark_stored does so, when the whole access is known to go through. */
vmm_status fault_resolve(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                         struct atomic64 **slot, pte_t *out);

/* A page that is stored to, resolved. */
struct stored {
	struct atomic64 *slot; /* NULL: the TLB says that it is marked already */
	pte_t pte;
};
/* The pages are about to be stored to: sets D and, where watched, the mark, in
 * all of them or in none. False: one of the PTEs is no longer what was resolved;
 * resolve again. count is 1 or 2. */
bool fault_mark_stored(struct stored stored[], unsigned count);

#endif
