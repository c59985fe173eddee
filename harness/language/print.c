/* print.c: operations and outcomes as lines of a trace. Each program has one
 * printed form, and reading it gives the program back. */
#include <inttypes.h>

#include "../program/records.h"
#include "format.h"

/* Lists of an outcome that a line of a trace still holds. */
enum { LIST_PRINTED_MAX = 2048 };

static void print_bytes(FILE *out, const uint8_t *bytes, uint64_t count)
{
	static const char digit[] = "0123456789abcdef";
	if (count == 0)
		fputc('-', out);
	for (uint64_t i = 0; i < count; i++) {
		fputc(digit[bytes[i] >> 4], out);
		fputc(digit[bytes[i] & 15], out);
	}
}

static void print_schedule(FILE *out, const uint8_t *entry, uint64_t count)
{
	for (uint64_t i = 0; i + SCHEDULE_ENTRY <= count; i += SCHEDULE_ENTRY) {
		const uint8_t *at = entry + i;
		unsigned gap = at[SCHEDULE_GAP] | (unsigned)at[SCHEDULE_GAP + 1] << 8;
		if (at[SCHEDULE_CHOICE] != 0)
			fprintf(out, "%s%u:v%u", i == 0 ? "" : ",", gap, at[SCHEDULE_CHOICE] - 1u);
		else
			fprintf(out, "%s%u:%u", i == 0 ? "" : ",", gap, (unsigned)at[SCHEDULE_CPU]);
	}
}

void trace_print_head(FILE *out, const struct machine *machine)
{
	char layout[VALUE_TEXT];
	value_format(layout, KIND_LAYOUT, NULL, machine->layout);
	fprintf(out, "vmt 1\nmachine layout=%s frames=%" PRIu32 " pagefile=%" PRIu32, layout,
	        machine->frames, machine->pagefile);
	fprintf(out, " cpus=%" PRIu32, machine->cpus);
	if (machine->seed != 0)
		fprintf(out, " seed=%" PRIu64, machine->seed);
	if (machine->userva != 0)
		fprintf(out, " userva=%" PRIu32, machine->userva);
	fputc('\n', out);
}

/* ---- Operations ---------------------------------------------------------------- */

/* What stands in front of the inputs. */
static void print_start(FILE *out, const struct op *op, char *const *name)
{
	const struct op_info *info = &ops_table[op->verb];
	char own[16];
	if (op->cpu != 0)
		fprintf(out, "@%u ", (unsigned)op->cpu);
	if (op->result != 0 && info->subject != SUBJECT_BINDS)
		fprintf(out, "%s = ", name_text(op->result, name, own));
	fputs(info->verb, out);
	if (info->subject == SUBJECT_BINDS && op->result != 0)
		fprintf(out, " %s", name_text(op->result, name, own));
	if (info->subject == SUBJECT_PROCESS || info->subject == SUBJECT_HANDLE)
		fprintf(out, " %s", name_text(op->subject, name, own));
}

static void print_input(FILE *out, const struct program *program, const struct op *op,
                        unsigned input, char *const *name)
{
	const struct op_input *row = &ops_table[op->verb].input[input];
	char own[16], text[VALUE_TEXT];
	if (row->how != HOW_POSITIONAL)
		fprintf(out, " %s=", row->key);
	else if (op->verb == OP_STORE && input == STORE_IN_value)
		fputc('=', out);
	else
		fputc(' ', out);
	if (row->kind == KIND_BYTES) {
		print_bytes(out, program_bytes(program, op->bytes), op->number[input]);
		return;
	}
	if (row->kind == KIND_SCHEDULE) {
		print_schedule(out, program_bytes(program, op->bytes), op->number[input]);
		return;
	}
	name_ref ref = op->name[input];
	value_format(text, row->kind, ref == 0 ? NULL : name_text(ref, name, own),
	             op->number[input]);
	fputs(text, out);
}

void trace_print_op(FILE *out, const struct program *program, size_t index, char *const *name)
{
	const struct op *op = &program->op[index];
	const struct op_info *info = &ops_table[op->verb];
	print_start(out, op, name);
	for (unsigned i = 0; i < info->input_count; i++)
		if (info->input[i].how != HOW_OPTIONAL || op->name[i] != 0 || op->number[i] != 0)
			print_input(out, program, op, i, name);
}

void trace_print(FILE *out, const struct trace *trace)
{
	trace_print_head(out, &trace->program.machine);
	for (size_t i = 0; i < trace->program.count; i++) {
		trace_print_op(out, &trace->program, i, trace->name);
		fputc('\n', out);
	}
}

/* ---- Outcomes ------------------------------------------------------------------ */

static void print_list(FILE *out, const uint64_t *list, uint64_t count)
{
	char text[VALUE_TEXT];
	if (count == 0)
		fputc('-', out);
	for (uint64_t i = 0; i < count; i++) {
		value_format(text, KIND_ADDRESS, NULL, list[i]);
		fprintf(out, "%s%s", i == 0 ? "" : ",", text);
	}
}

static void print_result(FILE *out, const struct op_result *row, unsigned index,
                         const struct outcome *outcome)
{
	uint64_t number = outcome->out[index];
	char text[VALUE_TEXT];
	if ((row->kind == KIND_BYTES && number > PROGRAM_BYTES_MAX) ||
	    (row->kind == KIND_ADDRESS_LIST && number > LIST_PRINTED_MAX))
		return;
	fprintf(out, " %s=", row->key);
	if (row->kind == KIND_BYTES) {
		print_bytes(out, outcome->bytes, number);
	} else if (row->kind == KIND_ADDRESS_LIST) {
		print_list(out, outcome->list, number);
	} else {
		value_format(text, row->kind, NULL, number);
		fputs(text, out);
	}
}

void trace_print_outcome(FILE *out, enum verb verb, const struct outcome *outcome)
{
	const struct op_info *info = &ops_table[verb];
	char own[16];
	fprintf(out, " -> %s", status_text(outcome->status, own));
	for (unsigned i = 0; i < info->result_count; i++)
		if ((outcome->present & 1u << i) != 0)
			print_result(out, &info->result[i], i, outcome);
}
