/* pages.h: what services do to the PTEs of a range of pages. The range lies in
 * one allocation; which pages of it may be changed, the service has decided. */
#ifndef CORE_PAGES_H
#define CORE_PAGES_H

#include "../base.h"

struct vmm;
struct process;

/* Committed pages among first..last. */
uint64_t pages_committed(const struct vmm *vm, const struct process *process, uint64_t first,
                         uint64_t last);

/* Commits what is not committed and gives all of first..last the protection.
 * The caller has charged the new pages. False: no page table is left, and
 * nothing has changed. */
bool pages_commit(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                  uint64_t last, uint32_t protect, bool watch);

/* Gives first..last, all committed, another protection. */
void pages_protect(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                   uint64_t last, uint32_t protect);

/* Decommits what is committed: contents and charge go. */
void pages_decommit(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                    uint64_t last);

/* The pages of first..last that carry the mark of write watch, at most `room`
 * of them, as addresses into list[] (or nowhere: NULL); with reset their marks
 * go. Returns how many. */
uint64_t pages_marked(struct vmm *vm, unsigned cpu, struct process *process, uint64_t first,
                      uint64_t last, bool reset, uint64_t *list, uint64_t room);

#endif
