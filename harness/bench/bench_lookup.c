/* bench_lookup.c: which allocation holds an address? Once through the public
 * vmm_query, which also says how far the run of like pages goes, and once by
 * range_find, which has no public interface: an exception, for measuring only. */
#include "../../core/vm.h"
#include "peers.h"
#include "rig.h"
#include "stream.h"

#include <stdlib.h>

enum { FEW = 1, SOME = 1000, MANY = 100000, MOST = 1000000 };

struct lookup {
	struct rig rig;
	uint64_t count, near;
};

/* `count` reservations at shuffled places, as they come in a program that runs. */
static void make(struct lookup *lookup, uint32_t count)
{
	uint64_t state = STREAM_SEED;
	uint32_t *order = malloc(count * sizeof *order);

	bench_must(order != NULL, "malloc");
	rig_make(&lookup->rig, 64, 64, count + 64, 256);
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	for (uint32_t i = count - 1; i > 0; i--) {
		uint32_t other = (uint32_t)(stream_next(&state) % (i + 1)), kept = order[i];

		order[i] = order[other];
		order[other] = kept;
	}
	for (uint32_t i = 0; i < count; i++)
		rig_allocate(&lookup->rig, RIG_LIVE_BASE + order[i] * RIG_LIVE_STRIDE,
		             RIG_REGION_PAGES, VMM_MEM_RESERVE);
	lookup->count = count;
	lookup->near = count / 2;
	free(order);
}

static void query(void *context, uint64_t count)
{
	struct lookup *lookup = context;
	uint64_t stream = lookup->rig.stream, zero = 0;

	for (uint64_t i = 0; i < count; i++) {
		struct vmm_query io = { .address = stream_range(&stream, RIG_LIVE_BASE,
			                                        lookup->count, RIG_LIVE_STRIDE) +
			                           zero };

		bench_must(vmm_query(lookup->rig.vm, 0, 0, VMM_CURRENT_PROCESS, &io) ==
		                   VMM_SUCCESS && io.state == VMM_MEM_RESERVE,
		           "vmm_query");
		zero = io.protect; /* 0 where reserved; the next address depends on it */
	}
	lookup->rig.stream = stream;
	bench_keep(zero);
}

static inline const struct range *find(const struct lookup *lookup, uint64_t address)
{
	const struct vmm *vm = lookup->rig.vm;
	const struct range *range = range_find(&vm->ranges, &vm->process[0].tree, page_of(address));

	bench_must(range != NULL, "range_find");
	return range;
}

static void find_random(void *context, uint64_t count)
{
	struct lookup *lookup = context;
	uint64_t stream = lookup->rig.stream, zero = 0;

	for (uint64_t i = 0; i < count; i++)
		zero = find(lookup, stream_range(&stream, RIG_LIVE_BASE, lookup->count,
		                                 RIG_LIVE_STRIDE) + zero)->flags;
	lookup->rig.stream = stream;
	bench_keep(zero);
}

static void find_local(void *context, uint64_t count)
{
	struct lookup *lookup = context;
	uint64_t stream = lookup->rig.stream, near = lookup->near, sum = 0;

	for (uint64_t i = 0; i < count; i++)
		sum += find(lookup, stream_near(&stream, &near, RIG_LIVE_BASE, lookup->count,
		                                RIG_LIVE_STRIDE))->flags;
	lookup->rig.stream = stream;
	lookup->near = near;
	bench_keep(sum);
}

static struct bench_side side(const char *what, struct lookup *lookup,
                              void (*run)(void *context, uint64_t count))
{
	return (struct bench_side){ .what = what, .run = run, .context = lookup };
}

void bench_lookup(void)
{
	struct lookup few, some, many, most;

	make(&few, FEW);
	make(&some, SOME);
	make(&many, MANY);
	bench_row("query, 1000 live", side("libvmm", &some, query),
	          side("libvmm, 1 live", &few, query), NO_GOAL);
	bench_row("query, 100000 live", side("libvmm", &many, query),
	          side("libvmm, 1 live", &few, query), NO_GOAL);
	peer_tree_build(SOME, RIG_LIVE_BASE, RIG_LIVE_STRIDE);
	bench_row("range_find, 1000, random", side("libvmm", &some, find_random),
	          peer_tree_random(), NO_GOAL);
	bench_row("range_find, 1000, local", side("libvmm", &some, find_local), peer_tree_local(),
	          NO_GOAL);
	rig_destroy(&few.rig);
	rig_destroy(&some.rig);
	rig_destroy(&many.rig);

	if (!bench_wanted("range_find, 1000000, random") &&
	    !bench_wanted("range_find, 1000000, local"))
		return;
	make(&most, MOST);
	peer_tree_build(MOST, RIG_LIVE_BASE, RIG_LIVE_STRIDE);
	bench_row("range_find, 1000000, random", side("libvmm", &most, find_random),
	          peer_tree_random(), AT_MOST(0.55, 0.35));
	bench_row("range_find, 1000000, local", side("libvmm", &most, find_local),
	          peer_tree_local(), AT_MOST(0.5, 0.25));
	rig_destroy(&most.rig);
}
