/* bench_frames.c: free frames, taken and given back. The pool has no public
 * interface, so this file looks into the core: an exception, for measuring only. */
#include "../../core/vm.h"
#include "peers.h"
#include "rig.h"

enum { FRAMES = 8192 };

static void pair(void *context, uint64_t count)
{
	struct vmm *vm = ((const struct rig *)context)->vm;

	for (uint64_t i = 0; i < count; i++) {
		frame_t frame = frame_pool_take(vm, 0);

		bench_must(frame != FRAME_NONE, "frame_pool_take");
		*(volatile uint64_t *)frame_bytes(&vm->frames, frame) = i;
		frame_pool_give(vm, 0, frame);
	}
}

static void batch(void *context, uint64_t count)
{
	struct vmm *vm = ((const struct rig *)context)->vm;
	frame_t frame[PEER_BATCH];

	for (uint64_t i = 0; i < count; i += PEER_BATCH) {
		for (unsigned k = 0; k < PEER_BATCH; k++) {
			frame[k] = frame_pool_take(vm, 0);
			bench_must(frame[k] != FRAME_NONE, "frame_pool_take");
			*(volatile uint64_t *)frame_bytes(&vm->frames, frame[k]) = i;
		}
		for (unsigned k = 0; k < PEER_BATCH; k++)
			frame_pool_give(vm, 0, frame[k]);
	}
}

void bench_frames(void)
{
	struct rig rig;
	struct bench_side ours = { .what = "libvmm", .run = pair, .context = &rig };
	struct bench_side ours_batch = {
		.what = "libvmm", .run = batch, .context = &rig, .count = 16 * PEER_BATCH
	};

	rig_make(&rig, FRAMES, 1024, 16, 256);
	bench_row("frame, take and give", ours, peer_malloc_pair(PEER_TCMALLOC), AT_MOST(1.1, 0.7));
	bench_row("frame, take and give", ours, peer_malloc_pair(PEER_MIMALLOC), AT_LEAST(4, 0));
	bench_row("frames, 512 taken, 512 given", ours_batch, peer_malloc_batch(PEER_TCMALLOC),
	          AT_MOST(0.8, 0.55));
	rig_destroy(&rig);
}
