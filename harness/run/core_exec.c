/* core_exec.c: one function a verb: a call becomes the service or access of the
 * core that it stands for. In/out arguments are reported as the core left them,
 * so that a refusal that changed them shows. */
#include "../../core/check.h"
#include "../../core/inspect.h"
#include "../../core/vmm_inline.h"
#include "../support/memory.h"
#include "core_side.h"

void core_alloc(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	struct vmm_allocate io = {
		.base = call->in[ALLOC_IN_addr],
		.size = call->in[ALLOC_IN_size],
		.type = (uint32_t)call->in[ALLOC_IN_type],
		.protect = (uint32_t)call->in[ALLOC_IN_protect],
		.zero_bits = call->in[ALLOC_IN_zero_bits],
		.lowest = call->in[ALLOC_IN_lowest],
		.highest = call->in[ALLOC_IN_highest],
		.align = call->in[ALLOC_IN_align],
	};

	outcome->status =
		vmm_allocate(side->vm, call->cpu, call->process, VMM_CURRENT_PROCESS, &io);
	outcome_set(outcome, ALLOC_OUT_base, io.base);
	outcome_set(outcome, ALLOC_OUT_size, io.size);
	outcome->binds = io.base;
}

void core_free(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	struct vmm_free io = {
		.base = call->in[FREE_IN_addr],
		.size = call->in[FREE_IN_size],
		.type = (uint32_t)call->in[FREE_IN_type],
	};

	outcome->status = vmm_free(side->vm, call->cpu, call->process, VMM_CURRENT_PROCESS, &io);
	outcome_set(outcome, FREE_OUT_base, io.base);
	outcome_set(outcome, FREE_OUT_size, io.size);
}

void core_protect(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	struct vmm_protect io = {
		.base = call->in[PROTECT_IN_addr],
		.size = call->in[PROTECT_IN_size],
		.protect = (uint32_t)call->in[PROTECT_IN_protect],
	};

	outcome->status = vmm_protect(side->vm, call->cpu, call->process, VMM_CURRENT_PROCESS, &io);
	outcome_set(outcome, PROTECT_OUT_base, io.base);
	outcome_set(outcome, PROTECT_OUT_size, io.size);
	if (VMM_OK(outcome->status))
		outcome_set(outcome, PROTECT_OUT_old, io.old);
}

void core_query(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	struct vmm_query io = { .address = call->in[QUERY_IN_addr] };

	outcome->status = vmm_query(side->vm, call->cpu, call->process, VMM_CURRENT_PROCESS, &io);
	if (!VMM_OK(outcome->status))
		return;
	outcome_set(outcome, QUERY_OUT_base, io.base);
	outcome_set(outcome, QUERY_OUT_allocation_base, io.allocation_base);
	outcome_set(outcome, QUERY_OUT_allocation_protect, io.allocation_protect);
	outcome_set(outcome, QUERY_OUT_size, io.size);
	outcome_set(outcome, QUERY_OUT_state, io.state);
	outcome_set(outcome, QUERY_OUT_protect, io.protect);
	outcome_set(outcome, QUERY_OUT_type, io.type);
}

/* The CPU of an access runs in the process that the line names. */
static struct vmm_cpu *cpu_in(struct core_side *side, const struct call *call)
{
	struct vmm_cpu *cpu = vmm_cpu(side->vm, call->cpu);

	(void)vmm_attach(cpu, call->process);
	return cpu;
}

/* Usual accesses go the way of an embedder, inline in a batch; the others out of
 * line. */
static bool goes_inline(uint64_t mode, uint64_t irql)
{
	return mode == VMM_MODE_USER && irql == VMM_IRQL_PASSIVE;
}

static vmm_status load_inline(struct vmm_cpu *cpu, uint64_t va, uint64_t width, uint64_t *value)
{
	vmm_status status;
	uint8_t u8 = 0;
	uint16_t u16 = 0;
	uint32_t u32 = 0;

	vmm_access_begin(cpu);
	if (width == 8)
		status = vmm_load_u64(cpu, va, value);
	else if (width == 4)
		status = vmm_load_u32(cpu, va, &u32);
	else if (width == 2)
		status = vmm_load_u16(cpu, va, &u16);
	else
		status = vmm_load_u8(cpu, va, &u8);
	vmm_access_end(cpu);
	if (width != 8)
		*value = (uint64_t)u8 | u16 | u32;
	return status;
}

static vmm_status store_inline(struct vmm_cpu *cpu, uint64_t va, uint64_t width, uint64_t value)
{
	vmm_status status;

	vmm_access_begin(cpu);
	if (width == 8)
		status = vmm_store_u64(cpu, va, value);
	else if (width == 4)
		status = vmm_store_u32(cpu, va, (uint32_t)value);
	else if (width == 2)
		status = vmm_store_u16(cpu, va, (uint16_t)value);
	else
		status = vmm_store_u8(cpu, va, (uint8_t)value);
	vmm_access_end(cpu);
	return status;
}

void core_load(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	uint64_t address = call->in[LOAD_IN_address], width = call->in[LOAD_IN_width], value = 0;
	uint64_t mode = call->in[LOAD_IN_mode], irql = call->in[LOAD_IN_irql];

	outcome->status =
		goes_inline(mode, irql)
			? load_inline(cpu_in(side, call), address, width, &value)
			: vmm_load(cpu_in(side, call), address, (unsigned)width,
			           (enum vmm_mode)mode, (enum vmm_irql)irql, &value);
	if (VMM_OK(outcome->status))
		outcome_set(outcome, LOAD_OUT_value, value);
}

void core_store(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	uint64_t address = call->in[STORE_IN_address], width = call->in[STORE_IN_width];
	uint64_t mode = call->in[STORE_IN_mode], irql = call->in[STORE_IN_irql];
	uint64_t value = call->in[STORE_IN_value];

	outcome->status =
		goes_inline(mode, irql)
			? store_inline(cpu_in(side, call), address, width, value)
			: vmm_store(cpu_in(side, call), address, (unsigned)width,
			            (enum vmm_mode)mode, (enum vmm_irql)irql, value);
}

void core_exec(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	outcome->status = vmm_fetch(cpu_in(side, call), call->in[EXEC_IN_address],
	                            (enum vmm_mode)call->in[EXEC_IN_mode],
	                            (enum vmm_irql)call->in[EXEC_IN_irql]);
}

/* Room for every page that could be marked: no more can be committed, or lie in
 * the range. */
static uint64_t *watch_list(struct core_side *side, const struct call *call, uint64_t *room)
{
	struct core_list *list = &side->list[call->cpu];
	uint64_t spanned = call->in[GETWATCH_IN_size] / VMM_PAGE_SIZE + 2;

	if (*room > side->pages_max)
		*room = side->pages_max;
	if (*room > spanned)
		*room = spanned;
	list->address = memory_grow(list->address, &list->capacity, (size_t)*room + 1,
	                            sizeof list->address[0]);
	return list->address;
}

void core_getwatch(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	uint64_t room = call->in[GETWATCH_IN_max];
	uint64_t *pages = watch_list(side, call, &room);
	struct vmm_get_write_watch io = {
		.base = call->in[GETWATCH_IN_addr],
		.size = call->in[GETWATCH_IN_size],
		.reset = call->in[GETWATCH_IN_reset],
		/* More room than there can be pages is as good as all of it; but 0 is
		 * a refusal, and only the caller's own. */
		.count = call->in[GETWATCH_IN_max] == 0 ? 0 : room + (room == 0),
		.pages = pages,
	};

	outcome->status = vmm_get_write_watch(side->vm, call->cpu, call->process,
	                                      VMM_CURRENT_PROCESS, &io);
	if (!VMM_OK(outcome->status))
		return;
	outcome_set(outcome, GETWATCH_OUT_count, io.count);
	outcome_set(outcome, GETWATCH_OUT_pages, io.count);
	outcome->list = pages;
}

void core_resetwatch(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	const struct vmm_reset_write_watch in = {
		.base = call->in[RESETWATCH_IN_addr],
		.size = call->in[RESETWATCH_IN_size],
	};

	outcome->status = vmm_reset_write_watch(side->vm, call->cpu, call->process,
	                                        VMM_CURRENT_PROCESS, &in);
}

void core_process(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	vmm_process process = 0;

	outcome->status = vmm_create_process(side->vm, call->cpu,
	                                     (vmm_process)call->in[PROCESS_IN_parent], &process);
	outcome->binds = process;
}

void core_exit(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	outcome->status =
		vmm_terminate_process(side->vm, call->cpu, call->process, VMM_CURRENT_PROCESS);
}

void core_check(struct core_side *side, const struct call *call, struct outcome *outcome)
{
	unsigned broken = vmm_check(side->vm);

	(void)call;
	outcome->status = broken == 0 ? VMM_SUCCESS : OUTCOME_INVARIANT_BROKEN;
	outcome_set(outcome, CHECK_OUT_invariant, broken);
}
