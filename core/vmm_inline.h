/* vmm_inline.h: accesses that hit the TLB, inlined into the caller.
 *
 * Between vmm_access_begin and vmm_access_end only. A miss and an access that is
 * not naturally aligned take the out-of-line way, with the same outcome. The
 * layout below is not a stable ABI.
 *
 * A TLB entry is one word, so it is read and replaced whole (36 + 24 + 4 bits):
 *
 *   63               28 27               4  3   2   1   0
 *   +------------------+------------------+---+---+---+---+
 *   |    page number   |      frame       | U | X | W | R |
 *   +------------------+------------------+---+---+---+---+
 *
 * W is there only when the PTE is dirty and, in a write-watch allocation,
 * marked; so neither needs code here. An empty entry is 0: R, W and X are clear. */
#ifndef VMM_INLINE_H
#define VMM_INLINE_H

#include "atomic.h"
#include "vmm.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
	TLB_R = 1,
	TLB_W = 2,
	TLB_X = 4,
	TLB_U = 8,
	TLB_FRAME_SHIFT = 4,
	TLB_TAG_SHIFT = 28
};

/* The head of struct vmm_cpu. */
struct vmm_cpu_head {
	struct atomic64 pin;               /* odd inside a batch; written by the owner */
	struct atomic64 seen;              /* generation whose records are applied; likewise */
	const struct atomic64 *generation; /* of the process that the CPU runs in */
	struct atomic64 *tlb;              /* owner CPU only */
	uint64_t tlb_mask;                 /* fixed after create, as is frames */
	uint8_t *frames;
};

vmm_status vmm_load_miss(struct vmm_cpu *cpu, uint64_t va, unsigned width, uint64_t *value);
vmm_status vmm_store_miss(struct vmm_cpu *cpu, uint64_t va, unsigned width, uint64_t value);

/* The byte that va names when the TLB allows the access, else NULL. The
 * generation is compared on every access: a CPU in mid-batch that reads a flag
 * which another stored after an unmap must not then use its old entry. */
static inline uint8_t *vmm_inline_hit(const struct vmm_cpu *cpu, uint64_t va, unsigned width,
                                      uint64_t right)
{
	const struct vmm_cpu_head *head = (const struct vmm_cpu_head *)(const void *)cpu;
	/* acquire: pairs with the increment in tlb_shootdown; without it the access
	 * below could come before the compare. */
	uint64_t generation = atomic64_load_acquire(head->generation);
	uint64_t entry = atomic64_load_own(&head->tlb[(va >> 12) & head->tlb_mask]);
	bool hit = generation == atomic64_load_own(&head->seen) &&
	           entry >> TLB_TAG_SHIFT == va >> 12 && (entry & right) != 0 &&
	           (va & (width - 1)) == 0;

	if (!__builtin_expect(hit, 1))
		return (uint8_t *)0;
	return head->frames + ((entry >> TLB_FRAME_SHIFT & 0xFFFFFF) << 12) + (va & 0xFFF);
}

/* vmm_load_u8 ... vmm_load_u64, vmm_store_u8 ... vmm_store_u64: user mode at
 * PASSIVE_LEVEL; statuses as vmm_load and vmm_store. */
#define VMM_INLINE_ACCESS(BITS)                                                                  \
	static inline vmm_status vmm_load_u##BITS(struct vmm_cpu *cpu, uint64_t va,              \
	                                          uint##BITS##_t *value)                         \
	{                                                                                        \
		const uint8_t *byte = vmm_inline_hit(cpu, va, BITS / 8, TLB_R);                  \
		uint64_t wide = 0;                                                               \
		vmm_status status;                                                               \
                                                                                                 \
		if (__builtin_expect(byte != (const uint8_t *)0, 1)) {                           \
			*value = atomic_guest_load_u##BITS(byte);                                \
			return VMM_SUCCESS;                                                      \
		}                                                                                \
		status = vmm_load_miss(cpu, va, BITS / 8, &wide);                                \
		if (status == VMM_SUCCESS)                                                       \
			*value = (uint##BITS##_t)wide;                                           \
		return status;                                                                   \
	}                                                                                        \
	static inline vmm_status vmm_store_u##BITS(struct vmm_cpu *cpu, uint64_t va,             \
	                                           uint##BITS##_t value)                         \
	{                                                                                        \
		uint8_t *byte = vmm_inline_hit(cpu, va, BITS / 8, TLB_W);                        \
                                                                                                 \
		if (__builtin_expect(byte != (uint8_t *)0, 1)) {                                 \
			atomic_guest_store_u##BITS(byte, value);                                 \
			return VMM_SUCCESS;                                                      \
		}                                                                                \
		return vmm_store_miss(cpu, va, BITS / 8, value);                                 \
	}
VMM_INLINE_ACCESS(8)
VMM_INLINE_ACCESS(16)
VMM_INLINE_ACCESS(32)
VMM_INLINE_ACCESS(64)
#undef VMM_INLINE_ACCESS

#ifdef __cplusplus
}
#endif
#endif
