/* generate_odd.c: values that should be refused, or that lie at a border. A
 * generated operation gets one of them now and then in place of a sensible one,
 * so that every check of every service is met while the others pass. */
#include "generate_values.h"

static uint64_t below(struct generator *generator, uint64_t n)
{
	return prng_below(&generator->prng, n);
}

uint64_t generator_odd_address(struct generator *generator)
{
	const struct picture *picture = &generator->picture;
	const uint64_t border[] = {
		0,          1,           VMM_PAGE_SIZE,   VMM_GRANULARITY - 1,  VMM_GRANULARITY,
		UINT64_C(1) << 31,       UINT64_C(1) << 32, UINT64_C(1) << 47, UINT64_C(1) << 63,
		UINT64_MAX, picture->low, picture->high, picture->high - VMM_GRANULARITY + 1,
	};
	const uint64_t near[] = {0, 0, 1, (uint64_t)-1, VMM_PAGE_SIZE, -VMM_PAGE_SIZE};
	if (below(generator, 8) == 0)
		return generator_exponential(generator);
	uint64_t address = border[below(generator, sizeof border / sizeof border[0])];
	return address + near[below(generator, sizeof near / sizeof near[0])];
}

uint64_t generator_odd_size(struct generator *generator)
{
	const uint64_t high = generator->picture.high;
	const uint64_t border[] = {
		0,    1,        VMM_PAGE_SIZE, VMM_GRANULARITY,   VMM_LARGE_PAGE_SIZE,
		high, high / 2, UINT64_MAX,    UINT64_C(1) << 63, UINT64_C(1) << 32,
	};
	uint64_t size = below(generator, 4) == 0 ?
	                        UINT64_C(1) << below(generator, 64) :
	                        border[below(generator, sizeof border / sizeof border[0])];
	return size + below(generator, 3) - 1;
}

/* Bit patterns that no rule allows, or few do: one word too many or too few,
 * bits without a name, none at all. */
static uint32_t odd_flags(struct generator *generator, enum kind kind, uint32_t value)
{
	const struct words *words = kind_words(kind);
	if (words == NULL || words->count == 0)
		return 0;
	if (!words->flags)
		return generator_word(generator, kind);
	switch (below(generator, 8)) {
	case 0:
		return 0;
	case 1:
		return value ^ UINT32_C(1) << below(generator, 32);
	case 2:
		return (uint32_t)prng_next(&generator->prng);
	case 3:
		value = generator_word(generator, kind);
		return value | generator_word(generator, kind);
	default:
		return value ^ words->word[below(generator, words->count)].value;
	}
}

static uint64_t odd_number(struct generator *generator)
{
	const uint64_t border[] = {
		1,  21, 22, 31, 32, 33, UINT64_C(0x7fffffff), UINT32_MAX, UINT64_MAX,
		12, 16, UINT64_C(0xfffff), UINT64_C(1) << 63,
	};
	return border[below(generator, sizeof border / sizeof border[0])];
}

void generator_odd_input(struct generator *generator, struct program *program, struct op *op,
                         unsigned input)
{
	const enum kind kind = ops_table[op->verb].input[input].kind;
	switch ((int)kind) {
	case KIND_NUMBER:
		if (op->verb == OP_STORE)
			generator_input(generator, program, op, input);
		else
			op->number[input] = odd_number(generator);
		break;
	case KIND_SIZE:
		op->number[input] = generator_odd_size(generator);
		break;
	case KIND_ADDRESS:
		generator_put_address(generator, op, input, generator_odd_address(generator));
		break;
	case KIND_PROCESS:
		op->name[input] = generator_name(generator, PICTURE_PROCESS);
		break;
	case KIND_NAME:
	case KIND_BYTES:
	case KIND_WIDTH:
	case KIND_TAG:
	case KIND_SCHEDULE:
		generator_input(generator, program, op, input);
		break;
	default:
		op->number[input] = odd_flags(generator, kind, (uint32_t)op->number[input]);
		break;
	}
}
