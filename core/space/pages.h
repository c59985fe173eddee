/* pages.h: what services do to the PTEs of a range of pages, which lie in one
 * allocation; which of them may be changed, the service has decided. The caller
 * holds the lock of the allocation, or has closed the gate: besides it only
 * accesses touch these PTEs, which resolve faults and mark stores.
 *
 * A change of many pages is one step for every access. It makes the PTEs busy,
 * shoots down where rights go, gives back what it frees, and then writes the new
 * PTEs. So what an access finds changed has been given back. */
#ifndef CORE_PAGES_H
#define CORE_PAGES_H

#include "../base.h"
#include "../translate/pte.h"

struct vmm;
struct process;
struct range;

/* The word of a page as services see it: without the busy bit, which outside of
 * these functions only a store to two pages sets. 0 where no table is. */
pte_t pages_look(const struct vmm *vm, const struct process *process, uint64_t page);

/* Committed pages among first..last. */
uint64_t pages_committed(const struct vmm *vm, const struct process *process, uint64_t first,
                         uint64_t last);

/* Commits what is not committed and gives all of first..last the protection.
 * The tables were made, the caller has charged the new pages. Returns the first
 * page's word before. */
pte_t pages_commit(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last, uint32_t protect, bool watch);

/* Decommits what is committed: contents and charge go, also that of the range
 * that holds the pages. */
void pages_decommit(struct vmm *vm, unsigned cpu, struct process *process, struct range *range,
                    uint64_t first, uint64_t last);

/* The pages of first..last that carry the mark of write watch, at most `room`
 * of them, as addresses into list[]. Returns how many. pages_take_marks removes
 * their marks; its list may be NULL. */
uint64_t pages_marked(struct vmm *vm, unsigned cpu, const struct process *process, uint64_t first,
                      uint64_t last, uint64_t *list, uint64_t room);
uint64_t pages_take_marks(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                          uint64_t last, uint64_t *list, uint64_t room);

#endif
