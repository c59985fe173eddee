/* observe.c: the observable state, for those who compare it with another
 * implementation's. Nothing here changes anything; the regions are in query.c. */
#include "state.h"

size_t reference_changes(const struct reference *reference, const struct reference_change **list)
{
	*list = &reference->change;
	return reference->change_count;
}

uint32_t reference_process_count(const struct reference *reference)
{
	return reference->process_count;
}

bool reference_process_lives(const struct reference *reference, uint32_t process)
{
	return reference->process[process].lives;
}

void reference_page_at(const struct reference *reference, uint32_t process_number,
                       uint64_t number, struct reference_page *out)
{
	const struct process *process = &reference->process[process_number];
	const struct page *page = ref_pages_find(process, number);
	*out = (struct reference_page){0};
	if (page == NULL)
		return;
	out->committed = true;
	out->valid = page->valid;
	out->watched = page->watched;
	out->bytes = page->bytes;
	out->protect = ref_protection_shown(ref_ranges_find(process, number * VMM_PAGE_SIZE), page);
}

uint64_t reference_next_page(const struct reference *reference, uint32_t process_number,
                             uint64_t number)
{
	const struct process *process = &reference->process[process_number];
	size_t index = ref_pages_index(process, number);
	return index == process->page_count ? UINT64_MAX : process->page[index].number;
}

uint64_t reference_charge(const struct reference *reference, uint32_t process)
{
	return reference->process[process].page_count;
}

uint64_t reference_charge_total(const struct reference *reference)
{
	return reference->committed;
}

uint64_t reference_frames_used(const struct reference *reference)
{
	return reference->frames_used;
}

uint64_t reference_user_low(const struct reference *reference)
{
	return reference->user_low;
}

uint64_t reference_user_high(const struct reference *reference)
{
	return reference->user_high;
}
