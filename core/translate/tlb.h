/* tlb.h: the software TLB of each CPU, and shootdown.
 *
 * A TLB is written by its owner only. Another CPU that takes rights away bumps
 * the generation of the address space, leaves a record of the range in a ring,
 * and waits until every CPU of that space is out of its batch or has applied the
 * record. The owner compares the generation on every access. Reads are so
 * wait-free; the initiator is not: it waits for batches in progress.
 *
 *   may run beside      hit    fill   apply   shootdown (of another CPU)
 *   hit, fill, apply    -      -      -       yes         (one owner)
 *   shootdown           yes    yes    yes     yes: records are left in turn
 *
 * Order on the two sides, whose fences make it a Dekker handshake:
 *
 *   reader                               initiator
 *   1 pin := odd                         a make the PTEs busy
 *   2 fence                              b generation++, record the range
 *   3 generation != seen: apply          c fence
 *   4 hit, or walk and fill; access      d wait: pin even or moved, or seen new
 *   5 pin := even (release)              e reuse frames, write the new PTEs
 *
 * If 2 comes before c, the initiator sees the pin and waits for 5. If c comes
 * before 2, step 3 sees the new generation. There is no third case. */
#ifndef CORE_TLB_H
#define CORE_TLB_H

#include "../vmm_inline.h"
#include "pte.h"

struct vmm;
struct process;

struct shootdown_record {
	struct atomic64 number; /* the generation that it leads to, or one that nobody looks for */
	struct atomic64 first;  /* page */
	struct atomic64 count;  /* pages */
};

struct shootdown {
	struct atomic64 generation; /* every access of every CPU here reads it */
	struct atomic64 cpus;       /* CPUs that run in this space, as bits */
	uint64_t ring_mask;         /* fixed after create: records in use, less one */
	/* initiators */
	_Alignas(VMM_CACHE_LINE) struct atomic64 lock; /* CPU that leaves a record, plus one */
	struct shootdown_record ring[SHOOTDOWN_RING];
};

/* Generations wrap; they start close to it, so that every run goes round. */
#define GENERATION_START (UINT64_MAX - 2)

void shootdown_reset(struct shootdown *shootdown, const struct vmm_config *config);

/* Bits of a TLB entry for a PTE: what may go through without a fault. */
uint64_t tlb_rights(pte_t pte);

/* Forgets everything. Owner CPU only. */
void tlb_flush_local(struct vmm_cpu *cpu);
/* Step 3 when the generation has moved: drops what the records since `seen`
 * name, or everything when they are too many. Owner CPU only. */
void tlb_apply_local(struct vmm_cpu *cpu);
/* The same, if it has. */
static inline void tlb_catch_up(struct vmm_cpu *cpu)
{
	const struct vmm_cpu_head *head = (const struct vmm_cpu_head *)(const void *)cpu;

	/* acquire: pairs with the increment in tlb_shootdown. */
	if (atomic64_load_acquire(head->generation) != atomic64_load_own(&head->seen))
		tlb_apply_local(cpu);
}
/* Remembers a valid PTE. Owner CPU only, and no generation may have been
 * applied between the walk that read pte and this. */
void tlb_fill_local(struct vmm_cpu *cpu, uint64_t page, pte_t pte);

/* Steps b to d for first..last, whose PTEs are busy: when it returns, no CPU uses
 * what they allowed before. `cpu` itself must be in no batch. */
void tlb_shootdown(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last);

#endif
