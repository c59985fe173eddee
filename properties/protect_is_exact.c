/* Claim: protect changes the pages that its range touches and no other, keeps
 * their contents, and reports the first page's old protection; and at once a CPU
 * that had the pages in its TLB is held to the new protection (rules P4, P11,
 * P13).
 *
 * Not covered: guard pages and the working set, which reference_agrees holds. */
#include "run_program.h"

enum { PAGES = 24, ROUNDS = 20000 };

static const uint32_t protections[] = { VMM_PAGE_NOACCESS, VMM_PAGE_READONLY, VMM_PAGE_READWRITE,
	                                VMM_PAGE_EXECUTE_READ, VMM_PAGE_EXECUTE_READWRITE };

struct expected {
	uint32_t protect[PAGES];
	uint64_t value[PAGES];
};

static bool may(uint32_t protect, bool store)
{
	if (protect == VMM_PAGE_NOACCESS)
		return false;
	return !store || protect == VMM_PAGE_READWRITE || protect == VMM_PAGE_EXECUTE_READWRITE;
}

/* A page as its CPU finds it, against the expected. */
static void touch(struct vmm *vm, struct prng *prng, uint64_t base, struct expected *expected)
{
	struct vmm_cpu *cpu = vmm_cpu(vm, (unsigned)prng_below(prng, 2));
	unsigned page = (unsigned)prng_below(prng, PAGES);
	uint64_t va = base + page * VMM_PAGE_SIZE + 8 * prng_below(prng, 4), value = 0;
	bool allowed = may(expected->protect[page], false);

	cr_assert_eq(vmm_load(cpu, base + page * VMM_PAGE_SIZE, 8, VMM_MODE_USER,
	                      VMM_IRQL_PASSIVE, &value),
	             allowed ? VMM_SUCCESS : VMM_ACCESS_VIOLATION);
	cr_assert(!allowed || value == expected->value[page]);
	va = base + page * VMM_PAGE_SIZE;
	value = prng_next(prng);
	allowed = may(expected->protect[page], true);
	cr_assert_eq(vmm_store(cpu, va, 8, VMM_MODE_USER, VMM_IRQL_PASSIVE, value),
	             allowed ? VMM_SUCCESS : VMM_ACCESS_VIOLATION);
	if (allowed)
		expected->value[page] = value;
}

static void protect_some(struct vmm *vm, struct prng *prng, uint64_t base,
                         struct expected *expected)
{
	uint64_t start = prng_below(prng, PAGES * VMM_PAGE_SIZE);
	uint64_t size = 1 + prng_below(prng, PAGES * VMM_PAGE_SIZE - start);
	uint64_t first = start / VMM_PAGE_SIZE, last = (start + size - 1) / VMM_PAGE_SIZE;
	struct vmm_protect io = { .base = base + start, .size = size };

	io.protect = protections[prng_below(prng, sizeof protections / sizeof protections[0])];
	cr_assert_eq(vmm_protect(vm, 0, 0, VMM_CURRENT_PROCESS, &io), VMM_SUCCESS);
	cr_assert_eq(io.old, expected->protect[first]);
	cr_assert_eq(io.base, base + first * VMM_PAGE_SIZE);
	cr_assert_eq(io.size, (last - first + 1) * VMM_PAGE_SIZE);
	for (uint64_t page = first; page <= last; page++)
		expected->protect[page] = io.protect;
	for (uint64_t page = 0; page < PAGES; page++) {
		struct vmm_query query = { .address = base + page * VMM_PAGE_SIZE };

		cr_assert_eq(vmm_query(vm, 0, 0, VMM_CURRENT_PROCESS, &query), VMM_SUCCESS);
		cr_assert_eq(query.protect, expected->protect[page], "page %u", (unsigned)page);
	}
}

Test(protect_is_exact, on_every_page_and_cpu)
{
	struct vmm_config config = vmm_config_default();
	struct vmm_allocate io = { .size = PAGES * VMM_PAGE_SIZE,
		                   .type = VMM_MEM_RESERVE | VMM_MEM_COMMIT,
		                   .protect = VMM_PAGE_READWRITE };
	struct expected expected;
	struct prng prng;
	struct vmm *vm;

	memset(&expected, 0, sizeof expected);
	prng_seed(&prng, 11);
	config.cpus = 2;
	cr_assert_eq(vmm_create(&config, &vmm_host_posix, &vm), VMM_SUCCESS);
	cr_assert_eq(vmm_allocate(vm, 0, 0, VMM_CURRENT_PROCESS, &io), VMM_SUCCESS);
	for (unsigned page = 0; page < PAGES; page++)
		expected.protect[page] = VMM_PAGE_READWRITE;
	for (unsigned i = 0; i < ROUNDS; i++) {
		if (prng_chance(&prng, 1, 8))
			protect_some(vm, &prng, io.base, &expected);
		else
			touch(vm, &prng, io.base, &expected);
	}
	vmm_destroy(vm);
}
