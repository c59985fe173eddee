/* pages.c: the sorted array of a process's committed pages, and the buffers
 * that hold their bytes.
 *
 * The length of the array is the process's commit charge, so the commit charge
 * of the machine and the frames in use change here and at first touch alone.
 * Runs of pages come and go with one move of what is behind them. */
#include "state.h"

#include "../support/memory.h"

#include <string.h>

static void set_protection(struct page *page, uint32_t protect);
static void open_gap(struct process *process, size_t index, size_t count);
static void drop_contents(struct reference *reference, struct page *page);

size_t ref_pages_index(const struct process *process, uint64_t number)
{
	size_t low = 0, high = process->page_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (process->page[middle].number >= number)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct page *ref_pages_find(const struct process *process, uint64_t number)
{
	size_t index = ref_pages_index(process, number);
	if (index == process->page_count || process->page[index].number != number)
		return NULL;
	return &process->page[index];
}

uint64_t ref_pages_count(const struct process *process, struct span span)
{
	return ref_pages_index(process, span.end / VMM_PAGE_SIZE) -
	       ref_pages_index(process, span.base / VMM_PAGE_SIZE);
}

/* A19: pages that are committed keep everything but their protection. */
void ref_pages_commit(struct reference *reference, struct process *process, struct span span,
                      uint32_t protect)
{
	uint64_t first = span.base / VMM_PAGE_SIZE;
	size_t wanted = (size_t)((span.end - span.base) / VMM_PAGE_SIZE);
	size_t begin = ref_pages_index(process, first);
	size_t old = ref_pages_index(process, first + wanted);
	size_t fresh = wanted - (old - begin);
	if (fresh != 0)
		open_gap(process, old, fresh);
	reference->committed += fresh;

	/* From the back, so that an old page moves up before its place is taken. */
	for (size_t i = wanted; i-- > 0;) {
		struct page *page = &process->page[begin + i];
		if (old > begin && process->page[old - 1].number == first + i)
			*page = process->page[--old];
		else
			*page = (struct page){.number = first + i};
		set_protection(page, protect);
	}
}

void ref_pages_protect(struct process *process, struct span span, uint32_t protect)
{
	size_t end = ref_pages_index(process, span.end / VMM_PAGE_SIZE);
	for (size_t i = ref_pages_index(process, span.base / VMM_PAGE_SIZE); i < end; i++)
		set_protection(&process->page[i], protect);
}

void ref_pages_decommit(struct reference *reference, struct process *process,
                        struct span span)
{
	size_t begin = ref_pages_index(process, span.base / VMM_PAGE_SIZE);
	size_t end = ref_pages_index(process, span.end / VMM_PAGE_SIZE);
	if (begin == end)
		return;
	for (size_t i = begin; i < end; i++)
		drop_contents(reference, &process->page[i]);
	reference->committed -= end - begin;
	memmove(&process->page[begin], &process->page[end],
	        (process->page_count - end) * sizeof(struct page));
	process->page_count -= end - begin;
}

uint8_t *ref_pages_bytes(struct reference *reference, struct page *page)
{
	if (page->bytes == NULL)
		page->bytes = memory_stock_take(&reference->contents, VMM_PAGE_SIZE);
	return page->bytes;
}

/* P15: NOACCESS and GUARD take a page out of the working set, and its frame,
 * contents and mark stay. */
static void set_protection(struct page *page, uint32_t protect)
{
	page->protect = (uint8_t)(protect & 0xFF);
	page->guard = (protect & VMM_PAGE_GUARD) != 0;
	if (page->guard || page->protect == VMM_PAGE_NOACCESS)
		page->valid = false;
}

static void open_gap(struct process *process, size_t index, size_t count)
{
	process->page = memory_grow(process->page, &process->page_capacity,
	                            process->page_count + count, sizeof(struct page));
	memmove(&process->page[index + count], &process->page[index],
	        (process->page_count - index) * sizeof(struct page));
	process->page_count += count;
}

static void drop_contents(struct reference *reference, struct page *page)
{
	if (page->has_frame)
		reference->frames_used--;
	memory_stock_give(&reference->contents, page->bytes);
}
