/* vm.c: making, resetting and destroying a machine. Everything lies in one
 * mapping, laid out from the configuration for the worst case. */
#include "vm.h"

#include "translate/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void vmm_assert_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "vmm: assertion failed: %s (%s:%d)\n", what, file, line);
	fprintf(stderr, "DEDUP_TOKEN: assert-%s\n", what);
	fflush(stderr);
	__builtin_trap();
}

const char *vmm_status_name(vmm_status status)
{
	switch (status) {
#define STATUS(NAME, CODE, MEANING)                                                              \
	case VMM_##NAME:                                                                         \
		return #NAME;
#include "status.def"
#undef STATUS
	default:
		return NULL;
	}
}

struct vmm_config vmm_config_default(void)
{
	return (struct vmm_config){
		.layout = VMM_LAYOUT_NT64,
		.frames = 256,
		.pagefile = 1024,
		.cpus = 1,
		.processes_max = 64,
		.ranges_max = 4096,
		.tlb_entries = 256,
	};
}

static bool config_is_legal(const struct vmm_config *config)
{
	return config->frames >= FRAMES_MIN && config->frames <= FRAMES_MAX &&
	       config->pagefile <= PAGEFILE_MAX && config->cpus >= 1 &&
	       config->cpus <= VMM_CPUS_MAX && config->processes_max >= 1 &&
	       config->processes_max <= PROCESSES_MAX && config->ranges_max >= 1 &&
	       config->ranges_max <= RANGES_MAX &&
	       (config->tlb_entries == 0 ||
	        (is_power_of_two(config->tlb_entries) && config->tlb_entries >= 2 &&
	         config->tlb_entries <= TLB_ENTRIES_MAX));
}

/* Points every record of *vm into the arena; returns where the machine itself
 * goes. Runs twice: to measure, and for real. */
static struct vmm *lay_out(struct vmm *vm, struct arena *arena)
{
	const struct vmm_config *config = &vm->config;
	struct vmm *place = arena_take(arena, 1, sizeof *vm);
	size_t entries = config->tlb_entries == 0 ? 1 : config->tlb_entries;

	vm->cpu = arena_take(arena, config->cpus, sizeof vm->cpu[0]);
	for (uint32_t i = 0; i < config->cpus; i++) {
		struct atomic64 *tlb = arena_take(arena, entries, sizeof tlb[0]);

		if (vm->cpu != NULL)
			vm->cpu[i].head.tlb = tlb;
	}
	vm->process = arena_take(arena, config->processes_max, sizeof vm->process[0]);
	ranges_lay_out(&vm->ranges, arena, config);
	frame_pool_lay_out(&vm->pool, arena, config);
	tables_lay_out(&vm->tables, arena, tables_needed(vm->charge_limit, config->processes_max));
	frames_lay_out(&vm->frames, arena, config->frames);
	return place;
}

/* Process 0, with every CPU in it. */
static void start(struct vmm *vm)
{
	bool started;

	ranges_reset(&vm->ranges);
	tables_reset(&vm->tables);
	frame_pool_reset(vm);
	charge_reset(vm);
	atomic64_store_relaxed(&vm->gate.writer, 0); /* relaxed: reset runs alone */
	vm->process_count = 1;
	started = process_start(vm, 0, 0);
	VMM_ASSERT(started);
	for (uint32_t i = 0; i < vm->config.cpus; i++) {
		struct vmm_cpu *cpu = &vm->cpu[i];

		/* relaxed and acq_rel alike: reset runs alone, the caller orders it. */
		cpu->process = &vm->process[0];
		cpu->head.generation = &cpu->process->shootdown.generation;
		atomic64_store_relaxed(&cpu->head.seen, GENERATION_START);
		atomic64_store_relaxed(&cpu->head.pin, PIN_START);
		atomic64_store_relaxed(&cpu->inside, 0);
		atomic64_store_relaxed(&cpu->giving, 0);
		tlb_flush_local(cpu);
		atomic64_or_acq_rel(&cpu->process->shootdown.cpus, UINT64_C(1) << i);
	}
}

vmm_status vmm_create(const struct vmm_config *config, const struct vmm_host *host,
                      struct vmm **vm)
{
	struct vmm made;
	struct arena arena = { NULL, 0 };
	struct vmm *place;

	memset(&made, 0, sizeof made);
	if (!config_is_legal(config) || !layout_of(config, &made.layout))
		return VMM_INVALID_PARAMETER;
	made.config = *config;
	made.host = *host;
	made.charge_limit = charge_limit(config);
	(void)lay_out(&made, &arena);
	made.memory_size = arena.used;
	made.memory = host->map(host->context, made.memory_size);
	if (made.memory == NULL)
		return VMM_INSUFFICIENT_RESOURCES;
	arena = (struct arena){ made.memory, 0 };
	place = lay_out(&made, &arena);
	*place = made;
	for (uint32_t i = 0; i < config->cpus; i++) {
		struct vmm_cpu *cpu = &place->cpu[i];

		cpu->vm = place;
		cpu->index = i;
		cpu->head.tlb_mask = config->tlb_entries == 0 ? 0 : config->tlb_entries - 1;
		cpu->head.frames = place->frames.memory;
	}
	start(place);
	*vm = place;
	return VMM_SUCCESS;
}

void vmm_reset(struct vmm *vm)
{
	/* Ending every process empties the page tables, whose tables start() then
	 * counts as fresh, and so zero. */
	for (uint32_t i = 0; i < vm->config.cpus; i++)
		VMM_ASSERT((atomic64_load_own(&vm->cpu[i].head.pin) & 1) == 0);
	for (uint32_t i = 0; i < vm->process_count; i++)
		if (process_lives(&vm->process[i]))
			process_end(vm, 0, &vm->process[i]);
	start(vm);
}

void vmm_destroy(struct vmm *vm)
{
	struct vmm_host host = vm->host;

	host.unmap(host.context, vm->memory, vm->memory_size);
}

struct vmm_cpu *vmm_cpu(struct vmm *vm, unsigned index)
{
	VMM_ASSERT(index < vm->config.cpus);
	return &vm->cpu[index];
}
