/* Claim: what is no trace is refused, at its place and in words that say what
 * is wrong, and nothing of it is kept: texts and compiled files that are cut
 * off at any byte, too long, of another version, or random. A compiled file
 * is taken only when it has just the bytes that `compile` writes, so every
 * changed byte is another program or none.
 *
 * Not covered: the words of each mistake in a text (mistakes_have_a_place.c),
 * files that cannot be read at all (files_are_whole.c), and the memory that a
 * hostile text costs. */
#include "../harness/support/memory.h"
#include "claim.h"
#include "random_program.h"

/* ---- Texts ------------------------------------------------------------------- */

/* The trace is empty when the text is refused, and was not before. */
static bool reads(const char *text, size_t size, struct place *place)
{
	static const char before[] = "vmt 1\na = stack P0 -> SUCCESS base=a\n";
	struct trace trace;
	trace_init(&trace);
	cr_assert(trace_parse(&trace, before, sizeof before - 1, place));
	*place = (struct place){ 0 };
	bool good = trace_parse(&trace, text, size, place);
	if (!good) {
		const struct machine machine = machine_default();
		cr_assert_eq(trace.program.count, 0);
		cr_assert_eq(trace.program.name_count, 0);
		cr_assert(same_machines(&trace.program.machine, &machine));
		cr_assert_null(trace.line);
		cr_assert_null(trace.strings);
		cr_assert_geq(place->line, 1);
		cr_assert_geq(place->column, 1);
		cr_assert_neq(place->message[0], 0);
	}
	trace_destroy(&trace);
	return good;
}

/* "vmt 1", a line of `size` bytes in all made of start and a repeated part. */
static char *long_text(const char *start, const char *part, size_t size, size_t *length)
{
	char *text = memory_zeroed(size + 16);
	size_t used = (size_t)sprintf(text, "vmt 1\n%s", start), each = strlen(part);
	for (; used + each <= size; used += each)
		memcpy(text + used, part, each);
	*length = used;
	return text;
}

static void refuses(const char *start, const char *part, size_t size, const char *message)
{
	size_t length;
	struct place place;
	char *text = long_text(start, part, size, &length);
	cr_assert_not(reads(text, length, &place), "%s", start);
	cr_assert_str_eq(place.message, message);
	free(text);
}

Test(bad_files_are_refused, limits)
{
	struct place place;
	static const char nul[] = "vmt 1\ncheck\0\n";
	cr_assert_not(reads(nul, sizeof nul - 1, &place));
	cr_assert_str_eq(place.message, "a NUL byte: this is no text");
	cr_assert(place.line == 2 && place.column == 6);

	refuses("#", "x", 6 + TRACE_LINE_MAX + 1, "a line has at most 65536 bytes");
	refuses("process ", "n", 200, "a name has at most 64 characters");
	refuses("write P0 addr=1 bytes=", "00", 6 + 40000, "`bytes` has at most 16384 bytes");
	refuses("parallel schedule=1:0", ",1:0", 6 + 20000, "`schedule` has at most 4096 entries");
	refuses("", "check\n", 6 * 210000, "a trace has at most 200000 operations");
	refuses("", "check -> FAIL|FAIL|FAIL|FAIL\n", 2100000,
	        "a trace has at most 262144 statuses");
	refuses("", "memusage -> FAIL free>0 free>1 free>2 free>3\n", 4000000,
	        "a trace compares at most 262144 results");
	refuses("", "getwatch P0 addr=0 size=0 max=0 -> FAIL pages=0,1,2,3,4,5,6,7,8,9\n", 2000000,
	        "a trace has at most 262144 elements of lists");
	refuses("", "\n", TRACE_SIZE_MAX + 1, "a trace has at most 16 MiB");

	char *many = memory_zeroed(20 * (PROGRAM_NAMES_MAX + 2u));
	size_t length = (size_t)sprintf(many, "vmt 1\n");
	for (unsigned i = 0; i <= PROGRAM_NAMES_MAX; i++)
		length += (size_t)sprintf(many + length, "process n%u\n", i);
	cr_assert_not(reads(many, length, &place));
	cr_assert_str_eq(place.message, "a trace has at most 65535 names");
	cr_assert_eq(place.line, PROGRAM_NAMES_MAX + 2);
	free(many);
}

static const char sample[] =
	"vmt 1\nmachine layout=nt32-3gb frames=64 pagefile=0 cpus=2 seed=7 userva=2500 # so\n"
	"a = alloc P0 size=0x1800 type=reserve|commit protect=readwrite -> SUCCESS size=0x2000\n"
	"@1 store P0 a+0x10 u64=0x123456789abcdef0 irql=apc -> SUCCESS\nprocess Q\n"
	"s = section size=1T protect=0x24 attributes=commit -> FAIL|SUCCESS\n"
	"map s Q addr=a-1 protect=readonly lowest=0x7fffffff0000 -> INVALID_PARAMETER*\n"
	"dma_write m offset=5 bytes=000102030405060708090a0b0c0d0e0f -> SUCCESS done!=3\n"
	"getwatch Q addr=a size=1 max=5 -> SUCCESS count<=3 pages=a,a+0x1000\n";

/* Each beginning of a good text is a trace or is refused; with the newline it
 * is whole. */
Test(bad_files_are_refused, cut_texts)
{
	struct place place;
	for (size_t size = 0; size < sizeof sample; size++) {
		char *cut = memory_resize(NULL, size + 1); /* so that ASan sees the end */
		memcpy(cut, sample, size);
		bool whole = size > 0 && sample[size - 1] == '\n';
		cr_assert(reads(cut, size, &place) || !whole, "%zu: %s", size, place.message);
		free(cut);
	}
}

/* Any damage to a text: it reads or it is refused, and what reads prints as a
 * text that reads too. */
Test(bad_files_are_refused, random_texts)
{
	struct prng prng;
	struct place place;
	prng_seed(&prng, 8);
	for (unsigned i = 0; i < 30000; i++) {
		static const char letters[] = "@ =|+-#\n<>%!,:*0x_uPaK\t\0\x80";
		char text[sizeof sample];
		size_t size = sizeof sample - 1;
		memcpy(text, sample, sizeof sample);
		for (uint64_t n = 1 + prng_below(&prng, 3); n > 0; n--)
			text[6 + prng_below(&prng, size - 6)] =
				letters[prng_below(&prng, sizeof letters - 1)];
		struct trace trace, again;
		trace_init(&trace);
		trace_init(&again);
		if (trace_parse(&trace, text, size, &place)) {
			size_t length;
			char *print = printed(&trace, &length);
			cr_assert(trace_parse(&again, print, length, &place), "%s\n%s", print,
			          place.message);
			free(print);
		}
		trace_destroy(&trace);
		trace_destroy(&again);
	}
}

/* ---- Compiled files ------------------------------------------------------------ */

static bool decodes(const uint8_t *data, size_t size, struct place *place)
{
	struct program program;
	program_init(&program);
	program_append(&program);
	*place = (struct place){ .line = 1 };
	bool good = program_decode_file(&program, data, size, place);
	if (good) {
		uint8_t *again;
		size_t again_size;
		program_encode(&program, &again, &again_size);
		cr_assert(size == again_size && memcmp(data, again, size) == 0);
		free(again);
	} else {
		cr_assert_eq(program.count, 0);
		cr_assert_eq(place->line, 0);
		cr_assert_leq(place->column, size);
		cr_assert_neq(place->message[0], 0);
	}
	program_destroy(&program);
	return good;
}

static uint8_t *compiled_sample(size_t *size)
{
	struct trace trace;
	struct program program;
	struct place place;
	uint8_t *data;
	trace_init(&trace);
	program_init(&program);
	cr_assert(trace_parse(&trace, sample, sizeof sample - 1, &place), "%s", place.message);
	cr_assert(trace_to_slots(&trace, &program, &place));
	program_encode(&program, &data, size);
	program_destroy(&program);
	trace_destroy(&trace);
	return data;
}

/* A beginning is a file when it ends behind an operation, and only then. */
Test(bad_files_are_refused, cut_records)
{
	struct place place;
	size_t size;
	uint8_t *data = compiled_sample(&size);
	for (size_t length = 0; length <= size; length++) {
		uint8_t *cut = memory_resize(NULL, length + 1);
		memcpy(cut, data, length);
		bool whole = length % RECORD_SIZE == 0 && length >= RECORD_SIZE &&
		             (length == RECORD_SIZE || cut[length - RECORD_SIZE] != OP_WIDE);
		cr_assert_eq(decodes(cut, length, &place), whole, "%zu", length);
		free(cut);
	}
	free(data);
}

/* Every single bit changed, and random bytes behind a good header. decodes()
 * holds what is taken against its own encoding. */
Test(bad_files_are_refused, damaged_records)
{
	struct prng prng;
	struct place place;
	size_t size, taken = 0;
	uint8_t *data = compiled_sample(&size);
	for (size_t bit = 0; bit < 8 * size; bit++) {
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		taken += decodes(data, size, &place);
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	cr_assert_gt(taken, 0);
	prng_seed(&prng, 9);
	for (unsigned i = 0; i < 30000; i++) {
		uint8_t bytes[6 * RECORD_SIZE];
		memcpy(bytes, data, RECORD_SIZE);
		for (size_t at = RECORD_SIZE; at < sizeof bytes; at++)
			bytes[at] = prng_chance(&prng, 1, 8) ? (uint8_t)prng_below(&prng, 70) : 0;
		decodes(bytes, RECORD_SIZE * (1 + prng_below(&prng, 6)), &place);
		for (size_t at = 0; at < sizeof bytes; at++)
			bytes[at] = (uint8_t)prng_next(&prng);
		cr_assert_not(decodes(bytes, sizeof bytes, &place));
	}
	free(data);
}

/* What stands at an offset of the sample's file, and what is said of it. */
static const struct {
	size_t at;
	uint8_t byte;
	size_t column;
	const char *message;
} bad_bytes[] = {
	{ 0, 'v', 0, "this is no compiled trace: it does not start with 89 46 4c 54" },
	{ 4, 7, 4, "version 7 is not supported, this is version 1" },
	{ 5, 9, 5, "a machine cannot have layout=9: it is 0 to 5" },
	{ 6, 0, 6, "a machine cannot have cpus=0: it is 1 to 8" },
	{ 7, 1, 7, "byte 7 of the header must be 0" },
	{ 8, 1, 8, "a machine cannot have frames=1: it is 32 to 1048576" },
	{ 15, 2, 12, "a machine cannot have pagefile=33554432: it is 0 to 16777216" },
	{ 5, 2, 48, "`userva` is 2048 to 3072 (MiB), and for layout=nt32-3gb alone" },
	{ 16, 200, 16, "no operation has the number 200: they are 0 to 46" },
	{ 17, 9, 16, "this record is not in the form that `compile` writes" },
	{ 18, 65, 16, "there is no name 65: names are 0 to 64" },
	{ 48, OP_CHECK, 16, "this record is not in the form that `compile` writes" },
	{ 65, 2, 64, "there is no CPU 2: the machine has 2" },
	{ 66, 77, 64, "there is no name 77: names are 0 to 64" },
	{ 64, OP_MACHINE, 64, "the machine stands before any operation" },
};

Test(bad_files_are_refused, bytes)
{
	for (size_t i = 0; i < sizeof bad_bytes / sizeof bad_bytes[0]; i++) {
		struct place place;
		size_t size;
		uint8_t *data = compiled_sample(&size);
		data[bad_bytes[i].at] = bad_bytes[i].byte;
		cr_assert_not(decodes(data, size, &place), "case %zu", i);
		cr_assert_str_eq(place.message, bad_bytes[i].message);
		cr_assert_eq(place.column, bad_bytes[i].column, "case %zu: %zu", i, place.column);
		free(data);
	}
}

Test(bad_files_are_refused, too_many_records)
{
	struct place place;
	struct program program;
	uint8_t *data;
	size_t size;
	program_init(&program);
	for (unsigned i = 0; i <= PROGRAM_OPS_MAX; i++)
		program_append(&program)->verb = OP_CHECK;
	program_encode(&program, &data, &size);
	cr_assert_not(decodes(data, size, &place));
	cr_assert_eq(place.column, size - RECORD_SIZE);
	cr_assert_str_eq(place.message, "a file has at most 200000 operations");
	cr_assert(decodes(data, size - RECORD_SIZE, &place));
	free(data);
	program_destroy(&program);
}
