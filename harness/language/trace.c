/* trace.c: traces as wholes: empty, of a program, and back to one. */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"
#include "../program/records.h"

void trace_init(struct trace *trace)
{
	*trace = (struct trace){ 0 };
	program_init(&trace->program);
}

void trace_destroy(struct trace *trace)
{
	program_destroy(&trace->program);
	free(trace->line);
	free(trace->name);
	free(trace->status);
	free(trace->result);
	free(trace->element);
	free(trace->strings);
	trace_init(trace);
}

/* A copy of the operations and of the bytes that they have, and no more. */
static void copy_program(struct program *to, const struct program *from)
{
	program_clear(to);
	to->machine = from->machine;
	to->name_count = from->name_count;
	program_reserve(to, from->count, from->bytes_count);
	if (from->count > 0)
		memcpy(to->op, from->op, from->count * sizeof *to->op);
	to->count = from->count;
	for (size_t i = 0; i < to->count; i++) {
		struct op *op = &to->op[i];
		const struct op_info *info = &ops_table[op->verb];
		for (unsigned k = 0; k < info->input_count; k++)
			if (kind_is_bytes(info->input[k].kind) && op->number[k] != 0)
				op->bytes = program_add_bytes(to, program_bytes(from, op->bytes),
				                              op->number[k]);
	}
}

/* ---- A program as a trace ------------------------------------------------------ */

static void name_slots(struct trace *trace, unsigned count)
{
	enum { TEXT = sizeof "r65535" };
	trace->name = memory_resize(NULL, count * sizeof *trace->name);
	trace->name_capacity = count;
	trace->strings = memory_resize(NULL, (size_t)count * TEXT);
	for (unsigned i = 0; i < count; i++) {
		trace->name[i] = trace->strings + (size_t)i * TEXT;
		snprintf(trace->name[i], TEXT, "r%u", i % (PROGRAM_NAMES_MAX + 1u));
	}
}

void trace_of_program(struct trace *trace, const struct program *program)
{
	enum { HEAD_LINES = 2 };
	trace_destroy(trace);
	copy_program(&trace->program, program);
	name_slots(trace, program->name_count);
	trace->line_capacity = program->count;
	trace->line = memory_zeroed(program->count * sizeof *trace->line);
	for (size_t i = 0; i < program->count; i++) {
		trace->line[i].line = (uint32_t)i + 1 + HEAD_LINES;
		trace->line[i].column = 1;
	}
}

/* ---- Names as slots ------------------------------------------------------------ */

/* The slot that "r0" to "r63" are names of; PROGRAM_SLOTS for other names. */
static unsigned slot_of_text(const char *text)
{
	unsigned slot = 0;
	const char *at = text + 1;
	if (text[0] != 'r' || *at == '\0' || (*at == '0' && at[1] != '\0'))
		return PROGRAM_SLOTS;
	for (; *at >= '0' && *at <= '9' && slot < PROGRAM_SLOTS; at++)
		slot = 10 * slot + (unsigned)(*at - '0');
	return *at == '\0' && slot < PROGRAM_SLOTS ? slot : PROGRAM_SLOTS;
}

struct slots {
	const struct trace *trace;
	name_ref *slot; /* by name_ref: slot + 1, or 0 as long as it has none */
	bool taken[PROGRAM_SLOTS];
};

/* The names of an operation in the order in which they print. */
static unsigned names_of(struct op *op, name_ref **names)
{
	unsigned count = 0;
	names[count++] = &op->result;
	names[count++] = &op->subject;
	for (unsigned i = 0; i < ops_table[op->verb].input_count; i++)
		names[count++] = &op->name[i];
	return count;
}

/* Gives rN slot N before any other name can take it. */
static void keep_slots(struct slots *slots, struct op *op)
{
	name_ref *names[OP_INPUTS_MAX + 2];
	unsigned count = names_of(op, names);
	for (unsigned i = 0; i < count; i++) {
		name_ref name = *names[i];
		if (name == 0 || slots->slot[name] != 0)
			continue;
		unsigned slot = slot_of_text(slots->trace->name[name - 1]);
		if (slot == PROGRAM_SLOTS)
			continue;
		slots->slot[name] = (name_ref)(slot + 1);
		slots->taken[slot] = true;
	}
}

/* False: no slot is left; *wrong is the name that found none. */
static bool give_slots(struct slots *slots, struct op *op, name_ref *wrong)
{
	name_ref *names[OP_INPUTS_MAX + 2];
	unsigned count = names_of(op, names);
	for (unsigned i = 0; i < count; i++) {
		name_ref name = *names[i];
		if (name == 0)
			continue;
		if (slots->slot[name] == 0) {
			unsigned slot = 0;
			while (slot < PROGRAM_SLOTS && slots->taken[slot])
				slot++;
			*wrong = name;
			if (slot == PROGRAM_SLOTS)
				return false;
			slots->slot[name] = (name_ref)(slot + 1);
			slots->taken[slot] = true;
		}
		*names[i] = slots->slot[name];
	}
	return true;
}

bool trace_to_slots(const struct trace *trace, struct program *program, struct place *place)
{
	copy_program(program, &trace->program);
	program->name_count = PROGRAM_SLOTS;
	struct slots slots = { .trace = trace };
	slots.slot = memory_zeroed((trace->program.name_count + 1) * sizeof *slots.slot);
	for (size_t i = 0; i < program->count; i++)
		keep_slots(&slots, &program->op[i]);
	bool room = true;
	for (size_t i = 0; i < program->count && room; i++) {
		name_ref wrong = 0;
		room = give_slots(&slots, &program->op[i], &wrong);
		if (room)
			continue;
		place->line = trace->line[i].line;
		place->column = trace->line[i].column;
		snprintf(place->message, sizeof place->message,
		         "`%s` is one name too many: a compiled file has %d",
		         trace->name[wrong - 1], PROGRAM_SLOTS);
	}
	free(slots.slot);
	if (!room)
		program_clear(program);
	return room;
}
