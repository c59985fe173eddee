/* vm.h: the machine, as the core's own files see it. */
#ifndef CORE_VM_H
#define CORE_VM_H

#include "machine/charge.h"
#include "machine/frame_pool.h"
#include "machine/gate.h"
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
	struct frame_cache frames; /* and who has stopped the pool */
	/* written by the owner, read by whoever waits for it */
	_Alignas(VMM_CACHE_LINE) struct atomic64 inside; /* gate.h: 1 in a service */
	struct atomic64 giving; /* frame_pool.h: 1 while it gives frames */
	/* mostly the owner, now and then any CPU: charge.h */
	struct atomic64 credit;
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
	struct frames frames;
	struct tables tables;
	struct frame_pool pool;
	/* read by every service, so on a line apart */
	_Alignas(VMM_CACHE_LINE) struct gate gate;
	/* changed with the gate closed */
	_Alignas(VMM_CACHE_LINE) uint32_t process_count;
	struct ranges ranges;
	/* any CPU */
	_Alignas(VMM_CACHE_LINE) struct {
		struct atomic64 central; /* free pages of the commit limit (INV-04) */
	} charge;
};

/* Once while the CPU cannot go on: see struct vmm_host. other may be VMM_ANY_CPU. */
static inline void vm_wait(struct vmm *vm, unsigned cpu, unsigned other, unsigned point,
                           uint64_t turn)
{
	vm->host.wait(vm->host.context, cpu, other, point, turn);
}

#endif
