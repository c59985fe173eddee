/* inspect.h: the state of a machine at rest, without side effects; for tests.
 * Not installed. */
#ifndef CORE_INSPECT_H
#define CORE_INSPECT_H

#include "vmm.h"

uint64_t vmm_inspect_user_low(const struct vmm *vm);
uint64_t vmm_inspect_user_high(const struct vmm *vm); /* HIGH */
uint32_t vmm_inspect_process_count(const struct vmm *vm);
bool vmm_inspect_process_lives(const struct vmm *vm, vmm_process process);

/* As vmm_query of io->address, at most HIGH, in a living process. */
void vmm_inspect_region(const struct vmm *vm, vmm_process process, struct vmm_query *io);

struct vmm_page {
	bool committed;
	bool valid;           /* in the working set */
	bool watched;         /* carries the mark of write watch */
	uint32_t protect;     /* as query reports it */
	const uint8_t *bytes; /* VMM_PAGE_SIZE of them; NULL: never touched, all zero */
};
/* page is a page number in user space. */
void vmm_inspect_page(const struct vmm *vm, vmm_process process, uint64_t page,
                      struct vmm_page *out);
/* The first committed page at or above `page`, or UINT64_MAX. */
uint64_t vmm_inspect_next_page(const struct vmm *vm, vmm_process process, uint64_t page);

/* Everything that is conserved; internal totals included. */
struct vmm_totals {
	uint64_t charge, charge_limit;
	uint32_t frames, frames_free;
	uint32_t tables, ranges; /* in use */
	uint32_t processes;
};
void vmm_inspect_totals(const struct vmm *vm, struct vmm_totals *totals);
uint64_t vmm_inspect_charge(const struct vmm *vm, vmm_process process);

#endif
