/* generate.c: a program's machine and taste. Which operations it then gets is
 * in generate_next.c. */
#include "generate.h"

/* The layouts that machines are made with; bit i is enum vmm_layout i. A build
 * may narrow them. */
#ifndef GENERATE_LAYOUTS
#define GENERATE_LAYOUTS 0x3fu
#endif

/* ---- Taste -------------------------------------------------------------------- */

/* What a program does anyway it does a bit more or less often; what is special
 * it does not at all, as often as usual, or much more often. */
static void choose_habits(struct generator *generator, bool plain)
{
#define HABIT(NAME, share) share,
	static const uint16_t usual[HABIT_COUNT] = {GENERATE_HABITS(HABIT)};
#undef HABIT
	static const unsigned special[] = {0, 0, 1, 4, 4, 4, 10, 28};
	static const unsigned common[] = {1, 2, 4, 4, 4, 5};
	for (unsigned i = 0; i < HABIT_COUNT; i++) {
		unsigned scale = usual[i] < 64 ? special[prng_below(&generator->prng, 8)] :
		                                 common[prng_below(&generator->prng, 6)];
		unsigned share = usual[i] * (plain ? 4 : scale) / 4;
		generator->habit[i] = (uint16_t)(share < 240 ? share : 240);
	}
	/* A machine with few frames is there to run out of them. */
	if (generator->picture.machine.frames < 64 && generator->habit[HABIT_SWEEP] < 48)
		generator->habit[HABIT_SWEEP] = 48;
}

static void choose_verbs(struct generator *generator, bool plain)
{
	static const unsigned scales[] = {0, 1, 4, 8, 8, 8, 16, 40};
	generator->verb_total = 0;
	for (unsigned verb = 0; verb < OP_COUNT; verb++) {
		const struct op_info *info = &ops_table[verb];
		unsigned scale = plain ? 8 : scales[prng_below(&generator->prng, 8)];
		/* Without allocations no other verb means anything. */
		if (verb == OP_ALLOC && scale < 4)
			scale = 4;
		/* The end of a process is the end of what the program knows. */
		if (verb == OP_EXIT && scale > 8)
			scale = 8;
		if (info->stage != STAGE_BUILT)
			scale = 0;
		generator->verb_weight[verb] = info->weight * scale;
		generator->verb_total += generator->verb_weight[verb];
	}
}

void generator_start(struct generator *generator, uint64_t seed, const struct machine *machine)
{
	prng_seed(&generator->prng, seed);
	picture_start(&generator->picture, machine);
	bool plain = prng_chance(&generator->prng, 1, 8);
	generator->regions = 1 + (unsigned)prng_below(&generator->prng, 7);
	if (prng_chance(&generator->prng, 1, 16))
		generator->regions = 20;
	generator->process = 0;
	generator->cpu = 0;
	generator->focus_process = 0;
	generator->focus = 0;
	generator->focus_size = 0;
	generator->follow = 0;
	generator->sweep = 0;
	generator->sweep_at = 0;
	choose_habits(generator, plain);
	choose_verbs(generator, plain);
}

/* ---- Programs ------------------------------------------------------------------- */

static uint32_t choose_layout(struct prng *prng)
{
	uint32_t layout = VMM_LAYOUT_NT64;
	if (prng_chance(prng, 1, 3))
		layout = (uint32_t)prng_below(prng, VMM_LAYOUT_WIN9X + 1);
	return GENERATE_LAYOUTS >> layout & 1 ? layout : VMM_LAYOUT_NT64;
}

struct machine generate_machine(struct prng *prng)
{
	struct machine machine = machine_default();
	machine.layout = choose_layout(prng);
	if (machine.layout == VMM_LAYOUT_NT32_3GB && prng_chance(prng, 1, 2))
		machine.userva = 2048 + (uint32_t)prng_below(prng, 1025);
	switch (prng_below(prng, 8)) {
	case 0: /* commit runs out first */
		machine.frames = 32 + (uint32_t)prng_below(prng, 33);
		machine.pagefile = (uint32_t)prng_below(prng, 17);
		break;
	case 1: /* frames run out first */
		machine.frames = 32 + (uint32_t)prng_below(prng, 9);
		break;
	case 2:
		machine.frames = 32u << prng_below(prng, 6);
		machine.pagefile = (uint32_t)prng_below(prng, 2048);
		break;
	default:
		break;
	}
	if (prng_chance(prng, 1, 3))
		machine.cpus = 2 + (uint32_t)prng_below(prng, prng_chance(prng, 1, 8) ? 7 : 3);
	/* An odd seed makes a tiny machine, in which rare paths are common
	 * (core_side.h). */
	machine.seed = prng_below(prng, 2);
	return machine;
}

void generate_program(struct program *program, uint64_t seed, size_t ops)
{
	struct generator generator;
	struct prng prng;
	prng_seed(&prng, seed);
	program_clear(program);
	program->machine = generate_machine(&prng);
	program->name_count = PROGRAM_SLOTS;
	generator_start(&generator, prng_next(&prng), &program->machine);
	while (program->count < ops)
		generator_op(&generator, program);
}
