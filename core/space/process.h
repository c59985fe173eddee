/* process.h: a process, which is here its address space, and who may act on it. */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include "../translate/tlb.h"
#include "range.h"

struct process {
	uint32_t number;         /* fixed after create */
	bool alive;              /* false once it has exited */
	uint32_t root;           /* of its page table; 0 once it has exited */
	struct range_tree tree;  /* its allocations */
	struct atomic64 charge;  /* committed pages (INV-04) */
	struct shootdown shootdown;
};

/* The process that a handle names for the caller. INVALID_HANDLE,
 * PROCESS_IS_TERMINATING (A13). */
vmm_status process_open(struct vmm *vm, vmm_process caller, vmm_handle handle,
                        struct process **process);

/* Number `number`, alive and empty; it was never used since the last reset.
 * False: no page table is left. */
bool process_start(struct vmm *vm, uint32_t number);
/* Gives everything back. */
void process_end(struct vmm *vm, unsigned cpu, struct process *process);

#endif
