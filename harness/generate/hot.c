/* hot.c: what CPUs do to the same few pages. At most one random number is drawn in an
 * expression (generate_values.h says why). */
#include "hot.h"

#include "../../core/vmm.h"

static uint64_t below(struct hot *hot, uint64_t n)
{
	return prng_below(hot->prng, n);
}

static bool chance(struct hot *hot, unsigned numerator, unsigned denominator)
{
	return prng_chance(hot->prng, numerator, denominator);
}

/* ---- Where ------------------------------------------------------------------------- */

static uint64_t page(struct hot *hot)
{
	if (chance(hot, 1, 2))
		return hot->hottest * VMM_PAGE_SIZE;
	return below(hot, hot->pages) * VMM_PAGE_SIZE;
}

static void put_place(struct hot *hot, struct op *op, unsigned input, uint64_t offset)
{
	op->name[input] = hot->name;
	op->number[input] = offset;
	if (hot->own[op->cpu] == 0 || !chance(hot, 1, 4))
		return;
	op->name[input] = hot->own[op->cpu];
	op->number[input] = offset % (2 * VMM_PAGE_SIZE);
}

/* Pages from a hot one on. */
static void put_range(struct hot *hot, struct op *op, unsigned address, unsigned size)
{
	uint64_t first = page(hot);
	uint64_t count = 1 + below(hot, chance(hot, 1, 2) ? 1 : hot->pages);

	if (first + count * VMM_PAGE_SIZE > hot->pages * VMM_PAGE_SIZE)
		count = hot->pages - first / VMM_PAGE_SIZE;
	put_place(hot, op, address, first);
	op->number[size] = count * VMM_PAGE_SIZE;
}

/* Few words of a page, so that they are the same ones, and some over its border. */
static void put_access(struct hot *hot, struct op *op, unsigned address, unsigned width)
{
	static const uint64_t words[] = { 0, 0, 0, 0, 8, 2, 0xff8, 0xffe };
	uint64_t at = words[below(hot, sizeof words / sizeof words[0])];

	put_place(hot, op, address, page(hot) + at);
	op->number[width] = UINT64_C(1) << (chance(hot, 1, 2) ? 2 : below(hot, 4));
}

static uint64_t protection(struct hot *hot)
{
	static const uint32_t words[] = {
		VMM_PAGE_READWRITE, VMM_PAGE_READWRITE, VMM_PAGE_READWRITE,
		VMM_PAGE_READONLY,  VMM_PAGE_READONLY,  VMM_PAGE_NOACCESS,
		VMM_PAGE_READWRITE | VMM_PAGE_GUARD,    VMM_PAGE_EXECUTE_READWRITE,
	};

	return words[below(hot, sizeof words / sizeof words[0])];
}

/* ---- What -------------------------------------------------------------------------- */

static void build_load(struct hot *hot, struct op *op)
{
	op->verb = OP_LOAD;
	put_access(hot, op, LOAD_IN_address, LOAD_IN_width);
}

static void build_store(struct hot *hot, struct op *op)
{
	op->verb = OP_STORE;
	put_access(hot, op, STORE_IN_address, STORE_IN_width);
	/* Alike in all bytes, so that halves of two stores are told apart. */
	op->number[STORE_IN_value] = (1 + below(hot, 15)) * UINT64_C(0x1111111111111111) &
	                             width_mask(op->number[STORE_IN_width]);
}

static void build_exec(struct hot *hot, struct op *op)
{
	op->verb = OP_EXEC;
	put_place(hot, op, EXEC_IN_address, page(hot));
}

static void build_protect(struct hot *hot, struct op *op)
{
	op->verb = OP_PROTECT;
	put_range(hot, op, PROTECT_IN_addr, PROTECT_IN_size);
	op->number[PROTECT_IN_protect] = protection(hot);
}

static void build_decommit(struct hot *hot, struct op *op)
{
	op->verb = OP_FREE;
	put_range(hot, op, FREE_IN_addr, FREE_IN_size);
	op->number[FREE_IN_type] = VMM_MEM_DECOMMIT;
}

static void build_release(struct hot *hot, struct op *op)
{
	op->verb = OP_FREE;
	put_place(hot, op, FREE_IN_addr, 0);
	op->number[FREE_IN_type] = VMM_MEM_RELEASE;
}

static void build_release_part(struct hot *hot, struct op *op)
{
	build_decommit(hot, op);
	op->number[FREE_IN_type] = VMM_MEM_RELEASE;
}

static void build_commit(struct hot *hot, struct op *op)
{
	op->verb = OP_ALLOC;
	put_range(hot, op, ALLOC_IN_addr, ALLOC_IN_size);
	op->number[ALLOC_IN_type] = VMM_MEM_COMMIT;
	op->number[ALLOC_IN_protect] = protection(hot);
}

static void build_reset(struct hot *hot, struct op *op)
{
	build_commit(hot, op);
	op->number[ALLOC_IN_type] = VMM_MEM_RESET;
}

static name_ref take_name(struct hot *hot)
{
	name_ref name = hot->fresh;

	hot->fresh = (name_ref)(hot->fresh % PROGRAM_SLOTS + 1);
	return name;
}

/* Where the lowest gap is, or where an allocation may just go. */
static void build_allocate(struct hot *hot, struct op *op)
{
	op->verb = OP_ALLOC;
	op->number[ALLOC_IN_size] = (1 + below(hot, 2)) * VMM_PAGE_SIZE;
	op->number[ALLOC_IN_type] =
		chance(hot, 1, 3) ? VMM_MEM_RESERVE : VMM_MEM_RESERVE | VMM_MEM_COMMIT;
	op->number[ALLOC_IN_protect] = VMM_PAGE_READWRITE;
	if (chance(hot, 1, 8))
		op->number[ALLOC_IN_type] |= VMM_MEM_TOP_DOWN;
	if (chance(hot, 1, 5))
		op->name[ALLOC_IN_addr] = hot->name;
	op->result = hot->own[op->cpu] = take_name(hot);
}

static void build_query(struct hot *hot, struct op *op)
{
	op->verb = OP_QUERY;
	put_place(hot, op, QUERY_IN_addr, page(hot));
}

static void build_look_at_marks(struct hot *hot, struct op *op)
{
	op->verb = OP_GETWATCH;
	put_range(hot, op, GETWATCH_IN_addr, GETWATCH_IN_size);
	op->number[GETWATCH_IN_reset] = below(hot, 2);
	op->number[GETWATCH_IN_max] = 1 + below(hot, 4);
}

static void build_forget_marks(struct hot *hot, struct op *op)
{
	op->verb = OP_RESETWATCH;
	put_range(hot, op, RESETWATCH_IN_addr, RESETWATCH_IN_size);
}

static void build_new_process(struct hot *hot, struct op *op)
{
	op->verb = OP_PROCESS;
	op->subject = 0;
	op->result = take_name(hot);
}

/* The end of P0 is the end of all that a program knows. */
static void build_exit(struct hot *hot, struct op *op)
{
	if (hot->process == 0 && !chance(hot, 1, 8))
		build_store(hot, op);
	else
		op->verb = OP_EXIT;
}

static const struct {
	void (*build)(struct hot *hot, struct op *op);
	unsigned weight;
} deeds[HOT_COUNT] = {
#define DEED(name, weight) { build_##name, weight },
	HOT_DEEDS(DEED)
#undef DEED
};

/* ---- The whole ------------------------------------------------------------------------ */

void hot_start(struct hot *hot, struct prng *prng, name_ref process, name_ref name, unsigned pages,
               bool watched)
{
	static const unsigned scales[] = { 0, 1, 2, 2, 2, 6 };

	*hot = (struct hot){ .prng = prng,
		             .process = process,
		             .name = name,
		             .pages = pages == 0 ? 1 : pages,
		             .fresh = (name_ref)(name % PROGRAM_SLOTS + 1) };
	hot->hottest = (unsigned)below(hot, hot->pages);
	for (unsigned i = 0; i < HOT_COUNT; i++) {
		bool marks = i == HOT_look_at_marks || i == HOT_forget_marks;

		hot->weight[i] = deeds[i].weight * scales[below(hot, 6)];
		if (marks && !watched)
			hot->weight[i] = 0;
	}
	/* Without accesses nobody sees what the services do. */
	hot->weight[HOT_store] += 4;
	hot->weight[HOT_load] += 4;
}

void hot_do(struct hot *hot, struct op *op, unsigned cpu, enum hot_deed deed)
{
	op->cpu = (uint8_t)cpu;
	op->subject = hot->process;
	deeds[deed].build(hot, op);
}

void hot_op(struct hot *hot, struct op *op, unsigned cpu)
{
	unsigned total = 0, deed = 0;
	uint64_t pick;

	for (unsigned i = 0; i < HOT_COUNT; i++)
		total += hot->weight[i];
	pick = below(hot, total);
	for (; pick >= hot->weight[deed]; deed++)
		pick -= hot->weight[deed];
	hot_do(hot, op, cpu, (enum hot_deed)deed);
}
