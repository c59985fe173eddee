/* copy.c: a whole reference machine copied, or taken as one number, for those who
 * try several orders of operations on it. Arrays and buffers of the copy are
 * kept and used again. */
#include "state.h"

#include <string.h>

static void copy_process(struct reference *to, struct process *process,
                         const struct process *from)
{
	process->lives = from->lives;
	process->allocation = memory_grow(process->allocation, &process->allocation_capacity,
	                                  from->allocation_count, sizeof(struct allocation));
	process->page = memory_grow(process->page, &process->page_capacity, from->page_count,
	                            sizeof(struct page));
	for (size_t i = 0; i < from->allocation_count; i++)
		process->allocation[i] = from->allocation[i];
	for (size_t i = 0; i < from->page_count; i++) {
		struct page *page = &process->page[i];
		*page = from->page[i];
		page->bytes = NULL;
		if (from->page[i].bytes != NULL)
			memcpy(ref_pages_bytes(to, page), from->page[i].bytes,
			       (size_t)VMM_PAGE_SIZE);
	}
	process->allocation_count = from->allocation_count;
	process->page_count = from->page_count;
}

void reference_copy(struct reference *to, const struct reference *from)
{
	for (uint32_t i = 0; i < to->process_count; i++)
		ref_process_empty(to, &to->process[i]);
	to->user_low = from->user_low;
	to->user_high = from->user_high;
	to->mask_zero_bits = from->mask_zero_bits;
	to->commit_limit = from->commit_limit;
	to->frames = from->frames;
	to->process_count = 0;
	for (uint32_t i = 0; i < from->process_count; i++) {
		uint32_t number = ref_process_make(to); /* may move the array */
		copy_process(to, &to->process[number], &from->process[i]);
	}
	to->committed = from->committed;
	to->frames_used = from->frames_used;
	to->change = from->change;
	to->change_count = from->change_count;
}

/* FNV-1a, a word a step. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
	return (hash ^ word) * UINT64_C(0x100000001B3);
}

static uint64_t mix_page(uint64_t hash, const struct page *page)
{
	hash = mix(hash, page->number << 16 | (uint64_t)page->protect << 8 |
	                         (uint64_t)page->guard << 3 | (uint64_t)page->valid << 2 |
	                         (uint64_t)page->has_frame << 1 | page->watched);
	for (size_t at = 0; page->bytes != NULL && at < VMM_PAGE_SIZE; at += sizeof hash) {
		uint64_t word;
		memcpy(&word, page->bytes + at, sizeof word);
		/* A zero leaves no trace, as no contents at all do. */
		if (word != 0)
			hash = mix(mix(hash, at), word);
	}
	return hash;
}

uint64_t reference_digest(const struct reference *reference)
{
	uint64_t hash = mix(UINT64_C(0xCBF29CE484222325), reference->process_count);
	for (uint32_t i = 0; i < reference->process_count; i++) {
		const struct process *process = &reference->process[i];
		hash = mix(hash, process->lives);
		for (size_t k = 0; k < process->allocation_count; k++) {
			const struct allocation *allocation = &process->allocation[k];
			hash = mix(mix(hash, allocation->base), allocation->end);
			hash = mix(mix(hash, allocation->protect), allocation->kind);
		}
		for (size_t k = 0; k < process->page_count; k++)
			hash = mix_page(hash, &process->page[k]);
	}
	return hash;
}
