/* bench_fault.c: demand-zero faults: the first store to a committed page, which
 * takes a frame, clears it, and maps it.
 *
 * Frames come from pages that were decommitted just before, as in a program that
 * has run for a while; a fresh machine's frames are zero and need no clearing. */
#include "peers.h"
#include "rig.h"
#include "two.h"

enum { BATCH = 16, RECYCLED_PAGES = 256, STREAMING_PAGES = 16384 };

static void decommit_commit(void *context)
{
	const struct rig *rig = context;

	rig_free(rig, rig->base, rig->pages, VMM_MEM_DECOMMIT);
	rig_allocate(rig, rig->base, rig->pages, VMM_MEM_COMMIT);
}

static void store_to_each(void *context, uint64_t count)
{
	const struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;

	for (uint64_t page = 0; page < count; page += BATCH) {
		uint64_t va = rig->base + page * VMM_PAGE_SIZE;

		vmm_access_begin(cpu);
		for (unsigned k = 0; k < BATCH; k++)
			bench_must(vmm_store_u64(cpu, va + k * VMM_PAGE_SIZE, 1) ==
			                   VMM_SUCCESS,
			           "vmm_store_u64");
		vmm_access_end(cpu);
	}
}

static void fault_and_drop(void *context, uint64_t count)
{
	decommit_commit(context);
	store_to_each(context, count);
}

static struct bench_side fault(struct rig *rig, bool drop)
{
	return (struct bench_side){ .what = "libvmm",
		                    .prepare = drop ? NULL : decommit_commit,
		                    .run = drop ? fault_and_drop : store_to_each,
		                    .context = rig,
		                    .count = rig->pages };
}

/* Each CPU in a region of its own, with its own frames; and the same with the giving
 * back, which makes the other CPU look at its TLB. */
static void faults_of_two(void)
{
	struct rig rig, second;
	struct two faults = { .before = decommit_commit,
		              .half = store_to_each,
		              .context = { &rig, &second },
		              .count = RECYCLED_PAGES };
	struct two cycles = { .half = fault_and_drop,
		              .context = { &rig, &second },
		              .count = RECYCLED_PAGES };

	rig_make(&rig, 4 * RECYCLED_PAGES, 1024, 16, 256);
	second = rig_second(&rig);
	rig_populate(&rig, rig.base, RECYCLED_PAGES);
	rig_populate(&second, second.base, RECYCLED_PAGES);
	two_row("two CPUs: faults in own regions", &faults, AT_LEAST(1.7, 1.85));
	two_row("two CPUs: decommit, commit, fault", &cycles, NO_GOAL);
	rig_destroy(&rig);
}

void bench_fault(void)
{
	struct rig rig;

	rig_make(&rig, 4 * RECYCLED_PAGES, 1024, 16, 256);
	rig_populate(&rig, RIG_BASE, RECYCLED_PAGES);
	bench_row("fault, 1 MiB recycled", fault(&rig, false),
	          peer_kernel_fault(RECYCLED_PAGES, false), AT_LEAST(8, 14));
	bench_row("decommit, commit, fault, 1 MiB", fault(&rig, true),
	          peer_kernel_fault(RECYCLED_PAGES, true), AT_LEAST(8, 14));
	bench_row("fault, 1 MiB recycled", fault(&rig, false), peer_kernel_sigsegv(),
	          AT_LEAST(15, 25));
	rig_destroy(&rig);
	faults_of_two();

	if (!bench_wanted("fault, 64 MiB streaming"))
		return;
	rig_make(&rig, STREAMING_PAGES + 64, 1024, 16, 256);
	rig_populate(&rig, RIG_BASE, STREAMING_PAGES);
	bench_row("fault, 64 MiB streaming", fault(&rig, false),
	          peer_kernel_fault(STREAMING_PAGES, false), AT_LEAST(1.5, 2.5));
	rig_destroy(&rig);
}
