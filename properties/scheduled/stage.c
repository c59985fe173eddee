/* stage.c: see stage.h. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#include "../../core/inspect.h"
#include "../../harness/model/model.h"
#include "../../harness/model/seen.h"

struct stage stage;

void stage_open(unsigned cpus)
{
	struct vmm_config config = vmm_config_default();
	struct vmm_host host = vmm_host_posix;

	config.frames = STAGE_FRAMES;
	config.pagefile = STAGE_PAGEFILE;
	config.cpus = cpus;
	config.processes_max = 4;
	config.ranges_max = 16;
	config.tlb_entries = 4;
	config.tiny = true;
	host.wait = model_wait;
	if (vmm_create(&config, &host, &stage.vm) != VMM_SUCCESS)
		abort();
}

void stage_reset(void)
{
	struct vmm *vm = stage.vm;

	vmm_reset(vm);
	memset(&stage, 0, sizeof stage);
	stage.vm = vm;
	stack_reset(&stage.stack);
}

void stage_curtain(void)
{
	memset(stage.done, 0, sizeof stage.done);
	memset(stage.ended, 0, sizeof stage.ended);
}

/* ---- State -------------------------------------------------------------------- */

static uint64_t mix_magazines(uint64_t hash)
{
	const struct frame_pool *pool = &stage.vm->pool;
	uint64_t count = atomic64_load_own(&pool->fresh_magazine);

	for (uint64_t i = 0; i < count; i++) {
		const struct magazine *magazine = &pool->magazine[i];

		hash = seen_mix(hash, magazine->count);
		for (uint32_t k = 0; k < magazine->count; k++)
			hash = seen_mix(hash, magazine->frame[k]);
	}
	return hash;
}

static uint64_t mix_frames(uint64_t hash)
{
	const struct frames *frames = &stage.vm->frames;
	uint64_t count = atomic64_load_own(&stage.vm->pool.fresh_frame);

	for (uint64_t i = 0; i < count; i++)
		hash = seen_mix(hash, frames->record[i] ^ (uint64_t)frames->link[i] << 16);
	return hash;
}

static uint64_t mix_ranges(uint64_t hash)
{
	const struct ranges *ranges = &stage.vm->ranges;

	hash = seen_mix(hash, (uint64_t)ranges->range_free << 32 | ranges->node_free);
	hash = seen_mix(hash, (uint64_t)ranges->range_used << 32 | ranges->node_used);
	for (uint32_t i = 0; i < ranges->range_fresh; i++) {
		const struct range *range = &ranges->range[i];

		hash = seen_mix(hash, range->first << 24 ^ range->last);
		hash = seen_mix(hash, (uint64_t)range->protect << 32 | range->flags);
		hash = seen_mix(hash, range->committed << 32 | range->link);
	}
	for (uint32_t i = 0; i < ranges->node_fresh; i++) {
		const struct range_node *node = &ranges->node[i];

		hash = seen_mix(hash, (uint64_t)node->count << 32 | node->link);
		for (uint32_t k = 0; k < node->count; k++)
			hash = seen_mix(hash, node->first[k] ^ (uint64_t)node->child[k] << 40);
	}
	return hash;
}

static uint64_t mix_processes(uint64_t hash)
{
	for (uint32_t i = 0; i < stage.vm->process_count; i++) {
		const struct process *process = &stage.vm->process[i];

		hash = seen_mix(hash, (uint64_t)process->root << 32 | process->tree.root);
		hash = seen_mix(hash, process->tree.depth);
	}
	for (unsigned i = 0; i < stage.vm->config.cpus; i++) {
		const struct vmm_cpu *cpu = &stage.vm->cpu[i];

		hash = seen_mix(hash, cpu->process->number);
		hash = seen_mix(hash, (uint64_t)cpu->frames.loaded << 32 | cpu->frames.previous);
		for (unsigned k = 0; k < stage.ended[i]; k++)
			hash = seen_mix(hash, stage.done[i][k].value ^
			                              (uint64_t)(uint32_t)stage.done[i][k].status << 32);
	}
	return hash;
}

uint64_t stage_state(void *context)
{
	(void)context;
	return mix_processes(mix_ranges(mix_frames(mix_magazines(1))));
}

/* ---- What programs can see ------------------------------------------------------- */

/* Scenarios touch the ends of a page only. */
static uint64_t mix_bytes(uint64_t hash, const uint8_t *bytes)
{
	uint64_t ends[2] = { 0, 0 };

	if (bytes != NULL) {
		memcpy(&ends[0], bytes, sizeof ends[0]);
		memcpy(&ends[1], bytes + VMM_PAGE_SIZE - sizeof ends[1], sizeof ends[1]);
	}
	return seen_mix(seen_mix(hash, ends[0]), ends[1]);
}

static uint64_t mix_pages(uint64_t hash, vmm_process process)
{
	uint64_t page = vmm_inspect_next_page(stage.vm, process, 0);

	for (; page != UINT64_MAX; page = vmm_inspect_next_page(stage.vm, process, page + 1)) {
		struct vmm_page seen;

		vmm_inspect_page(stage.vm, process, page, &seen);
		hash = seen_mix(hash, page);
		hash = seen_mix(hash, (uint64_t)seen.protect << 1 | seen.watched);
		hash = mix_bytes(hash, seen.bytes);
	}
	return hash;
}

/* At most as many links as there are indices: a broken stack may be a ring. */
static uint64_t mix_stack(uint64_t hash)
{
	uint32_t top = stack_top(&stage.stack);

	for (unsigned i = 0; i < STAGE_LINKS && top != 0; i++) {
		hash = seen_mix(hash, top);
		top = atomic32_load_relaxed(&stage.link[top - 1]);
	}
	return seen_mix(hash, top);
}

uint64_t stage_digest(void)
{
	struct vmm_totals totals;
	uint64_t hash = mix_stack(1);

	vmm_inspect_totals(stage.vm, &totals);
	hash = seen_mix(hash, totals.charge);
	hash = seen_mix(hash, totals.frames_free);
	hash = seen_mix(hash, totals.ranges);
	hash = seen_mix(hash, totals.processes);
	for (unsigned i = 0; i < STAGE_WORDS; i++)
		hash = seen_mix(hash, atomic64_load_relaxed(&stage.word[i]));
	for (vmm_process i = 0; i < totals.processes; i++)
		if (vmm_inspect_process_lives(stage.vm, i))
			hash = mix_pages(seen_mix(hash, i), i);
	return hash;
}
