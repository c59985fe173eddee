/* names.c: the machine's records by their layout (core/vm.c lays them out). */
#include "names.h"

#include <stddef.h>

#include "../../core/vm.h"

/* Records of a kind, one behind the other, and a field of each. */
struct field {
	uintptr_t base;
	uint64_t count, stride; /* of the records */
	size_t offset, size;    /* in one of them */
	const char *name;
};

#define FIELD(array, length, type, member)                                                       \
	{ (uintptr_t)(array), length, sizeof(type), offsetof(type, member),                      \
	  sizeof(((type *)0)->member), #array "[]." #member }
/* A whole record. */
#define RECORD(array, length)                                                                    \
	{ (uintptr_t)(array), length, sizeof((array)[0]), 0, sizeof((array)[0]), #array "[]" }
#define OF_VMM(member)                                                                           \
	{ (uintptr_t)vm, 1, sizeof(struct vmm), offsetof(struct vmm, member),                    \
	  sizeof(((struct vmm *)0)->member), "vmm." #member }

static const char *find(const struct field *field, size_t count, uintptr_t at)
{
	for (; count-- != 0; field++) {
		uint64_t from = at - field->base;

		if (at >= field->base && from / field->stride < field->count &&
		    from % field->stride - field->offset < field->size)
			return field->name;
	}
	return NULL;
}

static const char *of_vmm(const struct vmm *vm, uintptr_t at)
{
	const struct field fields[] = {
		OF_VMM(gate),         OF_VMM(process_count),     OF_VMM(charge),
		OF_VMM(tables.free),  OF_VMM(tables.fresh),      OF_VMM(tables.used),
		OF_VMM(tables),       OF_VMM(pool.thief),        OF_VMM(pool.full),
		OF_VMM(pool.empty),   OF_VMM(pool.fresh_frame),  OF_VMM(pool.fresh_magazine),
		OF_VMM(pool),         OF_VMM(ranges.range_free), OF_VMM(ranges.node_free),
		OF_VMM(ranges.range_used), OF_VMM(ranges.node_used), OF_VMM(ranges.range_fresh),
		OF_VMM(ranges.node_fresh), OF_VMM(ranges),        OF_VMM(host),
		OF_VMM(config),       OF_VMM(layout),            OF_VMM(frames),
		OF_VMM(cpu),          OF_VMM(process),           OF_VMM(charge_limit),
	};

	return find(fields, sizeof fields / sizeof fields[0], at);
}

static const char *of_cpu(const struct vmm *vm, uintptr_t at)
{
	const struct vmm_cpu *cpu = vm->cpu;
	const uint64_t count = vm->config.cpus;
	const struct field fields[] = {
		FIELD(cpu, count, struct vmm_cpu, head.pin),
		FIELD(cpu, count, struct vmm_cpu, head.seen),
		FIELD(cpu, count, struct vmm_cpu, head),
		FIELD(cpu, count, struct vmm_cpu, vm),
		FIELD(cpu, count, struct vmm_cpu, index),
		FIELD(cpu, count, struct vmm_cpu, process),
		FIELD(cpu, count, struct vmm_cpu, frames),
		FIELD(cpu, count, struct vmm_cpu, inside),
		FIELD(cpu, count, struct vmm_cpu, giving),
		FIELD(cpu, count, struct vmm_cpu, credit),
	};
	const char *name = find(fields, sizeof fields / sizeof fields[0], at);

	for (uint64_t i = 0; name == NULL && i < count; i++) {
		const struct atomic64 *tlb = cpu[i].head.tlb;
		const struct field field = RECORD(tlb, cpu[i].head.tlb_mask + 1);

		name = find(&field, 1, at);
	}
	return name;
}

static const char *of_space(const struct vmm *vm, uintptr_t at)
{
	const struct process *process = vm->process;
	const struct range *range = vm->ranges.range;
	const struct range_node *range_node = vm->ranges.node;
	const uint64_t processes = vm->config.processes_max, ranges = vm->ranges.range_count;
	const struct field fields[] = {
		FIELD(process, processes, struct process, state),
		FIELD(process, processes, struct process, number),
		FIELD(process, processes, struct process, root),
		FIELD(process, processes, struct process, tree),
		FIELD(process, processes, struct process, shootdown.generation),
		FIELD(process, processes, struct process, shootdown.cpus),
		FIELD(process, processes, struct process, shootdown.ring_mask),
		FIELD(process, processes, struct process, shootdown.lock),
		FIELD(process, processes, struct process, shootdown.ring),
		FIELD(range, ranges, struct range, lock),
		FIELD(range, ranges, struct range, committed),
		RECORD(range, ranges),
		RECORD(range_node, vm->ranges.node_count),
	};

	return find(fields, sizeof fields / sizeof fields[0], at);
}

static const char *of_memory(const struct vmm *vm, uintptr_t at)
{
	const struct magazine *magazine = vm->pool.magazine;
	const struct atomic32 *magazine_link = vm->pool.link;
	const uint64_t *frame_record = vm->frames.record;
	const frame_t *frame_link = vm->frames.link;
	const struct table *page_table = vm->tables.table;
	const struct atomic64 *page_table_lines = vm->tables.lines;
	const struct atomic32 *page_table_link = vm->tables.link;
	const struct field fields[] = {
		RECORD(magazine, vm->pool.magazine_count),
		RECORD(magazine_link, vm->pool.magazine_count),
		RECORD(frame_record, vm->frames.count),
		RECORD(frame_link, vm->frames.count),
		RECORD(page_table, vm->tables.count),
		RECORD(page_table_lines, vm->tables.count),
		RECORD(page_table_link, vm->tables.count),
	};

	return find(fields, sizeof fields / sizeof fields[0], at);
}

const char *name_of(const struct vmm *vm, uintptr_t at)
{
	const char *name = of_vmm(vm, at);

	if (name == NULL)
		name = of_cpu(vm, at);
	if (name == NULL)
		name = of_space(vm, at);
	if (name == NULL)
		name = of_memory(vm, at);
	return name == NULL ? "?" : name;
}
