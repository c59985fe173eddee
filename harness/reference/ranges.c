/* ranges.c: the sorted array of a process's allocations.
 *
 * Allocations are disjoint and start and end at pages. The lookups say which
 * one holds an address or a span; the changes keep the array sorted. */
#include "state.h"

#include "../support/memory.h"

#include <string.h>

static void open_gap(struct process *process, size_t index);
static void remove_some(struct process *process, size_t index, size_t count);

size_t ref_ranges_index(const struct process *process, uint64_t address)
{
	size_t low = 0, high = process->allocation_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (process->allocation[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct allocation *ref_ranges_find(const struct process *process, uint64_t address)
{
	size_t index = ref_ranges_index(process, address);
	if (index == process->allocation_count || process->allocation[index].base > address)
		return NULL;
	return &process->allocation[index];
}

struct allocation *ref_ranges_holding(const struct process *process, struct span span)
{
	struct allocation *allocation = ref_ranges_find(process, span.base);
	return allocation != NULL && span.end <= allocation->end ? allocation : NULL;
}

bool ref_ranges_all_free(const struct process *process, struct span span)
{
	size_t index = ref_ranges_index(process, span.base);
	return index == process->allocation_count || process->allocation[index].base >= span.end;
}

void ref_ranges_insert(struct process *process, struct allocation allocation)
{
	size_t index = ref_ranges_index(process, allocation.base);
	open_gap(process, index);
	process->allocation[index] = allocation;
}

void ref_ranges_cut(struct process *process, struct span span)
{
	size_t index = ref_ranges_index(process, span.base);
	struct allocation old = process->allocation[index];
	bool head = old.base < span.base;
	bool tail = span.end < old.end;
	if (head && tail) {
		open_gap(process, index);
		process->allocation[index].end = span.base;
		process->allocation[index + 1].base = span.end;
	} else if (head) {
		process->allocation[index].end = span.base;
	} else if (tail) {
		process->allocation[index].base = span.end;
	} else {
		remove_some(process, index, 1);
	}
}

void ref_ranges_join(struct process *process, struct span span)
{
	size_t first = ref_ranges_index(process, span.base);
	size_t last = ref_ranges_index(process, span.end - 1);
	process->allocation[first].end = span.end;
	remove_some(process, first + 1, last - first);
}

/* Moves what is at index and behind it by one; index keeps a copy of it. */
static void open_gap(struct process *process, size_t index)
{
	size_t count = process->allocation_count;
	process->allocation = memory_grow(process->allocation, &process->allocation_capacity,
	                                  count + 1, sizeof(struct allocation));
	memmove(&process->allocation[index + 1], &process->allocation[index],
	        (count - index) * sizeof(struct allocation));
	process->allocation_count = count + 1;
}

static void remove_some(struct process *process, size_t index, size_t count)
{
	size_t behind = process->allocation_count - (index + count);
	memmove(&process->allocation[index], &process->allocation[index + count],
	        behind * sizeof(struct allocation));
	process->allocation_count -= count;
}
