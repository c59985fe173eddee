/* query.c: NtQueryVirtualMemory, basic information. */
#include "query.h"

#include "../vm.h"
#include "protection.h"

/* relaxed throughout: a query takes no lock, and each page's word is a fact of
 * its own. */
static pte_t pte_at(const struct vmm *vm, const struct process *process, uint64_t page)
{
	const struct atomic64 *slot = pagetable_find(&vm->tables, process->root, page);

	return slot == NULL ? PTE_ZERO : atomic64_load_relaxed(slot);
}

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

/* Q3: the first page behind the run that `page` starts. */
static uint64_t run_end(const struct vmm *vm, const struct process *process,
                        const struct range *range, uint64_t page, pte_t pte)
{
	uint64_t end = page + 1;

	if (pte_kind(pte) == PTE_ZERO) {
		struct pagetable_walk walk =
			pagetable_walk(&vm->tables, process->root, page, range->last);

		return pagetable_walk_next(&walk, &end, &pte) ? end : range->last + 1;
	}
	struct pagetable_walk walk =
		pagetable_walk(&vm->tables, process->root, page + 1, range->last);
	uint64_t next;
	pte_t other;

	while (pagetable_walk_next(&walk, &next, &other) && next == end &&
	       pte_protect(other) == pte_protect(pte))
		end++;
	return end;
}

void query_run(const struct vmm *vm, const struct process *process, uint64_t address,
               struct vmm_query *io)
{
	uint64_t page = page_of(address);
	const struct range *range = range_at_or_above(&vm->ranges, &process->tree, page);
	pte_t pte;

	io->base = address_of(page); /* Q2 */
	if (range == NULL || range->first > page) {
		query_free(vm, range, page, io);
		return;
	}
	pte = pte_at(vm, process, page);
	io->allocation_base = address_of(range->first);
	io->allocation_protect = range->protect;
	io->type = VMM_MEM_PRIVATE;
	io->state = pte_kind(pte) == PTE_ZERO ? VMM_MEM_RESERVE : VMM_MEM_COMMIT;
	io->protect = pte_kind(pte) == PTE_ZERO
	                      ? 0
	                      : protect_reported(pte_protect(pte), range->protect); /* Q5, Q6 */
	io->size = address_of(run_end(vm, process, range, page, pte) - page);
}

vmm_status vmm_query(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                     struct vmm_query *io)
{
	struct process *process;
	vmm_status status;

	(void)cpu;
	if (io->address > vm->layout.high) /* Q1 */
		return VMM_INVALID_PARAMETER;
	status = process_open(vm, caller, handle, &process);
	if (status == VMM_SUCCESS)
		query_run(vm, process, io->address, io);
	return status;
}
