/* bench_frames.c: free frames, taken and given back. The pool has no public
 * interface, so this file looks into the core: an exception, for measuring only.
 *
 * A frame is taken inside a batch of accesses, as a fault does, and given inside one
 * or, by many, in a giving, as a decommit does (core/machine/frame_pool.h); what
 * these cost is in the rows. */
#include "../../core/vm.h"
#include "peers.h"
#include "remote.h"
#include "rig.h"

enum { FRAMES = 8192, BATCH = 16 };

static frame_t take(const struct rig *rig, uint64_t number)
{
	struct vmm *vm = rig->vm;
	frame_t frame = frame_pool_take(vm, rig->index);

	bench_must(frame != FRAME_NONE, "frame_pool_take");
	*(volatile uint64_t *)frame_bytes(&vm->frames, frame) = number;
	return frame;
}

static void giving_begin(void *context)
{
	const struct rig *rig = context;

	frame_pool_announce(rig->vm, rig->index);
	atomic_fence_seq_cst(); /* step 2 of frame_pool.h */
	frame_pool_begin(rig->vm, rig->index);
}

static void giving_end(void *context)
{
	const struct rig *rig = context;

	frame_pool_end(rig->vm, rig->index);
}

static void pair(void *context, uint64_t count)
{
	const struct rig *rig = context;
	struct vmm *vm = rig->vm;
	const unsigned index = rig->index;

	for (uint64_t i = 0; i < count; i += BATCH) {
		vmm_access_begin(rig->cpu);
		for (unsigned k = 0; k < BATCH; k++)
			frame_pool_give(vm, index, take(rig, i));
		vmm_access_end(rig->cpu);
	}
}

static void batch(void *context, uint64_t count)
{
	struct rig *rig = context;
	frame_t frame[PEER_BATCH];

	for (uint64_t i = 0; i < count; i += PEER_BATCH) {
		vmm_access_begin(rig->cpu);
		for (unsigned k = 0; k < PEER_BATCH; k++)
			frame[k] = take(rig, i);
		vmm_access_end(rig->cpu);
		giving_begin(rig);
		for (unsigned k = 0; k < PEER_BATCH; k++)
			frame_pool_give(rig->vm, rig->index, frame[k]);
		giving_end(rig);
	}
}

/* ---- Given back on the other CPU -------------------------------------------------- */

/* rig[0] takes, rig[1] gives. */
static uintptr_t take_one(void *context, uint64_t number)
{
	return (uintptr_t)take(context, number) + 1;
}

static void give_one(void *context, uintptr_t thing)
{
	const struct rig *rig = (const struct rig *)context + 1;

	frame_pool_give(rig->vm, rig->index, (frame_t)(thing - 1));
}

static void take_begin(void *context)
{
	vmm_access_begin(((const struct rig *)context)->cpu);
}

static void take_end(void *context)
{
	vmm_access_end(((const struct rig *)context)->cpu);
}

static void give_begin(void *context)
{
	giving_begin((struct rig *)context + 1);
}

static void give_end(void *context)
{
	giving_end((struct rig *)context + 1);
}

static void remote_rows(struct rig rig[2])
{
	static struct remote remote;
	const char *name = "frame, given on the other CPU";

	if (!bench_wanted(name))
		return;
	remote = (struct remote){ .take = take_one,
		                  .give = give_one,
		                  .take_begin = take_begin,
		                  .take_end = take_end,
		                  .give_begin = give_begin,
		                  .give_end = give_end,
		                  .context = rig };
	struct bench_side ours = remote_side("libvmm", &remote);

	if (ours.run == NULL) /* no second CPU */
		return;
	bench_row(name, ours, peer_malloc_remote(PEER_MIMALLOC), AT_MOST(0.5, 0.33));
	bench_row(name, ours, peer_malloc_remote(PEER_TCMALLOC), NO_GOAL);
}

void bench_frames(void)
{
	struct rig rig[2];
	struct bench_side ours = { .what = "libvmm", .run = pair, .context = &rig[0] };
	struct bench_side ours_batch = {
		.what = "libvmm", .run = batch, .context = &rig[0], .count = 16 * PEER_BATCH
	};
	struct two pairs = { .half = pair, .context = { &rig[0], &rig[1] } };

	rig_make(&rig[0], FRAMES, 1024, 16, 256);
	rig[1] = rig_second(&rig[0]);
	bench_row("frame, take and give", ours, peer_malloc_pair(PEER_TCMALLOC), AT_MOST(1.1, 0.7));
	bench_row("frame, take and give", ours, peer_malloc_pair(PEER_MIMALLOC), AT_LEAST(4, 0));
	bench_row("frames, 512 taken, 512 given", ours_batch, peer_malloc_batch(PEER_TCMALLOC),
	          AT_MOST(0.8, 0.55));
	two_row("two CPUs: frame pairs", &pairs, AT_LEAST(1.8, 1.93));
	remote_rows(rig);
	rig_destroy(&rig[0]);
}
