/* rig.h: a machine to measure on, through the public interface. */
#ifndef RIG_H
#define RIG_H

#include "../../core/vmm_inline.h"
#include "bench.h"

struct rig {
	struct vmm *vm;
	unsigned index;      /* of the CPU that does the work; 0 */
	struct vmm_cpu *cpu; /* that one */
	uint64_t base;       /* where the work is done; RIG_BASE */
	uint64_t pages;
	uint64_t stream; /* the state of its random addresses */
};

/* A machine with two CPUs, and room to commit `commit` pages beside its frames. */
void rig_make(struct rig *rig, uint32_t frames, uint32_t commit, uint32_t ranges, uint32_t tlb);
void rig_destroy(struct rig *rig);
/* The same machine seen from CPU 1, which works elsewhere. Not to be destroyed. */
struct rig rig_second(const struct rig *rig);

/* Reserves, or reserves and commits, `pages` at base; a refusal ends the program. */
void rig_allocate(const struct rig *rig, uint64_t base, uint64_t pages, uint32_t type);
void rig_free(const struct rig *rig, uint64_t base, uint64_t pages, uint32_t type);
/* The same at the rig's own base, where every page is then stored to. */
void rig_populate(struct rig *rig, uint64_t base, uint64_t pages);
void rig_store(const struct rig *rig, uint64_t first, uint64_t pages);
/* `count` committed allocations of 64 KiB that stay, with gaps between them. */
void rig_live(const struct rig *rig, uint32_t count);

#define RIG_BASE UINT64_C(0x10000000)         /* the playground */
#define RIG_SECOND_BASE UINT64_C(0x50000000) /* that of CPU 1 */
#define RIG_LIVE_BASE UINT64_C(0x10000000000) /* what stays */
#define RIG_LIVE_STRIDE (2 * VMM_GRANULARITY)
#define RIG_REGION_PAGES (VMM_GRANULARITY / VMM_PAGE_SIZE)

#endif
