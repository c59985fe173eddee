/* program.h: a program is a machine and a list of operations. It is what
 * every form (text, records, engine bytes) is read into and printed from. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "ops.h"

/* The machine line. Defaults: nt64, 256 frames, 1024 pagefile pages, 1 CPU,
 * seed 0, userva 0. */
struct machine {
	uint32_t layout; /* enum vmm_layout */
	uint32_t frames, pagefile, cpus;
	uint64_t seed;
	uint32_t userva; /* nt32-3gb: user space in MiB, 2048..3072; 0 = 3072 */
};
struct machine machine_default(void);
/* Sets what number[] gives (by MACHINE_IN_frames, ...) for the inputs in the
 * bit set `given`; the others keep their defaults. False: the machine is out
 * of its bounds, *wrong is the input at fault and message says why. The one
 * judge of machines, for text and for records. */
bool machine_set(struct machine *machine, const uint64_t number[MACHINE_INPUTS], unsigned given,
                 unsigned *wrong, char *message, size_t message_size);

/* Bounds of a machine in text and files; what is outside is refused. */
enum {
	MACHINE_FRAMES_MIN = 32,
	MACHINE_FRAMES_MAX = 1 << 20, /* 4 GiB */
	MACHINE_PAGEFILE_MAX = 1 << 24,
	MACHINE_CPUS_MAX = 8
};

/* A name: 0 is none or P0, k is name k-1. Records have this many names. */
enum { PROGRAM_SLOTS = 64, PROGRAM_NAMES_MAX = 65535 };

/* Limits of files, so that what a file makes of memory is bounded: operations,
 * and the bytes of one KIND_BYTES or KIND_SCHEDULE input. */
enum { PROGRAM_OPS_MAX = 200000, PROGRAM_BYTES_MAX = 16384 };

/* A KIND_SCHEDULE input is entries of 4 bytes: the gap (little-endian u16), and
 * either the CPU that runs on after so many steps, and 0; or 0, and what the
 * memory model chooses after so many choices, plus one. */
enum { SCHEDULE_GAP, SCHEDULE_CPU = 2, SCHEDULE_CHOICE, SCHEDULE_ENTRY };
enum { SCHEDULE_GAP_MAX = 65535, SCHEDULE_CHOICE_MAX = 254 };

struct program {
	struct machine machine;
	struct op *op;
	size_t count, capacity;
	unsigned name_count; /* names in use are 1..name_count; PROGRAM_SLOTS for records */
	uint8_t *bytes;      /* the pool of KIND_BYTES and KIND_SCHEDULE inputs */
	size_t bytes_count, bytes_capacity;
};

/* All functions that allocate end the process with exit status 3 and a message
 * when the machine has no memory (harness/support/memory.h). */
void program_init(struct program *program);
void program_clear(struct program *program); /* empty, default machine; keeps memory */
void program_destroy(struct program *program);
/* A zeroed operation at the end. */
struct op *program_append(struct program *program);
/* Room for `count` operations and `bytes` bytes in all, and no more than asked
 * for where there is less. */
void program_reserve(struct program *program, size_t count, size_t bytes);
/* Copies bytes into the pool; returns their place. */
uint32_t program_add_bytes(struct program *program, const uint8_t *bytes, size_t count);
/* What stands at a place of the pool; NULL when the pool is empty, since not
 * even 0 may be added to its address then. */
static inline uint8_t *program_bytes(const struct program *program, uint32_t place)
{
	return program->bytes == NULL ? NULL : program->bytes + place;
}

/* ---- Where a refused input is wrong --------------------------------------- */

/* For text line and column count from 1; for records line is 0 and column is
 * the byte offset. */
struct place {
	size_t line, column;
	char message[200];
};

/* ---- Records (records_decode.c, records_encode.c) ----------------------------  */

/* The strict reader: a compiled file as program_encode wrote it, and nothing
 * else. False: *place says where it is not. */
bool program_decode_file(struct program *program, const uint8_t *data, size_t size,
                         struct place *place);
/* The total decoder for engine bytes: every byte string is a program of at
 * most `ops_max` operations on a machine small enough to fuzz. On a compiled
 * file with a small machine both decoders agree. */
void program_decode_any(struct program *program, const uint8_t *data, size_t size,
                        size_t ops_max);
/* The compiled form; *data is malloc'ed. Names must be within PROGRAM_SLOTS. */
void program_encode(const struct program *program, uint8_t **data, size_t *size);
/* True when data starts as a compiled file does. */
bool program_is_compiled(const uint8_t *data, size_t size);

#endif
