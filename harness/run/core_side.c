/* core_side.c: machines of the core, made to measure and kept. */
#include "core_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANGES_LEAST = 1024, PROCESSES_LEAST = 64, TLB_USUAL = 256, TLB_TINY = 4 };

void core_side_init(struct core_side *side)
{
	memset(side, 0, sizeof *side);
	side->host = &vmm_host_posix;
}

void core_side_destroy(struct core_side *side)
{
	for (size_t i = 0; i < sizeof side->cache / sizeof side->cache[0]; i++)
		if (side->cache[i].vm != NULL)
			vmm_destroy(side->cache[i].vm);
	for (size_t i = 0; i < MACHINE_CPUS_MAX; i++)
		free(side->list[i].address);
	core_side_init(side);
}

static uint32_t at_least(uint32_t least, uint64_t needed)
{
	uint32_t size = least;

	while (size < needed)
		size *= 2;
	return size;
}

static uint64_t count_verb(const struct program *program, enum verb verb)
{
	uint64_t count = 0;

	for (size_t i = 0; i < program->count; i++)
		count += program->op[i].verb == verb;
	return count;
}

/* An operation makes at most two more ranges than there were. */
static struct vmm_config measure(const struct program *program, bool tlb)
{
	const struct machine *machine = &program->machine;

	return (struct vmm_config){
		.layout = (enum vmm_layout)machine->layout,
		.user_mib = machine->userva,
		.frames = machine->frames,
		.pagefile = machine->pagefile,
		.cpus = machine->cpus,
		.processes_max =
			at_least(PROCESSES_LEAST, 1 + count_verb(program, OP_PROCESS)),
		.ranges_max = at_least(RANGES_LEAST, 2 * program->count + 16),
		.tlb_entries = !tlb ? 0 : machine->seed % 2 == 1 ? TLB_TINY : TLB_USUAL,
		.tiny = machine->seed % 2 == 1,
	};
}

static bool same_config(const struct vmm_config *a, const struct vmm_config *b)
{
	return a->layout == b->layout && a->user_mib == b->user_mib && a->frames == b->frames &&
	       a->pagefile == b->pagefile && a->cpus == b->cpus &&
	       a->processes_max == b->processes_max && a->ranges_max == b->ranges_max &&
	       a->tlb_entries == b->tlb_entries && a->tiny == b->tiny;
}

static struct vmm *make(const struct vmm_config *config, const struct vmm_host *host)
{
	struct vmm *vm;
	vmm_status status = vmm_create(config, host, &vm);

	if (status == VMM_SUCCESS)
		return vm;
	fprintf(stderr, "faultline: no machine of %u frames: %s\n", config->frames,
	        vmm_status_name(status));
	exit(3);
}

void core_side_reset(struct core_side *side, const struct program *program, bool tlb)
{
	struct vmm_config config = measure(program, tlb);
	struct core_machine *oldest = &side->cache[0];

	side->uses++;
	side->pages_max = (uint64_t)config.frames + config.pagefile;
	for (size_t i = 0; i < sizeof side->cache / sizeof side->cache[0]; i++) {
		struct core_machine *machine = &side->cache[i];

		if (machine->vm != NULL && same_config(&machine->config, &config)) {
			machine->used = side->uses;
			side->vm = machine->vm;
			vmm_reset(side->vm);
			return;
		}
		if (machine->used < oldest->used)
			oldest = machine;
	}
	if (oldest->vm != NULL)
		vmm_destroy(oldest->vm);
	*oldest = (struct core_machine){ config, make(&config, side->host), side->uses };
	side->vm = oldest->vm;
}

void core_side_discard(struct core_side *side)
{
	for (size_t i = 0; i < sizeof side->cache / sizeof side->cache[0]; i++)
		if (side->cache[i].vm == side->vm)
			side->cache[i] = (struct core_machine){ .vm = NULL };
	vmm_destroy(side->vm);
	side->vm = NULL;
}
