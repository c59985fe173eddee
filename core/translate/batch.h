/* batch.h: batches of accesses, announced to the other CPUs by the pin: odd
 * inside of one. vmm_access_begin and vmm_access_end are in vmm.h. */
#ifndef CORE_BATCH_H
#define CORE_BATCH_H

#include "../vmm_inline.h"

/* Pins start close to where they wrap, so that every run goes round. */
#define PIN_START (UINT64_MAX - 3)

/* Until `other` is out of the batch that it is in now. A seq_cst fence of the
 * caller's stands before it: what the caller wrote before that fence is seen by
 * every batch that is not waited for. */
void batch_wait(struct vmm *vm, unsigned cpu, unsigned other, unsigned point);

/* The same, but a CPU that has applied `generation` need not be waited for. */
void batch_wait_or_seen(struct vmm *vm, unsigned cpu, unsigned other, uint64_t generation);

#endif
