/* picture.h: what a program has probably built so far.
 *
 * The generator and the mutator must know which names are bound, where the
 * allocations lie and which of their pages are committed; otherwise nearly all
 * operations would be refused. The picture is drawn from the operations alone,
 * without executing them. It is rough on purpose: it judges nothing, and where
 * it is wrong an operation is refused that was meant to succeed, or the other
 * way round. It needs no allocation and no reset but picture_start. */
#ifndef PICTURE_H
#define PICTURE_H

#include "../../core/vmm.h"
#include "../program/program.h"

enum {
	PICTURE_ALLOCATIONS_MAX = 96, /* further ones are not drawn */
	PICTURE_PAGES = 64            /* pages of an allocation drawn one by one */
};

/* An allocation. Bit i of a set is page i; pages past PICTURE_PAGES are all
 * alike. */
struct picture_allocation {
	uint64_t base, pages;
	uint32_t type; /* of the call that reserved it */
	uint32_t protect;
	name_ref process;
	bool beyond; /* the pages past PICTURE_PAGES are committed */
	uint64_t committed, readable, writable, executable, guarded;
	uint64_t touched; /* accessed since they last became inaccessible */
};

enum picture_sort { PICTURE_UNBOUND, PICTURE_ADDRESS, PICTURE_PROCESS, PICTURE_OTHER };

struct picture_name {
	uint64_t value;     /* of PICTURE_ADDRESS */
	name_ref process;   /* that the address belongs to */
	uint8_t sort;       /* enum picture_sort */
	bool exited;        /* of PICTURE_PROCESS */
};

struct picture {
	struct machine machine;
	uint64_t low, high; /* of user space, high inclusive */
	struct picture_name name[PROGRAM_SLOTS + 1]; /* by name_ref; 0 is P0 */
	unsigned count;
	struct picture_allocation allocation[PICTURE_ALLOCATIONS_MAX];
};

static inline uint64_t picture_end(const struct picture_allocation *allocation)
{
	return allocation->base + allocation->pages * VMM_PAGE_SIZE;
}
static inline bool picture_is_placeholder(const struct picture_allocation *allocation)
{
	return (allocation->type & VMM_MEM_RESERVE_PLACEHOLDER) != 0;
}

void picture_start(struct picture *picture, const struct machine *machine);
/* Draws what the operation does if it succeeds, unless it clearly cannot. */
void picture_observe(struct picture *picture, const struct op *op);

/* The pages first..last as a set; how many a set has. */
uint64_t picture_pages(uint64_t first, uint64_t last);
unsigned picture_pages_count(uint64_t pages);
/* The pages of an allocation that are drawn one by one. */
uint64_t picture_drawn(const struct picture_allocation *allocation);
/* The allocation that holds an address, or NULL. */
struct picture_allocation *picture_find(struct picture *picture, name_ref process,
                                        uint64_t address);
bool picture_overlaps(const struct picture *picture, name_ref process, uint64_t base,
                      uint64_t size);
/* How many allocations a process has, and the one that is number `index`. */
unsigned picture_count(const struct picture *picture, name_ref process);
struct picture_allocation *picture_nth(struct picture *picture, name_ref process, unsigned index);
/* An ADDRESS input as a number. */
uint64_t picture_address(const struct picture *picture, const struct op *op, unsigned input);
/* The name of the nearest address at or below `address` in the process, 0 if
 * there is none. */
name_ref picture_name_near(const struct picture *picture, name_ref process, uint64_t address);
/* Whether a name is bound to a process that lives; 0 is P0. */
bool picture_lives(const struct picture *picture, name_ref process);
/* The highest address that zero_bits allows. */
uint64_t picture_zero_limit(uint64_t zero_bits);
/* Whether the flags alone let a call pass. */
bool picture_type_is_legal(uint32_t type);
bool picture_protect_is_legal(uint32_t protect);
/* The lowest or the highest base where an allocation fits between two
 * addresses; false where none does. */
struct picture_wish {
	uint64_t size, align, lowest, highest;
	bool top_down;
};
bool picture_place(const struct picture *picture, name_ref process,
                   const struct picture_wish *wish, uint64_t *base);

#endif
