/* Claim: records lose nothing. Every program comes back from its compiled file
 * with the same machine and the same operations, each 64-bit number, each
 * 32-bit pattern of flags and each byte; and on a small machine the decoder of
 * engine bytes reads the file as the strict one does.
 *
 * Not covered: programs outside the contract of program.h (a width of 3, a
 * mode that is none, more than 64 names). */
#include "claim.h"
#include "random_program.h"

enum { PROGRAMS = 4000 };

static void hold(const struct program *program, bool small)
{
	struct program file, any;
	struct place place;
	uint8_t *data, *again;
	size_t size, again_size;
	program_init(&file);
	program_init(&any);
	program_encode(program, &data, &size);
	cr_assert_eq(size % RECORD_SIZE, 0);
	cr_assert(program_is_compiled(data, size));
	cr_assert(program_decode_file(&file, data, size, &place), "%zu: %s", place.column,
	          place.message);
	cr_assert(same_programs(program, &file));
	program_encode(&file, &again, &again_size);
	cr_assert_eq(size, again_size);
	cr_assert_eq(memcmp(data, again, size), 0);
	if (small) {
		program_decode_any(&any, data, size, SIZE_MAX);
		cr_assert(same_programs(program, &any));
	}
	free(data);
	free(again);
	program_destroy(&file);
	program_destroy(&any);
}

Test(records_round_trip, random_programs)
{
	struct prng prng;
	struct program program;
	prng_seed(&prng, 3);
	program_init(&program);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		bool small = i % 2 == 0;
		random_program(&prng, &program, prng_below(&prng, 40), small);
		hold(&program, small);
	}
	program_destroy(&program);
}

/* One operation with one input of one value, and the same with every other
 * input set, so that inline and wide forms of each are met. */
static void hold_value(struct prng *prng, enum verb verb, unsigned input, name_ref name,
                       uint64_t number)
{
	for (unsigned crowded = 0; crowded < 2; crowded++) {
		struct program program;
		program_init(&program);
		program.name_count = PROGRAM_SLOTS;
		struct op *op = program_append(&program);
		op->verb = (uint8_t)verb;
		for (unsigned i = 0; i < ops_table[verb].input_count; i++)
			if (crowded != 0 || ops_table[verb].input[i].kind == KIND_WIDTH)
				random_input(prng, &program, op, i);
		op->name[input] = name;
		op->number[input] = number;
		if (verb == OP_STORE)
			op->number[STORE_IN_value] &= width_mask(op->number[STORE_IN_width]);
		hold(&program, true);
		program_destroy(&program);
	}
}

static bool is_plain_number(enum kind kind)
{
	return kind == KIND_NUMBER || kind == KIND_SIZE || kind == KIND_ADDRESS;
}

static void hold_input(struct prng *prng, enum verb verb, unsigned input)
{
	enum kind kind = ops_table[verb].input[input].kind;
	const struct words *words = kind_words(kind);
	bool flags = kind == KIND_TAG || (words != NULL && words->flags);
	for (unsigned bit = 0; bit < (flags ? 32 : 64); bit++) {
		uint64_t power = UINT64_C(1) << bit;
		for (uint64_t number = power - 1; number <= power + 1 && number != 0; number++) {
			if (is_plain_number(kind) || (flags && number <= UINT32_MAX))
				hold_value(prng, verb, input, 0, number);
			if (kind == KIND_ADDRESS) {
				hold_value(prng, verb, input, 0, 0 - number);
				hold_value(prng, verb, input, PROGRAM_SLOTS, number);
				hold_value(prng, verb, input, PROGRAM_SLOTS, 0 - number);
			}
		}
	}
	for (unsigned name = 0; name <= PROGRAM_SLOTS; name++)
		if (kind == KIND_PROCESS || kind == KIND_NAME)
			hold_value(prng, verb, input, (name_ref)name, 0);
	for (unsigned i = 0; words != NULL && i < words->count; i++)
		hold_value(prng, verb, input, 0, words->word[i].value);
}

Test(records_round_trip, every_input_and_boundary)
{
	struct prng prng;
	prng_seed(&prng, 4);
	for (unsigned verb = OP_MACHINE + 1; verb < OP_COUNT; verb++)
		for (unsigned i = 0; i < ops_table[verb].input_count; i++)
			hold_input(&prng, (enum verb)verb, i);
}

/* The layout that docs/TRACE.md shows, byte for byte. */
Test(records_round_trip, layout)
{
	static const uint8_t wanted[] = {
		0x89, 'F', 'L', 'T', 1, 2, 1, 0, /* version 1, nt64, 1 CPU */
		0,    1,   0,   0,   0, 4, 0, 0, /* 256 frames, 1024 pages of pagefile */
		2,    0,   0,   1,   0, 0, 0, 0, /* r0 = alloc P0 addr=0 */
		0,    16,  0,   0,   3, 0, 4, 0, /* size, bits of type and protect */
		0,    0,   0,   0,   0, 0, 0, 0, /* wide: input 0, no name */
		0,    0,   0,   0,   1, 0, 0, 0, /* 0x100000000 */
		3,    0,   0,   0,   0, 0, 0, 0, /* free P0 addr: the wide one's, size=0 */
		0,    0,   0,   0,   2, 0, 0, 0, /* release */
	};
	static const char text[] = "vmt 1\nr0 = alloc P0 size=0x1000 type=reserve|commit "
	                           "protect=readwrite\nfree P0 addr=0x100000000 type=release\n";
	struct trace trace;
	struct place place;
	uint8_t *data;
	size_t size;
	trace_init(&trace);
	cr_assert(trace_parse(&trace, text, strlen(text), &place), "%s", place.message);
	program_encode(&trace.program, &data, &size);
	cr_assert_eq(size, sizeof wanted);
	for (size_t i = 0; i < size; i++)
		cr_assert_eq(data[i], wanted[i], "byte %zu is %u", i, data[i]);
	free(data);
	trace_destroy(&trace);
}
