/* generate_values.c: a value for every kind of input, as makes sense where the
 * operation stands. A verb that becomes built is generated from these alone;
 * generate_verbs.c refines the ones for which that pays. */
#include "generate_values.h"

static uint64_t below(struct generator *generator, uint64_t n)
{
	return prng_below(&generator->prng, n);
}

unsigned generator_pick_page(struct generator *generator, uint64_t pages)
{
	unsigned page = 0;
	uint64_t skip = below(generator, picture_pages_count(pages));
	while (skip-- > 0)
		pages &= pages - 1;
	while ((pages >> page & 1) == 0)
		page++;
	return page;
}

uint64_t generator_exponential(struct generator *generator)
{
	unsigned shift = (unsigned)below(generator, 64);
	return prng_next(&generator->prng) >> shift;
}

/* ---- Addresses and sizes ------------------------------------------------------ */

void generator_put_address(struct generator *generator, struct op *op, unsigned input,
                           uint64_t address)
{
	const struct picture *picture = &generator->picture;
	/* A name far away says nothing that a number would not say. */
	const uint64_t far = UINT64_C(1) << 24;
	name_ref name = picture_name_near(picture, op->subject, address);
	if (name != 0 && address - picture->name[name].value >= far)
		name = 0;
	op->name[input] = name;
	op->number[input] = address - (name == 0 ? 0 : picture->name[name].value);
}

uint64_t generator_fresh_size(struct generator *generator)
{
	uint64_t pages;
	if (generator_does(generator, HABIT_BIG)) {
		/* Up to the whole of user space; mostly what a commit can still hold. */
		uint64_t shift = below(generator, 4) == 0 ? 16 + below(generator, 20) :
		                                            4 + below(generator, 7);
		pages = (UINT64_C(1) << shift) + below(generator, UINT64_C(1) << shift);
	} else {
		switch (below(generator, 8)) {
		case 0:
		case 1:
			pages = VMM_GRANULARITY / VMM_PAGE_SIZE;
			break;
		case 2:
			pages = 1 + below(generator, 2 * VMM_GRANULARITY / VMM_PAGE_SIZE);
			break;
		default:
			pages = 1 + below(generator, 8);
			break;
		}
	}
	uint64_t size = pages * VMM_PAGE_SIZE;
	if (generator_does(generator, HABIT_UNALIGNED))
		size -= below(generator, 3) == 0 ? VMM_PAGE_SIZE - 1 :
		                                   below(generator, VMM_PAGE_SIZE);
	return size;
}

/* The allocation at the operation's first address, for a size after it; NULL
 * when it has no address or that lies nowhere. */
static const struct picture_allocation *allocation_before(struct generator *generator,
                                                          const struct op *op, unsigned input,
                                                          uint64_t *address)
{
	const struct op_info *info = &ops_table[op->verb];
	for (unsigned i = 0; i < input; i++) {
		if (info->input[i].kind != KIND_ADDRESS)
			continue;
		*address = picture_address(&generator->picture, op, i);
		return picture_find(&generator->picture, op->subject, *address);
	}
	return NULL;
}

static uint64_t size_here(struct generator *generator, const struct op *op, unsigned input)
{
	uint64_t address = 0;
	const struct picture_allocation *allocation =
		allocation_before(generator, op, input, &address);
	if (allocation == NULL)
		return generator_fresh_size(generator);
	uint64_t whole = allocation->pages * VMM_PAGE_SIZE;
	uint64_t rest = allocation->base + whole - address;
	switch (below(generator, 10)) {
	case 0:
		return 1;
	case 1:
		return VMM_PAGE_SIZE;
	case 2:
		return rest + below(generator, 3) - 1;
	case 3:
		return whole;
	case 4:
		return VMM_PAGE_SIZE + 1;
	case 5:
	case 6:
		return rest;
	default:
		return 1 + below(generator, rest);
	}
}

/* ---- Flags and words ---------------------------------------------------------- */

uint32_t generator_protect(struct generator *generator)
{
	uint32_t protect = VMM_PAGE_READWRITE;
	uint64_t n = below(generator, 16);
	if (generator_does(generator, HABIT_WRITECOPIES))
		return n < 8 ? VMM_PAGE_WRITECOPY : VMM_PAGE_EXECUTE_WRITECOPY;
	if (generator_does(generator, HABIT_EXECUTES))
		protect = n < 3 ? VMM_PAGE_EXECUTE : n < 7 ? VMM_PAGE_EXECUTE_READ :
		                                             VMM_PAGE_EXECUTE_READWRITE;
	else if (n < 2)
		return VMM_PAGE_NOACCESS;
	else if (n < 5)
		protect = VMM_PAGE_READONLY;
	if (generator_does(generator, HABIT_GUARDS))
		protect |= VMM_PAGE_GUARD;
	else if (generator_does(generator, HABIT_CACHES))
		protect |= below(generator, 2) == 0 ? VMM_PAGE_NOCACHE : VMM_PAGE_WRITECOMBINE;
	return protect;
}

uint32_t generator_word(struct generator *generator, enum kind kind)
{
	const struct words *words = kind_words(kind);
	if (words == NULL || words->count == 0)
		return 0;
	uint32_t value = words->word[below(generator, words->count)].value;
	while (words->flags && below(generator, 3) == 0)
		value |= words->word[below(generator, words->count)].value;
	return value;
}

static uint32_t free_type(struct generator *generator)
{
	switch (below(generator, 12)) {
	case 0:
		return VMM_MEM_RELEASE | VMM_MEM_PRESERVE_PLACEHOLDER;
	case 1:
		return VMM_MEM_RELEASE | VMM_MEM_COALESCE_PLACEHOLDERS;
	case 2:
	case 3:
	case 4:
		return VMM_MEM_RELEASE;
	default:
		return VMM_MEM_DECOMMIT;
	}
}

static uint32_t alloc_type(struct generator *generator)
{
	const uint32_t common[] = {
		VMM_MEM_RESERVE,
		VMM_MEM_COMMIT,
		VMM_MEM_COMMIT,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT | VMM_MEM_TOP_DOWN,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT | VMM_MEM_WRITE_WATCH,
		VMM_MEM_RESERVE | VMM_MEM_RESERVE_PLACEHOLDER,
		VMM_MEM_RESERVE | VMM_MEM_COMMIT | VMM_MEM_REPLACE_PLACEHOLDER,
		VMM_MEM_RESERVE | VMM_MEM_PHYSICAL,
		VMM_MEM_RESET,
		VMM_MEM_RESET_UNDO,
	};
	return common[below(generator, sizeof common / sizeof common[0])];
}

/* ---- Numbers and names -------------------------------------------------------- */

static uint64_t number(struct generator *generator)
{
	switch (below(generator, 8)) {
	case 0:
	case 1:
	case 2:
		return below(generator, 2);
	case 3:
	case 4:
		return below(generator, 17);
	case 5:
		return UINT64_C(1) << below(generator, 32);
	case 6:
		return below(generator, 256);
	default:
		return generator_exponential(generator);
	}
}

/* What is stored: mostly different each time, so that an old value is seen to
 * be old. */
static uint64_t stored_value(struct generator *generator, const struct op *op)
{
	uint64_t value = below(generator, 4) == 0 ? prng_next(&generator->prng) :
	                                            1 + below(generator, 255);
	uint64_t width = op->number[STORE_IN_width];
	return width == 8 ? value : value & ((UINT64_C(1) << 8 * width) - 1);
}

name_ref generator_name(struct generator *generator, unsigned sort)
{
	name_ref start = (name_ref)below(generator, PROGRAM_SLOTS);
	for (name_ref i = 0; i < PROGRAM_SLOTS; i++) {
		name_ref name = (name_ref)((start + i) % PROGRAM_SLOTS + 1);
		if (generator->picture.name[name].sort == sort)
			return name;
	}
	return 0;
}

static void put_bytes(struct generator *generator, struct program *program, struct op *op,
                      unsigned input)
{
	uint8_t bytes[32];
	size_t count = (size_t)below(generator, sizeof bytes + 1);
	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)prng_next(&generator->prng);
	op->bytes = program_add_bytes(program, bytes, count);
	op->number[input] = count;
}

/* Short gaps: most switches that matter are few steps apart. */
static void put_schedule(struct generator *generator, struct program *program, struct op *op,
                         unsigned input)
{
	uint8_t bytes[8 * SCHEDULE_ENTRY] = {0};
	size_t count = (size_t)below(generator, 9) * SCHEDULE_ENTRY;
	for (size_t i = 0; i < count; i += SCHEDULE_ENTRY) {
		bytes[i] = (uint8_t)(1 + below(generator, below(generator, 4) == 0 ? 255 : 16));
		bytes[i + SCHEDULE_CPU] = (uint8_t)below(generator, generator->picture.machine.cpus);
	}
	op->bytes = program_add_bytes(program, bytes, count);
	op->number[input] = count;
}

static uint64_t tag(struct generator *generator)
{
	uint64_t value = 0;
	for (uint64_t i = 0, count = 1 + below(generator, 4); i < count; i++)
		value = value << 8 | ('a' + below(generator, 4));
	return value;
}

/* ---- By kind ------------------------------------------------------------------ */

static uint32_t word_here(struct generator *generator, enum kind kind)
{
	switch ((int)kind) {
	case KIND_PROTECT:
		return generator_protect(generator);
	case KIND_ALLOC_TYPE:
		return alloc_type(generator);
	case KIND_FREE_TYPE:
		return free_type(generator);
	case KIND_MODE:
		return generator_does(generator, HABIT_KERNEL) ? VMM_MODE_KERNEL : VMM_MODE_USER;
	case KIND_IRQL:
		if (!generator_does(generator, HABIT_RAISED))
			return VMM_IRQL_PASSIVE;
		return below(generator, 4) == 0 ? VMM_IRQL_APC : VMM_IRQL_DISPATCH;
	default:
		return generator_word(generator, kind);
	}
}

void generator_input(struct generator *generator, struct program *program, struct op *op,
                     unsigned input)
{
	const enum kind kind = ops_table[op->verb].input[input].kind;
	op->name[input] = 0;
	switch ((int)kind) {
	case KIND_NUMBER:
		op->number[input] = op->verb == OP_STORE ? stored_value(generator, op) :
		                                           number(generator);
		break;
	case KIND_SIZE:
		op->number[input] = size_here(generator, op, input);
		break;
	case KIND_ADDRESS:
		if (generator_does(generator, HABIT_STRAY))
			generator_put_address(generator, op, input,
			                      generator_odd_address(generator));
		else
			generator_put_place(generator, op, input, 1);
		break;
	case KIND_PROCESS:
		op->name[input] = generator->process;
		break;
	case KIND_NAME:
		op->name[input] = generator_name(generator, PICTURE_OTHER);
		break;
	case KIND_BYTES:
		put_bytes(generator, program, op, input);
		break;
	case KIND_SCHEDULE:
		put_schedule(generator, program, op, input);
		break;
	case KIND_WIDTH:
		op->number[input] = UINT64_C(1) << below(generator, 4);
		break;
	case KIND_TAG:
		op->number[input] = tag(generator);
		break;
	default:
		op->number[input] = word_here(generator, kind);
		break;
	}
}
