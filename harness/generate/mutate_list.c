/* mutate_list.c: inserting, copying, moving and deleting operations. */
#include <string.h>

#include "mutations.h"

/* ---- Pieces --------------------------------------------------------------------- */

/* How many of `wanted` operations the program has room for. */
static size_t room(const struct program *program, size_t wanted)
{
	if (program->count >= MUTATE_OPS_MAX)
		return 0;
	size_t most = MUTATE_OPS_MAX - program->count;
	return wanted < most ? wanted : most;
}

static void open_gap(struct program *program, size_t place, size_t count)
{
	size_t tail = program->count - place;
	for (size_t i = 0; i < count; i++)
		program_append(program);
	memmove(program->op + place + count, program->op + place, tail * sizeof *program->op);
}

bool mutate_list_open(struct program *program, size_t place, size_t count)
{
	if (room(program, count) < count)
		return false;
	open_gap(program, place, count);
	memset(program->op + place, 0, count * sizeof *program->op);
	return true;
}

void mutate_list_remove(struct program *program, size_t place, size_t count)
{
	size_t end = place + count;
	memmove(program->op + place, program->op + end,
	        (program->count - end) * sizeof *program->op);
	program->count -= count;
}

/* An operation that came from another program has its bytes in that one's pool. */
static void adopt_bytes(struct program *program, struct op *op, const struct program *from)
{
	const struct op_info *info = &ops_table[op->verb];
	for (unsigned i = 0; i < info->input_count; i++) {
		enum kind kind = info->input[i].kind;
		if ((kind == KIND_BYTES || kind == KIND_SCHEDULE) && op->number[i] != 0)
			op->bytes = program_add_bytes(program, from->bytes + op->bytes,
			                              (size_t)op->number[i]);
	}
}

void mutate_list_take(struct mutation *mutation, size_t place, size_t first, size_t count)
{
	struct program *program = &mutation->program;
	count = room(program, count);
	open_gap(program, place, count);
	for (size_t i = 0; i < count; i++) {
		program->op[place + i] = mutation->other.op[first + i];
		adopt_bytes(program, &program->op[place + i], &mutation->other);
	}
}

/* A run of operations: mostly short, now and then up to a quarter of all.
 * False when there are none. */
struct run {
	size_t first, count;
};
static bool pick_run(struct mutation *mutation, struct run *run)
{
	size_t count = mutation->program.count;
	if (count == 0)
		return false;
	size_t longest = prng_chance(&mutation->prng, 1, 4) ? count / 4 + 1 : 3;
	run->first = mutation_below(mutation, count);
	run->count = 1 + mutation_below(mutation, longest);
	if (run->count > count - run->first)
		run->count = count - run->first;
	return true;
}

/* A place before, between or behind the operations. */
static size_t pick_place(struct mutation *mutation)
{
	return mutation_below(mutation, mutation->program.count + 1);
}

/* Copies a run of the program into `other`, and from there to a place. */
static void copy_run(struct mutation *mutation, const struct run *run)
{
	struct program *other = &mutation->other;
	program_clear(other);
	for (size_t i = 0; i < run->count; i++) {
		*program_append(other) = mutation->program.op[run->first + i];
		adopt_bytes(other, &other->op[i], &mutation->program);
	}
}

/* ---- Generated operations ---------------------------------------------------------- */

static void insert_generated(struct mutation *mutation, size_t place, size_t count)
{
	mutation_look_at(mutation, place);
	program_clear(&mutation->other);
	while (mutation->other.count < count)
		generator_op(&mutation->generator, &mutation->other);
	mutate_list_take(mutation, place, 0, count);
}

void mutate_list_insert(struct mutation *mutation)
{
	size_t place = pick_place(mutation);
	insert_generated(mutation, place, 1 + mutation_below(mutation, 3));
}

void mutate_list_append(struct mutation *mutation)
{
	size_t count = 1 + mutation_below(mutation, prng_chance(&mutation->prng, 1, 4) ? 32 : 8);
	insert_generated(mutation, mutation->program.count, count);
}

void mutate_list_regenerate(struct mutation *mutation)
{
	size_t count = 1 + mutation_below(mutation, 64);
	generate_program(&mutation->program, prng_next(&mutation->prng), count);
}

/* ---- Operations that are there ------------------------------------------------------ */

void mutate_list_delete(struct mutation *mutation)
{
	struct run run;
	if (pick_run(mutation, &run))
		mutate_list_remove(&mutation->program, run.first, run.count);
}

void mutate_list_duplicate(struct mutation *mutation)
{
	struct run run;
	if (!pick_run(mutation, &run))
		return;
	copy_run(mutation, &run);
	/* Doing the same twice in a row is the most telling copy. */
	size_t place = prng_chance(&mutation->prng, 1, 2) ? run.first + run.count :
	                                                    pick_place(mutation);
	mutate_list_take(mutation, place, 0, run.count);
}

void mutate_list_swap(struct mutation *mutation)
{
	struct program *program = &mutation->program;
	if (program->count < 2)
		return;
	size_t a = mutation_below(mutation, program->count - 1), b = a + 1;
	if (prng_chance(&mutation->prng, 1, 2))
		b = mutation_below(mutation, program->count);
	struct op kept = program->op[a];
	program->op[a] = program->op[b];
	program->op[b] = kept;
}

void mutate_list_move(struct mutation *mutation)
{
	struct run run;
	if (!pick_run(mutation, &run))
		return;
	copy_run(mutation, &run);
	mutate_list_remove(&mutation->program, run.first, run.count);
	mutate_list_take(mutation, pick_place(mutation), 0, run.count);
}

/* The names that an operation refers to but does not bind. */
static void rename_in(struct op *op, name_ref from, name_ref to)
{
	if (op->subject == from)
		op->subject = to;
	for (unsigned i = 0; i < OP_INPUTS_MAX; i++) {
		if (op->name[i] == from)
			op->name[i] = to;
	}
}

/* What was done to one allocation, done to another. */
void mutate_list_retarget_copy(struct mutation *mutation)
{
	struct run run;
	if (!pick_run(mutation, &run))
		return;
	copy_run(mutation, &run);
	size_t place = pick_place(mutation);
	mutation_look_at(mutation, place);
	const struct op *model = &mutation->other.op[mutation_below(mutation, run.count)];
	name_ref from = ops_table[model->verb].input_count > 0 ? model->name[0] : 0;
	name_ref to = (name_ref)(1 + mutation_below(mutation, PROGRAM_SLOTS));
	const struct picture_name *name = mutation->generator.picture.name;
	for (unsigned tries = 0; tries < PROGRAM_SLOTS && name[to].sort != name[from].sort; tries++)
		to = (name_ref)(to % PROGRAM_SLOTS + 1);
	if (from != 0 && name[to].sort == name[from].sort) {
		for (size_t i = 0; i < run.count; i++)
			rename_in(&mutation->other.op[i], from, to);
	}
	mutate_list_take(mutation, place, 0, run.count);
}

/* The same access again a little later shows what the operations between did
 * to the page: stale translations and old contents are found so. */
void mutate_list_repeat_access(struct mutation *mutation)
{
	struct program *program = &mutation->program;
	size_t start = mutation_below(mutation, program->count + 1), tries = 0;
	while (tries < program->count) {
		unsigned verb = program->op[(start + tries) % program->count].verb;
		if (verb == OP_LOAD || verb == OP_STORE || verb == OP_EXEC || verb == OP_QUERY)
			break;
		tries++;
	}
	if (tries == program->count)
		return;
	struct run run = {(start + tries) % program->count, 1};
	size_t place = run.first + 1 + mutation_below(mutation, 8);
	copy_run(mutation, &run);
	struct op *op = &mutation->other.op[0];
	if (op->verb == OP_STORE && prng_chance(&mutation->prng, 1, 2)) {
		/* Both have address and width first, then mode and irql. */
		op->verb = OP_LOAD;
		op->number[LOAD_IN_mode] = op->number[STORE_IN_mode];
		op->number[LOAD_IN_irql] = op->number[STORE_IN_irql];
		op->number[STORE_IN_irql] = 0;
	}
	mutate_list_take(mutation, place < program->count ? place : program->count, 0, 1);
}
