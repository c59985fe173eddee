/* allocate.c: NtAllocateVirtualMemory(Ex): reserve, commit, reset.
 *
 * decode checks every rule in the order of docs/NT_SEMANTICS.md and writes
 * nothing; perform then cannot fail half-way. */
#include "../vm.h"
#include "pages.h"
#include "protection.h"

#define TYPES_PLACEHOLDER (VMM_MEM_RESERVE_PLACEHOLDER | VMM_MEM_REPLACE_PLACEHOLDER)
#define TYPES_RESET (VMM_MEM_RESET | VMM_MEM_RESET_UNDO)
#define TYPES_ALL                                                                                \
	(VMM_MEM_COMMIT | VMM_MEM_RESERVE | TYPES_RESET | VMM_MEM_TOP_DOWN |                     \
	 VMM_MEM_WRITE_WATCH | VMM_MEM_PHYSICAL | VMM_MEM_LARGE_PAGES | TYPES_PLACEHOLDER)

/* What perform will do to pages first..last. */
struct plan {
	struct process *process;
	enum { RESERVE_FREE, REPLACE_PLACEHOLDER, COMMIT_RANGE, RESET_RANGE } what;
	struct range *range; /* REPLACE_PLACEHOLDER, COMMIT_RANGE: where */
	uint64_t first, last;
	bool commit;
	bool closed;         /* the gate is; otherwise we are inside */
	bool locked;         /* the range, for a commit inside */
	uint64_t charge;     /* pages that become committed */
};

/* A16: a commit at no address reserves, too. */
static bool reserves(const struct vmm_allocate *io)
{
	return (io->type & VMM_MEM_RESERVE) != 0 ||
	       ((io->type & VMM_MEM_COMMIT) != 0 && io->base == 0);
}

static bool has(const struct vmm_allocate *io, uint32_t type)
{
	return (io->type & type) != 0;
}

static bool only(const struct vmm_allocate *io, uint32_t types)
{
	return (io->type & ~types) == 0;
}

/* ---- Checks that need the arguments alone ------------------------------------- */

static vmm_status check_zero_bits(const struct layout *layout, uint64_t zero_bits)
{
	if (zero_bits > 31 ? !layout->wide : zero_bits > 21)
		return VMM_INVALID_PARAMETER_3;
	return VMM_SUCCESS;
}

static vmm_status check_type(const struct vmm_allocate *io)
{
	if (!only(io, TYPES_ALL)) /* A2 */
		return VMM_INVALID_PARAMETER_5;
	if (!has(io, VMM_MEM_COMMIT | VMM_MEM_RESERVE | TYPES_RESET))
		return has(io, TYPES_PLACEHOLDER) ? VMM_INVALID_PARAMETER : VMM_INVALID_PARAMETER_5;
	if (has(io, TYPES_RESET) && !is_power_of_two(io->type)) /* A3 */
		return VMM_INVALID_PARAMETER_5;
	if (has(io, VMM_MEM_LARGE_PAGES)) { /* A4 */
		if (!has(io, VMM_MEM_RESERVE) || !has(io, VMM_MEM_COMMIT) ||
		    has(io, VMM_MEM_PHYSICAL | VMM_MEM_WRITE_WATCH))
			return VMM_INVALID_PARAMETER_5;
		if (((io->size | io->base) & (VMM_LARGE_PAGE_SIZE - 1)) != 0)
			return VMM_INVALID_PARAMETER;
	}
	if (has(io, VMM_MEM_WRITE_WATCH) && !has(io, VMM_MEM_RESERVE)) /* A5 */
		return VMM_INVALID_PARAMETER_5;
	if (has(io, VMM_MEM_PHYSICAL)) { /* A6 */
		if (!has(io, VMM_MEM_RESERVE) ||
		    !only(io, VMM_MEM_PHYSICAL | VMM_MEM_RESERVE | VMM_MEM_TOP_DOWN))
			return VMM_INVALID_PARAMETER_5;
		if (io->protect != VMM_PAGE_READWRITE)
			return VMM_INVALID_PARAMETER_6;
	}
	if (has(io, VMM_MEM_RESERVE_PLACEHOLDER) && /* A35 */
	    (!has(io, VMM_MEM_RESERVE) ||
	     !only(io, VMM_MEM_RESERVE_PLACEHOLDER | VMM_MEM_RESERVE | VMM_MEM_TOP_DOWN)))
		return VMM_INVALID_PARAMETER;
	if (has(io, VMM_MEM_REPLACE_PLACEHOLDER) && /* A36 */
	    (!has(io, VMM_MEM_RESERVE) ||
	     !only(io, VMM_MEM_REPLACE_PLACEHOLDER | VMM_MEM_RESERVE | VMM_MEM_COMMIT |
	                       VMM_MEM_WRITE_WATCH)))
		return VMM_INVALID_PARAMETER;
	return VMM_SUCCESS;
}

static vmm_status check_protect(const struct vmm_allocate *io)
{
	if (!protect_is_legal(io->protect)) /* A7 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (reserves(io) && protect_copies(io->protect)) /* A8 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (has(io, VMM_MEM_RESERVE_PLACEHOLDER) && io->protect != VMM_PAGE_NOACCESS) /* A35 */
		return VMM_INVALID_PARAMETER;
	return VMM_SUCCESS;
}

/* A34 */
static vmm_status check_requirements(const struct layout *layout, const struct vmm_allocate *io)
{
	if (io->lowest == 0 && io->highest == 0 && io->align == 0)
		return VMM_SUCCESS;
	if (io->base != 0)
		return VMM_INVALID_PARAMETER;
	if (io->highest != 0 &&
	    (((io->highest + 1) & (VMM_PAGE_SIZE - 1)) != 0 || io->highest > layout->high))
		return VMM_INVALID_PARAMETER;
	if ((io->lowest & (VMM_GRANULARITY - 1)) != 0)
		return VMM_INVALID_PARAMETER;
	if (io->align != 0 && (!is_power_of_two(io->align) || io->align < VMM_GRANULARITY))
		return VMM_INVALID_PARAMETER;
	return VMM_SUCCESS;
}

static vmm_status check_arguments(const struct layout *layout, const struct vmm_allocate *io)
{
	vmm_status status = check_zero_bits(layout, io->zero_bits); /* A1 */

	if (status == VMM_SUCCESS)
		status = check_type(io);
	if (status == VMM_SUCCESS)
		status = check_protect(io);
	if (status != VMM_SUCCESS)
		return status;
	if (io->base > layout->high || (io->base != 0 && io->base < layout->low)) /* A9 */
		return VMM_INVALID_PARAMETER_2;
	if (io->size == 0 || io->size - 1 > layout->high - io->base) /* A10 */
		return VMM_INVALID_PARAMETER_4;
	return check_requirements(layout, io);
}

/* ---- Checks of the range --------------------------------------------------------- */

/* A1: the last address that zero_bits allows. */
static uint64_t zero_bits_limit(uint64_t zero_bits)
{
	if (zero_bits == 0)
		return UINT64_MAX;
	if (zero_bits < 32)
		return (UINT64_C(1) << (32 - zero_bits)) - 1;
	return UINT64_MAX >> __builtin_clzll(zero_bits);
}

/* A14, A26, A27: a place for a reservation at no address. */
static vmm_status decode_place(const struct vmm *vm, const struct vmm_allocate *io,
                               struct plan *plan)
{
	uint64_t low = vm->layout.low, high = vm->layout.high;
	uint64_t pages = page_of(align_up(io->size, VMM_PAGE_SIZE));
	uint64_t align = io->align != 0 ? io->align : VMM_GRANULARITY;
	uint64_t limit = zero_bits_limit(io->zero_bits);

	if (io->lowest > low)
		low = io->lowest;
	if (io->highest != 0 && io->highest < high)
		high = io->highest;
	if (limit < high)
		high = limit;
	/* Only whole pages below high count; page 0 is never free. */
	if (low > high || page_of(high + 1) == 0 ||
	    !range_place(&vm->ranges, &plan->process->tree, page_of(low), page_of(high + 1) - 1,
	                 pages, page_of(align), has(io, VMM_MEM_TOP_DOWN), &plan->first))
		return VMM_NO_MEMORY;
	plan->last = plan->first + pages - 1;
	return VMM_SUCCESS;
}

static vmm_status decode_reserve(const struct vmm *vm, const struct vmm_allocate *io,
                                 struct plan *plan)
{
	const struct range *range;

	plan->what = RESERVE_FREE;
	plan->commit = has(io, VMM_MEM_COMMIT);
	if (io->base == 0) {
		vmm_status status = decode_place(vm, io, plan);

		if (status != VMM_SUCCESS)
			return status;
	} else { /* A14 */
		plan->first = page_of(align_down(io->base, VMM_GRANULARITY));
		plan->last = page_of(io->base + io->size - 1);
		range = range_at_or_above(&vm->ranges, &plan->process->tree, plan->first);
		if (range != NULL && range->first <= plan->last) /* A17 */
			return VMM_CONFLICTING_ADDRESSES;
	}
	plan->charge = plan->commit ? plan->last - plan->first + 1 : 0;
	return VMM_SUCCESS;
}

static vmm_status decode_replace(const struct vmm *vm, const struct vmm_allocate *io,
                                 struct plan *plan)
{
	plan->what = REPLACE_PLACEHOLDER;
	plan->commit = has(io, VMM_MEM_COMMIT);
	plan->first = page_of(io->base);
	plan->last = page_of(io->base + io->size - 1);
	plan->range = range_find(&vm->ranges, &plan->process->tree, plan->first);
	if (plan->range == NULL || (plan->range->flags & RANGE_PLACEHOLDER) == 0 || /* A36 */
	    plan->range->first != plan->first || plan->range->last != plan->last)
		return VMM_CONFLICTING_ADDRESSES;
	plan->charge = plan->commit ? plan->last - plan->first + 1 : 0;
	return VMM_SUCCESS;
}

static vmm_status decode_commit(struct vmm *vm, unsigned cpu, const struct vmm_allocate *io,
                                struct plan *plan)
{
	plan->what = COMMIT_RANGE;
	plan->commit = true;
	plan->first = page_of(io->base); /* A15 */
	plan->last = page_of(io->base + io->size - 1);
	plan->range = range_find(&vm->ranges, &plan->process->tree, plan->first);
	if (plan->range == NULL || plan->range->last < plan->last) /* A18 */
		return VMM_CONFLICTING_ADDRESSES;
	if ((plan->range->flags & (RANGE_PLACEHOLDER | RANGE_PHYSICAL)) != 0) /* A20 */
		return VMM_CONFLICTING_ADDRESSES;
	if (protect_copies(io->protect)) /* A8 */
		return VMM_INVALID_PAGE_PROTECTION;
	if (!plan->closed) {
		range_lock(vm, cpu, plan->range);
		plan->locked = true;
	}
	plan->charge = plan->last - plan->first + 1 -
	               pages_committed(vm, plan->process, plan->first, plan->last); /* A19 */
	return VMM_SUCCESS;
}

/* A29 to A31: whole pages inside the range, in one allocation. */
static vmm_status decode_reset(const struct vmm *vm, const struct vmm_allocate *io,
                               struct plan *plan)
{
	vmm_status outside = has(io, VMM_MEM_RESET) ? VMM_CONFLICTING_ADDRESSES
	                                            : VMM_MEMORY_NOT_ALLOCATED;
	uint64_t end = page_of(io->base + io->size);

	plan->what = RESET_RANGE;
	plan->first = page_of(align_up(io->base, VMM_PAGE_SIZE));
	if (end <= plan->first) /* A30 */
		return VMM_CONFLICTING_ADDRESSES;
	plan->last = end - 1;
	plan->range = range_find(&vm->ranges, &plan->process->tree, plan->first);
	if (plan->range == NULL || plan->range->last < plan->last ||
	    (plan->range->flags & (RANGE_PLACEHOLDER | RANGE_PHYSICAL)) != 0)
		return outside;
	return VMM_SUCCESS;
}

static vmm_status decode_range(struct vmm *vm, unsigned cpu, const struct vmm_allocate *io,
                               struct plan *plan)
{
	if (has(io, TYPES_RESET))
		return decode_reset(vm, io, plan);
	if (has(io, VMM_MEM_REPLACE_PLACEHOLDER))
		return decode_replace(vm, io, plan);
	if (reserves(io))
		return decode_reserve(vm, io, plan);
	return decode_commit(vm, cpu, io, plan);
}

/* Inside the gate, or with it closed; the arguments were found good. */
static vmm_status decode_allocate(struct vmm *vm, unsigned cpu, vmm_process caller,
                                  vmm_handle handle, const struct vmm_allocate *io,
                                  struct plan *plan)
{
	vmm_status opened = process_open(vm, caller, handle, &plan->process);

	if (opened == VMM_INVALID_HANDLE) /* A11 */
		return opened;
	if (has(io, VMM_MEM_LARGE_PAGES)) /* A12: no process holds the privilege */
		return VMM_PRIVILEGE_NOT_HELD;
	if (opened != VMM_SUCCESS) /* A13 */
		return opened;
	return decode_range(vm, cpu, io, plan);
}

/* ---- Perform --------------------------------------------------------------------- */

static uint32_t flags_of(const struct vmm_allocate *io)
{
	return (has(io, VMM_MEM_WRITE_WATCH) ? RANGE_WRITE_WATCH : 0) |
	       (has(io, VMM_MEM_RESERVE_PLACEHOLDER) ? RANGE_PLACEHOLDER : 0) |
	       (has(io, VMM_MEM_REPLACE_PLACEHOLDER) ? RANGE_REPLACED : 0) |
	       (has(io, VMM_MEM_PHYSICAL) ? RANGE_PHYSICAL : 0);
}

/* Not a status: charge or tables are short, so the commit is decided anew with the
 * gate closed, where nobody sees a charge that is taken and given back, and tables
 * that have become empty can be had again. */
enum { NEEDS_GATE = (vmm_status)1 };

/* Inside the gate the tables come first: they are no use to anybody else, while a
 * charge that is given back could have made another CPU's commit fail. */
static vmm_status prepare_inside(struct vmm *vm, unsigned cpu, const struct plan *plan)
{
	if (charge_looks_short(vm, cpu, plan->charge) ||
	    !pagetable_make(&vm->tables, cpu, plan->process->root, plan->first, plan->last) ||
	    !charge_take(vm, cpu, plan->charge))
		return NEEDS_GATE;
	return VMM_SUCCESS;
}

/* A25: the charge, which also bounds the tables; then these. */
static vmm_status prepare_closed(struct vmm *vm, unsigned cpu, const struct plan *plan)
{
	struct tables *tables = &vm->tables;
	uint32_t root = plan->process->root;

	if (!charge_take(vm, cpu, plan->charge))
		return VMM_COMMITMENT_LIMIT;
	if (pagetable_make(tables, cpu, root, plan->first, plan->last))
		return VMM_SUCCESS;
	pagetable_prune(vm, cpu);
	if (pagetable_make(tables, cpu, root, plan->first, plan->last))
		return VMM_SUCCESS;
	charge_give(vm, cpu, plan->charge);
	return VMM_INSUFFICIENT_RESOURCES;
}

static vmm_status perform_allocate(struct vmm *vm, unsigned cpu, struct plan *plan,
                                   const struct vmm_allocate *io)
{
	uint32_t flags = plan->what == COMMIT_RANGE ? plan->range->flags : flags_of(io);
	vmm_status status;

	if (plan->what == RESET_RANGE)
		return VMM_SUCCESS; /* nothing is paged, so nothing need be dropped */
	if (plan->what == RESERVE_FREE && !ranges_have_room(&vm->ranges, 1))
		return VMM_INSUFFICIENT_RESOURCES;
	if (plan->commit) {
		status = (plan->closed ? prepare_closed : prepare_inside)(vm, cpu, plan);
		if (status != VMM_SUCCESS)
			return status;
		(void)pages_commit(vm, cpu, plan->process, plan->first, plan->last, io->protect,
		                   (flags & RANGE_WRITE_WATCH) != 0);
	}
	if (plan->what == RESERVE_FREE) {
		plan->range = range_insert(&vm->ranges, &plan->process->tree, plan->first,
		                           plan->last, io->protect, flags);
	} else if (plan->what == REPLACE_PLACEHOLDER) {
		plan->range->protect = io->protect;
		plan->range->flags = flags;
	}
	plan->range->committed += plan->charge;
	return VMM_SUCCESS;
}

/* What changes the tree of ranges needs the gate closed. */
static bool changes_tree(const struct vmm_allocate *io)
{
	return !has(io, TYPES_RESET) && (has(io, VMM_MEM_REPLACE_PLACEHOLDER) || reserves(io));
}

static vmm_status allocate(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                           struct vmm_allocate *io, bool closed)
{
	struct plan plan = { .closed = closed };
	vmm_status status;

	(closed ? gate_close : gate_enter)(vm, cpu);
	status = decode_allocate(vm, cpu, caller, handle, io, &plan);
	if (status == VMM_SUCCESS)
		status = perform_allocate(vm, cpu, &plan, io);
	if (plan.locked)
		range_unlock(plan.range);
	(closed ? gate_open : gate_leave)(vm, cpu);
	if (status != VMM_SUCCESS)
		return status;
	io->base = address_of(plan.first);
	io->size = address_of(plan.last - plan.first + 1);
	return VMM_SUCCESS;
}

vmm_status vmm_allocate(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                        struct vmm_allocate *io)
{
	vmm_status status = check_arguments(&vm->layout, io);

	if (status != VMM_SUCCESS)
		return status;
	status = allocate(vm, cpu, caller, handle, io, changes_tree(io));
	return status == NEEDS_GATE ? allocate(vm, cpu, caller, handle, io, true) : status;
}
