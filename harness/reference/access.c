/* access.c: loads, stores and fetches (docs/NT_SEMANTICS.md, "Accesses", whose
 * steps are the rules "access 1" to "access 7").
 *
 * User and kernel mode differ only in system space, which holds nothing yet, so
 * the mode is not looked at. */
#include "state.h"

/* The pages of the first and of the last byte, often the same one. */
struct touched {
	struct page *first, *last;
};

static vmm_status touch(struct reference *reference, const struct call *call,
                        uint64_t address, unsigned width, uint64_t irql, enum access access,
                        struct touched *touched, struct outcome *outcome);
static struct page *page_of_byte(const struct touched *touched, uint64_t address, unsigned i);

void reference_load(struct reference *reference, const struct call *call,
                    struct outcome *outcome)
{
	uint64_t address = call->in[LOAD_IN_address];
	unsigned width = (unsigned)call->in[LOAD_IN_width];
	struct touched touched;
	if (!VMM_OK(touch(reference, call, address, width, call->in[LOAD_IN_irql], ACCESS_LOAD,
	                  &touched, outcome)))
		return;
	uint64_t value = 0;
	for (unsigned i = 0; i < width; i++) {
		const struct page *page = page_of_byte(&touched, address, i);
		if (page->bytes != NULL)
			value |= (uint64_t)page->bytes[(address + i) % VMM_PAGE_SIZE] << 8 * i;
	}
	outcome_set(outcome, LOAD_OUT_value, value);
}

void reference_store(struct reference *reference, const struct call *call,
                     struct outcome *outcome)
{
	uint64_t address = call->in[STORE_IN_address];
	unsigned width = (unsigned)call->in[STORE_IN_width];
	struct touched touched;
	if (!VMM_OK(touch(reference, call, address, width, call->in[STORE_IN_irql], ACCESS_STORE,
	                  &touched, outcome)))
		return;
	for (unsigned i = 0; i < width; i++) {
		struct page *page = page_of_byte(&touched, address, i);
		uint8_t byte = (uint8_t)(call->in[STORE_IN_value] >> 8 * i);
		if (byte != 0 || page->bytes != NULL)
			ref_pages_bytes(reference, page)[(address + i) % VMM_PAGE_SIZE] = byte;
	}
	/* W5. Two touching pages may be of different allocations. */
	const struct process *process = &reference->process[call->process];
	const struct allocation *first = ref_ranges_find(process, address);
	const struct allocation *last = ref_ranges_find(process, address + width - 1);
	if ((first->kind & VMM_MEM_WRITE_WATCH) != 0)
		touched.first->watched = true;
	if ((last->kind & VMM_MEM_WRITE_WATCH) != 0)
		touched.last->watched = true;
}

void reference_exec(struct reference *reference, const struct call *call,
                    struct outcome *outcome)
{
	struct touched touched;
	(void)touch(reference, call, call->in[EXEC_IN_address], 1, call->in[EXEC_IN_irql],
	            ACCESS_FETCH, &touched, outcome);
}

static struct page *page_of_byte(const struct touched *touched, uint64_t address, unsigned i)
{
	return address % VMM_PAGE_SIZE + i < VMM_PAGE_SIZE ? touched->first : touched->last;
}

/* A page that allows the access is valid afterwards. */
static vmm_status touch_page(struct reference *reference, struct page *page, uint64_t irql,
                             enum access access, struct outcome *outcome)
{
	if (page == NULL) /* only committed pages are there, and only in user space */
		return ref_decide(outcome, "access 1", VMM_ACCESS_VIOLATION);
	if (irql >= VMM_IRQL_DISPATCH && !page->valid)
		return ref_decide(outcome, "access 2", VMM_IRQL_NOT_LESS_OR_EQUAL);
	bool allowed = ref_protection_allows(page->protect, access);
	if (page->valid)
		return ref_decide(outcome, "access 3",
		                  allowed ? VMM_SUCCESS : VMM_ACCESS_VIOLATION);
	if (access != ACCESS_FETCH && !allowed)
		return ref_decide(outcome, "access 4", VMM_ACCESS_VIOLATION);
	if (page->guard) {
		page->guard = false;
		return ref_decide(outcome, "access 5", VMM_GUARD_PAGE_VIOLATION);
	}
	if (!allowed)
		return ref_decide(outcome, "access 6", VMM_ACCESS_VIOLATION);
	if (!page->has_frame) {
		if (reference->frames_used == reference->frames)
			return ref_decide(outcome, "access 7", VMM_NO_MEMORY);
		reference->frames_used++;
		page->has_frame = true;
	}
	page->valid = true;
	return ref_decide(outcome, "access 7", VMM_SUCCESS);
}

static vmm_status touch(struct reference *reference, const struct call *call,
                        uint64_t address, unsigned width, uint64_t irql, enum access access,
                        struct touched *touched, struct outcome *outcome)
{
	const struct process *process = &reference->process[call->process];
	uint64_t last = address + width - 1;
	ref_changed(reference, call->process, address, width);
	if (last < address)
		return ref_decide(outcome, "access 1", VMM_ACCESS_VIOLATION);
	touched->first = ref_pages_find(process, address / VMM_PAGE_SIZE);
	touched->last = touched->first;
	vmm_status status = touch_page(reference, touched->first, irql, access, outcome);
	if (VMM_OK(status) && last / VMM_PAGE_SIZE != address / VMM_PAGE_SIZE) {
		touched->last = ref_pages_find(process, last / VMM_PAGE_SIZE);
		status = touch_page(reference, touched->last, irql, access, outcome);
	}
	return status;
}
