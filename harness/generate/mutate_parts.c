/* mutate_parts.c: mutations of concurrent parts: of what their CPUs do, and of the
 * schedule that they do it by, together. */
#include <string.h>

#include "concurrent.h"
#include "hot.h"
#include "mutations.h"

enum { PARTS_MAX = 3 };

/* The operations between a parallel and its join. */
struct part {
	size_t parallel, end; /* op[end] is the join */
};

static bool chance(struct mutation *mutation, unsigned numerator, unsigned denominator)
{
	return prng_chance(&mutation->prng, numerator, denominator);
}

/* The program is tidy, so there is one. */
static struct part pick_part(struct mutation *mutation)
{
	const struct program *program = &mutation->program;
	size_t at = mutation_below(mutation, program->count);
	struct part part;

	while (program->op[at].verb != OP_PARALLEL)
		at = (at + 1) % program->count;
	part.parallel = part.end = at;
	while (part.end < program->count && program->op[part.end].verb != OP_JOIN)
		part.end++;
	return part;
}

static size_t pick_inside(struct mutation *mutation, const struct part *part)
{
	return part->parallel + 1 + mutation_below(mutation, part->end - part->parallel - 1);
}

static unsigned any_cpu(struct mutation *mutation)
{
	return (unsigned)mutation_below(mutation, mutation->program.machine.cpus);
}

/* ---- Operations of a part ----------------------------------------------------------- */

/* What the part works on, or else any allocation. */
static void find_hot(struct mutation *mutation, const struct part *part, struct hot *hot)
{
	struct picture *picture = &mutation->generator.picture;
	const struct picture_allocation *found = NULL;
	name_ref name = 0;

	mutation_look_at(mutation, part->parallel);
	for (size_t i = part->parallel + 1; i < part->end && found == NULL; i++) {
		const struct op *op = &mutation->program.op[i];

		name = op->name[0];
		if (name != 0 && ops_table[op->verb].subject == SUBJECT_PROCESS)
			found = picture_find(picture, op->subject, picture->name[name].value);
	}
	if (found == NULL && picture->count > 0) {
		found = &picture->allocation[mutation_below(mutation, picture->count)];
		name = picture_name_near(picture, found->process, found->base);
	}
	hot_start(hot, &mutation->prng, found == NULL ? 0 : found->process, name,
	          found == NULL || found->pages > 4 ? 4 : (unsigned)found->pages,
	          found != NULL && (found->type & VMM_MEM_WRITE_WATCH) != 0);
	hot->fresh = (name_ref)(1 + mutation_below(mutation, PROGRAM_SLOTS));
}

static void insert_hot(struct mutation *mutation)
{
	struct part part = pick_part(mutation);
	struct hot hot;
	size_t place = part.parallel + 1 + mutation_below(mutation, part.end - part.parallel);
	unsigned cpu = any_cpu(mutation);

	find_hot(mutation, &part, &hot);
	if (mutate_list_open(&mutation->program, place, 1))
		hot_op(&hot, &mutation->program.op[place], cpu);
}

static void replace_hot(struct mutation *mutation)
{
	struct part part = pick_part(mutation);
	struct op *op = &mutation->program.op[pick_inside(mutation, &part)];
	unsigned cpu = op->cpu;
	struct hot hot;

	find_hot(mutation, &part, &hot);
	*op = (struct op){ .verb = OP_LOAD };
	hot_op(&hot, op, cpu);
}

static void other_cpu(struct mutation *mutation)
{
	struct part part = pick_part(mutation);
	struct op *op = &mutation->program.op[pick_inside(mutation, &part)];

	op->cpu = (uint8_t)any_cpu(mutation);
}

static void swap_ops(struct program *program, size_t a, size_t b)
{
	struct op kept = program->op[a];

	program->op[a] = program->op[b];
	program->op[b] = kept;
}

/* The border of a part moves over one operation, into the part or out of it. */
static void move_border(struct mutation *mutation)
{
	struct program *program = &mutation->program;
	struct part part = pick_part(mutation);
	size_t border = chance(mutation, 1, 2) ? part.parallel : part.end;

	if (border >= program->count)
		return;
	if (chance(mutation, 1, 2) && border > 0)
		swap_ops(program, border, border - 1);
	else if (border + 1 < program->count)
		swap_ops(program, border, border + 1);
}

/* Two operations of a part change places. */
static void swap_inside(struct mutation *mutation)
{
	struct part part = pick_part(mutation);
	size_t a = pick_inside(mutation, &part), b = pick_inside(mutation, &part);

	swap_ops(&mutation->program, a, b);
}

static void delete_inside(struct mutation *mutation)
{
	struct part part = pick_part(mutation);

	mutate_list_remove(&mutation->program, pick_inside(mutation, &part), 1);
}

/* ---- Its schedule ------------------------------------------------------------------------ */

/* A part's schedule, to be changed and put back. */
struct entries {
	struct op *parallel;
	size_t count;
	uint8_t byte[(CONCURRENT_ENTRIES_MAX + 1) * SCHEDULE_ENTRY];
};

static struct entries take_entries(struct mutation *mutation)
{
	struct part part = pick_part(mutation);
	struct program *program = &mutation->program;
	struct entries entries = { .parallel = &program->op[part.parallel] };

	entries.count = (size_t)entries.parallel->number[PARALLEL_IN_schedule] / SCHEDULE_ENTRY;
	if (entries.count > CONCURRENT_ENTRIES_MAX)
		entries.count = CONCURRENT_ENTRIES_MAX;
	if (entries.count > 0)
		memcpy(entries.byte, program_bytes(program, entries.parallel->bytes),
		       entries.count * SCHEDULE_ENTRY);
	return entries;
}

static void put_entries(struct mutation *mutation, const struct entries *entries)
{
	size_t size = entries->count * SCHEDULE_ENTRY;

	entries->parallel->bytes = program_add_bytes(&mutation->program, entries->byte, size);
	entries->parallel->number[PARALLEL_IN_schedule] = size;
}

static void insert_entry(struct mutation *mutation)
{
	struct entries entries = take_entries(mutation);
	size_t at = mutation_below(mutation, entries.count + 1) * SCHEDULE_ENTRY;
	size_t size = entries.count * SCHEDULE_ENTRY;
	bool choice = chance(mutation, 1, 12);

	if (entries.count == CONCURRENT_ENTRIES_MAX)
		return;
	memmove(entries.byte + at + SCHEDULE_ENTRY, entries.byte + at, size - at);
	generate_entry(entries.byte + at, mutation->program.machine.cpus, &mutation->prng, choice);
	entries.count++;
	put_entries(mutation, &entries);
}

static void delete_entry(struct mutation *mutation)
{
	struct entries entries = take_entries(mutation);
	size_t size = entries.count * SCHEDULE_ENTRY;
	size_t at;

	if (entries.count == 0)
		return;
	at = mutation_below(mutation, entries.count) * SCHEDULE_ENTRY;
	memmove(entries.byte + at, entries.byte + at + SCHEDULE_ENTRY, size - at - SCHEDULE_ENTRY);
	entries.count--;
	put_entries(mutation, &entries);
}

/* A step or a few earlier or later, or anywhere. */
static void shift_gap(struct mutation *mutation)
{
	struct entries entries = take_entries(mutation);
	uint8_t *entry;
	int gap;

	if (entries.count == 0)
		return;
	entry = entries.byte + mutation_below(mutation, entries.count) * SCHEDULE_ENTRY;
	gap = entry[SCHEDULE_GAP] | entry[SCHEDULE_GAP + 1] << 8;
	if (chance(mutation, 1, 3))
		gap = (int)mutation_below(mutation, 64);
	else if (chance(mutation, 1, 2))
		gap += 1 + (int)mutation_below(mutation, 8);
	else
		gap -= 1 + (int)mutation_below(mutation, 8);
	gap = gap < 0 ? 0 : gap > SCHEDULE_GAP_MAX ? SCHEDULE_GAP_MAX : gap;
	entry[SCHEDULE_GAP] = (uint8_t)gap;
	entry[SCHEDULE_GAP + 1] = (uint8_t)(gap >> 8);
	put_entries(mutation, &entries);
}

/* Another CPU, or another of the older stores. */
static void change_entry(struct mutation *mutation)
{
	struct entries entries = take_entries(mutation);
	uint8_t *entry;

	if (entries.count == 0)
		return;
	entry = entries.byte + mutation_below(mutation, entries.count) * SCHEDULE_ENTRY;
	if (entry[SCHEDULE_CHOICE] == 0)
		entry[SCHEDULE_CPU] = (uint8_t)any_cpu(mutation);
	else
		entry[SCHEDULE_CHOICE] = (uint8_t)(2 + mutation_below(mutation, 4));
	put_entries(mutation, &entries);
}

static void renew_schedule(struct mutation *mutation)
{
	struct part part = pick_part(mutation);
	bool choices = chance(mutation, 1, 4);

	generate_schedule(&mutation->program, part.parallel, &mutation->prng, choices);
}

/* ---- Choosing --------------------------------------------------------------------------- */

static void regenerate(struct mutation *mutation)
{
	generate_concurrent(&mutation->program, prng_next(&mutation->prng), true);
}

void mutate_parts(struct mutation *mutation)
{
	static const struct {
		void (*apply)(struct mutation *mutation);
		unsigned weight;
	} mutations[] = {
		{ insert_hot, 8 },   { replace_hot, 6 },  { other_cpu, 4 },    { move_border, 3 },
		{ swap_inside, 3 },  { delete_inside, 4 }, { insert_entry, 8 }, { delete_entry, 4 },
		{ shift_gap, 14 },   { change_entry, 5 }, { renew_schedule, 6 }, { regenerate, 6 },
	};
	unsigned total = 0, chosen = 0;
	size_t pick;

	mutate_parts_tidy(mutation);
	for (unsigned i = 0; i < sizeof mutations / sizeof mutations[0]; i++)
		total += mutations[i].weight;
	for (pick = mutation_below(mutation, total); pick >= mutations[chosen].weight; chosen++)
		pick -= mutations[chosen].weight;
	mutations[chosen].apply(mutation);
}

/* ---- Order ------------------------------------------------------------------------------ */

/* Takes out what has no meaning: a parallel in a part, a join outside of one, a part of
 * no operations, parts that are too many. A part that is too long ends early. */
static unsigned tidy_borders(struct program *program)
{
	unsigned parts = 0, inside = 0;
	bool open = false;

	for (size_t i = 0; i < program->count; i++) {
		unsigned verb = program->op[i].verb;
		bool full = open && inside == CONCURRENT_OPS_MAX && verb != OP_JOIN;

		if (full && mutate_list_open(program, i, 1))
			program->op[i].verb = (uint8_t)(verb = OP_JOIN);
		if ((verb == OP_PARALLEL && (open || parts == PARTS_MAX)) ||
		    (verb == OP_JOIN && !open)) {
			mutate_list_remove(program, i--, 1);
		} else if (verb == OP_JOIN && inside == 0) {
			mutate_list_remove(program, --i, 2);
			i--;
			parts--;
			open = false;
		} else if (verb == OP_PARALLEL || verb == OP_JOIN) {
			open = verb == OP_PARALLEL;
			parts += open;
			inside = 0;
		} else {
			inside++;
		}
	}
	if (open && inside == 0) {
		mutate_list_remove(program, program->count - 1, 1);
		parts--;
	} else if (open && mutate_list_open(program, program->count, 1)) {
		program->op[program->count - 1].verb = OP_JOIN;
	}
	return parts;
}

/* Some of the last operations become a part. */
static void make_part(struct mutation *mutation)
{
	struct program *program = &mutation->program;
	size_t count = 2 + mutation_below(mutation, CONCURRENT_OPS_MAX - 1);
	size_t first = program->count > count ? program->count - count : 0;

	if (program->count == 0 || !mutate_list_open(program, first, 1)) {
		regenerate(mutation);
		return;
	}
	program->op[first].verb = OP_PARALLEL;
	for (size_t i = first + 1; i < program->count; i++)
		program->op[i].cpu = (uint8_t)any_cpu(mutation);
	if (mutate_list_open(program, program->count, 1))
		program->op[program->count - 1].verb = OP_JOIN;
	generate_schedule(program, first, &mutation->prng, false);
}

void mutate_parts_tidy(struct mutation *mutation)
{
	struct program *program = &mutation->program;

	if (program->machine.cpus < 2)
		program->machine.cpus = 2;
	if (tidy_borders(program) == 0)
		make_part(mutation);
}
