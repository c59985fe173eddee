/* state.h: what the reference implementation keeps, private to this folder.
 *
 * A process is two sorted arrays: its allocations, and its committed pages.
 * Everything that a rule of docs/NT_SEMANTICS.md speaks of is a field of one of
 * them or of struct reference; nothing is cached and nothing is derived. Spans
 * and allocations are [base, end) in bytes; pages go by number. */
#ifndef REFERENCE_STATE_H
#define REFERENCE_STATE_H

#include "../support/memory.h"
#include "reference.h"

/* The bits of an alloc's type that its allocation keeps. RESERVE_PLACEHOLDER
 * stands for a placeholder, REPLACE_PLACEHOLDER for what has replaced one,
 * PHYSICAL for an AWE window. */
#define REF_KINDS                                                                                \
	(VMM_MEM_WRITE_WATCH | VMM_MEM_PHYSICAL | VMM_MEM_RESERVE_PLACEHOLDER |                  \
	 VMM_MEM_REPLACE_PLACEHOLDER)

struct span {
	uint64_t base, end;
};

struct allocation {
	uint64_t base, end;
	uint32_t protect; /* AllocationProtect */
	uint32_t kind;    /* of REF_KINDS */
};

/* A committed page. valid implies has_frame, not guard and not NOACCESS. */
struct page {
	uint64_t number;
	uint8_t *bytes;  /* NULL: all zero */
	uint8_t protect; /* the base value alone */
	bool guard;
	bool valid;
	bool has_frame;
	bool watched; /* the mark; only in a write-watch allocation */
};

struct process {
	bool lives;
	struct allocation *allocation; /* sorted, disjoint */
	size_t allocation_count, allocation_capacity;
	struct page *page; /* sorted; each inside an allocation */
	size_t page_count, page_capacity;
};

struct reference {
	uint64_t user_low, user_high; /* user_high: HIGH */
	bool mask_zero_bits;          /* zero_bits above 31 are a mask (A1) */
	uint64_t commit_limit, committed;
	uint64_t frames, frames_used;

	struct process *process;
	uint32_t process_count;  /* made since the last reset */
	size_t process_capacity; /* those not made may own arrays all the same */

	struct memory_stock contents; /* of pages, VMM_PAGE_SIZE bytes each */
	uint64_t *watched; /* the last getwatch's list */
	size_t watched_capacity;
	struct reference_change change;
	size_t change_count; /* 0 or 1 */
};

/* ---- state.c ---------------------------------------------------------------- */

/* The number of a new, empty process. */
uint32_t ref_process_make(struct reference *reference);
/* Gives back all that a process holds. */
void ref_process_empty(struct reference *reference, struct process *process);
/* The change list becomes the pages of [first, first + size) in user space;
 * size 0 counts as 1. */
void ref_changed(struct reference *reference, uint32_t process, uint64_t first, uint64_t size);

static inline uint64_t ref_down(uint64_t value, uint64_t unit)
{
	return value & ~(unit - 1);
}
static inline uint64_t ref_up(uint64_t value, uint64_t unit)
{
	return ref_down(value + unit - 1, unit);
}
/* The pages that [address, address + size) touches; it must not wrap. */
static inline struct span ref_outward(uint64_t address, uint64_t size)
{
	return (struct span){ref_down(address, VMM_PAGE_SIZE),
	                     ref_up(address + size, VMM_PAGE_SIZE)};
}
/* size 0, or a last byte above HIGH or wrapped; address is at most HIGH. */
static inline bool ref_past_user(const struct reference *reference, uint64_t address,
                                 uint64_t size)
{
	return size - 1 > reference->user_high - address;
}

/* The outcome is decided by a rule of docs/NT_SEMANTICS.md; its status. */
static inline vmm_status ref_decide(struct outcome *outcome, const char *rule, vmm_status status)
{
	outcome->rule = rule;
	outcome->status = status;
	return status;
}

/* ---- ranges.c --------------------------------------------------------------- */

/* The first allocation that ends above an address; allocation_count if none. */
size_t ref_ranges_index(const struct process *process, uint64_t address);
/* The allocation that holds an address, or all of a span; NULL if none does. */
struct allocation *ref_ranges_find(const struct process *process, uint64_t address);
struct allocation *ref_ranges_holding(const struct process *process, struct span span);
bool ref_ranges_all_free(const struct process *process, struct span span);
/* The range of the allocation must be free. */
void ref_ranges_insert(struct process *process, struct allocation allocation);
/* Takes out a span that lies in one allocation; what is left stays as it was. */
void ref_ranges_cut(struct process *process, struct span span);
/* Makes one allocation, with the flags of the first, of all that lie in a span. */
void ref_ranges_join(struct process *process, struct span span);

/* ---- placement.c ------------------------------------------------------------- */

/* The lowest free base, or the highest when top_down, of `size` bytes inside
 * `within`, a multiple of align. False: there is none. */
bool ref_placement_find(const struct process *process, struct span within, uint64_t size,
                        uint64_t align, bool top_down, uint64_t *base);

/* ---- pages.c ------------------------------------------------------------------ */

/* The first committed page at or above a number; page_count if none. */
size_t ref_pages_index(const struct process *process, uint64_t number);
struct page *ref_pages_find(const struct process *process, uint64_t number);
/* How many pages of a span are committed. */
uint64_t ref_pages_count(const struct process *process, struct span span);
/* Commits what is not committed yet; protect holds for every page of the span. */
void ref_pages_commit(struct reference *reference, struct process *process, struct span span,
                      uint32_t protect);
/* Skips what is not committed. */
void ref_pages_protect(struct process *process, struct span span, uint32_t protect);
void ref_pages_decommit(struct reference *reference, struct process *process,
                        struct span span);
/* The bytes of a page, to be written to. */
uint8_t *ref_pages_bytes(struct reference *reference, struct page *page);

/* ---- protection.c -------------------------------------------------------------- */

enum access { ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH };

bool ref_protection_legal(uint32_t protect);  /* A7 */
bool ref_protection_copies(uint32_t protect); /* A WRITECOPY form (A8, P7) */
/* Whether a base value allows an access. */
bool ref_protection_allows(uint32_t base_value, enum access access);
/* What query and protect show of a page (P11, P12). */
uint32_t ref_protection_shown(const struct allocation *allocation, const struct page *page);

/* ---- alloc_check.c --------------------------------------------------------------- */

struct alloc_request {
	uint64_t addr, size, zero_bits, lowest, highest, align;
	uint32_t type, protect;
};
/* All checks of alloc that do not depend on what the range holds. A refusal is
 * the outcome. */
vmm_status ref_alloc_check(const struct reference *reference, const struct process *process,
                           const struct alloc_request *request, struct outcome *outcome);
bool ref_alloc_reserves(const struct alloc_request *request); /* A16 */
/* The highest address that zero_bits allows (A1). */
uint64_t ref_alloc_zero_limit(const struct alloc_request *request);

#endif
