/* picture_observe.c: what the built operations do to a picture.
 *
 * Each function follows docs/NT_SEMANTICS.md as far as the picture's next
 * user needs: where allocations lie, and what their pages allow. Statuses,
 * contents, write watch and frames are not drawn. */
#include "picture.h"

/* Pages of a range; false when it is empty, wraps or leaves user space. */
struct span {
	uint64_t first, end; /* addresses of pages; end exclusive */
};
static bool span_of(const struct picture *picture, uint64_t address, uint64_t size,
                    struct span *span)
{
	if (address > picture->high || size == 0 || size - 1 > picture->high - address)
		return false;
	span->first = address & ~(VMM_PAGE_SIZE - 1);
	span->end = (address + size + VMM_PAGE_SIZE - 1) & ~(VMM_PAGE_SIZE - 1);
	return true;
}

/* The one allocation that a range lies inside, or NULL; *pages is the range in it. */
static struct picture_allocation *holder(struct picture *picture, name_ref process,
                                         const struct span *span, uint64_t *pages)
{
	struct picture_allocation *allocation = picture_find(picture, process, span->first);
	if (allocation == NULL || span->end > picture_end(allocation))
		return NULL;
	*pages = picture_pages((span->first - allocation->base) / VMM_PAGE_SIZE,
	                       (span->end - 1 - allocation->base) / VMM_PAGE_SIZE);
	return allocation;
}

/* ---- Pages -------------------------------------------------------------------- */

static void set_protect(struct picture_allocation *allocation, uint64_t pages, uint32_t protect)
{
	const uint32_t writes = VMM_PAGE_READWRITE | VMM_PAGE_EXECUTE_READWRITE;
	const uint32_t executes = VMM_PAGE_EXECUTE | VMM_PAGE_EXECUTE_READ |
	                          VMM_PAGE_EXECUTE_READWRITE;
	bool guarded = (protect & VMM_PAGE_GUARD) != 0;
	bool noaccess = (protect & VMM_PAGE_NOACCESS) != 0;
	allocation->committed |= pages;
	allocation->readable = (allocation->readable & ~pages) | (noaccess ? 0 : pages);
	allocation->writable = (allocation->writable & ~pages) | (protect & writes ? pages : 0);
	allocation->executable = (allocation->executable & ~pages) |
	                         (protect & executes ? pages : 0);
	allocation->guarded = (allocation->guarded & ~pages) | (guarded ? pages : 0);
	if (guarded || noaccess)
		allocation->touched &= ~pages;
}

static void clear_pages(struct picture_allocation *allocation, uint64_t pages)
{
	allocation->committed &= ~pages;
	allocation->readable &= ~pages;
	allocation->writable &= ~pages;
	allocation->executable &= ~pages;
	allocation->guarded &= ~pages;
	allocation->touched &= ~pages;
}

static bool fits_commit(const struct picture *picture, uint64_t pages)
{
	const struct machine *machine = &picture->machine;
	uint64_t kept = 2 * machine->cpus > 8 ? 2 * machine->cpus : 8;
	uint64_t charge = pages + kept;
	for (unsigned i = 0; i < picture->count; i++) {
		const struct picture_allocation *allocation = &picture->allocation[i];
		charge += picture_pages_count(allocation->committed);
		if (allocation->beyond)
			charge += allocation->pages - PICTURE_PAGES;
	}
	return charge <= (uint64_t)machine->frames + machine->pagefile;
}

/* ---- Allocations -------------------------------------------------------------- */

static struct picture_allocation *add(struct picture *picture)
{
	if (picture->count == PICTURE_ALLOCATIONS_MAX)
		return NULL;
	struct picture_allocation *allocation = &picture->allocation[picture->count++];
	*allocation = (struct picture_allocation){0};
	return allocation;
}

static void drop(struct picture *picture, struct picture_allocation *allocation)
{
	*allocation = picture->allocation[--picture->count];
}

/* Everything but [first, end) of an allocation becomes allocations of its own;
 * what is left of the entry is the range. */
static void cut_out(struct picture *picture, struct picture_allocation *allocation,
                    const struct span *span)
{
	uint64_t head = (span->first - allocation->base) / VMM_PAGE_SIZE;
	uint64_t until = (span->end - allocation->base) / VMM_PAGE_SIZE;
	const struct {
		uint64_t from, to;
	} rest[] = {{0, head}, {until, allocation->pages}};
	for (unsigned i = 0; i < 2; i++) {
		struct picture_allocation *part = NULL;
		if (rest[i].from < rest[i].to)
			part = add(picture);
		if (part == NULL)
			continue;
		unsigned shift = rest[i].from < PICTURE_PAGES ? (unsigned)rest[i].from : 0;
		uint64_t drawn = picture_pages(0, rest[i].to - rest[i].from - 1);
		*part = *allocation;
		part->base += rest[i].from * VMM_PAGE_SIZE;
		part->pages = rest[i].to - rest[i].from;
		part->beyond = allocation->beyond && part->pages > PICTURE_PAGES;
		part->committed = allocation->committed >> shift & drawn;
		part->readable = allocation->readable >> shift & drawn;
		part->writable = allocation->writable >> shift & drawn;
		part->executable = allocation->executable >> shift & drawn;
		part->guarded = allocation->guarded >> shift & drawn;
		part->touched = allocation->touched >> shift & drawn;
	}
	allocation->base = span->first;
	allocation->pages = until - head;
	clear_pages(allocation, UINT64_MAX);
	allocation->beyond = false;
}

/* ---- alloc -------------------------------------------------------------------- */

static bool reserve_base(const struct picture *picture, const struct op *op, uint64_t address,
                         uint64_t size, uint64_t *base)
{
	const uint64_t *in = op->number;
	struct picture_wish wish = {.size = size,
	                            .align = VMM_GRANULARITY,
	                            .lowest = picture->low,
	                            .highest = picture->high,
	                            .top_down = (in[ALLOC_IN_type] & VMM_MEM_TOP_DOWN) != 0};
	if (address != 0) {
		*base = address & ~(VMM_GRANULARITY - 1);
		return *base >= picture->low &&
		       !picture_overlaps(picture, op->subject, *base,
		                         size + (address & ~(VMM_PAGE_SIZE - 1)) - *base);
	}
	uint64_t align = in[ALLOC_IN_align];
	uint64_t lowest = picture_address(picture, op, ALLOC_IN_lowest);
	uint64_t highest = picture_address(picture, op, ALLOC_IN_highest);
	if ((align & (align - 1)) != 0 || (align != 0 && align < VMM_GRANULARITY))
		return false;
	if (align != 0)
		wish.align = align;
	if (lowest > wish.lowest)
		wish.lowest = lowest;
	if (highest != 0 && highest < wish.highest)
		wish.highest = highest;
	if (wish.highest > picture_zero_limit(in[ALLOC_IN_zero_bits]))
		wish.highest = picture_zero_limit(in[ALLOC_IN_zero_bits]);
	return picture_place(picture, op->subject, &wish, base);
}

/* The new allocation of a call that reserves, or NULL. */
static struct picture_allocation *reserve(struct picture *picture, const struct op *op,
                                          uint64_t address, const struct span *span)
{
	const uint32_t type = (uint32_t)op->number[ALLOC_IN_type];
	struct picture_allocation *allocation = NULL;
	uint64_t base = span->first, end = span->end;
	if (type & VMM_MEM_REPLACE_PLACEHOLDER) {
		allocation = picture_find(picture, op->subject, span->first);
		if (allocation == NULL || !picture_is_placeholder(allocation) ||
		    allocation->base != base || picture_end(allocation) != end)
			return NULL;
	} else {
		if (!reserve_base(picture, op, address, end - base, &base))
			return NULL;
		if (address == 0)
			end += base;
		allocation = add(picture);
		if (allocation == NULL)
			return NULL;
	}
	*allocation = (struct picture_allocation){
		.base = base,
		.pages = (end - base) / VMM_PAGE_SIZE,
		.type = type,
		.protect = (uint32_t)op->number[ALLOC_IN_protect],
		.process = op->subject,
	};
	return allocation;
}

static void bind(struct picture *picture, const struct op *op, uint64_t value)
{
	picture->name[op->result] = (struct picture_name){
		.value = value, .process = op->subject, .sort = PICTURE_ADDRESS};
}

static void observe_alloc(struct picture *picture, const struct op *op)
{
	const uint32_t type = (uint32_t)op->number[ALLOC_IN_type];
	const uint32_t protect = (uint32_t)op->number[ALLOC_IN_protect];
	uint64_t address = picture_address(picture, op, ALLOC_IN_addr), pages;
	struct span span;
	if (!picture_type_is_legal(type) || !picture_protect_is_legal(protect) ||
	    !span_of(picture, address, op->number[ALLOC_IN_size], &span))
		return;
	if (type & (VMM_MEM_RESET | VMM_MEM_RESET_UNDO))
		return;
	struct picture_allocation *allocation;
	bool commits = (type & VMM_MEM_COMMIT) != 0;
	if (commits && !fits_commit(picture, (span.end - span.first) / VMM_PAGE_SIZE))
		return;
	if ((type & VMM_MEM_RESERVE) || address == 0) {
		allocation = reserve(picture, op, address, &span);
		pages = UINT64_MAX;
	} else {
		allocation = holder(picture, op->subject, &span, &pages);
	}
	if (allocation == NULL)
		return;
	if (commits) {
		set_protect(allocation, pages & picture_drawn(allocation), protect);
		if (pages == UINT64_MAX && allocation->pages > PICTURE_PAGES)
			allocation->beyond = true;
	}
	if (op->result != 0)
		bind(picture, op, pages == UINT64_MAX ? allocation->base : span.first);
}

/* ---- free and protect --------------------------------------------------------- */

static void coalesce(struct picture *picture, name_ref process, const struct span *span)
{
	uint64_t at = span->first;
	while (at < span->end) {
		struct picture_allocation *next = picture_find(picture, process, at);
		if (next == NULL || !picture_is_placeholder(next) || next->base != at)
			return;
		at = picture_end(next);
	}
	if (at != span->end)
		return;
	struct picture_allocation whole = *picture_find(picture, process, span->first);
	whole.pages = (span->end - span->first) / VMM_PAGE_SIZE;
	for (struct picture_allocation *next = picture_find(picture, process, span->first);
	     next != NULL && next->base < span->end;
	     next = picture_find(picture, process, at)) {
		at = picture_end(next);
		drop(picture, next);
	}
	*add(picture) = whole;
}

static void release(struct picture *picture, struct picture_allocation *allocation,
                    const struct span *span, uint32_t type)
{
	bool preserves = (type & VMM_MEM_PRESERVE_PLACEHOLDER) != 0;
	bool whole = allocation->base == span->first && picture_end(allocation) == span->end;
	bool replaced = (allocation->type & VMM_MEM_REPLACE_PLACEHOLDER) != 0;
	if (preserves && (whole ? !replaced : !picture_is_placeholder(allocation)))
		return;
	cut_out(picture, allocation, span);
	if (!preserves) {
		drop(picture, allocation);
		return;
	}
	allocation->type = VMM_MEM_RESERVE | VMM_MEM_RESERVE_PLACEHOLDER;
	allocation->protect = VMM_PAGE_NOACCESS;
}

static void observe_free(struct picture *picture, const struct op *op)
{
	const uint32_t type = (uint32_t)op->number[FREE_IN_type];
	uint64_t address = picture_address(picture, op, FREE_IN_addr), pages;
	uint64_t size = op->number[FREE_IN_size];
	struct picture_allocation *allocation = picture_find(picture, op->subject, address);
	if (allocation == NULL)
		return;
	struct span span = {allocation->base, picture_end(allocation)};
	if (size == 0 ? address - allocation->base >= VMM_PAGE_SIZE :
	                !span_of(picture, address, size, &span))
		return;
	if (type == (VMM_MEM_RELEASE | VMM_MEM_COALESCE_PLACEHOLDERS)) {
		coalesce(picture, op->subject, &span);
		return;
	}
	allocation = holder(picture, op->subject, &span, &pages);
	if (allocation == NULL)
		return;
	if (type == VMM_MEM_DECOMMIT) {
		clear_pages(allocation, pages);
		if (span.end == picture_end(allocation))
			allocation->beyond = false;
	} else if (type == VMM_MEM_RELEASE ||
	           type == (VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER)) {
		release(picture, allocation, &span, type);
	}
}

static void observe_protect(struct picture *picture, const struct op *op)
{
	const uint32_t protect = (uint32_t)op->number[PROTECT_IN_protect];
	uint64_t address = picture_address(picture, op, PROTECT_IN_addr), pages;
	struct span span;
	if (!picture_protect_is_legal(protect) ||
	    !span_of(picture, address, op->number[PROTECT_IN_size], &span))
		return;
	struct picture_allocation *allocation = holder(picture, op->subject, &span, &pages);
	if (allocation != NULL && (allocation->committed & pages) == pages)
		set_protect(allocation, pages, protect);
}

/* ---- Accesses ----------------------------------------------------------------- */

/* One page of an access; false when it refuses. */
static bool touch(struct picture *picture, const struct op *op, uint64_t address)
{
	struct picture_allocation *allocation = picture_find(picture, op->subject, address);
	if (allocation == NULL)
		return false;
	uint64_t index = (address - allocation->base) / VMM_PAGE_SIZE;
	uint64_t page = picture_pages(index, index);
	uint64_t allowed = op->verb == OP_STORE ? allocation->writable : allocation->readable;
	if ((page & allowed) == 0)
		return false;
	bool guarded = (allocation->guarded & page) != 0;
	allocation->guarded &= ~page;
	if (guarded || (op->verb == OP_EXEC && (allocation->executable & page) == 0))
		return false;
	allocation->touched |= page;
	return true;
}

static void observe_access(struct picture *picture, const struct op *op)
{
	_Static_assert((int)LOAD_IN_address == (int)STORE_IN_address &&
	                       (int)LOAD_IN_address == (int)EXEC_IN_address &&
	                       (int)LOAD_IN_width == (int)STORE_IN_width,
	               "accesses are read alike");
	uint64_t address = picture_address(picture, op, LOAD_IN_address);
	uint64_t last = op->verb == OP_EXEC ? address : address + op->number[LOAD_IN_width] - 1;
	if (touch(picture, op, address) && (address ^ last) >= VMM_PAGE_SIZE)
		touch(picture, op, last);
}

/* ---- Processes ---------------------------------------------------------------- */

static void forget_process(struct picture *picture, name_ref process)
{
	for (unsigned i = picture->count; i-- > 0;) {
		if (picture->allocation[i].process == process)
			drop(picture, &picture->allocation[i]);
	}
}

/* Names of addresses in the process that stood there before are no longer of
 * use, but are still numbers. */
static void observe_process(struct picture *picture, const struct op *op)
{
	if (op->result == 0 || !picture_lives(picture, op->name[PROCESS_IN_parent]))
		return;
	forget_process(picture, op->result);
	picture->name[op->result] = (struct picture_name){.sort = PICTURE_PROCESS};
}

void picture_observe(struct picture *picture, const struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	if (info->stage != STAGE_BUILT || op->result > PROGRAM_SLOTS ||
	    op->subject > PROGRAM_SLOTS)
		return;
	if (info->subject == SUBJECT_PROCESS && !picture_lives(picture, op->subject))
		return;
	if (op->verb == OP_ALLOC) {
		observe_alloc(picture, op);
	} else if (op->verb == OP_FREE) {
		observe_free(picture, op);
	} else if (op->verb == OP_PROTECT) {
		observe_protect(picture, op);
	} else if (op->verb == OP_LOAD || op->verb == OP_STORE || op->verb == OP_EXEC) {
		observe_access(picture, op);
	} else if (op->verb == OP_PROCESS) {
		observe_process(picture, op);
	} else if (op->verb == OP_EXIT) {
		forget_process(picture, op->subject);
		picture->name[op->subject].exited = true;
	} else if (op->result != 0) {
		picture->name[op->result].sort = PICTURE_OTHER;
	}
}
