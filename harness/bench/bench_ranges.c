/* bench_ranges.c: services on allocations of 64 KiB: reserve, commit, protect,
 * free, and how their cost grows with the number of allocations that are there. */
#include "measure.h"
#include "peers.h"
#include "rig.h"
#include "two.h"

#include <stdio.h>

enum { FEW = 1, SOME = 1000, MANY = 100000 };

#define REGION RIG_REGION_PAGES

/* In three calls, as the kernel does it. */
static void cycle(void *context, uint64_t count)
{
	const struct rig *rig = context;

	for (uint64_t i = 0; i < count; i++) {
		rig_allocate(rig, rig->base, REGION, VMM_MEM_RESERVE);
		rig_allocate(rig, rig->base, REGION, VMM_MEM_COMMIT);
		rig_free(rig, rig->base, REGION, VMM_MEM_RELEASE);
	}
}

static void cycle_at_once(void *context, uint64_t count)
{
	const struct rig *rig = context;

	for (uint64_t i = 0; i < count; i++) {
		rig_allocate(rig, rig->base, REGION, VMM_MEM_RESERVE | VMM_MEM_COMMIT);
		rig_free(rig, rig->base, REGION, VMM_MEM_RELEASE);
	}
}

/* Nothing is committed: what the ranges alone cost. */
static void reserve_free(void *context, uint64_t count)
{
	const struct rig *rig = context;

	for (uint64_t i = 0; i < count; i++) {
		rig_allocate(rig, rig->base, REGION, VMM_MEM_RESERVE);
		rig_free(rig, rig->base, REGION, VMM_MEM_RELEASE);
	}
}

static void protect_to(const struct rig *rig, uint64_t base, uint32_t protect)
{
	struct vmm_protect io = { .base = base, .size = VMM_GRANULARITY, .protect = protect };

	bench_must(vmm_protect(rig->vm, rig->index, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS,
	           "vmm_protect");
}

static void cycle_touched(void *context, uint64_t count)
{
	const struct rig *rig = context;

	for (uint64_t i = 0; i < count; i++) {
		rig_allocate(rig, rig->base, REGION, VMM_MEM_RESERVE);
		rig_allocate(rig, rig->base, REGION, VMM_MEM_COMMIT);
		vmm_access_begin(rig->cpu);
		for (unsigned k = 0; k < REGION; k++)
			bench_must(vmm_store_u64(rig->cpu, rig->base + k * VMM_PAGE_SIZE, 1) ==
			                   VMM_SUCCESS,
			           "vmm_store_u64");
		vmm_access_end(rig->cpu);
		protect_to(rig, rig->base, VMM_PAGE_READONLY);
		rig_free(rig, rig->base, REGION, VMM_MEM_RELEASE);
	}
}

static void flip(void *context, uint64_t count)
{
	const struct rig *rig = context;

	for (uint64_t i = 0; i < count; i++)
		protect_to(rig, rig->base,
		           (i & 1) != 0 ? VMM_PAGE_READWRITE : VMM_PAGE_READONLY);
}

static struct bench_side side(const char *what, struct rig *rig,
                              void (*run)(void *context, uint64_t count))
{
	return (struct bench_side){ .what = what, .run = run, .context = rig };
}

/* Room to commit 64 KiB for each of so many. */
static void make_live(struct rig *rig, uint32_t count)
{
	rig_make(rig, 1024, (count + 64) * (uint32_t)REGION, count + 64, 256);
	rig_live(rig, count);
}

static void cycles(void)
{
	struct bench_side kernel = peer_kernel_cycle();
	struct rig few, some, many;
	static char what[32]; /* rows keep the name */

	make_live(&few, FEW);
	make_live(&some, SOME);
	make_live(&many, MANY);
	(void)peer_kernel_live(FEW);
	bench_row("reserve+commit+free, 1 live", side("libvmm", &few, cycle), kernel,
	          AT_LEAST(8, 15));
	(void)peer_kernel_live(SOME);
	bench_row("reserve+commit+free, 1000 live", side("libvmm", &some, cycle), kernel,
	          AT_LEAST(8, 15));
	/* vm.max_map_count lets the kernel have fewer; its cost hardly grows. */
	(void)snprintf(what, sizeof what, "the same, %u live", peer_kernel_live(MANY));
	kernel.what = what;
	bench_row("reserve+commit+free, 100000 live", side("libvmm", &many, cycle), kernel,
	          AT_LEAST(8, 15));
	(void)peer_kernel_live(FEW);
	bench_row("growth of it, 1 -> 1000 live", side("libvmm", &some, cycle),
	          side("libvmm, 1 live", &few, cycle), NO_GOAL);
	bench_row("growth of it, 1 -> 100000 live", side("libvmm", &many, cycle),
	          side("libvmm, 1 live", &few, cycle), AT_MOST(2.5, 1.6));
	bench_row("the same in two calls", side("libvmm", &few, cycle_at_once),
	          peer_kernel_map_unmap(), NO_GOAL);
	bench_row("the same in two calls", side("libvmm", &few, cycle_at_once),
	          peer_unicorn_map_unmap(), AT_LEAST(50, 0));
	bench_row("reserve+free, 100000 live", side("libvmm", &many, reserve_free),
	          side("libvmm, 1 live", &few, reserve_free), NO_GOAL);
	bench_row("the cycle, 16 pages touched", side("libvmm", &few, cycle_touched),
	          peer_kernel_cycle_touched(), AT_LEAST(10, 18));
	rig_destroy(&few);
	rig_destroy(&some);
	rig_destroy(&many);
}

/* What the other CPU does meanwhile: batches of loads in a region of its own, which a
 * protect has to wait for, and whose next access looks at what the protect left. */
static void batches_beside(void *context)
{
	const struct rig *rig = context;
	uint64_t value, sum = 0;

	vmm_access_begin(rig->cpu);
	for (unsigned k = 0; k < REGION; k++) {
		bench_must(vmm_load_u64(rig->cpu, rig->base + k * VMM_PAGE_SIZE, &value) ==
		                   VMM_SUCCESS,
		           "vmm_load_u64");
		sum += value;
	}
	vmm_access_end(rig->cpu);
	bench_keep(sum);
}

/* A second machine in which no other CPU runs is the yardstick of the first. */
static void protects(void)
{
	struct rig rig, second, alone;

	rig_make(&rig, 1024, 1024, 64, 256);
	rig_populate(&rig, RIG_BASE, REGION);
	second = rig_second(&rig);
	rig_populate(&second, second.base, REGION);
	rig_make(&alone, 1024, 1024, 64, 256);
	rig_populate(&alone, RIG_BASE, REGION);
	bench_row("protect, 16 resident pages", side("libvmm", &rig, flip), peer_kernel_protect(),
	          AT_LEAST(12, 20));
	bench_row("protect, 16 resident pages", side("libvmm", &rig, flip), peer_unicorn_protect(),
	          NO_GOAL);
	if (bench_wanted("protect, a second CPU in batches") &&
	    measure_beside(batches_beside, &second)) {
		bench_row("protect, a second CPU in batches", side("libvmm", &rig, flip),
		          side("libvmm, no second CPU", &alone, flip), AT_MOST(3, 1.5));
		bench_row("protect, a second CPU in batches", side("libvmm", &rig, flip),
		          peer_kernel_protect(), NO_GOAL);
		measure_alone();
	}
	rig_destroy(&rig);
	rig_destroy(&alone);
}

/* In one space, each CPU at an address of its own. */
static void cycles_of_two(void)
{
	struct rig rig, second;
	struct two untouched = { .half = cycle, .context = { &rig, &second } };
	struct two touched = { .half = cycle_touched, .context = { &rig, &second } };

	make_live(&rig, FEW);
	second = rig_second(&rig);
	two_row("two CPUs: reserve+commit+free", &untouched, AT_LEAST(1.2, 1.6));
	two_row("two CPUs: 16 pages touched", &touched, NO_GOAL);
	rig_destroy(&rig);
}

void bench_ranges(void)
{
	cycles();
	cycles_of_two();
	protects();
}
