/* Claim: every byte string is a program. The decoder of engine bytes refuses
 * nothing, gives a machine and operations within the bounds of program.h, at
 * most as many as asked for, the same ones each time; what is missing at the
 * end is zero; and it needs no new memory for inputs like those before.
 *
 * Not covered: what the program does when it runs. */
#include "claim.h"
#include "random_program.h"

enum { INPUTS = 20000, BYTES = 1000, OPS = 40 };

static void fill(struct prng *prng, uint8_t bytes[BYTES])
{
	bool verbs = prng_chance(prng, 3, 4);
	for (size_t i = 0; i < BYTES; i++) {
		bool verb = verbs && i % RECORD_SIZE == 0;
		bytes[i] = (uint8_t)prng_below(prng, verb ? OP_COUNT + 2 : 256);
	}
}

static void hold_op(const struct program *program, const struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	cr_assert_gt(op->verb, OP_MACHINE);
	cr_assert_lt(op->verb, OP_COUNT);
	cr_assert_lt(op->cpu, program->machine.cpus);
	cr_assert_leq(op->subject, PROGRAM_SLOTS);
	cr_assert_leq(op->result, PROGRAM_SLOTS);
	cr_assert(op->result == 0 || op_binds((enum verb)op->verb));
	for (unsigned i = 0; i < OP_INPUTS_MAX; i++) {
		uint64_t number = op->number[i];
		cr_assert_leq(op->name[i], PROGRAM_SLOTS);
		if (i >= info->input_count) {
			cr_assert_eq(number, 0);
			continue;
		}
		enum kind kind = info->input[i].kind;
		const struct words *words = kind_words(kind);
		if (words != NULL)
			cr_assert_leq(number, words->flags ? UINT32_MAX : words->count - 1);
		if (kind == KIND_WIDTH)
			cr_assert(number == 1 || number == 2 || number == 4 || number == 8);
		if (kind_is_bytes(kind) && number != 0)
			cr_assert_leq(op->bytes + number, program->bytes_count);
	}
	if (op->verb == OP_STORE)
		cr_assert_leq(op->number[STORE_IN_value], width_mask(op->number[STORE_IN_width]));
}

static void hold_program(const struct program *program)
{
	const struct machine *machine = &program->machine;
	cr_assert_lt(machine->layout, kind_words(KIND_LAYOUT)->count);
	cr_assert(machine->frames >= 32 && machine->frames <= 4096);
	cr_assert_leq(machine->pagefile, 16384);
	cr_assert(machine->cpus >= 1 && machine->cpus <= MACHINE_CPUS_MAX);
	cr_assert(machine->userva == 0 || machine->layout == VMM_LAYOUT_NT32_3GB);
	cr_assert_leq(program->count, OPS);
	for (size_t i = 0; i < program->count; i++)
		hold_op(program, &program->op[i]);
}

Test(decoder_is_total, random_bytes)
{
	struct prng prng;
	struct program program, again;
	prng_seed(&prng, 5);
	program_init(&program);
	program_init(&again);
	for (unsigned i = 0; i < INPUTS; i++) {
		uint8_t bytes[BYTES], *data;
		struct place place;
		size_t size = prng_below(&prng, BYTES + 1), file_size;
		fill(&prng, bytes);
		program_decode_any(&program, bytes, size, OPS);
		hold_program(&program);

		/* Its compiled file is a file, and is the same program to both. */
		program_encode(&program, &data, &file_size);
		cr_assert(program_decode_file(&again, data, file_size, &place), "%s",
		          place.message);
		cr_assert(same_programs(&program, &again));
		program_decode_any(&again, data, file_size, OPS);
		cr_assert(same_programs(&program, &again));
		free(data);
	}
	program_destroy(&program);
	program_destroy(&again);
}

Test(decoder_is_total, missing_bytes_are_zero)
{
	struct prng prng;
	struct program program, padded;
	prng_seed(&prng, 6);
	program_init(&program);
	program_init(&padded);
	for (unsigned i = 0; i < INPUTS; i++) {
		uint8_t bytes[BYTES], longer[BYTES + 64] = { 0 };
		size_t size = prng_below(&prng, BYTES + 1);
		fill(&prng, bytes);
		memcpy(longer, bytes, size);
		program_decode_any(&program, bytes, size, OPS);
		program_decode_any(&padded, longer, sizeof longer, OPS);
		cr_assert(same_programs(&program, &padded), "size %zu", size);
	}
	program_destroy(&program);
	program_destroy(&padded);
}

Test(decoder_is_total, nothing_and_zeros_are_simple_programs)
{
	static const uint8_t zeros[256];
	struct program program;
	program_init(&program);
	program_decode_any(&program, NULL, 0, OPS);
	hold_program(&program);
	cr_assert_eq(program.count, 0);
	cr_assert_eq(program.machine.frames, 32);
	program_decode_any(&program, zeros, sizeof zeros, OPS);
	hold_program(&program);
	cr_assert_eq(program.count, 0);
	program_destroy(&program);
}

/* Two rounds over the same inputs: the second finds all memory there. */
Test(decoder_is_total, steady_state_allocates_nothing)
{
	struct program program;
	size_t capacity = 0, bytes_capacity = 0;
	program_init(&program);
	for (unsigned round = 0; round < 2; round++) {
		struct prng prng;
		prng_seed(&prng, 7);
		for (unsigned i = 0; i < 200; i++) {
			uint8_t bytes[BYTES];
			fill(&prng, bytes);
			program_decode_any(&program, bytes, BYTES, OPS);
		}
		if (round == 1) {
			cr_assert_eq(program.capacity, capacity);
			cr_assert_eq(program.bytes_capacity, bytes_capacity);
		}
		capacity = program.capacity;
		bytes_capacity = program.bytes_capacity;
	}
	program_destroy(&program);
}
