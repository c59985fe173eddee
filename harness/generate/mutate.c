/* mutate.c: choosing mutations, and the way from bytes to operations and back. */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#include "mutations.h"

/* Only memory is kept here from call to call, no decision depends on it. */
static struct mutation scratch;

void mutation_look_at(struct mutation *mutation, size_t place)
{
	generator_start(&mutation->generator, prng_next(&mutation->prng),
	                &mutation->program.machine);
	for (size_t i = 0; i < place; i++)
		generator_observe(&mutation->generator, &mutation->program.op[i]);
}

/* ---- Back to bytes ---------------------------------------------------------------- */

/* Names a CPU that the machine has wherever one is named. */
static void fit_cpus(struct program *program)
{
	uint32_t cpus = program->machine.cpus;
	for (size_t i = 0; i < program->count; i++) {
		struct op *op = &program->op[i];
		op->cpu = (uint8_t)(op->cpu % cpus);
		if (op->verb != OP_PARALLEL)
			continue;
		for (uint64_t at = 0; at < op->number[PARALLEL_IN_schedule]; at += SCHEDULE_ENTRY) {
			uint8_t *entry = program->bytes + op->bytes + at;
			bool choice = entry[SCHEDULE_CHOICE] != 0;
			entry[SCHEDULE_CPU] = choice ? 0 : (uint8_t)(entry[SCHEDULE_CPU] % cpus);
		}
	}
}

/* Encodes the program, without some of its operations if it is too large. 0:
 * not even an empty one fits. */
static size_t write_out(struct mutation *mutation, uint8_t *out, size_t max_size)
{
	const size_t record = 16; /* each operation gives back at least one */
	struct program *program = &mutation->program;
	fit_cpus(program);
	for (;;) {
		uint8_t *data;
		size_t size;
		program_encode(program, &data, &size);
		if (size <= max_size)
			memcpy(out, data, size);
		free(data);
		if (size <= max_size)
			return size;
		if (program->count == 0 && program->machine.seed == 0 &&
		    program->machine.userva == 0)
			return 0;
		if (program->count == 0)
			program->machine.seed = program->machine.userva = 0;
		size_t excess = (size - max_size + record - 1) / record;
		while (excess-- > 0 && program->count > 0)
			mutate_list_remove(program, mutation_below(mutation, program->count), 1);
	}
}

/* ---- Mutation --------------------------------------------------------------------- */

static const struct {
	void (*apply)(struct mutation *mutation);
	unsigned weight;
} mutations[] = {
	{mutate_list_insert, 22},
	{mutate_list_append, 10},
	{mutate_list_delete, 10},
	{mutate_list_duplicate, 7},
	{mutate_list_swap, 5},
	{mutate_list_move, 7},
	{mutate_list_retarget_copy, 5},
	{mutate_list_repeat_access, 9},
	{mutate_list_regenerate, 1},
	{mutate_fields_input, 26},
	{mutate_fields_name, 6},
	{mutate_fields_verb, 4},
	{mutate_fields_cpu, 3},
	{mutate_fields_machine, 2},
	{mutate_mend, 8},
};
enum { MUTATIONS = sizeof mutations / sizeof mutations[0] };

static void mutate_once(struct mutation *mutation)
{
	unsigned total = 0;
	for (unsigned i = 0; i < MUTATIONS; i++)
		total += mutations[i].weight;
	size_t pick = mutation_below(mutation, total);
	unsigned chosen = 0;
	for (; pick >= mutations[chosen].weight; chosen++)
		pick -= mutations[chosen].weight;
	mutations[chosen].apply(mutation);
}

size_t mutate_bytes(uint8_t *data, size_t size, size_t max_size, uint64_t seed, bool concurrent)
{
	struct mutation *mutation = &scratch;
	prng_seed(&mutation->prng, seed);
	program_decode_any(&mutation->program, data, size, MUTATE_OPS_MAX);
	if (mutation->program.count == 0)
		mutate_list_append(mutation);
	if (concurrent)
		mutate_parts_tidy(mutation);
	do {
		if (concurrent && prng_chance(&mutation->prng, 5, 8))
			mutate_parts(mutation);
		else
			mutate_once(mutation);
	} while (prng_chance(&mutation->prng, 3, 8));
	if (concurrent)
		mutate_parts_tidy(mutation);
	size_t written = write_out(mutation, data, max_size);
	if (written != 0)
		return written;
	return size < max_size ? size : max_size;
}

/* ---- Crossover -------------------------------------------------------------------- */

/* The names that a piece of b takes from what was before it get names of a
 * that are bound alike, so that the piece goes on with a's allocations. */
struct renaming {
	struct picture a, b; /* before the piece */
	name_ref to[PROGRAM_SLOTS + 1];
};

static void choose_renaming(struct mutation *mutation, struct renaming *renaming)
{
	for (name_ref name = 0; name <= PROGRAM_SLOTS; name++) {
		unsigned sort = renaming->b.name[name].sort;
		renaming->to[name] = name;
		if (name == 0 || sort == PICTURE_UNBOUND || renaming->a.name[name].sort == sort)
			continue;
		size_t start = mutation_below(mutation, PROGRAM_SLOTS);
		for (size_t i = 0; i < PROGRAM_SLOTS; i++) {
			name_ref candidate = (name_ref)((start + i) % PROGRAM_SLOTS + 1);
			if (renaming->a.name[candidate].sort == sort) {
				renaming->to[name] = candidate;
				break;
			}
		}
	}
}

static void rename_piece(struct program *b, size_t first, size_t count,
                         struct renaming *renaming)
{
	for (size_t i = first; i < first + count; i++) {
		struct op *op = &b->op[i];
		op->subject = renaming->to[op->subject];
		for (unsigned input = 0; input < OP_INPUTS_MAX; input++)
			op->name[input] = renaming->to[op->name[input]];
		renaming->to[op->result] = op->result; /* from here on the piece's own */
	}
}

size_t crossover_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                       uint8_t *out, size_t max_size, uint64_t seed, bool concurrent)
{
	static struct renaming renaming;
	struct mutation *mutation = &scratch;
	struct program *first = &mutation->program, *second = &mutation->other;
	prng_seed(&mutation->prng, seed);
	program_decode_any(first, a, a_size, MUTATE_OPS_MAX);
	program_decode_any(second, b, b_size, MUTATE_OPS_MAX);
	if (first->count == 0 || second->count == 0)
		return 0;

	size_t place = 1 + mutation_below(mutation, first->count);
	size_t from = mutation_below(mutation, second->count);
	size_t count = second->count - from;
	bool inserts = prng_chance(&mutation->prng, 1, 3);
	if (inserts)
		count = 1 + mutation_below(mutation, count);
	else
		first->count = place;
	picture_start(&renaming.a, &first->machine);
	for (size_t i = 0; i < place; i++)
		picture_observe(&renaming.a, &first->op[i]);
	picture_start(&renaming.b, &second->machine);
	for (size_t i = 0; i < from; i++)
		picture_observe(&renaming.b, &second->op[i]);
	choose_renaming(mutation, &renaming);
	rename_piece(second, from, count, &renaming);
	mutate_list_take(mutation, place, from, count);
	if (concurrent)
		mutate_parts_tidy(mutation);
	return write_out(mutation, out, max_size);
}
