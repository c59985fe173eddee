/* records_decode.c: records as a program, twice over one core. program_decode_any
 * takes every byte string; program_decode_file takes a record only when
 * encoding the operation that was read gives the very same bytes. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/vmm.h"
#include "records.h"

enum { FUZZ_FRAMES_MAX = 4096, FUZZ_PAGEFILE_MAX = 16384, FUZZ_CPUS_MAX = MACHINE_CPUS_MAX };

static name_ref slot(unsigned byte)
{
	return (name_ref)(byte % (PROGRAM_SLOTS + 1));
}

/* ---- Inputs ------------------------------------------------------------------ */

static uint64_t flags_value(const struct words *words, uint32_t bits)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < words->count && bits >> i != 0; i++) {
		uint32_t word = words->word[i].value;
		if ((bits >> i & 1) != 0 && (word & (word - 1)) == 0)
			value |= word;
	}
	return value;
}

static void take_inline(struct op *op, unsigned input, enum kind kind, const uint8_t *at)
{
	const struct words *words = kind_words(kind);
	if (words != NULL && words->flags) {
		op->number[input] = flags_value(words, at[0] | (uint32_t)at[1] << 8);
	} else if (words != NULL) {
		op->number[input] = at[0] % words->count;
	} else if (kind == KIND_ADDRESS) {
		uint32_t bits = get_u32(at);
		uint64_t offset = bits >> ADDRESS_NAME_BITS;
		if (offset >> (ADDRESS_OFFSET_BITS - 1) != 0)
			offset -= UINT64_C(1) << ADDRESS_OFFSET_BITS;
		op->name[input] = slot(bits & ((1u << ADDRESS_NAME_BITS) - 1));
		op->number[input] = offset;
	} else if (kind == KIND_PROCESS || kind == KIND_NAME) {
		op->name[input] = slot(at[0]);
	} else if (kind == KIND_WIDTH) {
		op->number[input] = UINT64_C(1) << (at[0] & 3);
	} else {
		op->number[input] = get_u32(at);
	}
}

static void take_part(struct program *program, struct op *op, unsigned input, const uint8_t *wide)
{
	unsigned part = wide[WIDE_COUNT] % (RECORD_DATA + 1);
	if (op->number[input] + part > PROGRAM_BYTES_MAX)
		return;
	uint32_t place = program_add_bytes(program, wide + WIDE_DATA, part);
	if (op->number[input] == 0)
		op->bytes = place;
	op->number[input] += part;
}

static void take_wide(struct program *program, struct op *op, const uint8_t *wide)
{
	const struct op_info *info = &ops_table[op->verb];
	unsigned input = wide[WIDE_INPUT];
	if (input >= info->input_count)
		return;
	enum kind kind = info->input[input].kind;
	if (kind_is_bytes(kind)) {
		take_part(program, op, input, wide);
		return;
	}
	const struct words *words = kind_words(kind);
	uint64_t value = get_u64(wide + WIDE_VALUE);
	bool named = kind == KIND_ADDRESS || kind == KIND_PROCESS || kind == KIND_NAME;
	op->name[input] = named ? slot(wide[WIDE_NAME]) : 0;
	if (kind == KIND_PROCESS || kind == KIND_NAME)
		op->number[input] = 0;
	else if (kind == KIND_WIDTH)
		op->number[input] = UINT64_C(1) << (value & 3);
	else if (words != NULL && !words->flags)
		op->number[input] = value % words->count;
	else if (words != NULL || kind == KIND_TAG)
		op->number[input] = (uint32_t)value;
	else
		op->number[input] = value;
}

/* What no text can say is brought to what it can. */
static void tidy(struct program *program, struct op *op)
{
	if (op->verb == OP_STORE)
		op->number[STORE_IN_value] &= width_mask(op->number[STORE_IN_width]);
	if (op->verb != OP_PARALLEL)
		return;
	uint64_t *count = &op->number[PARALLEL_IN_schedule];
	*count -= *count % SCHEDULE_ENTRY;
	uint8_t *entry = program_bytes(program, op->bytes);
	for (uint64_t i = 0; i < *count; i += SCHEDULE_ENTRY) {
		uint8_t *cpu = &entry[i + SCHEDULE_CPU];
		*cpu = entry[i + SCHEDULE_CHOICE] != 0 ? 0 : (uint8_t)(*cpu % program->machine.cpus);
	}
}

/* Records that belong to one operation: its own, and the wide ones before it. */
struct group {
	const uint8_t *record, *wide, *wide_end;
};

static void take_op(struct program *program, struct op *op, const struct group *group)
{
	const uint8_t *record = group->record;
	enum verb verb = (enum verb)record[RECORD_VERB];
	const struct op_info *info = &ops_table[verb];
	op->verb = record[RECORD_VERB];
	op->cpu = (uint8_t)(record[RECORD_CPU] % program->machine.cpus);
	if (info->subject == SUBJECT_PROCESS || info->subject == SUBJECT_HANDLE)
		op->subject = slot(record[RECORD_SUBJECT]);
	if (op_binds(verb))
		op->result = slot(record[RECORD_RESULT]);

	unsigned at = RECORD_INPUTS;
	for (unsigned i = 0; i < info->input_count; i++) {
		unsigned room = record_room[info->input[i].kind];
		if (room == 0 || at + room > RECORD_SIZE)
			continue;
		take_inline(op, i, info->input[i].kind, record + at);
		at += room;
	}
	for (const uint8_t *wide = group->wide; wide < group->wide_end; wide += RECORD_SIZE)
		take_wide(program, op, wide);
	tidy(program, op);
}

/* ---- Every byte string --------------------------------------------------------- */

static uint32_t within(uint32_t value, uint32_t low, uint32_t high)
{
	return value >= low && value <= high ? value : low + value % (high - low + 1);
}

static struct machine take_header(const uint8_t *header)
{
	return (struct machine){
		.layout = header[HEADER_LAYOUT] % kind_words(KIND_LAYOUT)->count,
		.cpus = within(header[HEADER_CPUS], 1, FUZZ_CPUS_MAX),
		.frames = within(get_u32(header + HEADER_FRAMES), MACHINE_FRAMES_MIN,
		                 FUZZ_FRAMES_MAX),
		.pagefile = within(get_u32(header + HEADER_PAGEFILE), 0, FUZZ_PAGEFILE_MAX),
	};
}

/* The machine that header and machine record give; false as machine_set. */
static bool join_machine(struct machine *machine, const struct op *op, char *message, size_t size)
{
	uint64_t number[MACHINE_INPUTS] = { machine->layout, machine->frames,
		                            machine->pagefile, machine->cpus,
		                            op->number[MACHINE_IN_seed],
		                            op->number[MACHINE_IN_userva] };
	unsigned wrong;
	return machine_set(machine, number, (1u << MACHINE_INPUTS) - 1, &wrong, message, size);
}

/* A machine record of an engine gives what is legal, and else nothing. */
static void take_machine(struct program *program, const struct group *group)
{
	struct op op = { 0 };
	char message[8];
	take_op(program, &op, group);
	if (!join_machine(&program->machine, &op, message, sizeof message)) {
		op.number[MACHINE_IN_userva] = 0;
		join_machine(&program->machine, &op, message, sizeof message);
	}
}

void program_decode_any(struct program *program, const uint8_t *data, size_t size, size_t ops_max)
{
	program_clear(program);
	program->name_count = PROGRAM_SLOTS;
	uint8_t header[RECORD_SIZE] = { 0 };
	if (size > 0)
		memcpy(header, data, size < RECORD_SIZE ? size : RECORD_SIZE);
	program->machine = take_header(header);

	bool first = true;
	size_t wide = RECORD_SIZE;
	size_t whole = size - size % RECORD_SIZE;
	for (size_t at = RECORD_SIZE; at < size && program->count < ops_max; at += RECORD_SIZE) {
		uint8_t tail[RECORD_SIZE] = { 0 }; /* a cut-off record, zeros behind it */
		struct group group = { data + at, data + wide, data + at };
		if (at == whole)
			group.record = memcpy(tail, group.record, size - whole);
		unsigned verb = group.record[RECORD_VERB];
		if (verb == OP_WIDE)
			continue;
		wide = at + RECORD_SIZE;
		if (verb >= OP_COUNT)
			continue;
		if (verb != OP_MACHINE)
			take_op(program, program_append(program), &group);
		else if (first)
			take_machine(program, &group);
		first = false;
	}
}

/* ---- Files --------------------------------------------------------------------- */

bool program_is_compiled(const uint8_t *data, size_t size)
{
	return size >= sizeof records_magic &&
	       memcmp(data, records_magic, sizeof records_magic) == 0;
}

static bool refuse(struct place *place, size_t offset, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	place->line = 0;
	place->column = offset;
	vsnprintf(place->message, sizeof place->message, format, arguments);
	va_end(arguments);
	return false;
}

static bool read_header(struct program *program, const uint8_t *data, size_t size,
                        struct place *place)
{
	if (!program_is_compiled(data, size))
		return refuse(place, 0,
		              "this is no compiled trace: it does not start with 89 46 4c 54");
	if (size < RECORD_SIZE)
		return refuse(place, size, "the file ends inside its header of %d bytes",
		              RECORD_SIZE);
	if (data[HEADER_VERSION] != RECORDS_VERSION)
		return refuse(place, HEADER_VERSION,
		              "version %d is not supported, this is version %d",
		              data[HEADER_VERSION], RECORDS_VERSION);
	if (size % RECORD_SIZE != 0)
		return refuse(place, size - size % RECORD_SIZE,
		              "the file ends inside a record: its size must be a multiple of %d",
		              RECORD_SIZE);
	if (data[HEADER_ZERO] != 0)
		return refuse(place, HEADER_ZERO, "byte %d of the header must be 0", HEADER_ZERO);
	program->machine = (struct machine){ .layout = data[HEADER_LAYOUT],
		                             .cpus = data[HEADER_CPUS],
		                             .frames = get_u32(data + HEADER_FRAMES),
		                             .pagefile = get_u32(data + HEADER_PAGEFILE) };
	static const uint8_t offset[MACHINE_INPUTS] = { HEADER_LAYOUT, HEADER_FRAMES,
		                                        HEADER_PAGEFILE, HEADER_CPUS };
	uint64_t number[MACHINE_INPUTS] = { program->machine.layout, program->machine.frames,
		                            program->machine.pagefile, program->machine.cpus };
	unsigned wrong = 0;
	if (machine_set(&program->machine, number, (1u << MACHINE_INPUTS) - 1, &wrong,
	                place->message, sizeof place->message))
		return true;
	place->line = 0;
	place->column = offset[wrong];
	return false;
}

/* What can be said better than "not the bytes that compile writes". */
static bool record_is_plausible(const struct program *program, const uint8_t *data, size_t at,
                                struct place *place)
{
	const uint8_t *record = data + at;
	if (record[RECORD_VERB] >= OP_COUNT)
		return refuse(place, at, "no operation has the number %d: they are 0 to %d",
		              record[RECORD_VERB], OP_COUNT - 1);
	if (record[RECORD_VERB] == OP_WIDE) {
		if (record[WIDE_NAME] > PROGRAM_SLOTS)
			return refuse(place, at, "there is no name %d: names are 0 to %d",
			              record[WIDE_NAME], PROGRAM_SLOTS);
		return true;
	}
	if (record[RECORD_CPU] >= program->machine.cpus)
		return refuse(place, at, "there is no CPU %d: the machine has %" PRIu32,
		              record[RECORD_CPU], program->machine.cpus);
	for (unsigned i = RECORD_SUBJECT; i <= RECORD_RESULT; i++)
		if (record[i] > PROGRAM_SLOTS)
			return refuse(place, at, "there is no name %d: names are 0 to %d",
			              record[i], PROGRAM_SLOTS);
	return true;
}

/* Compares what was read, encoded again, with the file from `from` to `to`. */
static bool is_canonical(const struct records *again, const uint8_t *data, size_t from, size_t to,
                         struct place *place)
{
	size_t length = to - from, same = 0;
	while (same < again->size && same < length && again->data[same] == data[from + same])
		same++;
	if (same == length && same == again->size)
		return true;
	size_t offset = from + (same < length ? same : length - RECORD_SIZE);
	return refuse(place, offset - offset % RECORD_SIZE,
	              "this record is not in the form that `compile` writes");
}

/* The operation whose record is at `at` and whose wide records start at
 * `wide`, and whether the file has just its bytes. */
static bool read_op(struct program *program, struct records *again, const uint8_t *data,
                    size_t wide, size_t at, struct place *place)
{
	const struct group group = { data + at, data + wide, data + at };
	again->size = 0;
	if (data[at] != OP_MACHINE) {
		struct op *op = program_append(program);
		take_op(program, op, &group);
		records_put_op(again, program, op);
		return is_canonical(again, data, wide, at + RECORD_SIZE, place);
	}
	if (wide != RECORD_SIZE)
		return refuse(place, at, "the machine stands before any operation");
	struct op op = { 0 };
	take_op(program, &op, &group);
	place->line = 0;
	place->column = at;
	if (!join_machine(&program->machine, &op, place->message, sizeof place->message))
		return false;
	records_put_machine(again, &program->machine);
	return is_canonical(again, data, 0, at + RECORD_SIZE, place);
}

static bool read_ops(struct program *program, struct records *again, const uint8_t *data,
                     size_t size, struct place *place)
{
	size_t wide = RECORD_SIZE;
	for (size_t at = RECORD_SIZE; at < size; at += RECORD_SIZE) {
		if (!record_is_plausible(program, data, at, place))
			return false;
		if (data[at] == OP_WIDE)
			continue;
		if (program->count == PROGRAM_OPS_MAX)
			return refuse(place, at, "a file has at most %d operations",
			              PROGRAM_OPS_MAX);
		if (!read_op(program, again, data, wide, at, place))
			return false;
		wide = at + RECORD_SIZE;
	}
	if (wide < size)
		return refuse(place, wide, "a wide record with no operation behind it");
	return true;
}

bool program_decode_file(struct program *program, const uint8_t *data, size_t size,
                         struct place *place)
{
	program_clear(program);
	program->name_count = PROGRAM_SLOTS;
	struct records again = { 0 };
	bool read = read_header(program, data, size, place) &&
	            read_ops(program, &again, data, size, place);
	free(again.data);
	if (!read)
		program_clear(program);
	return read;
}
