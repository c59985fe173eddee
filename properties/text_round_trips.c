/* Claim: text and records are two forms of one program. What `show` prints of
 * a compiled file compiles to that file again, byte for byte, and what it
 * prints of its own print is the same text, whatever the operations are.
 *
 * Not covered: comments, expectations and the spelling of names, which a
 * compiled file does not have; what an operation does. */
#include <dirent.h>

#include "../harness/support/file.h"
#include "claim.h"
#include "random_program.h"

enum { PROGRAMS = 2000 };

/* compile: text to records. */
static void compile(const char *text, size_t text_size, uint8_t **data, size_t *size)
{
	struct trace trace;
	struct program program;
	struct place place;
	trace_init(&trace);
	program_init(&program);
	cr_assert(trace_parse(&trace, text, text_size, &place), "%zu:%zu: %s\n%.*s", place.line,
	          place.column, place.message, (int)text_size, text);
	cr_assert(trace_to_slots(&trace, &program, &place), "%zu: %s", place.line, place.message);
	program_encode(&program, data, size);
	program_destroy(&program);
	trace_destroy(&trace);
}

/* show: records to text. */
static char *show(const uint8_t *data, size_t size, size_t *text_size)
{
	struct trace trace;
	struct program program;
	struct place place;
	trace_init(&trace);
	program_init(&program);
	cr_assert(program_decode_file(&program, data, size, &place), "%zu: %s", place.column,
	          place.message);
	trace_of_program(&trace, &program);
	char *text = printed(&trace, text_size);
	program_destroy(&program);
	trace_destroy(&trace);
	return text;
}

static void hold_both_laws(const uint8_t *data, size_t size)
{
	size_t text_size, again_size, text_again_size;
	uint8_t *again;
	char *text = show(data, size, &text_size);
	compile(text, text_size, &again, &again_size);
	cr_assert_eq(size, again_size, "%s", text);
	cr_assert_eq(memcmp(data, again, size), 0, "%s", text);
	char *text_again = show(again, again_size, &text_again_size);
	cr_assert_str_eq(text, text_again);
	free(text);
	free(text_again);
	free(again);
}

Test(text_round_trips, random_programs)
{
	struct prng prng;
	struct program program;
	prng_seed(&prng, 1);
	program_init(&program);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		uint8_t *data;
		size_t size;
		random_program(&prng, &program, prng_below(&prng, 40), false);
		program_encode(&program, &data, &size);
		hold_both_laws(data, size);
		free(data);
	}
	program_destroy(&program);
}

Test(text_round_trips, engine_bytes)
{
	struct prng prng;
	struct program program;
	prng_seed(&prng, 2);
	program_init(&program);
	for (unsigned i = 0; i < PROGRAMS; i++) {
		uint8_t bytes[640], *data;
		size_t size;
		for (size_t at = 0; at < sizeof bytes; at++)
			bytes[at] = (uint8_t)(prng_next(&prng) % (at % 16 == 0 ? OP_COUNT : 256));
		program_decode_any(&program, bytes, prng_below(&prng, sizeof bytes + 1), 100);
		program_encode(&program, &data, &size);
		hold_both_laws(data, size);
		free(data);
	}
	program_destroy(&program);
}

/* A text with names of its own prints as itself, comments and expectations
 * aside, and compiles to the same file. */
static void print_is_stable(const char *text, size_t text_size, const char *path)
{
	struct trace trace, again;
	struct place place;
	trace_init(&trace);
	trace_init(&again);
	cr_assert(trace_parse(&trace, text, text_size, &place), "%s:%zu:%zu: %s", path, place.line,
	          place.column, place.message);
	size_t first_size, second_size, data_size, data_again_size;
	char *first = printed(&trace, &first_size);
	cr_assert(trace_parse(&again, first, first_size, &place), "%s: %s", path, place.message);
	char *second = printed(&again, &second_size);
	cr_assert_str_eq(first, second);
	uint8_t *data, *data_again;
	compile(text, text_size, &data, &data_size);
	compile(first, first_size, &data_again, &data_again_size);
	cr_assert_eq(data_size, data_again_size, "%s", path);
	cr_assert_eq(memcmp(data, data_again, data_size), 0, "%s", path);
	hold_both_laws(data, data_size);
	free(data);
	free(data_again);
	free(first);
	free(second);
	trace_destroy(&trace);
	trace_destroy(&again);
}

Test(text_round_trips, vectors)
{
	static const char folder[] = "corpus/vectors";
	DIR *entries = opendir(folder);
	cr_assert_not_null(entries, "%s: run the tests from the project's folder", folder);
	unsigned count = 0;
	for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
		char path[512], message[FILE_MESSAGE];
		uint8_t *text;
		size_t size;
		if (strstr(entry->d_name, ".vmt") == NULL)
			continue;
		snprintf(path, sizeof path, "%s/%.400s", folder, entry->d_name);
		cr_assert(file_read(path, &text, &size, message), "%s: %s", path, message);
		print_is_stable((const char *)text, size, path);
		free(text);
		count++;
	}
	closedir(entries);
	cr_assert_gt(count, 30);
}

/* Spellings that mean one thing: the left prints as the right. */
static const struct {
	const char *text, *print;
} spellings[] = {
	{ "alloc P0 protect=readwrite size=4K type=commit|reserve addr=0",
	  "alloc P0 size=0x1000 type=reserve|commit protect=readwrite" },
	{ "a=alloc P0 size=0x0a type=0x3000 protect=0x104",
	  "a = alloc P0 size=0xa type=reserve|commit protect=readwrite|guard" },
	{ "a = alloc P0 size=1T type=0x80000001 protect=0x24",
	  "a = alloc P0 size=0x10000000000 type=0x80000001 protect=0x24" },
	{ "alloc P0 size=9 type=0 protect=0", "alloc P0 size=9 type=0 protect=0" },
	{ "free P0 addr=a+0x10 type=release size=0", "free P0 addr=a+0x10 type=release" },
	{ "free P0 addr=a-16 type=release", "free P0 addr=a-0x10 type=release" },
	{ "free P0 addr=a+0 type=release", "free P0 addr=a type=release" },
	{ "free P0 addr=18446744073709551615 type=release",
	  "free P0 addr=0xffffffffffffffff type=release" },
	{ "load P0 mode=user irql=passive u32 a", NULL },
	{ "load P0 a irql=apc u64 mode=user", "load P0 a u64 irql=apc" },
	{ "store P0 a+1 u16=0xffff mode=kernel", "store P0 a+1 u16=65535 mode=kernel" },
	{ "@0 exec P0 0xfff", "exec P0 0xfff" },
	{ "@1\texec P0 1K", "@1 exec P0 0x400" },
	{ "process Q parent=P0", "process Q" },
	{ "process", "process" },
	{ "map s Q protect=readonly offset=64K", "map s Q offset=0x10000 protect=readonly" },
	{ "pool_alloc type=nonpaged size=8 tag=abc", "pool_alloc type=nonpaged size=8 tag=abc" },
	{ "pool_alloc type=paged size=8 tag=0x00636261", "pool_alloc type=paged size=8 tag=abc" },
	{ "pool_alloc type=0x200 size=8 tag=0x00000001",
	  "pool_alloc type=0x200 size=8 tag=0x00000001" },
	{ "open Q access=query|vm_read", "open Q access=vm_read|query" },
	{ "open Q access=none", "open Q access=none" },
	{ "open Q access=0x1ff", "open Q access=all" },
	{ "dma_write m bytes=AbCd", "dma_write m bytes=abcd" },
	{ "dma_write m bytes=-", "dma_write m bytes=-" },
	{ "parallel schedule=3:1,0x11:0", "parallel schedule=3:1,17:0" },
	{ "parallel schedule=0:v254,0x11:v0x10", "parallel schedule=0:v254,17:v16" },
	{ "check ->SUCCESS # so", "check" },
};

Test(text_round_trips, spellings)
{
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
		char text[300], wanted[300];
		struct trace trace;
		struct place place;
		trace_init(&trace);
		snprintf(text, sizeof text, "vmt 1\nmachine cpus=2\n%s\n", spellings[i].text);
		bool read = trace_parse(&trace, text, strlen(text), &place);
		cr_assert_eq(read, spellings[i].print != NULL, "%s", spellings[i].text);
		if (!read)
			continue;
		snprintf(wanted, sizeof wanted,
		         "vmt 1\nmachine layout=nt64 frames=256 pagefile=1024 cpus=2\n%s\n",
		         spellings[i].print);
		size_t size;
		char *print = printed(&trace, &size);
		cr_assert_str_eq(print, wanted);
		free(print);
		trace_destroy(&trace);
	}
}

/* Slots: rN keeps N, others take the lowest free ones in order, and the 65th
 * name is refused where it stands. */
Test(text_round_trips, names_become_slots)
{
	static const char text[] = "vmt 1\nfree b addr=x type=0\nprocess r1\nexec r0 r64\n"
	                           "exec r01 x+1\ncheck -> SUCCESS\n";
	static const name_ref wanted[] = { 3, 4, 2, 1, 5, 6, 4 };
	struct trace trace;
	struct program program;
	struct place place;
	trace_init(&trace);
	program_init(&program);
	cr_assert(trace_parse(&trace, text, strlen(text), &place), "%s", place.message);
	cr_assert(trace_to_slots(&trace, &program, &place), "%s", place.message);
	const struct op *op = program.op;
	const name_ref got[] = { op[0].subject, op[0].name[FREE_IN_addr], op[1].result,
		                 op[2].subject, op[2].name[EXEC_IN_address], op[3].subject,
		                 op[3].name[EXEC_IN_address] };
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		cr_assert_eq(got[i], wanted[i], "name %zu", i);

	char many[4096] = "vmt 1\n";
	for (unsigned i = 0; i <= PROGRAM_SLOTS; i++)
		sprintf(many + strlen(many), "process n%u\n", i);
	cr_assert(trace_parse(&trace, many, strlen(many), &place));
	cr_assert_not(trace_to_slots(&trace, &program, &place));
	cr_assert_eq(place.line, PROGRAM_SLOTS + 2);
	cr_assert_str_eq(place.message, "`n64` is one name too many: a compiled file has 64");
	cr_assert_eq(program.count, 0);
	program_destroy(&program);
	trace_destroy(&trace);
}
