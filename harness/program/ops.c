/* ops.c: the tables of ops.h, made from ops.def and names.def. */
#include "ops.h"

#include "../../core/vmm.h"

/* A last empty row keeps the arrays of verbs without inputs legal C. */
#define IN(VERB, key, KIND, HOW) { #key, KIND_##KIND, HOW_##HOW },
#define OUT(VERB, key, KIND)
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	static const struct op_input inputs_##NAME[] = { inputs                                  \
		{ NULL, KIND_COUNT, HOW_OPTIONAL } };
#include "../ops.def"
#undef OP
#undef IN
#undef OUT

#define IN(VERB, key, KIND, HOW)
#define OUT(VERB, key, KIND) { #key, KIND_##KIND },
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	static const struct op_result results_##NAME[] = { results { NULL, KIND_COUNT } };
#include "../ops.def"
#undef OP
#undef IN
#undef OUT

#define IN(VERB, key, KIND, HOW)
#define OUT(VERB, key, KIND)
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	{ #verb, STAGE_##STAGE, SUBJECT_##SUBJECT, weight, NAME##_INPUTS, NAME##_RESULTS,        \
	  inputs_##NAME, results_##NAME, service, sentence },
const struct op_info ops_table[OP_COUNT] = {
#include "../ops.def"
};
#undef OP
#undef IN
#undef OUT

#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	_Static_assert((int)NAME##_INPUTS <= (int)OP_INPUTS_MAX &&                               \
	               (int)NAME##_RESULTS <= (int)OP_RESULTS_MAX, #verb " has too many");
#include "../ops.def"
#undef OP
_Static_assert(OP_COUNT <= 256, "a verb is one byte in records");

bool op_binds(enum verb verb)
{
	static const bool binds[OP_COUNT] = {
		[OP_ALLOC] = true,     [OP_PROCESS] = true,    [OP_SECTION] = true,
		[OP_MAP] = true,       [OP_FILE] = true,       [OP_OPEN] = true,
		[OP_AWE_ALLOC] = true, [OP_POOL_ALLOC] = true, [OP_MDL_LOCK] = true,
		[OP_STACK] = true,     [OP_HEAP] = true,       [OP_HEAP_ALLOC] = true,
	};
	return binds[verb];
}

enum { ONE = false, FLAGS = true };

#define WORD(text, value) { text, value },
#define KIND_WORDS(KIND, MANY, list)                                                             \
	static const struct word words_##KIND[] = { list };                                      \
	_Static_assert(sizeof words_##KIND / sizeof words_##KIND[0] <= 16, "bits of a record");
#include "names.def"
#undef KIND_WORDS
#undef WORD

const struct words *kind_words(enum kind kind)
{
#define KIND_WORDS(KIND, MANY, list)                                                             \
	[KIND_##KIND] = { words_##KIND, sizeof words_##KIND / sizeof words_##KIND[0], MANY },
	static const struct words table[KIND_COUNT] = {
#include "names.def"
	};
#undef KIND_WORDS
	return table[kind].count == 0 ? NULL : &table[kind];
}
