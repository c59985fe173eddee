/* process.h: a process, which is here its address space, and who may act on it. */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include "../translate/tlb.h"
#include "range.h"

/* While it ends, accesses wait: the pages of a process go in one step. */
enum process_state { PROCESS_LIVES, PROCESS_ENDING, PROCESS_ENDED };

struct process {
	struct atomic64 state;  /* enum process_state */
	uint32_t number;        /* fixed after create */
	uint32_t root;          /* of its page table; 0 once it has ended */
	struct range_tree tree; /* its allocations; changed with the gate closed */
	_Alignas(VMM_CACHE_LINE) struct shootdown shootdown;
};

/* For services, which are inside the gate: no process ends meanwhile. */
static inline bool process_lives(const struct process *process)
{
	/* relaxed: the gate orders it. */
	return atomic64_load_relaxed(&process->state) == PROCESS_LIVES;
}

/* The process that a handle names for the caller. INVALID_HANDLE,
 * PROCESS_IS_TERMINATING (A13). */
vmm_status process_open(struct vmm *vm, vmm_process caller, vmm_handle handle,
                        struct process **process);

/* Number `number`, alive and empty; it was never used since the last reset.
 * False: no page table is left. */
bool process_start(struct vmm *vm, unsigned cpu, uint32_t number);
/* Gives everything back. As process_start: with the gate closed. */
void process_end(struct vmm *vm, unsigned cpu, struct process *process);

#endif
