/* generator_reaches_everything.c: claims that the generator makes every built
 * verb with every input, the same program from the same seed, and that the
 * mutator and the crossover keep their bounds and depend on their seed alone.
 * It does not claim which statuses the programs reach. */
#include <stdlib.h>
#include <string.h>

#include "../core/vmm.h"
#include "../harness/generate/generate.h"
#include "../harness/generate/mutate.h"
#include "claim.h"

enum { PROGRAMS = 400, OPS = 200, ROUNDS = 3000, BYTES_MAX = 4096 };

static void encode_generated(uint64_t seed, size_t ops, uint8_t **data, size_t *size)
{
	struct program program;
	program_init(&program);
	generate_program(&program, seed, ops);
	program_encode(&program, data, size);
	program_destroy(&program);
}

/* Fills data with a generated program and returns its size. */
static size_t some_bytes(uint64_t seed, size_t ops, uint8_t *data)
{
	uint8_t *made;
	size_t size;
	encode_generated(seed, ops, &made, &size);
	cr_assert_leq(size, BYTES_MAX);
	memcpy(data, made, size);
	free(made);
	return size;
}

static bool decodes(const uint8_t *data, size_t size, size_t *ops)
{
	struct program program;
	struct place place;
	program_init(&program);
	bool decoded = program_decode_file(&program, data, size, &place);
	*ops = program.count;
	program_destroy(&program);
	return decoded;
}

/* ---- The generator ---------------------------------------------------------------- */

/* What a campaign of programs contained. */
struct seen {
	uint64_t verb[OP_COUNT];
	uint64_t input[OP_COUNT][OP_INPUTS_MAX]; /* not absent */
	uint64_t named[OP_COUNT][OP_INPUTS_MAX];
	uint64_t subject, result, other_cpu;
	uint32_t alloc_type, free_type, protect, layouts;
	bool wraps, zero_size, one_byte, whole_block;
};

static void note_alloc(struct seen *seen, const struct op *op)
{
	uint64_t size = op->number[ALLOC_IN_size];
	seen->alloc_type |= (uint32_t)op->number[ALLOC_IN_type];
	seen->protect |= (uint32_t)op->number[ALLOC_IN_protect];
	seen->zero_size |= size == 0;
	seen->one_byte |= size == 1;
	seen->whole_block |= size == VMM_GRANULARITY;
	seen->wraps |= size > UINT64_MAX - VMM_PAGE_SIZE;
}

static void note(struct seen *seen, const struct program *program)
{
	seen->layouts |= 1u << program->machine.layout;
	for (size_t i = 0; i < program->count; i++) {
		const struct op *op = &program->op[i];
		cr_assert_eq(ops_table[op->verb].stage, STAGE_BUILT);
		cr_assert_lt(op->cpu, program->machine.cpus);
		seen->verb[op->verb]++;
		seen->subject += op->subject != 0;
		seen->result += op->result != 0;
		seen->other_cpu += op->cpu != 0;
		for (unsigned k = 0; k < ops_table[op->verb].input_count; k++) {
			seen->named[op->verb][k] += op->name[k] != 0;
			seen->input[op->verb][k] += op->number[k] != 0 || op->name[k] != 0;
		}
		if (op->verb == OP_ALLOC)
			note_alloc(seen, op);
		/* `gen` once printed stores of values too wide for them, which no
		 * parser takes back. */
		if (op->verb == OP_STORE)
			cr_assert_eq(op->number[STORE_IN_value] &
			                     ~width_mask(op->number[STORE_IN_width]), 0);
		if (op->verb == OP_FREE)
			seen->free_type |= (uint32_t)op->number[FREE_IN_type];
	}
}

static void see_everything(struct seen *seen)
{
	struct program program;
	program_init(&program);
	for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
		generate_program(&program, seed, OPS);
		cr_assert_eq(program.count, OPS);
		note(seen, &program);
	}
	program_destroy(&program);
}

Test(generator_reaches_everything, every_verb_and_input)
{
	static struct seen seen;
	see_everything(&seen);
	for (unsigned verb = 0; verb < OP_COUNT; verb++) {
		const struct op_info *info = &ops_table[verb];
		if (info->stage != STAGE_BUILT || info->weight == 0)
			continue;
		cr_assert_gt(seen.verb[verb], 0, "no %s", info->verb);
		for (unsigned k = 0; k < info->input_count; k++) {
			cr_assert_gt(seen.input[verb][k], 0, "%s without %s", info->verb,
			             info->input[k].key);
			if (info->input[k].kind == KIND_ADDRESS)
				cr_assert_gt(seen.named[verb][k], 0, "%s: no name in %s",
				             info->verb, info->input[k].key);
		}
	}
	cr_assert_gt(seen.subject, 0);
	cr_assert_gt(seen.result, 0);
	cr_assert_gt(seen.other_cpu, 0);
}

static uint32_t all_words(enum kind kind)
{
	uint32_t all = 0;
	for (unsigned i = 0; i < kind_words(kind)->count; i++)
		all |= kind_words(kind)->word[i].value;
	return all;
}

Test(generator_reaches_everything, every_flag_and_border)
{
	static struct seen seen;
	see_everything(&seen);
	uint32_t types = all_words(KIND_ALLOC_TYPE), frees = all_words(KIND_FREE_TYPE);
	uint32_t protects = all_words(KIND_PROTECT);
	cr_assert_eq(seen.alloc_type & types, types);
	cr_assert_eq(seen.free_type & frees, frees);
	cr_assert_eq(seen.protect & protects, protects);
	cr_assert_neq(seen.alloc_type & ~types, 0, "no illegal bit");
	cr_assert_eq(seen.layouts, (1u << kind_words(KIND_LAYOUT)->count) - 1);
	cr_assert(seen.zero_size && seen.one_byte && seen.whole_block && seen.wraps);
}

Test(generator_reaches_everything, same_seed_same_program)
{
	for (uint64_t seed = 0; seed < 50; seed++) {
		uint8_t *first, *again, *other;
		size_t first_size, again_size, other_size, ops;
		encode_generated(seed, OPS, &first, &first_size);
		encode_generated(seed + 1000, OPS, &other, &other_size);
		encode_generated(seed, OPS, &again, &again_size);
		cr_assert_eq(first_size, again_size);
		cr_assert_eq(memcmp(first, again, first_size), 0);
		cr_assert(first_size != other_size || memcmp(first, other, first_size) != 0);
		cr_assert(decodes(first, first_size, &ops));
		cr_assert_eq(ops, OPS);
		free(first);
		free(again);
		free(other);
	}
}

/* ---- The mutator and the crossover ---------------------------------------------------- */

Test(generator_reaches_everything, mutator_keeps_its_bounds)
{
	static uint8_t data[BYTES_MAX], again[BYTES_MAX];
	size_t size = some_bytes(1, 20, data), changed = 0, ops;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		size_t max_size = seed % 7 == 0 ? 48 + seed % 512 : BYTES_MAX;
		if (size > max_size)
			size = max_size;
		memcpy(again, data, size);
		size_t again_size = mutate_bytes(again, size, max_size, seed, false);
		size_t new_size = mutate_bytes(data, size, max_size, seed, false);
		cr_assert_leq(new_size, max_size);
		cr_assert_eq(new_size, again_size);
		cr_assert_eq(memcmp(data, again, new_size), 0);
		cr_assert(decodes(data, new_size, &ops), "seed %u", (unsigned)seed);
		cr_assert_leq(ops, MUTATE_OPS_MAX);
		changed += new_size != size;
		size = new_size;
	}
	cr_assert_gt(changed, ROUNDS / 4);
}

Test(generator_reaches_everything, mutator_takes_any_bytes)
{
	static uint8_t data[BYTES_MAX];
	struct prng prng;
	size_t ops;
	prng_seed(&prng, 5);
	for (unsigned round = 0; round < 500; round++) {
		size_t size = (size_t)prng_below(&prng, BYTES_MAX + 1);
		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)prng_next(&prng);
		size = mutate_bytes(data, size, BYTES_MAX, round, false);
		cr_assert(decodes(data, size, &ops), "round %u", round);
		cr_assert_leq(ops, MUTATE_OPS_MAX);
	}
	/* No room for any program. */
	cr_assert_leq(mutate_bytes(data, 15, 15, 1, false), 15);
	cr_assert_eq(mutate_bytes(data, 0, 0, 1, false), 0);
}

Test(generator_reaches_everything, crossover_keeps_its_bounds)
{
	static uint8_t a[BYTES_MAX], b[BYTES_MAX], out[BYTES_MAX], again[BYTES_MAX];
	size_t ops, joined = 0;
	for (uint64_t seed = 0; seed < 500; seed++) {
		size_t a_size = some_bytes(2 * seed, 1 + seed % 100, a);
		size_t b_size = some_bytes(2 * seed + 1, 1 + seed % 77, b);
		size_t max_size = seed % 5 == 0 ? 256 : BYTES_MAX;
		size_t size = crossover_bytes(a, a_size, b, b_size, out, max_size, seed, false);
		cr_assert_leq(size, max_size);
		cr_assert_eq(crossover_bytes(a, a_size, b, b_size, again, max_size, seed, false), size);
		cr_assert_eq(memcmp(out, again, size), 0);
		if (size == 0)
			continue;
		joined++;
		cr_assert(decodes(out, size, &ops));
		cr_assert_leq(ops, MUTATE_OPS_MAX);
	}
	cr_assert_gt(joined, 400);
	cr_assert_eq(crossover_bytes(a, 0, b, 0, out, BYTES_MAX, 1, false), 0);
}
