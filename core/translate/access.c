/* access.c: loads, stores and fetches of a CPU, out of line.
 *
 * An access touches the page of its first byte and, when it crosses, the page of
 * its last. Both are resolved before anything is written; then the bytes move,
 * as one access when naturally aligned, else byte by byte.
 *
 * Nobody waits inside a batch: where an access cannot go on before another CPU
 * has, it ends the batch, waits, begins another one and starts anew. */
#include "../vm.h"

#include "batch.h"
#include "fault.h"

/* A page of an access, ready. */
struct window {
	uint8_t *bytes; /* of the whole page */
	uint64_t page;
};

static uint64_t tlb_bit(unsigned right)
{
	return right == RIGHT_LOAD ? TLB_R : right == RIGHT_STORE ? TLB_W : TLB_X;
}

/* The window of a page that the TLB has with every right it needs. */
static bool in_tlb(struct vmm_cpu *cpu, uint64_t page, unsigned right, struct window *window)
{
	uint64_t entry = atomic64_load_own(&cpu->head.tlb[page & cpu->head.tlb_mask]);

	window->page = page;
	window->bytes = frame_bytes(&cpu->vm->frames,
	                            (frame_t)(entry >> TLB_FRAME_SHIFT & 0xFFFFFF));
	return entry >> TLB_TAG_SHIFT == page && (entry & tlb_bit(right)) != 0;
}

/* The window of a page that is ready, which the TLB remembers. */
static void fill(struct vmm_cpu *cpu, const struct ready *ready, struct window *window)
{
	window->bytes = frame_bytes(&cpu->vm->frames, pte_frame(ready->pte));
	tlb_fill_local(cpu, window->page, ready->pte);
}

static vmm_status open_window(struct vmm_cpu *cpu, uint64_t page, const struct need *need,
                              struct window *window)
{
	struct ready ready;
	vmm_status status;

	if (in_tlb(cpu, page, need->right, window))
		return VMM_SUCCESS;
	status = fault_resolve(cpu, page, need, &ready);
	if (status == VMM_SUCCESS)
		fill(cpu, &ready, window);
	return status;
}

/* The windows of an access over two pages. The first page is held while the second
 * is resolved: an access that has to be repeated leaves nothing behind. */
static vmm_status open_two(struct vmm_cpu *cpu, uint64_t first, const struct need *need,
                           struct window window[2])
{
	struct ready ready;
	vmm_status status;

	if (in_tlb(cpu, first, need->right, &window[0]))
		return open_window(cpu, first + 1, need, &window[1]);
	status = fault_hold(cpu, first, need, &ready);
	if (status != VMM_SUCCESS)
		return status;
	status = open_window(cpu, first + 1, need, &window[1]);
	fault_put(cpu, &ready, status);
	if (status == VMM_SUCCESS)
		fill(cpu, &ready, &window[0]);
	return status;
}

/* One attempt, inside the batch. Refused: the status of the first page that
 * refuses. */
static vmm_status try_access(struct vmm_cpu *cpu, uint64_t va, unsigned width, unsigned right,
                             enum vmm_irql irql, struct window window[2])
{
	const struct need need = { right, irql };

	tlb_catch_up(cpu);
	if (va + width - 1 < va)
		return VMM_ACCESS_VIOLATION;
	return page_of(va) == page_of(va + width - 1)
	               ? open_window(cpu, page_of(va), &need, &window[0])
	               : open_two(cpu, page_of(va), &need, window);
}

/* Until the access has an outcome. A pool that we have stopped goes again before
 * we wait for anything else. */
static vmm_status open_access(struct vmm_cpu *cpu, uint64_t va, unsigned width, unsigned right,
                              enum vmm_irql irql, struct window window[2])
{
	struct vmm *vm = cpu->vm;
	bool stopped = false;
	uint64_t turn = 0;

	VMM_ASSERT((atomic64_load_own(&cpu->head.pin) & 1) == 1);
	for (;;) {
		vmm_status status = try_access(cpu, va, width, right, irql, window);

		if (stopped)
			frame_pool_go(vm, cpu->index);
		stopped = false;
		if (status != FAULT_NO_FRAME && status != FAULT_BUSY)
			return status;
		batch_end(cpu);
		if (status == FAULT_NO_FRAME) {
			frame_pool_stop(vm, cpu->index);
			stopped = true;
		} else {
			vm_wait(vm, cpu->index, VMM_ANY_CPU, POINT_PTE_BUSY, turn++);
		}
		batch_begin(cpu);
	}
}

/* ---- Moving the bytes ---------------------------------------------------------- */

static uint8_t *byte_at(struct window window[2], uint64_t va, unsigned i)
{
	uint64_t page = page_of(va + i);

	return window[page == window[0].page ? 0 : 1].bytes + ((va + i) & (VMM_PAGE_SIZE - 1));
}

static uint64_t read_word(const uint8_t *byte, unsigned width)
{
	switch (width) {
	case 1:
		return atomic_guest_load_u8(byte);
	case 2:
		return atomic_guest_load_u16(byte);
	case 4:
		return atomic_guest_load_u32(byte);
	default:
		return atomic_guest_load_u64(byte);
	}
}

static uint64_t read_bytes(struct window window[2], uint64_t va, unsigned width)
{
	uint64_t value = 0;

	if ((va & (width - 1)) == 0)
		return read_word(byte_at(window, va, 0), width);
	for (unsigned i = 0; i < width; i++)
		value |= (uint64_t)atomic_guest_load_u8(byte_at(window, va, i)) << (8 * i);
	return value;
}

static void write_bytes(struct window window[2], uint64_t va, unsigned width, uint64_t value)
{
	if ((va & (width - 1)) == 0) {
		uint8_t *byte = byte_at(window, va, 0);

		switch (width) {
		case 1:
			atomic_guest_store_u8(byte, (uint8_t)value);
			return;
		case 2:
			atomic_guest_store_u16(byte, (uint16_t)value);
			return;
		case 4:
			atomic_guest_store_u32(byte, (uint32_t)value);
			return;
		default:
			atomic_guest_store_u64(byte, value);
			return;
		}
	}
	for (unsigned i = 0; i < width; i++)
		atomic_guest_store_u8(byte_at(window, va, i), (uint8_t)(value >> (8 * i)));
}

/* ---- Accesses inside a batch ------------------------------------------------------- */

static vmm_status load(struct vmm_cpu *cpu, uint64_t va, unsigned width, enum vmm_irql irql,
                       uint64_t *value)
{
	struct window window[2];
	vmm_status status = open_access(cpu, va, width, RIGHT_LOAD, irql, window);

	if (status == VMM_SUCCESS)
		*value = read_bytes(window, va, width);
	return status;
}

static vmm_status store(struct vmm_cpu *cpu, uint64_t va, unsigned width, enum vmm_irql irql,
                        uint64_t value)
{
	struct window window[2];
	vmm_status status = open_access(cpu, va, width, RIGHT_STORE, irql, window);

	if (status == VMM_SUCCESS)
		write_bytes(window, va, width, value);
	return status;
}

vmm_status vmm_load_miss(struct vmm_cpu *cpu, uint64_t va, unsigned width, uint64_t *value)
{
	return load(cpu, va, width, VMM_IRQL_PASSIVE, value);
}

vmm_status vmm_store_miss(struct vmm_cpu *cpu, uint64_t va, unsigned width, uint64_t value)
{
	return store(cpu, va, width, VMM_IRQL_PASSIVE, value);
}

/* ---- Accesses as batches of their own ------------------------------------------------- */

/* User and kernel mode differ in system space only, and nothing is there: mode
 * changes no outcome yet. */
vmm_status vmm_load(struct vmm_cpu *cpu, uint64_t va, unsigned width, enum vmm_mode mode,
                    enum vmm_irql irql, uint64_t *value)
{
	const uint8_t *byte;
	vmm_status status = VMM_SUCCESS;

	(void)mode;
	VMM_ASSERT(is_power_of_two(width) && width <= 8);
	batch_begin(cpu);
	byte = vmm_inline_hit(cpu, va, width, TLB_R);
	if (byte != NULL)
		*value = read_word(byte, width);
	else
		status = load(cpu, va, width, irql, value);
	batch_end(cpu);
	return status;
}

vmm_status vmm_store(struct vmm_cpu *cpu, uint64_t va, unsigned width, enum vmm_mode mode,
                     enum vmm_irql irql, uint64_t value)
{
	vmm_status status;

	(void)mode;
	VMM_ASSERT(is_power_of_two(width) && width <= 8);
	batch_begin(cpu);
	status = store(cpu, va, width, irql, value);
	batch_end(cpu);
	return status;
}

vmm_status vmm_fetch(struct vmm_cpu *cpu, uint64_t va, enum vmm_mode mode, enum vmm_irql irql)
{
	struct window window[2];
	vmm_status status;

	(void)mode;
	batch_begin(cpu);
	status = open_access(cpu, va, 1, RIGHT_FETCH, irql, window);
	batch_end(cpu);
	return status;
}
