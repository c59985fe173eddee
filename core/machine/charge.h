/* charge.h: commit charge, the promise that a committed page can always be held
 * somewhere (A25), counted in pages. What is free of the limit lies in a central
 * word and, as credit, in a word of each CPU, so that a commit and a decommit on
 * one CPU touch that CPU's word only. The decision is exact all the same: before
 * a refusal every word is locked and counted.
 *
 *   may run beside      take, give   count     (on other CPUs)
 *   take, give             yes        waits
 *   count                 waits       waits
 *
 * The words are locked in the order central, CPU 0, CPU 1, ...; a CPU's own word
 * needs no lock for a plain take or give. */
#ifndef CORE_CHARGE_H
#define CORE_CHARGE_H

#include "../atomic.h"
#include "../base.h"

struct vmm;

/* frames + pagefile - max(8, 2 * cpus). */
uint64_t charge_limit(const struct vmm_config *config);
/* All of the limit is central and free. */
void charge_reset(struct vmm *vm);

/* Charges pages; false: the limit would be passed, and nothing is charged. */
bool charge_take(struct vmm *vm, unsigned cpu, uint64_t pages);
/* A quick look that writes nothing; it may be wrong either way. */
bool charge_looks_short(const struct vmm *vm, unsigned cpu, uint64_t pages);
void charge_give(struct vmm *vm, unsigned cpu, uint64_t pages);

/* Pages charged; for inspection at rest. */
uint64_t charge_total(const struct vmm *vm);

#endif
