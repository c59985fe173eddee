/* picture.c: looking things up in a picture, and its flag rules.
 *
 * An allocation is an entry of an unsorted array: programs keep few of them
 * alive, and a scan of them is cheaper than keeping an order. What operations
 * do to a picture is in picture_observe.c. */
#include "picture.h"

void picture_start(struct picture *picture, const struct machine *machine)
{
	static const struct {
		uint64_t low, high;
	} space[] = {
		[VMM_LAYOUT_NT32] = {0x10000, 0x7ffeffff},
		[VMM_LAYOUT_NT32_3GB] = {0x10000, 0xbffeffff},
		[VMM_LAYOUT_NT64] = {0x10000, 0x7ffffffeffff},
		[VMM_LAYOUT_NT64_8TB] = {0x10000, 0x7fffffeffff},
		[VMM_LAYOUT_XP_IA64] = {0x10000, 0x6fbfffeffff},
		[VMM_LAYOUT_WIN9X] = {0x400000, 0x7fffffff},
	};
	picture->machine = *machine;
	picture->low = space[machine->layout].low;
	picture->high = space[machine->layout].high;
	if (machine->layout == VMM_LAYOUT_NT32_3GB && machine->userva != 0)
		picture->high = ((uint64_t)machine->userva << 20) - VMM_GRANULARITY - 1;
	picture->count = 0;
	for (unsigned i = 0; i <= PROGRAM_SLOTS; i++)
		picture->name[i] = (struct picture_name){0};
	picture->name[0].sort = PICTURE_PROCESS;
}

/* ---- Pages and allocations ---------------------------------------------------- */

uint64_t picture_pages(uint64_t first, uint64_t last)
{
	if (first >= PICTURE_PAGES || first > last)
		return 0;
	if (last >= PICTURE_PAGES)
		last = PICTURE_PAGES - 1;
	return UINT64_MAX >> (PICTURE_PAGES - 1 - last) & UINT64_MAX << first;
}

unsigned picture_pages_count(uint64_t pages)
{
	unsigned count = 0;
	for (; pages != 0; pages &= pages - 1)
		count++;
	return count;
}

uint64_t picture_drawn(const struct picture_allocation *allocation)
{
	return picture_pages(0, allocation->pages - 1);
}

struct picture_allocation *picture_find(struct picture *picture, name_ref process,
                                        uint64_t address)
{
	for (unsigned i = 0; i < picture->count; i++) {
		struct picture_allocation *allocation = &picture->allocation[i];
		if (allocation->process == process &&
		    address - allocation->base < allocation->pages * VMM_PAGE_SIZE)
			return allocation;
	}
	return NULL;
}

/* The entry that overlaps a range, or NULL; size is not 0. */
static const struct picture_allocation *obstacle(const struct picture *picture,
                                                 name_ref process, uint64_t base, uint64_t size)
{
	for (unsigned i = 0; i < picture->count; i++) {
		const struct picture_allocation *allocation = &picture->allocation[i];
		if (allocation->process == process && allocation->base <= base + (size - 1) &&
		    base < picture_end(allocation))
			return allocation;
	}
	return NULL;
}

bool picture_overlaps(const struct picture *picture, name_ref process, uint64_t base,
                      uint64_t size)
{
	return obstacle(picture, process, base, size) != NULL;
}

unsigned picture_count(const struct picture *picture, name_ref process)
{
	unsigned count = 0;
	for (unsigned i = 0; i < picture->count; i++)
		count += picture->allocation[i].process == process;
	return count;
}

struct picture_allocation *picture_nth(struct picture *picture, name_ref process, unsigned index)
{
	for (unsigned i = 0; i < picture->count; i++) {
		if (picture->allocation[i].process == process && index-- == 0)
			return &picture->allocation[i];
	}
	return NULL;
}

/* ---- Names -------------------------------------------------------------------- */

uint64_t picture_address(const struct picture *picture, const struct op *op, unsigned input)
{
	uint64_t value = op->name[input] <= PROGRAM_SLOTS && op->name[input] != 0 ?
	                         picture->name[op->name[input]].value :
	                         0;
	return value + op->number[input];
}

name_ref picture_name_near(const struct picture *picture, name_ref process, uint64_t address)
{
	name_ref best = 0;
	for (name_ref i = 1; i <= PROGRAM_SLOTS; i++) {
		const struct picture_name *name = &picture->name[i];
		if (name->sort != PICTURE_ADDRESS || name->process != process ||
		    name->value > address)
			continue;
		if (best == 0 || name->value > picture->name[best].value)
			best = i;
	}
	return best;
}

bool picture_lives(const struct picture *picture, name_ref process)
{
	return process <= PROGRAM_SLOTS && picture->name[process].sort == PICTURE_PROCESS &&
	       !picture->name[process].exited;
}

/* ---- Flags -------------------------------------------------------------------- */

/* True when `type` has all of `with` and nothing outside with and `maybe`. */
static bool type_is(uint32_t type, uint32_t with, uint32_t maybe)
{
	return (type & with) == with && (type & ~(with | maybe)) == 0;
}

bool picture_type_is_legal(uint32_t type)
{
	const uint32_t reserve = VMM_MEM_RESERVE, commit = VMM_MEM_COMMIT;
	const uint32_t top_down = VMM_MEM_TOP_DOWN, watch = VMM_MEM_WRITE_WATCH;
	return type == VMM_MEM_RESET || type == VMM_MEM_RESET_UNDO ||
	       type_is(type, commit, reserve | top_down) ||
	       type_is(type, reserve, commit | top_down | watch) ||
	       type_is(type, reserve | VMM_MEM_PHYSICAL, top_down) ||
	       type_is(type, reserve | VMM_MEM_RESERVE_PLACEHOLDER, top_down) ||
	       type_is(type, reserve | VMM_MEM_REPLACE_PLACEHOLDER, commit | watch);
}

bool picture_protect_is_legal(uint32_t protect)
{
	uint32_t base = protect & 0xffu, modifier = protect & ~0xffu;
	bool one_base = base != 0 && (base & (base - 1)) == 0;
	bool copies = (base & (VMM_PAGE_WRITECOPY | VMM_PAGE_EXECUTE_WRITECOPY)) != 0;
	bool one_modifier = (modifier & (modifier - 1)) == 0 &&
	                    modifier <= VMM_PAGE_WRITECOMBINE;
	return one_base && !copies && one_modifier &&
	       (modifier == 0 || base != VMM_PAGE_NOACCESS);
}

uint64_t picture_zero_limit(uint64_t zero_bits)
{
	if (zero_bits == 0)
		return UINT64_MAX;
	if (zero_bits <= 31)
		return UINT32_MAX >> zero_bits;
	for (unsigned shift = 1; shift < 64; shift *= 2)
		zero_bits |= zero_bits >> shift;
	return zero_bits;
}

/* ---- Placement ---------------------------------------------------------------- */

static bool place_bottom_up(const struct picture *picture, name_ref process,
                            const struct picture_wish *wish, uint64_t *base)
{
	uint64_t at = (wish->lowest + wish->align - 1) & ~(wish->align - 1);
	while (at <= wish->highest && wish->highest - at >= wish->size - 1) {
		const struct picture_allocation *in_the_way =
			obstacle(picture, process, at, wish->size);
		if (in_the_way == NULL) {
			*base = at;
			return true;
		}
		at = (picture_end(in_the_way) + wish->align - 1) & ~(wish->align - 1);
	}
	return false;
}

static bool place_top_down(const struct picture *picture, name_ref process,
                           const struct picture_wish *wish, uint64_t *base)
{
	uint64_t end = wish->highest + 1;
	while (end >= wish->size) {
		uint64_t at = (end - wish->size) & ~(wish->align - 1);
		if (at < wish->lowest)
			return false;
		const struct picture_allocation *in_the_way =
			obstacle(picture, process, at, wish->size);
		if (in_the_way == NULL) {
			*base = at;
			return true;
		}
		end = in_the_way->base;
	}
	return false;
}

bool picture_place(const struct picture *picture, name_ref process,
                   const struct picture_wish *wish, uint64_t *base)
{
	return wish->top_down ? place_top_down(picture, process, wish, base) :
	                        place_bottom_up(picture, process, wish, base);
}
