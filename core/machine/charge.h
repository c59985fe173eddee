/* charge.h: commit charge, the promise that a committed page can always be held
 * somewhere (A25). Counted in pages for the machine and for each process. */
#ifndef CORE_CHARGE_H
#define CORE_CHARGE_H

#include "../base.h"

struct vmm;
struct process;

/* frames + pagefile - max(8, 2 * cpus). */
uint64_t charge_limit(const struct vmm_config *config);

/* Charges pages to the process and the machine; false: the limit would be
 * passed, and nothing is charged. The decision is exact. */
bool charge_take(struct vmm *vm, unsigned cpu, struct process *process, uint64_t pages);
void charge_give(struct vmm *vm, struct process *process, uint64_t pages);

#endif
