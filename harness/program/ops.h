/* ops.h: what the rest of the harness takes from ops.def.
 *
 * An operation in memory is a struct op, the same for every verb: numbers and
 * names by the index of the input. ops_table holds the descriptions. */
#ifndef OPS_H
#define OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Kinds of inputs and results ---------------------------------------- */

enum kind {
	KIND_NUMBER,       /* decimal or 0x, with an optional K, M, G or T */
	KIND_SIZE,         /* bytes; as NUMBER, printed in hexadecimal */
	KIND_ADDRESS,      /* NAME, NAME+N, NAME-N or a plain number */
	KIND_ADDRESS_LIST, /* results only: addresses in rising order, or - */
	KIND_PROCESS,      /* the name of a process; absent is P0 */
	KIND_NAME,         /* any bound name; absent is none */
	KIND_BYTES,        /* hexadecimal digits without 0x */
	KIND_WIDTH,        /* u8 u16 u32 u64, a key of its own; 1, 2, 4, 8 */
	KIND_TAG,          /* 1 to 4 characters, the first in the lowest byte */
	KIND_SCHEDULE,     /* gap:cpu,gap:vchoice,...; bytes in records */
	KIND_PROTECT,      /* from here on: flags and words of names.def */
	KIND_ALLOC_TYPE,
	KIND_FREE_TYPE,
	KIND_MAP_TYPE,
	KIND_UNMAP_TYPE,
	KIND_POOL_TYPE,
	KIND_ATTRIBUTES,
	KIND_ACCESS,
	KIND_MDL_ACCESS,
	KIND_STATE,
	KIND_REGION_TYPE,
	KIND_LAYOUT,
	KIND_MODE,
	KIND_IRQL,
	KIND_FAULT,
	KIND_COUNT
};

/* Words of a kind and their values (names.def). Flags are joined with |. */
struct word {
	const char *text;
	uint32_t value;
};
struct words {
	const struct word *word;
	unsigned count;
	bool flags; /* may be joined; otherwise exactly one */
};
/* NULL for a kind that has no words. */
const struct words *kind_words(enum kind kind);

/* ---- Operations ----------------------------------------------------------- */

enum { OP_INPUTS_MAX = 11, OP_RESULTS_MAX = 7 };

enum verb {
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence) OP_##NAME,
#include "../ops.def"
#undef OP
	OP_COUNT
};

/* ALLOC_IN_addr, ALLOC_IN_size, ...: the index of each input; ALLOC_OUT_base,
 * ...: of each result. */
#define IN(VERB, key, KIND, HOW) VERB##_IN_##key,
#define OUT(VERB, key, KIND)
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	enum { inputs NAME##_INPUTS };
#include "../ops.def"
#undef OP
#undef IN
#undef OUT
#define IN(VERB, key, KIND, HOW)
#define OUT(VERB, key, KIND) VERB##_OUT_##key,
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	enum { results NAME##_RESULTS };
#include "../ops.def"
#undef OP
#undef IN
#undef OUT

enum op_stage {
	STAGE_BUILT,
	STAGE_SCHEDULED, /* built where CPUs are simulated (harness/schedule/) */
	STAGE_LATER
};
enum op_subject { SUBJECT_NONE, SUBJECT_PROCESS, SUBJECT_HANDLE, SUBJECT_BINDS };
enum input_how { HOW_REQUIRED, HOW_OPTIONAL, HOW_POSITIONAL };

struct op_input {
	const char *key;
	enum kind kind;
	enum input_how how;
};
struct op_result {
	const char *key;
	enum kind kind;
};
struct op_info {
	const char *verb;
	enum op_stage stage;
	enum op_subject subject;
	unsigned weight;
	unsigned input_count, result_count;
	const struct op_input *input;
	const struct op_result *result;
	const char *service, *sentence;
};
extern const struct op_info ops_table[OP_COUNT];

/* True for a verb that may stand behind "NAME =" (or, process, before one). Of
 * every other verb op.result is 0. */
bool op_binds(enum verb verb);

/* True for what a CPU does itself, not a service: its refusals are faults. */
static inline bool op_accesses(enum verb verb)
{
	return verb == OP_LOAD || verb == OP_STORE || verb == OP_EXEC;
}

/* A name in a program: 0 is none, for a KIND_PROCESS input or a process
 * subject P0; k is name number k-1 of the program. */
typedef uint16_t name_ref;

/* One operation. For KIND_ADDRESS the number is added to the name's value
 * (modulo 2^64); KIND_BYTES and KIND_SCHEDULE inputs hold the count in
 * number[] and the bytes in the program's pool at `bytes` (a row has at most
 * one such input). Inputs that an operation lacks are 0. */
struct op {
	uint8_t verb; /* enum verb */
	uint8_t cpu;
	name_ref subject;
	name_ref result; /* the name that it binds */
	name_ref name[OP_INPUTS_MAX];
	uint32_t bytes;
	uint64_t number[OP_INPUTS_MAX];
};

/* What a store of `width` bytes can store of a value. */
static inline uint64_t width_mask(uint64_t width)
{
	return width >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * width) - 1;
}

#endif
