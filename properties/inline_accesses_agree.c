/* Claim: the inline accesses of vmm_inline.h, in batches, do what the accesses
 * out of line do, aligned or not, hit or miss, whatever services run between the
 * batches.
 *
 * Not covered: batches that are open while a service runs. */
#include "../core/vmm_inline.h"
#include "run_program.h"

enum { PAGES = 12, ROUNDS = 60000, BATCH = 16 };

struct pair {
	struct vmm *inlined, *plain;
	uint64_t base;
};

static vmm_status load_inline(struct vmm_cpu *cpu, uint64_t va, unsigned width, uint64_t *value)
{
	uint8_t u8 = 0;
	uint16_t u16 = 0;
	uint32_t u32 = 0;
	vmm_status status;

	switch (width) {
	case 1:
		status = vmm_load_u8(cpu, va, &u8);
		*value = u8;
		return status;
	case 2:
		status = vmm_load_u16(cpu, va, &u16);
		*value = u16;
		return status;
	case 4:
		status = vmm_load_u32(cpu, va, &u32);
		*value = u32;
		return status;
	default:
		*value = 0;
		return vmm_load_u64(cpu, va, value);
	}
}

static vmm_status store_inline(struct vmm_cpu *cpu, uint64_t va, unsigned width, uint64_t value)
{
	switch (width) {
	case 1:
		return vmm_store_u8(cpu, va, (uint8_t)value);
	case 2:
		return vmm_store_u16(cpu, va, (uint16_t)value);
	case 4:
		return vmm_store_u32(cpu, va, (uint32_t)value);
	default:
		return vmm_store_u64(cpu, va, value);
	}
}

static void access_both(const struct pair *pair, struct prng *prng)
{
	unsigned width = 1u << prng_below(prng, 4);
	uint64_t va = pair->base - 16 + prng_below(prng, PAGES * VMM_PAGE_SIZE + 32);
	uint64_t value = prng_next(prng), a = 0, b = 0;
	vmm_status left, right;

	if (prng_chance(prng, 2, 3))
		va -= va % width;
	if (prng_chance(prng, 1, 2)) {
		left = load_inline(vmm_cpu(pair->inlined, 0), va, width, &a);
		right = vmm_load(vmm_cpu(pair->plain, 0), va, width, VMM_MODE_USER,
		                 VMM_IRQL_PASSIVE, &b);
	} else {
		left = store_inline(vmm_cpu(pair->inlined, 0), va, width, value);
		right = vmm_store(vmm_cpu(pair->plain, 0), va, width, VMM_MODE_USER,
		                  VMM_IRQL_PASSIVE, value);
	}
	cr_assert_eq(left, right, "0x%llx", (unsigned long long)va);
	cr_assert_eq(a, b);
}

static void serve_both(const struct pair *pair, struct prng *prng)
{
	static const uint32_t protections[] = { VMM_PAGE_READONLY, VMM_PAGE_READWRITE,
		                                VMM_PAGE_READWRITE | VMM_PAGE_GUARD,
		                                VMM_PAGE_NOACCESS };
	uint64_t page = prng_below(prng, PAGES);

	for (unsigned side = 0; side < 2; side++) {
		struct vmm *vm = side == 0 ? pair->inlined : pair->plain;
		struct vmm_protect io = { .base = pair->base + page * VMM_PAGE_SIZE,
			                  .size = VMM_PAGE_SIZE,
			                  .protect = protections[page % 4] };
		struct vmm_free drop = { .base = io.base, .size = 1, .type = VMM_MEM_DECOMMIT };
		struct vmm_allocate again = { .base = io.base,
			                      .size = 1,
			                      .type = VMM_MEM_COMMIT,
			                      .protect = VMM_PAGE_READWRITE };

		if (page % 5 == 0)
			cr_assert_eq(vmm_free(vm, 0, 0, VMM_CURRENT_PROCESS, &drop), VMM_SUCCESS);
		cr_assert_eq(vmm_allocate(vm, 0, 0, VMM_CURRENT_PROCESS, &again), VMM_SUCCESS);
		cr_assert_eq(vmm_protect(vm, 0, 0, VMM_CURRENT_PROCESS, &io), VMM_SUCCESS);
	}
}

static struct vmm *machine(uint32_t tlb_entries, uint64_t *base)
{
	struct vmm_config config = vmm_config_default();
	struct vmm_allocate io = { .size = PAGES * VMM_PAGE_SIZE,
		                   .type = VMM_MEM_COMMIT,
		                   .protect = VMM_PAGE_READWRITE };
	struct vmm *vm;

	config.tlb_entries = tlb_entries;
	cr_assert_eq(vmm_create(&config, &vmm_host_posix, &vm), VMM_SUCCESS);
	cr_assert_eq(vmm_allocate(vm, 0, 0, VMM_CURRENT_PROCESS, &io), VMM_SUCCESS);
	*base = io.base;
	return vm;
}

Test(inline_accesses_agree, in_batches)
{
	static const uint32_t entries[] = { 0, 2, 4, 256 };

	for (unsigned i = 0; i < sizeof entries / sizeof entries[0]; i++) {
		struct pair pair;
		struct prng prng;

		prng_seed(&prng, 5 + i);
		pair.inlined = machine(entries[i], &pair.base);
		pair.plain = machine(256, &pair.base);
		for (unsigned round = 0; round < ROUNDS / BATCH; round++) {
			vmm_access_begin(vmm_cpu(pair.inlined, 0));
			for (unsigned k = 0; k < BATCH; k++)
				access_both(&pair, &prng);
			vmm_access_end(vmm_cpu(pair.inlined, 0));
			serve_both(&pair, &prng);
		}
		cr_assert_eq(digest_state(pair.inlined), digest_state(pair.plain));
		vmm_destroy(pair.inlined);
		vmm_destroy(pair.plain);
	}
}
