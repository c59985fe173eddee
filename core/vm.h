/* vm.h: the machine, as the core's own files see it. */
#ifndef CORE_VM_H
#define CORE_VM_H

#include "machine/charge.h"
#include "machine/frame_pool.h"
#include "space/layout.h"
#include "space/process.h"
#include "space/range.h"
#include "translate/pagetable.h"
#include "translate/tlb.h"

struct vmm_cpu {
	struct vmm_cpu_head head; /* first: vmm_inline.h finds it there */
	/* fixed after create */
	struct vmm *vm;
	unsigned index;
	/* owner CPU only */
	struct process *process;
	struct frame_cache frames;
};

struct vmm {
	/* fixed after create */
	struct vmm_host host;
	struct vmm_config config;
	struct layout layout;
	uint64_t charge_limit;
	void *memory; /* the arena, this struct included */
	size_t memory_size;
	struct vmm_cpu *cpu;
	struct process *process;
	/* by services, which do not overlap */
	uint32_t process_count;
	struct ranges ranges;
	struct tables tables;
	/* any CPU; their files say how */
	struct frames frames;
	struct frame_pool pool;
	struct atomic64 charge; /* committed pages of all processes (INV-04) */
};

#endif
