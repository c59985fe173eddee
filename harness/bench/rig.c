/* rig.c: machines to measure on. */
#include "rig.h"

#include "stream.h"

void rig_make(struct rig *rig, uint32_t frames, uint32_t commit, uint32_t ranges, uint32_t tlb)
{
	struct vmm_config config = vmm_config_default();

	config.frames = frames;
	config.pagefile = commit;
	config.cpus = 2;
	config.processes_max = 1;
	config.ranges_max = ranges;
	config.tlb_entries = tlb;
	*rig = (struct rig){ .base = RIG_BASE, .stream = STREAM_SEED };
	bench_must(vmm_create(&config, &vmm_host_posix, &rig->vm) == VMM_SUCCESS, "vmm_create");
	rig->cpu = vmm_cpu(rig->vm, 0);
}

void rig_destroy(struct rig *rig)
{
	vmm_destroy(rig->vm);
}

struct rig rig_second(const struct rig *rig)
{
	struct rig second = *rig;

	second.index = 1;
	second.cpu = vmm_cpu(rig->vm, 1);
	second.base = RIG_SECOND_BASE;
	return second;
}

void rig_allocate(const struct rig *rig, uint64_t base, uint64_t pages, uint32_t type)
{
	struct vmm_allocate io = { .base = base,
		                   .size = pages * VMM_PAGE_SIZE,
		                   .type = type,
		                   .protect = VMM_PAGE_READWRITE };

	bench_must(vmm_allocate(rig->vm, rig->index, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS,
	           "vmm_allocate");
}

void rig_free(const struct rig *rig, uint64_t base, uint64_t pages, uint32_t type)
{
	struct vmm_free io = { .base = base, .size = pages * VMM_PAGE_SIZE, .type = type };

	bench_must(vmm_free(rig->vm, rig->index, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS,
	           "vmm_free");
}

void rig_store(const struct rig *rig, uint64_t first, uint64_t pages)
{
	for (uint64_t i = 0; i < pages; i++)
		bench_must(vmm_store(rig->cpu, first + i * VMM_PAGE_SIZE, 8, VMM_MODE_USER,
		                     VMM_IRQL_PASSIVE, 0) == VMM_SUCCESS,
		           "vmm_store");
}

void rig_populate(struct rig *rig, uint64_t base, uint64_t pages)
{
	rig->base = base;
	rig->pages = pages;
	rig_allocate(rig, base, pages, VMM_MEM_RESERVE | VMM_MEM_COMMIT);
	rig_store(rig, base, pages);
}

void rig_live(const struct rig *rig, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		rig_allocate(rig, RIG_LIVE_BASE + i * RIG_LIVE_STRIDE, RIG_REGION_PAGES,
		             VMM_MEM_RESERVE | VMM_MEM_COMMIT);
}
