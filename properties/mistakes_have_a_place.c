/* Claim: a text that is no trace is refused at its first mistake, at the line
 * and column of what is wrong, in words that say what is wrong and, where that
 * is short, what would be right; and nothing of it is kept.
 *
 * Not covered: compiled files, limits and damage (bad_files_are_refused.c). */
#include <stdio.h>
#include <string.h>

#include "../harness/language/trace.h"
#include "claim.h"

static bool reads(const char *text, struct place *place)
{
	struct trace trace;
	trace_init(&trace);
	*place = (struct place){ 0 };
	bool good = trace_parse(&trace, text, strlen(text), place);
	cr_assert(good || (trace.program.count == 0 && trace.line == NULL));
	trace_destroy(&trace);
	return good;
}

/* A line of a trace whose machine has two CPUs, and where and why it is wrong. */
static const struct {
	const char *line;
	size_t column;
	const char *message;
} bad_lines[] = {
	{ "alocc P0 size=1", 1, "unknown verb `alocc` (docs/OPS.md has them all)" },
	{ "alloc size=1 type=reserve protect=noaccess", 1,
	  "alloc needs a process: `alloc P0 ...`" },
	{ "alloc P0 type=reserve protect=noaccess", 1, "`size` is missing: alloc needs it" },
	{ "alloc P0 size=1 type=reserve", 1, "`protect` is missing: alloc needs it" },
	{ "alloc P0 size= type=reserve protect=noaccess", 15, "`size` has no value" },
	{ "alloc P0 size type=reserve protect=noaccess", 10, "`size` has no value: size=VALUE" },
	{ "alloc P0 size=1 sise=2 type=reserve protect=noaccess", 17,
	  "alloc has no input `sise`: it has addr size type protect zero_bits lowest highest "
	  "align" },
	{ "alloc P0 size=1 size=2 type=reserve protect=noaccess", 17, "a second `size`" },
	{ "alloc P0 size=0x1g type=reserve protect=noaccess", 15, "`0x1g` is no number" },
	{ "alloc P0 size=18446744073709551616 type=reserve protect=noaccess", 15,
	  "`18446744073709551616` does not fit into 64 bits" },
	{ "alloc P0 size=16777216T type=reserve protect=noaccess", 15,
	  "`16777216T` does not fit into 64 bits" },
	{ "alloc P0 size=-1 type=reserve protect=noaccess", 15, "`-1` is no number" },
	{ "alloc P0 size=K type=reserve protect=noaccess", 15, "`K` is no number" },
	{ "alloc P0 size=1 type=0x100000000 protect=noaccess", 22, "`type` of alloc has 32 bits" },
	{ "alloc P0 size=1 type=reserve| protect=noaccess", 30,
	  "`type` of alloc has no word ``: it has reserve commit reset reset_undo top_down "
	  "write_watch physical large_pages reserve_placeholder replace_placeholder" },
	{ "alloc P0 size=1 type=reserve|release protect=noaccess", 30,
	  "`type` of alloc has no word `release`: it has reserve commit reset reset_undo "
	  "top_down write_watch physical large_pages reserve_placeholder replace_placeholder" },
	{ "alloc 5 size=1 type=reserve protect=noaccess", 7,
	  "`5` is no name: letters, digits and _, no digit first" },
	{ "alloc u8 size=1 type=reserve protect=noaccess", 1,
	  "alloc needs a process: `alloc P0 ...`" },
	{ "u8 = alloc P0 size=1 type=reserve protect=noaccess", 1,
	  "`u8` is a width and cannot be a name" },
	{ "P0 = alloc P0 size=1 type=reserve protect=noaccess", 1,
	  "P0 is the first process and cannot be bound again" },
	{ "a = free P0 addr=a type=release", 1,
	  "free returns nothing that a name could stand for" },
	{ "a = process Q", 1, "process names what it binds itself: `process NAME`" },
	{ "= alloc P0 size=1", 1, "unknown verb `=` (docs/OPS.md has them all)" },
	{ "process P0", 9, "P0 is the first process and cannot be bound again" },
	{ "free P0 addr=a type=commit", 21,
	  "`type` of free has no word `commit`: it has decommit release preserve_placeholder "
	  "coalesce_placeholders" },
	{ "free P0 addr=P0 type=release", 14, "P0 is a process and no address" },
	{ "free P0 addr=a*2 type=release", 14,
	  "`a*2` is no address: NAME, NAME+N, NAME-N or a number" },
	{ "free P0 addr=a+ type=release", 16, "a number is missing" },
	{ "free P0 addr=a+b type=release", 16, "`b` is no number" },
	{ "free P0 a type=release", 9, "free has no input `a`: it has addr size type" },
	{ "@2 check", 1, "`@2` is not a CPU: the machine has 2" },
	{ "@x check", 2, "`x` is no number" },
	{ "@ check", 2, "a number is missing" },
	{ "@1", 3, "an operation is missing" },
	{ "check P0", 7, "check takes no input: `P0`" },
	{ "check size=1", 7, "check takes no input: `size`" },
	{ "exit", 1, "exit needs a process: `exit P0 ...`" },
	{ "exit P0 Q", 9, "exit takes no input: `Q`" },
	{ "load P0 u32", 1, "load needs an address: `load P0 ADDRESS ...`" },
	{ "load P0 a", 1, "load needs a width: u8, u16, u32 or u64" },
	{ "load P0 a u32=1", 11, "a load takes no value: `u32` alone" },
	{ "load P0 a u8 u16", 14, "a second width of load" },
	{ "load P0 a u24", 11, "load has no input `u24`: it has u8 u16 u32 u64 mode irql" },
	{ "load P0 a u8 mode=root", 19, "`mode` of load has no word `root`: it has user kernel" },
	{ "load P0 a u8 mode=0", 19, "`mode` of load has no word `0`: it has user kernel" },
	{ "load P0 a u8 irql=passive|apc", 19,
	  "`irql` of load has no word `passive|apc`: it has passive apc dispatch" },
	{ "store P0 a u8", 12, "store needs a value: `u8=VALUE`" },
	{ "store P0 a u8=256", 15, "`256` does not fit into u8" },
	{ "store P0 a u32=0x100000000", 16, "`0x100000000` does not fit into u32" },
	{ "store P0 a u8=1 u8=1", 17, "a second width of store" },
	{ "store P0 a value=1", 12, "store has no input `value`: it has u8 u16 u32 u64 mode irql" },
	{ "store P0 a address=1 u8=1", 12,
	  "store has no input `address`: it has u8 u16 u32 u64 mode irql" },
	{ "close", 1, "close needs a name: `close NAME ...`" },
	{ "map s protect=readonly", 1, "map needs a process: `map NAME P0 ...`" },
	{ "map s P0", 1, "`protect` is missing: map needs it" },
	{ "section size=1 protect=readonly attributes=commit file=P0", 56,
	  "P0 is a process: `file` of section is none" },
	{ "pool_alloc type=paged size=1 tag=abcde", 34,
	  "a tag is 1 to 4 characters, or 0x and 8 digits" },
	{ "pool_alloc type=paged|nonpaged size=1 tag=abc", 23, "`nonpaged` stands alone" },
	{ "open P0 access=vm_read|none", 24, "`none` stands alone" },
	{ "dma_write m bytes=abc", 21, "a byte is two digits, and the last has one" },
	{ "dma_write m bytes=0xab", 20, "`x` is no hexadecimal digit" },
	{ "parallel schedule=3", 19, "a schedule is GAP:CPU,GAP:CPU,..." },
	{ "parallel schedule=3:2", 21, "`2` is not a CPU: the machine has 2" },
	{ "parallel schedule=65536:0", 19, "a gap is at most 65535 steps" },
	{ "parallel schedule=3:v255", 21, "a choice is at most v254" },
	{ "parallel schedule=3:v", 21, "`v` is no number" },
	{ "parallel schedule=3:1,", 23, "a schedule is GAP:CPU,GAP:CPU,..." },
	{ "vmt 1", 1, "`vmt` is the first line alone" },
	{ "wide", 1, "unknown verb `wide` (docs/OPS.md has them all)" },
	{ "-> SUCCESS", 1, "an operation is missing" },
	{ "check ->", 9, "a status is missing behind `->`" },
	{ "check -> SUCESS", 10, "no status is called `SUCESS`" },
	{ "check -> success", 10, "no status is called `success`" },
	{ "check -> SUCCESS|", 18, "a status is missing" },
	{ "check -> FOO*", 10, "no status is called `FOO*`" },
	{ "check -> *", 10, "no status is called `*`" },
	{ "check -> SUCCESS invariant", 18,
	  "`invariant` compares nothing: KEY=VALUE, or with != < <= > >= %N=" },
	{ "check -> SUCCESS invariant=", 28, "`invariant` is compared with nothing" },
	{ "check -> SUCCESS base=1", 18, "check has no result `base`: it has invariant" },
	{ "check -> SUCCESS invariant=1 invariant=2", 30, "a second `invariant=`" },
	{ "check -> SUCCESS invariant%0=1", 28, "nothing has a remainder by 0" },
	{ "check -> SUCCESS invariant%2", 27, "a remainder is KEY%N=M" },
	{ "check -> SUCCESS =1", 18, "`=1` compares nothing: KEY=VALUE, or with != < <= > >= %N=" },
	{ "check -> SUCCESS -> FAIL", 18,
	  "`->` compares nothing: KEY=VALUE, or with != < <= > >= %N=" },
	{ "exit P0 -> SUCCESS size=1", 20, "exit has no results: `size`" },
	{ "query P0 addr=1 -> SUCCESS state<commit", 33, "`state` is compared with = or !=" },
	{ "query P0 addr=1 -> SUCCESS state=private", 34,
	  "`state` of query has no word `private`: it has commit reserve free" },
	{ "query P0 addr=1 -> SUCCESS base=P0", 33, "P0 is a process and no address" },
	{ "getwatch P0 addr=1 size=1 max=1 -> SUCCESS pages=1,,2", 52, "a number is missing" },
	{ "getwatch P0 addr=1 size=1 max=1 -> SUCCESS pages<1", 49,
	  "`pages` is compared with = or !=" },
	{ "read P0 addr=1 size=1 -> SUCCESS bytes=0x12", 41, "`x` is no hexadecimal digit" },
	{ "machine cpus=1", 1, "a second machine line" },
	{ "@0 machine", 1, "the machine is no operation of a CPU" },
	{ "awe_free P0 set=7", 17, "`7` is no name: letters, digits and _, no digit first" },
	{ "inject what=fire", 13,
	  "`what` of inject has no word `fire`: it has frame_alloc metadata_alloc "
	  "pagefile_read pagefile_write file_read file_write" },
};

Test(mistakes_have_a_place, lines)
{
	for (size_t i = 0; i < sizeof bad_lines / sizeof bad_lines[0]; i++) {
		char text[400];
		struct place place;
		snprintf(text, sizeof text, "vmt 1\nmachine cpus=2\n%s\ncheck\n",
		         bad_lines[i].line);
		cr_assert_not(reads(text, &place), "%s", bad_lines[i].line);
		cr_assert_str_eq(place.message, bad_lines[i].message);
		cr_assert_eq(place.line, 3, "%s: line %zu", bad_lines[i].line, place.line);
		cr_assert_eq(place.column, bad_lines[i].column, "%s: column %zu",
		             bad_lines[i].line, place.column);
	}
}

static const struct {
	const char *text;
	size_t line, column;
	const char *message;
} bad_texts[] = {
	{ "", 1, 1, "the first line must be `vmt 1`" },
	{ "\nvmt 1\n", 1, 1, "the first line must be `vmt 1`" },
	{ "alloc P0", 1, 1, "the first line must be `vmt 1`" },
	{ "vmt", 1, 4, "the version is missing: `vmt 1`" },
	{ "vmt 2\n", 1, 5, "version 2 is not supported, this is version 1" },
	{ "vmt 11\n", 1, 5, "version 11 is not supported, this is version 1" },
	{ "vmt 1 2\n", 1, 7, "nothing follows `vmt 1`: `2`" },
	{ "vmt 1\ncheck\nmachine cpus=1\n", 3, 1, "the machine stands before any operation" },
	{ "vmt 1\nmachine frames=31", 2, 16,
	  "a machine cannot have frames=31: it is 32 to 1048576" },
	{ "vmt 1\nmachine frames=4294967552", 2, 16,
	  "a machine cannot have frames=4294967552: it is 32 to 1048576" },
	{ "vmt 1\nmachine cpus=0", 2, 14, "a machine cannot have cpus=0: it is 1 to 8" },
	{ "vmt 1\nmachine cpus=9", 2, 14, "a machine cannot have cpus=9: it is 1 to 8" },
	{ "vmt 1\nmachine pagefile=1T", 2, 18,
	  "a machine cannot have pagefile=1099511627776: it is 0 to 16777216" },
	{ "vmt 1\nmachine userva=2048", 2, 16,
	  "`userva` is 2048 to 3072 (MiB), and for layout=nt32-3gb alone" },
	{ "vmt 1\nmachine layout=nt32-3gb userva=1", 2, 32,
	  "`userva` is 2048 to 3072 (MiB), and for layout=nt32-3gb alone" },
	{ "vmt 1\nmachine seed=1 seed=2", 2, 16, "a second `seed`" },
	{ "vmt 1\nmachine layout=nt128", 2, 16,
	  "`layout` of machine has no word `nt128`: it has nt32 nt32-3gb nt64 nt64-8tb xp-ia64 "
	  "win9x" },
	{ "vmt 1\nmachine ram=4", 2, 9,
	  "machine has no input `ram`: it has layout frames pagefile cpus seed userva" },
	{ "vmt 1\nmachine -> SUCCESS", 2, 9, "the machine has no outcome" },
	{ "vmt 1\n# \x01\n", 2, 3, "a control character (byte 0x01)" },
	{ "vmt 1\ncheck \x7f\n", 2, 7, "a control character (byte 0x7f)" },
	{ "vmt 1\ncheck \xc3\xa9\n", 2, 7, "only ASCII stands outside comments (byte 0xc3)" },
	{ "vmt 1\ncheck\r \n", 2, 6, "a control character (byte 0x0d)" },
};

Test(mistakes_have_a_place, texts)
{
	for (size_t i = 0; i < sizeof bad_texts / sizeof bad_texts[0]; i++) {
		struct place place;
		const char *text = bad_texts[i].text;
		cr_assert_not(reads(text, &place), "%s", text);
		cr_assert_str_eq(place.message, bad_texts[i].message);
		cr_assert_eq(place.line, bad_texts[i].line, "%s: line %zu", text, place.line);
		cr_assert_eq(place.column, bad_texts[i].column, "%s: column %zu", text,
		             place.column);
	}
}
