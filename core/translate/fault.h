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
};

/* A page that is ready for an access. */
struct ready {
	struct atomic64 *slot;
	pte_t pte;   /* valid; for a store dirty and, where watched, marked */
	bool held;   /* the slot still says busy, over `before` */
	pte_t before;
};

/* Makes `page` of the CPU's process ready, by one CAS, or says why it cannot be.
 * Until then nothing is changed but a guard that fires. */
vmm_status fault_resolve(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                         struct ready *ready);

/* The same for the first page of an access to two, while the second one is
 * resolved: what would change is made busy, and written when the other page's
 * outcome is known. Between hold and put the CPU does not wait. */
vmm_status fault_hold(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                      struct ready *ready);
/* other: the second page's outcome. On success the page becomes what ready says;
 * if the access is refused, it is there and was not stored to; if the access is to
 * be repeated, it is as it was. */
void fault_put(struct vmm_cpu *cpu, struct ready *ready, vmm_status other);

#endif
