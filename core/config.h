/* config.h: every limit and tunable of the core, and the relations that must
 * hold between them. What a caller may choose stands in struct vmm_config. */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include "vmm.h"

enum {
	PAGE_SHIFT = 12,
	PAGE_BITS_MAX = 36, /* of a page number: 48-bit addresses */

	VMM_CPUS_MAX = 64, /* a CPU is a bit of a 64-bit mask */
	FRAMES_MIN = 32,
	FRAMES_MAX = 1 << 24, /* a frame number has 24 bits in PTE and TLB entry */
	PAGEFILE_MAX = 1 << 24,
	PROCESSES_MAX = 1 << 18,
	RANGES_MAX = 1 << 24,
	TLB_ENTRIES_MAX = 1 << 16,

	TABLE_BITS = 9, /* of the page number, each level of the page table */
	TABLE_ENTRIES = 1 << TABLE_BITS,
	TABLE_LEVELS = 4,

	NODE_ENTRIES = 16, /* of a range tree node */
	NODE_MERGE = 12,   /* siblings with no more entries together become one */
	NODE_DEPTH_MAX = 24,

	/* Frames of a magazine (Bonwick and Adams 2001): whole cache lines of records.
	 * More make a pair of take and give slower, and two CPUs that fault no quicker. */
	FRAME_MAGAZINE = 32,
	SHOOTDOWN_RING = 16, /* records that a late CPU can still apply one by one */
	CHARGE_CHUNK = 64,   /* pages of commit credit that a CPU is given at once */

	/* The same of a tiny machine (struct vmm_config), in which splits, merges,
	 * exchanges and overflows are everyday events. */
	TINY_NODE_ENTRIES = 6,
	TINY_NODE_MERGE = 4,
	TINY_FRAME_MAGAZINE = 2,
	TINY_SHOOTDOWN_RING = 2,
	TINY_CHARGE_CHUNK = 2,

	/* Frames kept for faults in progress: the commit limit is frames +
	 * pagefile - max(RESERVE_MIN, RESERVE_PER_CPU * cpus). */
	RESERVE_MIN = 8,
	RESERVE_PER_CPU = 2
};

_Static_assert(VMM_PAGE_SIZE == UINT64_C(1) << PAGE_SHIFT, "one page size");
_Static_assert(TABLE_LEVELS * TABLE_BITS == PAGE_BITS_MAX, "the page table covers user space");
_Static_assert(TABLE_ENTRIES * 8 == 1 << PAGE_SHIFT, "a table is a page");
_Static_assert(NODE_MERGE < NODE_ENTRIES, "a merged node has room for one more entry");
_Static_assert((SHOOTDOWN_RING & (SHOOTDOWN_RING - 1)) == 0, "the ring is indexed by a mask");
_Static_assert((TINY_SHOOTDOWN_RING & (TINY_SHOOTDOWN_RING - 1)) == 0, "so is the tiny one");
_Static_assert(TINY_NODE_ENTRIES < NODE_ENTRIES && TINY_NODE_MERGE < TINY_NODE_ENTRIES &&
                       TINY_FRAME_MAGAZINE < FRAME_MAGAZINE &&
                       TINY_SHOOTDOWN_RING < SHOOTDOWN_RING,
               "a tiny machine uses part of what there is");
_Static_assert(FRAMES_MIN >= RESERVE_MIN, "the commit limit is never negative");

#endif
