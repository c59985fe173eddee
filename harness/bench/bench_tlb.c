/* bench_tlb.c: accesses to pages that are there: hits of the TLB, and misses that
 * find their PTE.
 *
 * Every page is used in one cache line (stream_hot), on both sides, so that a row
 * shows translation and not the data's own misses. */
#include "peers.h"
#include "rig.h"
#include "stream.h"
#include "two.h"

enum { BATCH = 16, NEXT_PAGES = 16, HOT_PAGES = 256, WARM_PAGES = 4096, MANY_PAGES = 65536 };

/* The loops below hold what they need in locals, as a caller would: an acquire in
 * each access keeps the compiler from holding fields of a struct in registers. */
static inline uint64_t load(struct vmm_cpu *cpu, uint64_t va)
{
	uint64_t value = 0;

	bench_must(vmm_load_u64(cpu, va, &value) == VMM_SUCCESS, "vmm_load_u64");
	return value;
}

static void random_batches(void *context, uint64_t count)
{
	struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;
	const uint64_t base = rig->base, pages = rig->pages;
	uint64_t stream = rig->stream, sum = 0;

	for (uint64_t i = 0; i < count; i += BATCH) {
		vmm_access_begin(cpu);
		for (unsigned k = 0; k < BATCH; k++)
			sum += load(cpu, base + stream_hot(&stream, pages));
		vmm_access_end(cpu);
	}
	rig->stream = stream;
	bench_keep(sum);
}

static void random_singly(void *context, uint64_t count)
{
	struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;
	const uint64_t base = rig->base, pages = rig->pages;
	uint64_t stream = rig->stream, sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		vmm_access_begin(cpu);
		sum += load(cpu, base + stream_hot(&stream, pages));
		vmm_access_end(cpu);
	}
	rig->stream = stream;
	bench_keep(sum);
}

static void random_calls(void *context, uint64_t count)
{
	struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;
	const uint64_t base = rig->base, pages = rig->pages;
	uint64_t stream = rig->stream, sum = 0, value = 0;

	for (uint64_t i = 0; i < count; i++) {
		bench_must(vmm_load(cpu, base + stream_hot(&stream, pages), 8,
		                    VMM_MODE_USER, VMM_IRQL_PASSIVE, &value) == VMM_SUCCESS,
		           "vmm_load");
		sum += value;
	}
	rig->stream = stream;
	bench_keep(sum);
}

/* The hit as a function of its own, as an interpreter's table of handlers has it. */
static __attribute__((noinline)) uint64_t load_called(struct vmm_cpu *cpu, uint64_t va)
{
	return load(cpu, va);
}

static void random_batches_called(void *context, uint64_t count)
{
	struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;
	const uint64_t base = rig->base, pages = rig->pages;
	uint64_t stream = rig->stream, sum = 0;

	for (uint64_t i = 0; i < count; i += BATCH) {
		vmm_access_begin(cpu);
		for (unsigned k = 0; k < BATCH; k++)
			sum += load_called(cpu, base + stream_hot(&stream, pages));
		vmm_access_end(cpu);
	}
	rig->stream = stream;
	bench_keep(sum);
}

static void next_batches(void *context, uint64_t count)
{
	struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;
	const uint64_t base = rig->base, mask = rig->pages * VMM_PAGE_SIZE - 1;
	uint64_t at = rig->stream & mask & ~UINT64_C(7), sum = 0;

	for (uint64_t i = 0; i < count; i += BATCH) {
		vmm_access_begin(cpu);
		for (unsigned k = 0; k < BATCH; k++) {
			sum += load(cpu, base + at);
			at = (at + 8) & mask;
		}
		vmm_access_end(cpu);
	}
	rig->stream = at;
	bench_keep(sum);
}

static struct bench_side side(struct rig *rig, void (*run)(void *context, uint64_t count))
{
	return (struct bench_side){ .what = "libvmm", .run = run, .context = rig };
}

/* What the processor itself gains by a second CPU: the most that can be asked for. */
static void arithmetic(void *context, uint64_t count)
{
	uint64_t stream = *(const uint64_t *)context;

	for (uint64_t i = 0; i < count; i++)
		bench_keep(stream_next(&stream));
}

static void hits_of_two(void)
{
	uint64_t seed[2] = { STREAM_SEED, STREAM_SEED };
	struct two sums = { .half = arithmetic, .context = { &seed[0], &seed[1] } };
	struct rig rig, second;
	struct two loads = { .half = random_batches, .context = { &rig, &second } };

	two_row("two CPUs: arithmetic", &sums, NO_GOAL);
	rig_make(&rig, 4 * HOT_PAGES, 1024, 16, HOT_PAGES);
	second = rig_second(&rig);
	rig_populate(&rig, rig.base, HOT_PAGES);
	rig_populate(&second, second.base, HOT_PAGES);
	two_row("two CPUs: hits", &loads, AT_LEAST(1.8, 1.93));
	rig_destroy(&rig);
}

static void hits(void)
{
	struct rig rig;

	rig_make(&rig, 2 * HOT_PAGES, 1024, 16, HOT_PAGES);
	rig_populate(&rig, RIG_BASE, HOT_PAGES);
	bench_row("hit, batches of 16", side(&rig, random_batches), peer_stlb_hit(HOT_PAGES),
	          AT_MOST(1.5, 1.2));
	bench_row("hit, single", side(&rig, random_singly), peer_stlb_hit(HOT_PAGES),
	          AT_MOST(1.5, 1.2));
	bench_row("hit, a call, batches of 16", side(&rig, random_batches_called),
	          peer_unicorn_read(), AT_LEAST(5, 8));
	bench_row("hit, vmm_load", side(&rig, random_calls), peer_unicorn_read(), AT_LEAST(5, 8));
	rig.pages = NEXT_PAGES; /* as much as Unicorn's program goes over */
	bench_row("hit, next 8 bytes, batches of 16", side(&rig, next_batches),
	          peer_unicorn_guest(), AT_MOST(2, 1.5));
	bench_row("hit, next 8 bytes, batches of 16", side(&rig, next_batches),
	          peer_stlb_next(NEXT_PAGES), NO_GOAL);
	rig_destroy(&rig);
	hits_of_two();

	rig_make(&rig, 2 * WARM_PAGES, 1024, 16, WARM_PAGES);
	rig_populate(&rig, RIG_BASE, WARM_PAGES);
	bench_row("hit, 4096 pages, batches of 16", side(&rig, random_batches),
	          peer_stlb_hit(WARM_PAGES), NO_GOAL);
	rig_destroy(&rig);
}

/* ---- Misses: a TLB of two entries, so that next to every access walks ------------ */

/* A fetch translates and touches no data: the walk alone, and a batch around it. */
static void random_fetches(void *context, uint64_t count)
{
	struct rig *rig = context;
	struct vmm_cpu *cpu = rig->cpu;
	const uint64_t base = rig->base, pages = rig->pages;
	uint64_t stream = rig->stream;

	for (uint64_t i = 0; i < count; i++)
		bench_must(vmm_fetch(cpu, base + stream_hot(&stream, pages), VMM_MODE_USER,
		                     VMM_IRQL_PASSIVE) == VMM_SUCCESS,
		           "vmm_fetch");
	rig->stream = stream;
}

/* The goal is for tables that are in the cache, so it stands at the fetch: over
 * 65536 frames a load is mostly a miss of its own data. */
static void misses(const char *fetch, const char *loads, uint32_t pages, struct goal goal)
{
	struct rig rig;
	struct vmm_protect io = { .base = RIG_BASE,
		                  .size = pages * VMM_PAGE_SIZE,
		                  .protect = VMM_PAGE_EXECUTE_READWRITE };
	struct bench_side table;

	if (!bench_wanted(fetch) && !bench_wanted(loads))
		return;
	rig_make(&rig, pages + 64, 1024, 16, 2);
	rig_populate(&rig, RIG_BASE, pages);
	bench_must(vmm_protect(rig.vm, 0, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS,
	           "vmm_protect");
	table = peer_table_find(pages);
	bench_row(fetch, side(&rig, random_fetches), table, goal);
	bench_row(loads, side(&rig, random_batches), table, NO_GOAL);
	bench_row(loads, side(&rig, random_batches), peer_stlb_refill(pages), NO_GOAL);
	rig_destroy(&rig);
}

void bench_tlb(void)
{
	hits();
	misses("miss, vmm_fetch, 4096 pages", "miss, batches of 16, 4096 pages", WARM_PAGES,
	       NO_GOAL);
	misses("miss, vmm_fetch, 65536 pages", "miss, batches of 16, 65536 pages", MANY_PAGES,
	       AT_MOST(1.6, 1.2));
}
