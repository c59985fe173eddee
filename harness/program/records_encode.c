/* records_encode.c: a program as records. Each program has exactly one
 * compiled form, which the strict decoder relies on. */
#include <assert.h>
#include <string.h>

#include "../support/memory.h"
#include "records.h"

const uint8_t records_magic[4] = { 0x89, 'F', 'L', 'T' };

const uint8_t record_room[KIND_COUNT] = {
	[KIND_NUMBER] = 4,     [KIND_SIZE] = 4,       [KIND_ADDRESS] = 4,
	[KIND_PROCESS] = 1,    [KIND_NAME] = 1,       [KIND_WIDTH] = 1,
	[KIND_TAG] = 4,        [KIND_PROTECT] = 2,    [KIND_ALLOC_TYPE] = 2,
	[KIND_FREE_TYPE] = 2,  [KIND_MAP_TYPE] = 2,   [KIND_UNMAP_TYPE] = 2,
	[KIND_POOL_TYPE] = 2,  [KIND_ATTRIBUTES] = 2, [KIND_ACCESS] = 2,
	[KIND_MDL_ACCESS] = 1, [KIND_STATE] = 2,      [KIND_REGION_TYPE] = 2,
	[KIND_LAYOUT] = 1,     [KIND_MODE] = 1,       [KIND_IRQL] = 1,
	[KIND_FAULT] = 1,
};

/* A zeroed record at the end. */
static uint8_t *append(struct records *records)
{
	records->data = memory_grow(records->data, &records->capacity,
	                            records->size + RECORD_SIZE, 1);
	uint8_t *record = records->data + records->size;
	memset(record, 0, RECORD_SIZE);
	records->size += RECORD_SIZE;
	return record;
}

/* Flags as bits by the place of their word; false when a bit is no word's. */
static bool flags_inline(const struct words *words, uint64_t number, uint32_t *bits)
{
	for (unsigned i = 0; i < words->count; i++) {
		uint32_t value = words->word[i].value;
		bool single = value != 0 && (value & (value - 1)) == 0;
		if (single && (number & value) != 0) {
			*bits |= 1u << i;
			number &= ~(uint64_t)value;
		}
	}
	return number == 0;
}

/* The inline form of a value; false when it has none. */
static bool value_inline(enum kind kind, name_ref name, uint64_t number, uint32_t *bits)
{
	*bits = 0;
	const struct words *words = kind_words(kind);
	if (words != NULL && words->flags)
		return flags_inline(words, number, bits);
	if (words != NULL) {
		*bits = (uint32_t)number;
		return number <= UINT8_MAX;
	}
	if (kind == KIND_ADDRESS) {
		const uint64_t half = UINT64_C(1) << (ADDRESS_OFFSET_BITS - 1);
		*bits = name | (uint32_t)(number << ADDRESS_NAME_BITS);
		return number + half < 2 * half;
	}
	if (kind == KIND_PROCESS || kind == KIND_NAME) {
		*bits = name;
		return true;
	}
	if (kind == KIND_WIDTH) {
		*bits = number == 8 ? 3 : number == 4 ? 2 : number == 2 ? 1 : 0;
		return true;
	}
	*bits = (uint32_t)number;
	return number <= UINT32_MAX;
}

static void put_chain(struct records *records, unsigned input, const uint8_t *bytes, uint64_t count)
{
	while (count > 0) {
		uint8_t part = count < RECORD_DATA ? (uint8_t)count : RECORD_DATA;
		uint8_t *wide = append(records);
		wide[RECORD_VERB] = OP_WIDE;
		wide[WIDE_INPUT] = (uint8_t)input;
		wide[WIDE_COUNT] = part;
		memcpy(wide + WIDE_DATA, bytes, part);
		bytes += part;
		count -= part;
	}
}

static void put_wide(struct records *records, unsigned input, name_ref name, uint64_t number)
{
	if (name == 0 && number == 0)
		return; /* what an absent input reads as */
	uint8_t *wide = append(records);
	wide[RECORD_VERB] = OP_WIDE;
	wide[WIDE_INPUT] = (uint8_t)input;
	wide[WIDE_NAME] = (uint8_t)name;
	put_bytes(wide + WIDE_VALUE, number, 8);
}

void records_put_op(struct records *records, const struct program *program, const struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	bool has_subject = info->subject == SUBJECT_PROCESS || info->subject == SUBJECT_HANDLE;
	uint8_t record[RECORD_SIZE] = { op->verb, op->cpu };
	record[RECORD_SUBJECT] = has_subject ? (uint8_t)op->subject : 0;
	record[RECORD_RESULT] = op_binds((enum verb)op->verb) ? (uint8_t)op->result : 0;
	assert(op->subject <= PROGRAM_SLOTS && op->result <= PROGRAM_SLOTS);

	unsigned at = RECORD_INPUTS;
	for (unsigned i = 0; i < info->input_count; i++) {
		enum kind kind = info->input[i].kind;
		assert(op->name[i] <= PROGRAM_SLOTS);
		if (kind_is_bytes(kind)) {
			put_chain(records, i, program_bytes(program, op->bytes), op->number[i]);
			continue;
		}
		uint64_t number = op->number[i];
		if (op->verb == OP_STORE && i == STORE_IN_value)
			number &= width_mask(op->number[STORE_IN_width]);
		unsigned room = record_room[kind];
		uint32_t bits;
		bool fits = at + room <= RECORD_SIZE;
		if (fits && value_inline(kind, op->name[i], number, &bits))
			put_bytes(record + at, bits, room);
		else
			put_wide(records, i, op->name[i], number);
		if (fits)
			at += room;
	}
	memcpy(append(records), record, RECORD_SIZE);
}

void records_put_machine(struct records *records, const struct machine *machine)
{
	uint8_t *header = append(records);
	memcpy(header, records_magic, sizeof records_magic);
	header[HEADER_VERSION] = RECORDS_VERSION;
	header[HEADER_LAYOUT] = (uint8_t)machine->layout;
	header[HEADER_CPUS] = (uint8_t)machine->cpus;
	put_bytes(header + HEADER_FRAMES, machine->frames, 4);
	put_bytes(header + HEADER_PAGEFILE, machine->pagefile, 4);
	if (machine->seed == 0 && machine->userva == 0)
		return;
	put_wide(records, MACHINE_IN_seed, 0, machine->seed);
	put_wide(records, MACHINE_IN_userva, 0, machine->userva);
	append(records)[RECORD_VERB] = OP_MACHINE;
}

void program_encode(const struct program *program, uint8_t **data, size_t *size)
{
	struct records records = { 0 };
	records_put_machine(&records, &program->machine);
	for (size_t i = 0; i < program->count; i++)
		records_put_op(&records, program, &program->op[i]);
	*data = records.data;
	*size = records.size;
}
