/* own.c: ranges that one thread alone works on, from any of its CPUs, beside those
 * of the other thread. So every outcome is known, but for what the whole machine
 * can run out of: frames, commit charge, and room for its records. */
#include "../../core/inspect.h"
#include "stress.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const uint32_t protections[] = {
	VMM_PAGE_READWRITE,
	VMM_PAGE_READWRITE,
	VMM_PAGE_READWRITE,
	VMM_PAGE_READONLY,
	VMM_PAGE_NOACCESS,
	VMM_PAGE_EXECUTE_READ,
	VMM_PAGE_EXECUTE_READWRITE,
	VMM_PAGE_READWRITE | VMM_PAGE_GUARD,
	VMM_PAGE_READONLY | VMM_PAGE_GUARD,
};

/* The words of a page that are stored to: the last four bytes and the first four
 * of the next page are one access over two pages. */
enum { BODY_AT = 8, TAIL_AT = 0x1000 - 4 };

/* The pages of a range that an operation is on. */
struct part {
	struct own_range *range;
	uint64_t base; /* of the range */
	unsigned first, count;
};

void own_reset(struct worker *worker)
{
	for (unsigned i = 0; i < OWN_RANGES; i++)
		worker->own[i] = (struct own_range){ .reserved = false };
}

static uint64_t address(const struct part *part, unsigned page)
{
	return part->base + page * VMM_PAGE_SIZE;
}

static uint32_t any_protection(struct worker *worker)
{
	return protections[prng_below(&worker->prng, ARRAY_SIZE(protections))];
}

static bool all_committed(const struct part *part)
{
	for (unsigned i = 0; i < part->count; i++)
		if (!part->range->page[part->first + i].committed)
			return false;
	return true;
}

/* ---- Services ------------------------------------------------------------------- */

static void becomes_committed(struct part *part, uint32_t protect)
{
	for (unsigned i = 0; i < part->count; i++) {
		struct own_page *page = &part->range->page[part->first + i];

		if (!page->committed)
			*page = (struct own_page){ .committed = true };
		page->protect = protect;
	}
}

static void becomes_decommitted(struct part *part)
{
	for (unsigned i = 0; i < part->count; i++)
		part->range->page[part->first + i] = (struct own_page){ .committed = false };
}

static void reserve(struct worker *worker, struct part *part)
{
	bool watch = prng_chance(&worker->prng, 1, 2), commit = prng_chance(&worker->prng, 1, 2);
	uint32_t protect = any_protection(worker);
	uint32_t type = VMM_MEM_RESERVE | (watch ? VMM_MEM_WRITE_WATCH : 0) |
	                (commit ? VMM_MEM_COMMIT : 0);
	vmm_status status = call_allocate(worker, any_cpu(worker), 0, part->base, OWN_PAGES, type,
	                                  protect);

	if (part->range->reserved) {
		MUST(worker, status == VMM_CONFLICTING_ADDRESSES, "an own range is reserved again");
		return;
	}
	MUST(worker, status != VMM_CONFLICTING_ADDRESSES, "an own free range is not free");
	if (status != VMM_SUCCESS)
		return;
	*part->range = (struct own_range){ .reserved = true, .watch = watch };
	part->first = 0;
	part->count = OWN_PAGES;
	if (commit)
		becomes_committed(part, protect);
}

static void commit(struct worker *worker, struct part *part)
{
	uint32_t protect = any_protection(worker);
	bool old = all_committed(part);
	vmm_status status = call_allocate(worker, any_cpu(worker), 0, address(part, part->first),
	                                  part->count, VMM_MEM_COMMIT, protect);

	MUST(worker, (status == VMM_CONFLICTING_ADDRESSES) == !part->range->reserved,
	     "commit of an own range: %s", vmm_status_name(status));
	MUST(worker, !old || status == VMM_SUCCESS, "commit of own committed pages: %s",
	     vmm_status_name(status));
	if (status == VMM_SUCCESS)
		becomes_committed(part, protect);
}

static void decommit(struct worker *worker, struct part *part)
{
	vmm_status status = call_free(worker, any_cpu(worker), 0, address(part, part->first),
	                              part->count, VMM_MEM_DECOMMIT);

	MUST(worker, status == (part->range->reserved ? VMM_SUCCESS : VMM_MEMORY_NOT_ALLOCATED),
	     "decommit in an own range: %s", vmm_status_name(status));
	becomes_decommitted(part);
}

static void release(struct worker *worker, struct part *part)
{
	vmm_status status =
		call_free(worker, any_cpu(worker), 0, part->base, 0, VMM_MEM_RELEASE);

	MUST(worker, status == (part->range->reserved ? VMM_SUCCESS : VMM_MEMORY_NOT_ALLOCATED),
	     "release of an own range: %s", vmm_status_name(status));
	*part->range = (struct own_range){ .reserved = false };
}

static void protect(struct worker *worker, struct part *part)
{
	uint32_t protect = any_protection(worker), old;
	vmm_status status = call_protect(worker, any_cpu(worker), 0, address(part, part->first),
	                                 part->count, protect, &old);

	MUST(worker, (status == VMM_SUCCESS) == all_committed(part),
	     "protect of own pages: %s", vmm_status_name(status));
	if (status != VMM_SUCCESS)
		return;
	MUST(worker, old == part->range->page[part->first].protect,
	     "protect of own pages: old 0x%x, was 0x%x", old,
	     part->range->page[part->first].protect);
	becomes_committed(part, protect);
}

static void query(struct worker *worker, struct part *part)
{
	const struct own_page *page = &part->range->page[part->first];
	struct vmm_query io = { .address = address(part, part->first) };
	uint32_t state = !part->range->reserved ? VMM_MEM_FREE
	                 : page->committed      ? VMM_MEM_COMMIT
	                                        : VMM_MEM_RESERVE;
	unsigned end = part->first + 1;

	(void)call_query(worker, any_cpu(worker), 0, &io);
	while (end < OWN_PAGES && part->range->page[end].committed == page->committed &&
	       part->range->page[end].protect == page->protect)
		end++;
	MUST(worker, io.state == state && (!page->committed || io.protect == page->protect),
	     "query of an own page: state 0x%x protect 0x%x, expected 0x%x 0x%x", io.state,
	     io.protect, state, page->protect);
	/* Free pages go on to where the other thread's range begins, or not. */
	MUST(worker, !part->range->reserved || io.size == (end - part->first) * VMM_PAGE_SIZE,
	     "query of an own page: 0x%llx bytes", (unsigned long long)io.size);
}

/* ---- Write watch ------------------------------------------------------------------ */

static void getwatch(struct worker *worker, struct part *part)
{
	uint64_t list[OWN_PAGES], room = 1 + prng_below(&worker->prng, OWN_PAGES), count, at = 0;
	bool reset = prng_chance(&worker->prng, 1, 2);
	vmm_status status = call_getwatch(worker, any_cpu(worker), 0, address(part, part->first),
	                                  part->count, reset, list, room, &count);

	MUST(worker, (status == VMM_SUCCESS) == part->range->watch, "getwatch of an own range: %s",
	     vmm_status_name(status));
	for (unsigned i = 0; i < part->count && at < room; i++) {
		struct own_page *page = &part->range->page[part->first + i];

		if (!part->range->watch || !page->marked)
			continue;
		MUST(worker, at < count && list[at] == address(part, part->first + i),
		     "getwatch does not show an own page that was stored to");
		at++;
		page->marked = !reset;
	}
	MUST(worker, at == count, "getwatch shows an own page that was not stored to");
}

static void resetwatch(struct worker *worker, struct part *part)
{
	vmm_status status = call_resetwatch(worker, any_cpu(worker), 0,
	                                    address(part, part->first), part->count);

	MUST(worker, (status == VMM_SUCCESS) == part->range->watch,
	     "resetwatch of an own range: %s", vmm_status_name(status));
	for (unsigned i = 0; i < part->count && part->range->watch; i++)
		part->range->page[part->first + i].marked = false;
}

/* ---- Accesses ---------------------------------------------------------------------- */

static bool allows(const struct own_page *page, enum verb verb)
{
	uint32_t base = page->protect & 0xFF;

	if (!page->committed)
		return false;
	if (verb == VERB_LOAD)
		return base != VMM_PAGE_NOACCESS;
	if (verb == VERB_STORE)
		return base == VMM_PAGE_READWRITE || base == VMM_PAGE_EXECUTE_READWRITE;
	return base == VMM_PAGE_EXECUTE_READ || base == VMM_PAGE_EXECUTE_READWRITE;
}

/* The outcome at one page, which is carried out; full: no frame was left. */
static vmm_status touch(struct own_page *page, enum verb verb, bool full)
{
	bool guard = page->committed && (page->protect & VMM_PAGE_GUARD) != 0;

	if (guard && (allows(page, verb) || verb == VERB_EXEC)) {
		page->protect &= ~VMM_PAGE_GUARD;
		return VMM_GUARD_PAGE_VIOLATION;
	}
	if (!allows(page, verb))
		return VMM_ACCESS_VIOLATION;
	if (full && !page->resident)
		return VMM_NO_MEMORY;
	page->resident = true;
	return VMM_SUCCESS;
}

/* An access of the word at `at` of a page; TAIL_AT goes on in the next one. */
struct own_access {
	struct own_page *page[2];
	unsigned pages;
	uint64_t at;
};

static uint64_t content(const struct own_access *own)
{
	return own->at == BODY_AT ? own->page[0]->body
	                          : own->page[0]->tail | (uint64_t)own->page[1]->head << 32;
}

static void stores(const struct own_range *range, const struct own_access *own, uint64_t value)
{
	if (own->at == BODY_AT) {
		own->page[0]->body = value;
	} else {
		own->page[0]->tail = (uint32_t)value;
		own->page[1]->head = (uint32_t)(value >> 32);
	}
	for (unsigned i = 0; i < own->pages; i++)
		own->page[i]->marked = range->watch;
}

/* Of two pages without a frame the first may have got the last one. */
static void perhaps_resident(const struct own_access *own)
{
	if (own->pages == 2 && !own->page[0]->resident && !own->page[1]->resident)
		own->page[0]->perhaps_resident = true;
}

/* Holds an outcome against what is known, and carries it out. */
static void settle(struct worker *worker, const struct own_range *range,
                   const struct own_access *own, const struct access *access)
{
	bool full = access->status == VMM_NO_MEMORY;
	vmm_status expected = touch(own->page[0], access->verb, full);

	if (expected == VMM_SUCCESS && own->pages == 2)
		expected = touch(own->page[1], access->verb, full);
	MUST(worker, access->status == expected, "%s of an own page at 0x%llx: %s, expected %s",
	     verb_name(access->verb), (unsigned long long)access->va,
	     vmm_status_name(access->status), vmm_status_name(expected));
	if (full)
		perhaps_resident(own);
	if (access->status != VMM_SUCCESS || access->verb == VERB_EXEC)
		return;
	if (access->verb == VERB_STORE)
		stores(range, own, access->value);
	else
		MUST(worker, access->value == content(own),
		     "an own page at 0x%llx holds 0x%llx, stored was 0x%llx",
		     (unsigned long long)access->va, (unsigned long long)access->value,
		     (unsigned long long)content(own));
}

enum { RUN = 16 }; /* accesses at most in a row */

static void accesses(struct worker *worker, struct part *part)
{
	struct access access[RUN];
	struct own_access own[RUN];
	unsigned count = 1 + (unsigned)prng_below(&worker->prng, RUN);
	bool fetches = prng_chance(&worker->prng, 1, 8);

	for (unsigned i = 0; i < count; i++) {
		unsigned page = part->first + (unsigned)prng_below(&worker->prng, part->count);
		bool crosses = !fetches && page + 1 < OWN_PAGES &&
		               prng_chance(&worker->prng, 1, 8);

		own[i] = (struct own_access){ { &part->range->page[page],
			                        crosses ? &part->range->page[page + 1] : NULL },
			                      crosses ? 2 : 1,
			                      crosses ? TAIL_AT : BODY_AT };
		access[i] = (struct access){
			.verb = fetches                            ? VERB_EXEC
			        : prng_chance(&worker->prng, 1, 2) ? VERB_STORE
			                                           : VERB_LOAD,
			.va = address(part, page) + own[i].at,
			.value = ++worker->values * UINT64_C(0x100000001) ^
			         (uint64_t)worker->index << 63,
		};
	}
	call_accesses(worker, any_cpu(worker), access, count, prng_chance(&worker->prng, 3, 4));
	for (unsigned i = 0; i < count; i++)
		settle(worker, part->range, &own[i], &access[i]);
}

/* ---- Steps --------------------------------------------------------------------------- */

void own_step(struct worker *worker)
{
	static void (*const services[])(struct worker *worker, struct part *part) = {
		reserve, commit,  commit,  commit, commit,   decommit, decommit,
		release, protect, protect, query,  getwatch, resetwatch,
	};
	unsigned index = (unsigned)prng_below(&worker->prng, OWN_RANGES);
	struct part part = { .range = &worker->own[index],
		             .base = OWN_BASE(worker->index, index),
		             .first = (unsigned)prng_below(&worker->prng, OWN_PAGES) };

	part.count = 1 + (unsigned)prng_below(&worker->prng, OWN_PAGES - part.first);
	/* Nothing goes on for long in a range that is not there. */
	if (!part.range->reserved && prng_chance(&worker->prng, 3, 4))
		reserve(worker, &part);
	else if (prng_chance(&worker->prng, 3, 4))
		accesses(worker, &part);
	else
		services[prng_below(&worker->prng, ARRAY_SIZE(services))](worker, &part);
}

static uint64_t word_at(const uint8_t *bytes, unsigned at)
{
	return *(const uint64_t *)(const void *)(bytes + at);
}

void own_check(struct worker *worker)
{
	for (unsigned i = 0; i < OWN_RANGES * OWN_PAGES; i++) {
		const struct own_page *page = &worker->own[i / OWN_PAGES].page[i % OWN_PAGES];
		uint64_t va = OWN_BASE(worker->index, i / OWN_PAGES) +
		              i % OWN_PAGES * VMM_PAGE_SIZE;
		struct vmm_page is;

		vmm_inspect_page(worker->vm, 0, va / VMM_PAGE_SIZE, &is);
		MUST(worker, is.committed == page->committed,
		     "at rest the own page 0x%llx is committed: %d", (unsigned long long)va,
		     is.committed);
		if (!page->committed)
			continue;
		MUST(worker, is.protect == page->protect && is.watched == page->marked,
		     "at rest the own page 0x%llx has protection 0x%x and mark %d, not 0x%x and %d",
		     (unsigned long long)va, is.protect, is.watched, page->protect, page->marked);
		MUST(worker,
		     (is.bytes != NULL) == page->resident ||
		             (is.bytes != NULL && page->perhaps_resident),
		     "at rest the own page 0x%llx has a frame: %d", (unsigned long long)va,
		     is.bytes != NULL);
		MUST(worker, is.bytes == NULL || word_at(is.bytes, BODY_AT) == page->body,
		     "at rest the own page 0x%llx has other bytes", (unsigned long long)va);
	}
}
