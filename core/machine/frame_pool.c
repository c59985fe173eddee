/* frame_pool.c: free frames in per-CPU magazines. */
#include "frame_pool.h"

#include "../translate/batch.h"
#include "../vm.h"

void frame_pool_lay_out(struct frame_pool *pool, struct arena *arena,
                        const struct vmm_config *config)
{
	pool->capacity = config->tiny ? TINY_FRAME_MAGAZINE : FRAME_MAGAZINE;
	/* Every frame in full magazines, and two for each CPU beside: so an empty
	 * one is always there when a CPU has filled both of its own. */
	pool->magazine_count =
		(config->frames + pool->capacity - 1) / pool->capacity + 2 * config->cpus;
	pool->magazine = arena_take(arena, pool->magazine_count, sizeof pool->magazine[0]);
	pool->link = arena_take(arena, pool->magazine_count, sizeof pool->link[0]);
}

void frame_pool_reset(struct vmm *vm)
{
	struct frame_pool *pool = &vm->pool;
	uint32_t touched = (uint32_t)atomic64_load_relaxed(&pool->fresh_frame);

	/* relaxed: reset runs alone, the caller orders it against the CPUs. */
	frames_reset(&vm->frames, touched);
	stack_reset(&pool->full);
	stack_reset(&pool->empty);
	atomic64_store_relaxed(&pool->thief, 0);
	atomic64_store_relaxed(&pool->fresh_frame, 0);
	atomic64_store_relaxed(&pool->fresh_magazine, 2 * vm->config.cpus);
	for (uint32_t i = 0; i < vm->config.cpus; i++) {
		vm->cpu[i].frames.loaded = 2 * i;
		vm->cpu[i].frames.previous = 2 * i + 1;
		pool->magazine[2 * i].count = 0;
		pool->magazine[2 * i + 1].count = 0;
	}
}

static uint32_t empty_magazine(struct vmm *vm, unsigned cpu)
{
	uint32_t magazine;

	if (stack_pop(&vm->pool.empty, vm->pool.link, cpu, &magazine))
		return magazine;
	/* relaxed: the counter only hands out numbers. */
	magazine = (uint32_t)atomic64_fetch_add_relaxed(&vm->pool.fresh_magazine, 1);
	VMM_ASSERT(magazine < vm->pool.magazine_count);
	vm->pool.magazine[magazine].count = 0;
	return magazine;
}

/* ---- Taking ----------------------------------------------------------------- */

static void swap_magazines(struct frame_cache *cache)
{
	uint32_t loaded = cache->loaded;

	cache->loaded = cache->previous;
	cache->previous = loaded;
}

/* Up to a magazine of frames that were never used. */
static bool refill_fresh(struct vmm *vm, struct magazine *magazine)
{
	uint64_t first = atomic64_load_relaxed(&vm->pool.fresh_frame); /* the CAS decides */
	uint64_t count;

	do {
		count = vm->frames.count - first;
		if (count > vm->pool.capacity)
			count = vm->pool.capacity;
		if (count == 0)
			return false;
		/* relaxed: the counter only hands out numbers. */
	} while (!atomic64_cas_relaxed(&vm->pool.fresh_frame, &first, first + count));
	/* The lowest number on top: frames are used in rising order. */
	for (uint64_t i = 0; i < count; i++)
		magazine->frame[i] = (frame_t)(first + count - 1 - i);
	magazine->count = (uint32_t)count;
	return true;
}

/* A magazine of another CPU, while the pool is stopped. */
static bool refill_stolen(struct vmm *vm, unsigned cpu)
{
	for (unsigned i = 0; i < vm->config.cpus; i++) {
		struct frame_cache *victim = &vm->cpu[i].frames;

		if (i == cpu)
			continue;
		uint32_t *from = vm->pool.magazine[victim->loaded].count != 0 ? &victim->loaded
		                                                              : &victim->previous;
		if (vm->pool.magazine[*from].count == 0)
			continue;
		uint32_t full = *from;

		*from = vm->cpu[cpu].frames.loaded;
		vm->cpu[cpu].frames.loaded = full;
		return true;
	}
	return false;
}

/* Both magazines are empty: the loaded one is filled or replaced. */
static bool refill(struct vmm *vm, unsigned cpu, bool stopped)
{
	struct frame_cache *cache = &vm->cpu[cpu].frames;
	uint32_t full;

	if (stack_pop(&vm->pool.full, vm->pool.link, cpu, &full)) {
		stack_push(&vm->pool.empty, vm->pool.link, cpu, cache->loaded);
		cache->loaded = full;
		return true;
	}
	return refill_fresh(vm, &vm->pool.magazine[cache->loaded]) ||
	       (stopped && refill_stolen(vm, cpu));
}

frame_t frame_pool_take(struct vmm *vm, unsigned cpu)
{
	struct frame_cache *cache = &vm->cpu[cpu].frames;
	/* acquire: pairs with the release of frame_pool_go; without it our magazines
	 * could be read as they were before a thief changed them. */
	uint64_t thief = atomic64_load_acquire(&vm->pool.thief);
	struct magazine *loaded;

	if (thief != 0 && thief != cpu + 1)
		return FRAME_NONE;
	loaded = &vm->pool.magazine[cache->loaded];
	if (loaded->count == 0) {
		if (vm->pool.magazine[cache->previous].count != 0)
			swap_magazines(cache);
		else if (!refill(vm, cpu, thief != 0))
			return FRAME_NONE;
		loaded = &vm->pool.magazine[cache->loaded];
	}
	return loaded->frame[--loaded->count];
}

/* ---- Giving ------------------------------------------------------------------ */

void frame_pool_give(struct vmm *vm, unsigned cpu, frame_t frame)
{
	struct frame_cache *cache = &vm->cpu[cpu].frames;
	struct magazine *loaded = &vm->pool.magazine[cache->loaded];

	VMM_ASSERT(frame_state(&vm->frames, frame) != FRAME_ACTIVE);
	if (loaded->count == vm->pool.capacity) {
		if (vm->pool.magazine[cache->previous].count == vm->pool.capacity) {
			stack_push(&vm->pool.full, vm->pool.link, cpu, cache->previous);
			cache->previous = empty_magazine(vm, cpu);
		}
		swap_magazines(cache);
		loaded = &vm->pool.magazine[cache->loaded];
	}
	loaded->frame[loaded->count++] = frame;
}

/* ---- Sections and stopping ---------------------------------------------------------- */

void frame_pool_announce(struct vmm *vm, unsigned cpu)
{
	/* relaxed: the caller's fence orders it. */
	atomic64_store_relaxed(&vm->cpu[cpu].giving, 1);
}

void frame_pool_begin(struct vmm *vm, unsigned cpu)
{
	/* acquire: as in frame_pool_take. */
	while (atomic64_load_acquire(&vm->pool.thief) != 0) {
		/* release: as in frame_pool_end. */
		atomic64_store_release(&vm->cpu[cpu].giving, 0);
		frame_pool_wait(vm, cpu);
		atomic64_store_relaxed(&vm->cpu[cpu].giving, 1);
		/* Step 2: pairs with the fence in frame_pool_stop; without it we could
		 * read that the pool goes while the thief reads that we are not giving. */
		atomic_fence_seq_cst();
	}
}

void frame_pool_end(struct vmm *vm, unsigned cpu)
{
	/* release: pairs with the acquire in frame_pool_stop; without it our magazines
	 * could be changed under a give that is still on its way. */
	atomic64_store_release(&vm->cpu[cpu].giving, 0);
}

void frame_pool_wait(struct vmm *vm, unsigned cpu)
{
	uint64_t thief, turn = 0;

	/* relaxed: whoever takes or gives after it looks again, with acquire. */
	while ((thief = atomic64_load_relaxed(&vm->pool.thief)) != 0)
		vm_wait(vm, cpu, (unsigned)thief - 1, POINT_POOL_STOPPED, turn++);
}

void frame_pool_stop(struct vmm *vm, unsigned cpu)
{
	uint64_t going = 0, turn = 0;

	/* acquire: pairs with the release of frame_pool_go. */
	while (!atomic64_cas_acquire(&vm->pool.thief, &going, cpu + 1)) {
		vm_wait(vm, cpu, VMM_ANY_CPU, POINT_POOL_STOPPED, turn++);
		going = 0;
	}
	/* Step b: pairs with the fences of vmm_access_begin, tlb_shootdown and
	 * frame_pool_begin. */
	atomic_fence_seq_cst();
	for (unsigned other = 0; other < vm->config.cpus; other++) {
		if (other == cpu)
			continue;
		batch_wait(vm, cpu, other, POINT_POOL_DRAIN);
		/* acquire: pairs with the release of frame_pool_end. */
		for (turn = 0; atomic64_load_acquire(&vm->cpu[other].giving) != 0;)
			vm_wait(vm, cpu, other, POINT_POOL_DRAIN, turn++);
	}
}

bool frame_pool_is_stopped(const struct vmm *vm, unsigned cpu)
{
	return atomic64_load_own(&vm->pool.thief) == cpu + 1; /* we alone write that number */
}

void frame_pool_go(struct vmm *vm, unsigned cpu)
{
	VMM_ASSERT(frame_pool_is_stopped(vm, cpu));
	/* release: publishes the magazines to the next take or give of each CPU. */
	atomic64_store_release(&vm->pool.thief, 0);
}

/* ---- Inspection ---------------------------------------------------------------- */

static uint32_t visit_magazine(const struct magazine *magazine,
                               void (*visit)(void *context, frame_t frame), void *context)
{
	for (uint32_t i = 0; visit != NULL && i < magazine->count; i++)
		visit(context, magazine->frame[i]);
	return magazine->count;
}

uint32_t frame_pool_count(const struct vmm *vm, void (*visit)(void *context, frame_t frame),
                          void *context)
{
	const struct frame_pool *pool = &vm->pool;
	uint32_t count = vm->frames.count - (uint32_t)atomic64_load_relaxed(&pool->fresh_frame);
	uint32_t top = stack_top(&pool->full);

	for (; top != 0; top = atomic32_load_relaxed(&pool->link[top - 1]))
		count += visit_magazine(&pool->magazine[top - 1], visit, context);
	for (uint32_t i = 0; i < vm->config.cpus; i++) {
		const struct frame_cache *cache = &vm->cpu[i].frames;

		count += visit_magazine(&pool->magazine[cache->loaded], visit, context);
		count += visit_magazine(&pool->magazine[cache->previous], visit, context);
	}
	return count;
}
