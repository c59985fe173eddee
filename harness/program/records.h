/* records.h: the layout of the compiled form, for records_encode.c and
 * records_decode.c; docs/TRACE.md has the picture. */
#ifndef RECORDS_H
#define RECORDS_H

#include "program.h"

/* Header:  magic (4) version layout cpus 0 | frames u32 | pagefile u32
 * Record:  verb cpu subject result | inputs (12)
 * Wide:    OP_WIDE input name count | 0 (4) | value u64     a number or address
 *          OP_WIDE input 0 1..12 | data (12)                bytes, in a chain
 * Numbers are little-endian. */
enum { RECORD_SIZE = 16, RECORD_INPUTS = 4, RECORD_DATA = RECORD_SIZE - RECORD_INPUTS };
enum { RECORDS_VERSION = 1 };
extern const uint8_t records_magic[4];

enum { HEADER_VERSION = 4, HEADER_LAYOUT, HEADER_CPUS, HEADER_ZERO, HEADER_FRAMES,
       HEADER_PAGEFILE = 12 };
enum { RECORD_VERB, RECORD_CPU, RECORD_SUBJECT, RECORD_RESULT };
enum { WIDE_INPUT = 1, WIDE_NAME, WIDE_COUNT, WIDE_DATA, WIDE_VALUE = 8 };

/* An address in its inline form: 7 bits of name, 25 of signed offset. */
enum { ADDRESS_NAME_BITS = 7, ADDRESS_OFFSET_BITS = 25 };

/* Bytes that an input of a kind takes inside a record; 0: never inside. An
 * input that finds no room any more is carried by a wide record. */
extern const uint8_t record_room[KIND_COUNT];

/* Growing output. */
struct records {
	uint8_t *data;
	size_t size, capacity;
};
/* Appends what is before the first operation: header, and seed and userva. */
void records_put_machine(struct records *records, const struct machine *machine);
/* Appends one operation, its wide records before it. */
void records_put_op(struct records *records, const struct program *program, const struct op *op);

static inline uint32_t get_u32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static inline uint64_t get_u64(const uint8_t *at)
{
	return get_u32(at) | (uint64_t)get_u32(at + 4) << 32;
}

/* The lowest `count` bytes of value. */
static inline void put_bytes(uint8_t *at, uint64_t value, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static inline bool kind_is_bytes(enum kind kind)
{
	return kind == KIND_BYTES || kind == KIND_SCHEDULE;
}

#endif
