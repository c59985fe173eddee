/* trace.c: fuzz target, of bytes. Claims that any bytes are either refused, with a
 * reason and at a place that they have, or are a trace or a compiled program that
 * keeps the laws of docs/TRACE.md: what is printed is read back as the same
 * program, and so is what is compiled. Does not cover what the programs do when
 * they run (ops.c), nor inputs too long for an engine. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../language/trace.h"
#include "../program/records.h"
#include "../run/statistics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- Laws ------------------------------------------------------------------------ */

enum law {
	LAW_REASON,
	LAW_PLACE,
	LAW_VERB_PLACE,
	LAW_EXPECTATION,
	LAW_PRINT_READS,
	LAW_PRINT_STABLE,
	LAW_PRINT_SAME,
	LAW_COMPILE_READS,
	LAW_COMPILE_SAME,
	LAW_COMPILE_SHOW,
	LAW_ONE_FORM,
	LAW_READERS
};

static const struct {
	const char *token, *claim;
} laws[] = {
	[LAW_REASON] = { "refusal-reason", "what is refused is refused with a line of reason" },
	[LAW_PLACE] = { "refusal-place", "what is refused is refused at a place that it has" },
	[LAW_VERB_PLACE] = { "verb-place", "an operation knows where its verb stands" },
	[LAW_EXPECTATION] = { "trace-expectation", "an expectation that does not hold says why" },
	[LAW_PRINT_READS] = { "print-reads", "what is printed can be read" },
	[LAW_PRINT_STABLE] = { "print-stable", "what is printed and read prints the same" },
	[LAW_PRINT_SAME] = { "print-same", "what is printed is read as the same program" },
	[LAW_COMPILE_READS] = { "compile-reads", "what is compiled can be read" },
	[LAW_COMPILE_SAME] = { "compile-same", "what is compiled is read as the same program" },
	[LAW_COMPILE_SHOW] = { "compile-show", "what is compiled and shown compiles to the same" },
	[LAW_ONE_FORM] = { "one-form", "a program has one compiled form" },
	[LAW_READERS] = { "readers-agree", "a small compiled program is the same to both readers" },
};

/* A law that does not hold ends the process: the claim, what was seen, and the
 * token that engines and campaigns group by. */
_Noreturn static __attribute__((noinline, format(printf, 2, 3))) void
broken(enum law law, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "faultline: %s\n  actual    ", laws[law].claim);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nDEDUP_TOKEN: %s\n", laws[law].token);
	fflush(stderr);
	__builtin_trap();
}

/* ---- Places ---------------------------------------------------------------------- */

/* Goes forward through a text, line by line. */
struct cursor {
	const char *at, *end; /* where the line starts, and where the text ends */
	size_t line;
};

/* NULL: the text has no such place. One behind the line's last byte is one, since
 * something may be missing there. */
static const char *at_place(struct cursor *cursor, size_t line, size_t column)
{
	const char *newline = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));

	while (cursor->line < line && newline != NULL) {
		cursor->at = newline + 1;
		cursor->line++;
		newline = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));
	}
	const char *end = newline == NULL ? cursor->end : newline;

	if (cursor->line != line || column == 0 || column - 1 > (size_t)(end - cursor->at))
		return NULL;
	return cursor->at + column - 1;
}

static struct cursor cursor_of(const uint8_t *data, size_t size)
{
	return (struct cursor){ (const char *)data, (const char *)data + size, 1 };
}

static void must_be_one_line(enum law law, const char *text)
{
	if (text[0] == '\0')
		broken(law, "no reason is given");
	for (const char *at = text; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			broken(law, "byte 0x%02x stands in it", (unsigned char)*at);
}

static void must_have_place(const struct place *place, const uint8_t *data, size_t size, bool text)
{
	struct cursor cursor = cursor_of(data, size);

	must_be_one_line(LAW_REASON, place->message);
	if (text ? at_place(&cursor, place->line, place->column) == NULL
	         : place->line != 0 || place->column > size)
		broken(LAW_PLACE, "%zu:%zu of %zu bytes: %s", place->line, place->column, size,
		       place->message);
}

/* What a runner says of a line that it executed, it says with the line's place. */
static void verbs_have_places(const struct trace *trace, const uint8_t *data, size_t size)
{
	struct cursor cursor = cursor_of(data, size);

	for (size_t i = 0; i < trace->program.count; i++) {
		const struct trace_line *line = &trace->line[i];
		const char *verb = ops_table[trace->program.op[i].verb].verb;
		const char *at = at_place(&cursor, line->line, line->column);

		if (at == NULL || (size_t)(cursor.end - at) < strlen(verb) ||
		    memcmp(at, verb, strlen(verb)) != 0)
			broken(LAW_VERB_PLACE, "%s is not at %u:%u", verb, (unsigned)line->line,
			       (unsigned)line->column);
	}
}

/* Holds each line's expectation against an outcome with every result of its verb. */
static void expectations_are_told(const struct trace *trace, vmm_status status)
{
	struct binding *binding = calloc(trace->program.name_count + 1u, sizeof *binding);
	struct outcome outcome = { .status = status };
	char why[240];

	if (binding == NULL)
		abort();
	for (unsigned i = 0; i < trace->program.name_count; i++)
		binding[i].bound = i % 2 == 0;
	for (size_t i = 0; i < trace->program.count; i++) {
		const struct op_info *info = &ops_table[trace->program.op[i].verb];

		outcome.present = (UINT32_C(1) << info->result_count) - 1;
		why[0] = '\0';
		if (!trace_expect(trace, i, &outcome, binding, why, sizeof why))
			must_be_one_line(LAW_EXPECTATION, why);
	}
	free(binding);
}

/* ---- Programs that should be equal ------------------------------------------------- */

static bool same_op(const struct program *a, const struct program *b, size_t index)
{
	const struct op *left = &a->op[index], *right = &b->op[index];
	const struct op_info *info = &ops_table[left->verb];

	if (left->verb != right->verb || left->cpu != right->cpu ||
	    left->subject != right->subject || left->result != right->result)
		return false;
	for (unsigned i = 0; i < info->input_count; i++) {
		uint64_t number = left->number[i];

		if (left->name[i] != right->name[i] || number != right->number[i])
			return false;
		if (kind_is_bytes(info->input[i].kind) && number != 0 &&
		    memcmp(program_bytes(a, left->bytes), program_bytes(b, right->bytes), number) != 0)
			return false;
	}
	return true;
}

static bool same_machine(const struct machine *a, const struct machine *b)
{
	return a->layout == b->layout && a->frames == b->frames && a->pagefile == b->pagefile &&
	       a->cpus == b->cpus && a->seed == b->seed && a->userva == b->userva;
}

static void must_be_same(enum law law, const struct program *a, const struct program *b)
{
	if (!same_machine(&a->machine, &b->machine))
		broken(law, "the machines differ");
	if (a->count != b->count)
		broken(law, "%zu operations became %zu", a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		if (!same_op(a, b, i))
			broken(law, "operation %zu differs: %s", i + 1, ops_table[a->op[i].verb].verb);
}

static void must_be_same_bytes(enum law law, const void *a, size_t a_size, const void *b,
                               size_t b_size)
{
	const unsigned char *left = a, *right = b;
	size_t at = 0;

	while (at < a_size && at < b_size && left[at] == right[at])
		at++;
	if (at < a_size || at < b_size)
		broken(law, "%zu and %zu bytes differ from byte %zu on", a_size, b_size, at);
}

/* ---- There and back ---------------------------------------------------------------- */

static char *print(const struct trace *trace, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (out == NULL)
		abort();
	trace_print(out, trace);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* Spellings of names are held by the text, what they name by the compiled form. */
static void prints_back(const struct trace *trace)
{
	struct trace again;
	struct program meant, read;
	struct place place;
	size_t first_size, second_size;
	char *first = print(trace, &first_size), *second;

	trace_init(&again);
	program_init(&meant);
	program_init(&read);
	if (!trace_parse(&again, first, first_size, &place))
		broken(LAW_PRINT_READS, "%zu:%zu of what is printed: %s", place.line, place.column,
		       place.message);
	second = print(&again, &second_size);
	must_be_same_bytes(LAW_PRINT_STABLE, first, first_size, second, second_size);
	if (trace_to_slots(trace, &meant, &place)) {
		if (!trace_to_slots(&again, &read, &place))
			broken(LAW_PRINT_SAME, "names are added: %s", place.message);
		must_be_same(LAW_PRINT_SAME, &meant, &read);
	}
	program_destroy(&read);
	program_destroy(&meant);
	trace_destroy(&again);
	free(first);
	free(second);
}

/* A program in records' terms, compiled, read, shown and compiled again. */
static void compiles_back(const struct program *meant)
{
	struct program read;
	struct trace shown;
	struct place place;
	uint8_t *first, *second;
	size_t first_size, second_size;

	program_init(&read);
	trace_init(&shown);
	program_encode(meant, &first, &first_size);
	if (!program_decode_file(&read, first, first_size, &place))
		broken(LAW_COMPILE_READS, "byte %zu: %s", place.column, place.message);
	must_be_same(LAW_COMPILE_SAME, meant, &read);
	trace_of_program(&shown, &read);
	prints_back(&shown);
	if (!trace_to_slots(&shown, &read, &place))
		broken(LAW_COMPILE_SHOW, "names are added: %s", place.message);
	program_encode(&read, &second, &second_size);
	must_be_same_bytes(LAW_COMPILE_SHOW, first, first_size, second, second_size);
	free(first);
	free(second);
	trace_destroy(&shown);
	program_destroy(&read);
}

/* ---- Inputs ------------------------------------------------------------------------ */

/* False: it was refused. */
static bool take_text(const uint8_t *data, size_t size)
{
	struct trace trace;
	struct program slots;
	struct place place = { .message = "" };
	bool good;

	trace_init(&trace);
	program_init(&slots);
	good = trace_parse(&trace, (const char *)data, size, &place);
	if (good) {
		verbs_have_places(&trace, data, size);
		expectations_are_told(&trace, VMM_SUCCESS);
		expectations_are_told(&trace, VMM_INVALID_PARAMETER_4);
		prints_back(&trace);
	}
	if (good && trace_to_slots(&trace, &slots, &place))
		compiles_back(&slots);
	else
		must_have_place(&place, data, size, true);
	program_destroy(&slots);
	trace_destroy(&trace);
	return good;
}

/* Up to these bounds both readers take a machine for the same (docs/TRACE.md). */
static bool is_small(const struct machine *machine)
{
	return machine->frames <= 4096 && machine->pagefile <= 16384;
}

static bool take_records(const uint8_t *data, size_t size)
{
	struct program program, any;
	struct place place = { .message = "" };
	bool good;

	program_init(&program);
	program_init(&any);
	good = program_decode_file(&program, data, size, &place);
	if (good) {
		uint8_t *again;
		size_t again_size;

		program_encode(&program, &again, &again_size);
		must_be_same_bytes(LAW_ONE_FORM, data, size, again, again_size);
		free(again);
		compiles_back(&program);
		program_decode_any(&any, data, size, SIZE_MAX);
		if (is_small(&program.machine))
			must_be_same(LAW_READERS, &program, &any);
	} else {
		must_have_place(&place, data, size, false);
	}
	program_destroy(&any);
	program_destroy(&program);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct statistics *statistics;

	if (statistics == NULL)
		statistics = statistics_open();
	statistics->executions++;
	statistics->accepted += program_is_compiled(data, size) ? take_records(data, size)
	                                                        : take_text(data, size);
	return 0;
}
