/* query.c: NtQueryVirtualMemory, basic information. */
#include "query.h"

#include "../vm.h"
#include "pages.h"
#include "protection.h"

/* Q4, Q10: the free pages from `page` on. */
static void query_free(const struct vmm *vm, const struct range *next, uint64_t page,
                       struct vmm_query *io)
{
	uint64_t end = next != NULL ? address_of(next->first) : vm->layout.high + 1;

	io->allocation_base = 0;
	io->allocation_protect = 0;
	io->state = VMM_MEM_FREE;
	io->protect = VMM_PAGE_NOACCESS;
	io->type = 0;
	io->size = end - address_of(page);
}

static bool same_protect(pte_t a, pte_t b)
{
	return pte_protect(a) == pte_protect(b);
}

/* Q3: the first page behind the run that `page` starts, whose word is pte. */
static uint64_t run_end(const struct vmm *vm, const struct process *process,
                        const struct range *range, uint64_t page, pte_t pte)
{
	struct pagetable_walk walk =
		pagetable_walk(&vm->tables, process->root, page + 1, range->last);
	uint64_t end = page + 1, next;
	struct atomic64 *slot;

	if (pte_kind(pte) == PTE_ZERO)
		return pagetable_walk_next(&walk, &next, &slot) ? next : range->last + 1;
	/* relaxed: the word itself is all that is looked at. */
	while (pagetable_walk_next(&walk, &next, &slot) && next == end &&
	       same_protect(atomic64_load_relaxed(slot), pte))
		end++;
	return end;
}

/* Whether all of first..end-1 still have the protection. */
static bool run_stands(const struct vmm *vm, const struct process *process, uint64_t first,
                       uint64_t end, pte_t pte)
{
	for (uint64_t page = first; page < end; page++)
		if (!same_protect(pages_look(vm, process, page), pte))
			return false;
	return true;
}

/* Besides us only accesses change these pages, and of what a query shows only a
 * guard, which goes. So a run without guards is what it was at the last look at
 * the page behind it; one of guards is looked through once more, until all of it
 * stood at one moment. */
static pte_t look_at_run(const struct vmm *vm, const struct process *process,
                         const struct range *range, uint64_t page, uint64_t *end)
{
	pte_t pte;

	do {
		pte = pages_look(vm, process, page);
		*end = run_end(vm, process, range, page, pte);
	} while ((pte & PTE_GUARD) != 0 && !run_stands(vm, process, page, *end, pte));
	return pte;
}

static void query_range(const struct vmm *vm, const struct process *process,
                        const struct range *range, uint64_t page, struct vmm_query *io)
{
	uint64_t end;
	pte_t pte = look_at_run(vm, process, range, page, &end);

	io->allocation_base = address_of(range->first);
	io->allocation_protect = range->protect;
	io->type = VMM_MEM_PRIVATE;
	io->state = pte_kind(pte) == PTE_ZERO ? VMM_MEM_RESERVE : VMM_MEM_COMMIT;
	io->protect = pte_kind(pte) == PTE_ZERO
	                      ? 0
	                      : protect_reported(pte_protect(pte), range->protect); /* Q5, Q6 */
	io->size = address_of(end - page);
}

/* range: that of the page, or the next one above it. */
static void query_at(const struct vmm *vm, const struct process *process,
                     const struct range *range, uint64_t page, struct vmm_query *io)
{
	io->base = address_of(page); /* Q2 */
	if (range == NULL || range->first > page)
		query_free(vm, range, page, io);
	else
		query_range(vm, process, range, page, io);
}

void query_run(const struct vmm *vm, const struct process *process, uint64_t address,
               struct vmm_query *io)
{
	uint64_t page = page_of(address);

	query_at(vm, process, range_at_or_above(&vm->ranges, &process->tree, page), page, io);
}

/* Inside the gate. */
static vmm_status query(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                        struct vmm_query *io)
{
	uint64_t page = page_of(io->address);
	struct process *process;
	bool inside;
	struct range *range;
	vmm_status status = process_open(vm, caller, handle, &process);

	if (status != VMM_SUCCESS)
		return status;
	range = range_at_or_above(&vm->ranges, &process->tree, page);
	inside = range != NULL && range->first <= page;
	if (inside)
		range_lock(vm, cpu, range);
	query_at(vm, process, range, page, io);
	if (inside)
		range_unlock(range);
	return VMM_SUCCESS;
}

vmm_status vmm_query(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                     struct vmm_query *io)
{
	vmm_status status;

	if (io->address > vm->layout.high) /* Q1 */
		return VMM_INVALID_PARAMETER;
	gate_enter(vm, cpu);
	status = query(vm, cpu, caller, handle, io);
	gate_leave(vm, cpu);
	return status;
}
