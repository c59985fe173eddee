/* pte.h: the page table entry, one 64-bit word, and nothing else.
 *
 *   63        36 35         12 11 10  9    8     7     6    5..3  2..0
 *   +-----------+-------------+-----+---+----+-----+-----+------+------+
 *   |     0     |    frame    |  0  | D |mark|watch|guard| prot | kind |
 *   +-----------+-------------+-----+---+----+-----+-----+------+------+
 *
 * kind   zero: not committed; demand zero: committed, never touched; valid:
 *        accesses go through; transition: has a frame, but the next access
 *        faults (NOACCESS or GUARD was set since, or a guard fired)
 * prot   index of the base protection, kept in every kind but zero
 * watch  the page's allocation has write watch; mark: it was stored to (W4)
 * D      dirty: a store has gone through since the frame was given
 *
 * A word is changed by CAS from the value that was decided on, so that a page
 * has a single linearization point. A valid page is accessible and has no guard
 * (INV-09).
 *
 * The highest bit of kind says busy: somebody is changing this page together
 * with others, or with what the TLBs hold, and will write the new word by a plain
 * store. Everybody else leaves it alone: an access ends its batch, waits, and
 * looks again. So a change of many pages is one step for all who can see it. */
#ifndef CORE_PTE_H
#define CORE_PTE_H

#include "../machine/frame.h"

typedef uint64_t pte_t;

enum pte_kind { PTE_ZERO, PTE_DEMAND_ZERO, PTE_VALID, PTE_TRANSITION };

#define PTE_KIND_MASK UINT64_C(0x7)
#define PTE_BUSY UINT64_C(0x4) /* of kind; never at rest (INV-09) */
#define PTE_PROTECT_SHIFT 3
#define PTE_PROTECT_MASK UINT64_C(0x38)
#define PTE_GUARD UINT64_C(0x40)
#define PTE_WATCH UINT64_C(0x80)
#define PTE_MARK UINT64_C(0x100)
#define PTE_DIRTY UINT64_C(0x200)
#define PTE_FRAME_SHIFT 12
#define PTE_FRAME_MASK (UINT64_C(0xFFFFFF) << PTE_FRAME_SHIFT)

/* What a base protection allows. */
enum { RIGHT_LOAD = 1, RIGHT_STORE = 2, RIGHT_FETCH = 4 };

static inline enum pte_kind pte_kind(pte_t pte)
{
	return (enum pte_kind)(pte & PTE_KIND_MASK);
}

static inline frame_t pte_frame(pte_t pte)
{
	return (frame_t)((pte & PTE_FRAME_MASK) >> PTE_FRAME_SHIFT);
}

static inline bool pte_has_frame(pte_t pte)
{
	return pte_kind(pte) == PTE_VALID || pte_kind(pte) == PTE_TRANSITION;
}

/* The base protection as a VMM_PAGE_ flag, with GUARD. */
static inline uint32_t pte_protect(pte_t pte)
{
	uint32_t base = 1u << ((pte & PTE_PROTECT_MASK) >> PTE_PROTECT_SHIFT);

	return base | ((pte & PTE_GUARD) != 0 ? VMM_PAGE_GUARD : 0);
}

/* Protection and guard as PTE bits. Cache bits belong to the allocation (P12),
 * so the PTE has none. protect has exactly one base value. */
static inline pte_t pte_protect_bits(uint32_t protect)
{
	uint64_t index = (uint64_t)__builtin_ctz(protect & 0xFF);

	return index << PTE_PROTECT_SHIFT | ((protect & VMM_PAGE_GUARD) != 0 ? PTE_GUARD : 0);
}

static inline pte_t pte_demand_zero(uint32_t protect, bool watch)
{
	return PTE_DEMAND_ZERO | pte_protect_bits(protect) | (watch ? PTE_WATCH : 0);
}

static inline pte_t pte_with_kind(pte_t pte, enum pte_kind kind)
{
	return (pte & ~PTE_KIND_MASK) | kind;
}

/* The same page under another protection. A valid page that may no longer be
 * touched freely leaves the working set and keeps its frame (P15). */
static inline pte_t pte_with_protect(pte_t pte, uint32_t protect)
{
	pte_t changed = (pte & ~(PTE_PROTECT_MASK | PTE_GUARD)) | pte_protect_bits(protect);

	if (pte_kind(pte) == PTE_VALID && (protect & (VMM_PAGE_NOACCESS | VMM_PAGE_GUARD)) != 0)
		changed = pte_with_kind(changed, PTE_TRANSITION);
	return changed;
}

/* RIGHT_ bits of the base protection. EXECUTE pages can be loaded from. */
static inline unsigned pte_rights(pte_t pte)
{
	static const uint8_t rights[8] = {
		0,                                     /* NOACCESS */
		RIGHT_LOAD,                            /* READONLY */
		RIGHT_LOAD | RIGHT_STORE,              /* READWRITE */
		RIGHT_LOAD | RIGHT_STORE,              /* WRITECOPY */
		RIGHT_LOAD | RIGHT_FETCH,              /* EXECUTE */
		RIGHT_LOAD | RIGHT_FETCH,              /* EXECUTE_READ */
		RIGHT_LOAD | RIGHT_STORE | RIGHT_FETCH, /* EXECUTE_READWRITE */
		RIGHT_LOAD | RIGHT_STORE | RIGHT_FETCH, /* EXECUTE_WRITECOPY */
	};

	return rights[(pte & PTE_PROTECT_MASK) >> PTE_PROTECT_SHIFT];
}

#endif
