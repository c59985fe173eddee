/* mutate_fields.c: changing one operation in its place, or the machine. */
#include "../../core/vmm.h"
#include "mutations.h"

/* Any operation, and the generator as it stands before it; NULL without one. */
static struct op *pick_op(struct mutation *mutation)
{
	if (mutation->program.count == 0)
		return NULL;
	size_t place = mutation_below(mutation, mutation->program.count);
	mutation_look_at(mutation, place);
	return &mutation->program.op[place];
}

/* ---- Inputs ----------------------------------------------------------------------- */

/* A number beside the old one: off by one byte, page or block, twice or half. */
static uint64_t tweak(struct mutation *mutation, uint64_t number)
{
	static const uint64_t steps[] = {1, 1, 2, 4, 8, VMM_PAGE_SIZE, VMM_PAGE_SIZE,
	                                 VMM_PAGE_SIZE - 1, VMM_GRANULARITY, VMM_LARGE_PAGE_SIZE};
	uint64_t step = steps[mutation_below(mutation, sizeof steps / sizeof steps[0])];
	switch (mutation_below(mutation, 8)) {
	case 0:
		return number * 2;
	case 1:
		return number / 2;
	case 2:
		return number & ~(VMM_PAGE_SIZE - 1);
	case 3:
		return number ^ UINT64_C(1) << mutation_below(mutation, 64);
	case 4:
	case 5:
		return number - step;
	default:
		return number + step;
	}
}

static bool has_neighbours(enum kind kind)
{
	return kind == KIND_NUMBER || kind == KIND_SIZE || kind == KIND_ADDRESS;
}

void mutate_fields_input(struct mutation *mutation)
{
	struct op *op = pick_op(mutation);
	if (op == NULL || ops_table[op->verb].input_count == 0)
		return;
	unsigned input = (unsigned)mutation_below(mutation, ops_table[op->verb].input_count);
	enum kind kind = ops_table[op->verb].input[input].kind;
	size_t choice = mutation_below(mutation, 8);
	if (choice < 4 && has_neighbours(kind))
		op->number[input] = tweak(mutation, op->number[input]);
	else if (choice == 4)
		generator_odd_input(&mutation->generator, &mutation->program, op, input);
	else
		generator_input(&mutation->generator, &mutation->program, op, input);
}

/* ---- Names ------------------------------------------------------------------------ */

/* A name that is bound like `old`, or any bound name of an address; `old` when
 * there is none. */
static name_ref other_name(struct mutation *mutation, name_ref old, unsigned sort)
{
	const struct picture_name *name = mutation->generator.picture.name;
	size_t start = mutation_below(mutation, PROGRAM_SLOTS);
	for (size_t i = 0; i < PROGRAM_SLOTS; i++) {
		name_ref candidate = (name_ref)((start + i) % PROGRAM_SLOTS + 1);
		if (candidate != old && name[candidate].sort == sort)
			return candidate;
	}
	return old;
}

static name_ref other_process(struct mutation *mutation, name_ref old)
{
	if (old != 0 && prng_chance(&mutation->prng, 1, 2))
		return 0;
	return other_name(mutation, old, PICTURE_PROCESS);
}

void mutate_fields_name(struct mutation *mutation)
{
	struct op *op = pick_op(mutation);
	if (op == NULL)
		return;
	const struct op_info *info = &ops_table[op->verb];
	if (op_binds((enum verb)op->verb) && prng_chance(&mutation->prng, 1, 4)) {
		op->result = (name_ref)mutation_below(mutation, PROGRAM_SLOTS + 1);
		return;
	}
	if (info->subject == SUBJECT_PROCESS && prng_chance(&mutation->prng, 1, 4)) {
		op->subject = other_process(mutation, op->subject);
		return;
	}
	if (info->subject == SUBJECT_HANDLE && prng_chance(&mutation->prng, 1, 2)) {
		op->subject = other_name(mutation, op->subject, PICTURE_OTHER);
		return;
	}
	for (unsigned i = 0; i < info->input_count; i++) {
		if (info->input[i].kind == KIND_ADDRESS && op->name[i] != 0)
			op->name[i] = other_name(mutation, op->name[i], PICTURE_ADDRESS);
		else if (info->input[i].kind == KIND_PROCESS)
			op->name[i] = other_process(mutation, op->name[i]);
		else if (info->input[i].kind == KIND_NAME)
			op->name[i] = other_name(mutation, op->name[i], PICTURE_OTHER);
	}
}

/* ---- Verb and CPU ------------------------------------------------------------------ */

/* The first input of a kind in an operation; its input count if there is none. */
static unsigned input_of(const struct op *op, enum kind kind)
{
	const struct op_info *info = &ops_table[op->verb];
	unsigned input = 0;
	while (input < info->input_count && info->input[input].kind != kind)
		input++;
	return input;
}

/* The operation keeps its subject and what the new verb has a place for. */
void mutate_fields_verb(struct mutation *mutation)
{
	struct op *op = pick_op(mutation);
	if (op == NULL)
		return;
	unsigned verb = (unsigned)mutation_below(mutation, OP_COUNT);
	while (ops_table[verb].stage != STAGE_BUILT || ops_table[verb].weight == 0 ||
	       verb == OP_EXIT)
		verb = (verb + 1) % OP_COUNT;
	const struct op old = *op;
	const struct op_info *info = &ops_table[verb];
	*op = (struct op){.verb = (uint8_t)verb, .cpu = old.cpu};
	if (info->subject == ops_table[old.verb].subject)
		op->subject = old.subject;
	if (op_binds((enum verb)verb))
		op->result = old.result != 0 ? old.result :
		                               (name_ref)(1 + mutation_below(mutation, 8));
	for (unsigned i = 0; i < info->input_count; i++) {
		enum kind kind = info->input[i].kind;
		unsigned from = input_of(&old, kind);
		if (from < ops_table[old.verb].input_count && input_of(op, kind) == i) {
			op->name[i] = old.name[from];
			op->number[i] = old.number[from];
			op->bytes = old.bytes;
		} else if (info->input[i].how != HOW_OPTIONAL) {
			generator_input(&mutation->generator, &mutation->program, op, i);
		}
	}
}

void mutate_fields_cpu(struct mutation *mutation)
{
	struct program *program = &mutation->program;
	if (program->count == 0)
		return;
	if (program->machine.cpus == 1)
		program->machine.cpus = 2;
	size_t place = mutation_below(mutation, program->count);
	program->op[place].cpu = (uint8_t)mutation_below(mutation, program->machine.cpus);
}

/* ---- The machine ------------------------------------------------------------------- */

void mutate_fields_machine(struct mutation *mutation)
{
	struct machine *machine = &mutation->program.machine;
	struct machine fresh = generate_machine(&mutation->prng);
	switch (mutation_below(mutation, 5)) {
	case 0:
		machine->layout = fresh.layout;
		machine->userva = fresh.userva;
		break;
	case 1:
		machine->frames = fresh.frames;
		machine->pagefile = fresh.pagefile;
		break;
	case 2:
		machine->cpus = fresh.cpus;
		break;
	case 3:
		machine->seed = fresh.seed;
		break;
	default:
		*machine = fresh;
		break;
	}
}
