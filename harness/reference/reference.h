/* reference.h: the slow reference implementation. Plain arrays, one function a
 * verb, written to be held against docs/NT_SEMANTICS.md rule by rule. It shares
 * no code with core: of core it sees the public constants of vmm.h only. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "../program/call.h"
#include "../program/program.h"

struct reference;

struct reference *reference_create(void);
/* A fresh machine with process 0. */
void reference_reset(struct reference *reference, const struct machine *machine);
void reference_destroy(struct reference *reference);
/* `to` becomes a machine in the same state. */
void reference_copy(struct reference *to, const struct reference *from);
/* The whole state in one number. */
uint64_t reference_digest(const struct reference *reference);

/* reference_alloc, reference_free, ...: execute a call. The outcome comes in
 * zeroed. What the operation changed, or tried to, is in the change list then. */
#define STAGE_BUILT_PROTOTYPE(verb)                                                              \
	void reference_##verb(struct reference *reference, const struct call *call,              \
	                      struct outcome *outcome);
#define STAGE_SCHEDULED_PROTOTYPE(verb)
#define STAGE_LATER_PROTOTYPE(verb)
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	STAGE_##STAGE##_PROTOTYPE(verb)
#include "../ops.def"
#undef OP
#undef STAGE_BUILT_PROTOTYPE
#undef STAGE_SCHEDULED_PROTOTYPE
#undef STAGE_LATER_PROTOTYPE

/* ---- The observable state --------------------------------------------------- */

/* The pages that the last operation changed or looked at, as page ranges. */
struct reference_change {
	uint32_t process;
	uint64_t first, last; /* page numbers, inclusive */
};
size_t reference_changes(const struct reference *reference, const struct reference_change **list);

/* Processes ever made (numbers 0..count-1), and whether one still lives. */
uint32_t reference_process_count(const struct reference *reference);
bool reference_process_lives(const struct reference *reference, uint32_t process);

/* A maximal run of equal pages that starts at the page of an address, as query
 * gives it (rules Q2 to Q7), without checks or side effects. */
struct reference_region {
	uint64_t base, size, allocation_base;
	uint32_t allocation_protect, state, protect, type;
};
void reference_region_at(const struct reference *reference, uint32_t process, uint64_t address,
                         struct reference_region *region);

struct reference_page {
	bool committed;
	bool valid;   /* in the working set: touched, and accessible since */
	bool watched; /* the mark of write watch is set */
	uint32_t protect;     /* with GUARD, and the allocation's cache bits */
	const uint8_t *bytes; /* VMM_PAGE_SIZE of them, or NULL: all zero */
};
void reference_page_at(const struct reference *reference, uint32_t process, uint64_t page,
                       struct reference_page *out);
/* The first committed page at or above `page`, or UINT64_MAX. */
uint64_t reference_next_page(const struct reference *reference, uint32_t process, uint64_t page);

uint64_t reference_charge(const struct reference *reference, uint32_t process);
uint64_t reference_charge_total(const struct reference *reference);
uint64_t reference_frames_used(const struct reference *reference);
/* First and last address of user space, HIGH inclusive. */
uint64_t reference_user_low(const struct reference *reference);
uint64_t reference_user_high(const struct reference *reference);

#endif
