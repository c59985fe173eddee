/* query.c: the run of equal pages that starts at the page of an address
 * (docs/NT_SEMANTICS.md, "Query"), for the verb and for those who compare. */
#include "state.h"

static const char *rule_of(const struct reference *reference,
                           const struct reference_region *region);
static uint64_t committed_end(const struct process *process,
                              const struct allocation *allocation, size_t index);

void reference_query(struct reference *reference, const struct call *call,
                     struct outcome *outcome)
{
	uint64_t address = call->in[QUERY_IN_addr];
	ref_changed(reference, call->process, address, 1);
	if (address > reference->user_high) {
		ref_decide(outcome, "Q1", VMM_INVALID_PARAMETER);
		return;
	}
	if (!reference->process[call->process].lives) {
		ref_decide(outcome, "A13", VMM_PROCESS_IS_TERMINATING);
		return;
	}
	struct reference_region region;
	reference_region_at(reference, call->process, address, &region);
	ref_decide(outcome, rule_of(reference, &region), VMM_SUCCESS);
	outcome_set(outcome, QUERY_OUT_base, region.base);
	outcome_set(outcome, QUERY_OUT_allocation_base, region.allocation_base);
	outcome_set(outcome, QUERY_OUT_allocation_protect, region.allocation_protect);
	outcome_set(outcome, QUERY_OUT_size, region.size);
	outcome_set(outcome, QUERY_OUT_state, region.state);
	outcome_set(outcome, QUERY_OUT_protect, region.protect);
	outcome_set(outcome, QUERY_OUT_type, region.type);
}

static const char *rule_of(const struct reference *reference,
                           const struct reference_region *region)
{
	if (region->state == VMM_MEM_COMMIT)
		return "Q6";
	if (region->state == VMM_MEM_RESERVE)
		return "Q5";
	return region->base < reference->user_low ? "Q10" : "Q4";
}

void reference_region_at(const struct reference *reference, uint32_t process_number,
                         uint64_t address, struct reference_region *region)
{
	const struct process *process = &reference->process[process_number];
	uint64_t base = ref_down(address, VMM_PAGE_SIZE); /* Q2 */
	uint64_t end = reference->user_high + 1;
	size_t next = ref_ranges_index(process, base);
	const struct allocation *allocation = NULL;
	if (next < process->allocation_count)
		allocation = &process->allocation[next];

	*region = (struct reference_region){.base = base};
	if (allocation == NULL || allocation->base > base) { /* Q4, Q10 */
		region->state = VMM_MEM_FREE;
		region->protect = VMM_PAGE_NOACCESS;
		region->size = (allocation == NULL ? end : allocation->base) - base;
		return;
	}
	region->allocation_base = allocation->base;
	region->allocation_protect = allocation->protect;
	region->type = VMM_MEM_PRIVATE; /* Q7 */

	size_t index = ref_pages_index(process, base / VMM_PAGE_SIZE);
	end = allocation->end;
	if (index < process->page_count && process->page[index].number == base / VMM_PAGE_SIZE) {
		region->state = VMM_MEM_COMMIT; /* Q6 */
		region->protect = ref_protection_shown(allocation, &process->page[index]);
		end = committed_end(process, allocation, index);
	} else {
		region->state = VMM_MEM_RESERVE; /* Q5: protect is 0 */
		if (index < process->page_count &&
		    process->page[index].number < end / VMM_PAGE_SIZE)
			end = process->page[index].number * VMM_PAGE_SIZE;
	}
	region->size = end - base;
}

/* Q3: where the run that starts with a committed page ends. */
static uint64_t committed_end(const struct process *process,
                              const struct allocation *allocation, size_t index)
{
	const struct page *first = &process->page[index];
	uint64_t number = first->number;
	do {
		number++;
		index++;
	} while (number < allocation->end / VMM_PAGE_SIZE && index < process->page_count &&
	         process->page[index].number == number &&
	         process->page[index].protect == first->protect &&
	         process->page[index].guard == first->guard);
	return number * VMM_PAGE_SIZE;
}
