/* random_program.h: programs that use every verb, every input and every
 * boundary of their kinds, for the properties of the forms of a program. They
 * are not meant to be run. */
#ifndef RANDOM_PROGRAM_H
#define RANDOM_PROGRAM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../harness/generate/prng.h"
#include "../harness/program/records.h"
#include "../harness/language/trace.h"

static inline uint64_t random_number(struct prng *prng)
{
	uint64_t number = prng_next(prng) >> prng_below(prng, 64);
	switch (prng_below(prng, 6)) {
	case 0: return 0;
	case 1: return UINT64_C(1) << prng_below(prng, 64);
	case 2: return (UINT64_C(1) << prng_below(prng, 64)) - 1;
	case 3: return 0 - number;
	default: return number;
	}
}

static inline uint64_t random_words(struct prng *prng, const struct words *words)
{
	if (!words->flags)
		return words->word[prng_below(prng, words->count)].value;
	uint32_t value = 0;
	for (uint64_t i = prng_below(prng, 4); i > 0; i--)
		value |= words->word[prng_below(prng, words->count)].value;
	return prng_chance(prng, 1, 8) ? (uint32_t)random_number(prng) : value;
}

static inline void random_bytes(struct prng *prng, struct program *program, struct op *op,
                                unsigned input)
{
	bool schedule = ops_table[op->verb].input[input].kind == KIND_SCHEDULE;
	uint64_t count = prng_chance(prng, 1, 50) ? PROGRAM_BYTES_MAX : prng_below(prng, 30);
	if (schedule)
		count -= count % SCHEDULE_ENTRY;
	for (uint64_t i = 0; i < count; i++) {
		uint8_t byte = (uint8_t)prng_next(prng);
		if (schedule && i % SCHEDULE_ENTRY == 2)
			byte = (uint8_t)(byte % program->machine.cpus);
		if (schedule && i % SCHEDULE_ENTRY == 3)
			byte = 0;
		uint32_t place = program_add_bytes(program, &byte, 1);
		if (i == 0)
			op->bytes = place;
	}
	op->number[input] = count;
}

static inline void random_input(struct prng *prng, struct program *program, struct op *op,
                                unsigned input)
{
	enum kind kind = ops_table[op->verb].input[input].kind;
	name_ref name = (name_ref)prng_below(prng, PROGRAM_SLOTS + 1);
	if (kind_words(kind) != NULL) {
		op->number[input] = random_words(prng, kind_words(kind));
	} else if (kind_is_bytes(kind)) {
		random_bytes(prng, program, op, input);
	} else if (kind == KIND_PROCESS || kind == KIND_NAME) {
		op->name[input] = name;
	} else if (kind == KIND_WIDTH) {
		op->number[input] = UINT64_C(1) << prng_below(prng, 4);
	} else {
		op->number[input] = random_number(prng);
		if (kind == KIND_TAG)
			op->number[input] = (uint32_t)op->number[input];
		if (kind == KIND_ADDRESS && prng_chance(prng, 1, 2))
			op->name[input] = name;
	}
}

static inline void random_op(struct prng *prng, struct program *program, enum verb verb)
{
	const struct op_info *info = &ops_table[verb];
	struct op op = { .verb = (uint8_t)verb };
	op.cpu = (uint8_t)prng_below(prng, program->machine.cpus);
	if (info->subject == SUBJECT_PROCESS || info->subject == SUBJECT_HANDLE)
		op.subject = (name_ref)prng_below(prng, PROGRAM_SLOTS + 1);
	if (op_binds(verb))
		op.result = (name_ref)prng_below(prng, PROGRAM_SLOTS + 1);
	for (unsigned i = 0; i < info->input_count; i++)
		if (info->input[i].kind == KIND_WIDTH || prng_chance(prng, 2, 3))
			random_input(prng, program, &op, i);
	if (verb == OP_STORE)
		op.number[STORE_IN_value] &= width_mask(op.number[STORE_IN_width]);
	*program_append(program) = op;
}

static inline void random_machine(struct prng *prng, struct machine *machine, bool small)
{
	uint32_t frames = small ? 4096 : MACHINE_FRAMES_MAX;
	uint32_t pagefile = small ? 16384 : MACHINE_PAGEFILE_MAX;
	machine->layout = (uint32_t)prng_below(prng, kind_words(KIND_LAYOUT)->count);
	machine->frames = 32 + (uint32_t)prng_below(prng, frames - 31);
	machine->pagefile = (uint32_t)prng_below(prng, pagefile + 1u);
	machine->cpus = 1 + (uint32_t)prng_below(prng, MACHINE_CPUS_MAX);
	if (prng_chance(prng, 1, 3))
		machine->seed = random_number(prng);
	if (machine->layout == VMM_LAYOUT_NT32_3GB && prng_chance(prng, 1, 2))
		machine->userva = 2048 + (uint32_t)prng_below(prng, 1025);
}

/* A small machine is one that both decoders take. */
static inline void random_program(struct prng *prng, struct program *program, size_t count,
                                  bool small)
{
	program_clear(program);
	program->name_count = PROGRAM_SLOTS;
	random_machine(prng, &program->machine, small);
	for (size_t i = 0; i < count; i++) {
		uint64_t verb = OP_MACHINE + 1 + prng_below(prng, OP_COUNT - OP_MACHINE - 1);
		random_op(prng, program, (enum verb)verb);
	}
}

static inline bool same_machines(const struct machine *a, const struct machine *b)
{
	return a->layout == b->layout && a->frames == b->frames && a->pagefile == b->pagefile &&
	       a->cpus == b->cpus && a->seed == b->seed && a->userva == b->userva;
}

/* The same machine and operations; bytes are compared by what they are, not by
 * where they lie. */
static inline bool same_programs(const struct program *a, const struct program *b)
{
	if (!same_machines(&a->machine, &b->machine) || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		struct op left = a->op[i], right = b->op[i];
		left.bytes = right.bytes = 0;
		if (memcmp(&left, &right, sizeof left) != 0)
			return false;
		const struct op_info *info = &ops_table[left.verb];
		for (unsigned k = 0; k < info->input_count; k++)
			if (kind_is_bytes(info->input[k].kind) && left.number[k] != 0 &&
			    memcmp(a->bytes + a->op[i].bytes, b->bytes + b->op[i].bytes,
			           left.number[k]) != 0)
				return false;
	}
	return true;
}

/* What `show` prints; malloc'ed. */
static inline char *printed(const struct trace *trace, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	trace_print(out, trace);
	fclose(out);
	return text;
}

#endif
