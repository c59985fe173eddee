/* frame_pool.c: free frames in per-CPU magazines. */
#include "frame_pool.h"

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
}

void frame_pool_reset(struct vmm *vm)
{
	struct frame_pool *pool = &vm->pool;
	uint32_t touched = (uint32_t)atomic64_load_relaxed(&pool->fresh_frame);

	/* relaxed: reset runs alone, the caller orders it against the CPUs. */
	frames_reset(&vm->frames, touched);
	atomic64_store_relaxed(&pool->full.head, 0);
	atomic64_store_relaxed(&pool->empty.head, 0);
	atomic64_store_relaxed(&pool->fresh_frame, 0);
	atomic64_store_relaxed(&pool->fresh_magazine, 2 * vm->config.cpus);
	for (uint32_t i = 0; i < vm->config.cpus; i++) {
		vm->cpu[i].frames.loaded = 2 * i;
		vm->cpu[i].frames.previous = 2 * i + 1;
		pool->magazine[2 * i].count = 0;
		pool->magazine[2 * i + 1].count = 0;
	}
}

/* ---- The depot: tagged Treiber stacks (Treiber 1986) ----------------------- */

static uint64_t depot_next_head(uint64_t head, uint32_t top)
{
	return ((head >> 32) + 1) << 32 | top;
}

static bool depot_pop(struct vmm *vm, unsigned cpu, struct depot *depot, uint32_t *magazine)
{
	/* acquire: pairs with depot_push's CAS; without it the magazine's `next` and
	 * frames could be read as they were before the push. */
	uint64_t head = atomic64_load_acquire(&depot->head);

	for (;;) {
		uint32_t top = (uint32_t)head;

		if (top == 0)
			return false;
		/* relaxed: a stale next is caught by the tag in the CAS. */
		uint32_t next = atomic32_load_relaxed(&vm->pool.magazine[top - 1].next);

		VMM_POINT(cpu, DEPOT_BEFORE_CAS);
		/* A failed CAS reads the new head with acquire: `next` below it is read
		 * afresh, and must not be older than that head. */
		if (atomic64_cas_acq_rel(&depot->head, &head, depot_next_head(head, next))) {
			*magazine = top - 1;
			return true;
		}
	}
}

static void depot_push(struct vmm *vm, unsigned cpu, struct depot *depot, uint32_t magazine)
{
	/* relaxed: only the word is needed; what it names is not looked into. */
	uint64_t head = atomic64_load_relaxed(&depot->head);

	do {
		atomic32_store_relaxed(&vm->pool.magazine[magazine].next, (uint32_t)head);
		VMM_POINT(cpu, DEPOT_BEFORE_CAS);
		/* release half: publishes the magazine's frames and next to depot_pop. */
	} while (!atomic64_cas_acq_rel(&depot->head, &head, depot_next_head(head, magazine + 1)));
}

static uint32_t empty_magazine(struct vmm *vm, unsigned cpu)
{
	uint32_t magazine;

	if (depot_pop(vm, cpu, &vm->pool.empty, &magazine))
		return magazine;
	/* seq_cst is more than is needed: the counter only hands out numbers. */
	magazine = (uint32_t)atomic64_fetch_add_seq_cst(&vm->pool.fresh_magazine, 1);
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
static bool refill_fresh(struct vmm *vm, unsigned cpu, struct magazine *magazine)
{
	uint64_t first = atomic64_load_relaxed(&vm->pool.fresh_frame);
	uint64_t count;

	do {
		count = vm->frames.count - first;
		if (count > vm->pool.capacity)
			count = vm->pool.capacity;
		if (count == 0)
			return false;
		VMM_POINT(cpu, DEPOT_BEFORE_CAS);
		/* acq_rel is more than is needed: the counter only hands out numbers. */
	} while (!atomic64_cas_acq_rel(&vm->pool.fresh_frame, &first, first + count));
	/* The lowest number on top: frames are used in rising order. */
	for (uint64_t i = 0; i < count; i++)
		magazine->frame[i] = (frame_t)(first + count - 1 - i);
	magazine->count = (uint32_t)count;
	return true;
}

/* The frames of another CPU's magazine: the last resort, so that NO_MEMORY
 * means that no frame is free on any CPU. */
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
static bool refill(struct vmm *vm, unsigned cpu)
{
	struct frame_cache *cache = &vm->cpu[cpu].frames;
	uint32_t full;

	if (depot_pop(vm, cpu, &vm->pool.full, &full)) {
		depot_push(vm, cpu, &vm->pool.empty, cache->loaded);
		cache->loaded = full;
		return true;
	}
	return refill_fresh(vm, cpu, &vm->pool.magazine[cache->loaded]) || refill_stolen(vm, cpu);
}

frame_t frame_pool_take(struct vmm *vm, unsigned cpu)
{
	struct frame_cache *cache = &vm->cpu[cpu].frames;
	struct magazine *loaded = &vm->pool.magazine[cache->loaded];

	if (loaded->count == 0) {
		if (vm->pool.magazine[cache->previous].count != 0)
			swap_magazines(cache);
		else if (!refill(vm, cpu))
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

	VMM_ASSERT(vm->frames.state[frame] != FRAME_ACTIVE);
	if (loaded->count == vm->pool.capacity) {
		if (vm->pool.magazine[cache->previous].count == vm->pool.capacity) {
			depot_push(vm, cpu, &vm->pool.full, cache->previous);
			cache->previous = empty_magazine(vm, cpu);
		}
		swap_magazines(cache);
		loaded = &vm->pool.magazine[cache->loaded];
	}
	loaded->frame[loaded->count++] = frame;
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
	uint32_t top = (uint32_t)atomic64_load_relaxed(&pool->full.head);

	for (; top != 0; top = atomic32_load_relaxed(&pool->magazine[top - 1].next))
		count += visit_magazine(&pool->magazine[top - 1], visit, context);
	for (uint32_t i = 0; i < vm->config.cpus; i++) {
		const struct frame_cache *cache = &vm->cpu[i].frames;

		count += visit_magazine(&pool->magazine[cache->loaded], visit, context);
		count += visit_magazine(&pool->magazine[cache->previous], visit, context);
	}
	return count;
}
