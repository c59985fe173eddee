/* Claim: a block whose place the machine chooses lies where A1, A14, A26, A27 and
 * A34 say, in each of the six layouts and with userva. */
#include "claim.h"
#include "rule_table.h"

#define TOP_DOWN " type=reserve|top_down protect=readwrite "

/* The ends of user space: its lowest address, the one below that, the granule at
 * the top, HIGH, HIGH + 1, and the size of all of it, one more, and two more. */
#define LAYOUT(machine, low, below, top, high, above, size, more)                                 \
	ROW("A9, A10, A14, A26, A27, Q1, Q10", "machine " machine,                               \
	    "query P0 addr=0 -> SUCCESS base=0 size=" above " state=free protect=noaccess",      \
	    "query P0 addr=" high " -> SUCCESS state=free size=0x1000",                          \
	    "query P0 addr=" above " -> INVALID_PARAMETER",                                      \
	    "alloc P0 addr=" below " size=1" RESERVE "-> INVALID_PARAMETER_2",                   \
	    "alloc P0 addr=" above " size=1" RESERVE "-> INVALID_PARAMETER_2",                   \
	    "alloc P0 addr=" high " size=2" RESERVE "-> INVALID_PARAMETER_4",                    \
	    "a = alloc P0 size=1" RESERVE "-> SUCCESS base=" low " size=0x1000",                 \
	    "b = alloc P0 size=1" TOP_DOWN "-> SUCCESS base=" top " size=0x1000",                \
	    "free P0 addr=a type=release -> SUCCESS", "free P0 addr=b type=release -> SUCCESS",  \
	    "a = alloc P0 addr=" low " size=1" RESERVE "-> SUCCESS base=" low,                   \
	    "b = alloc P0 addr=" high " size=1" RESERVE "-> SUCCESS base=" top " size=64K",      \
	    "free P0 addr=a type=release -> SUCCESS", "free P0 addr=b type=release -> SUCCESS",  \
	    "alloc P0 addr=" low " size=" more RESERVE "-> INVALID_PARAMETER_4",                 \
	    "alloc P0 size=" more RESERVE "-> NO_MEMORY",                                        \
	    "alloc P0 size=" size RESERVE "-> SUCCESS base=" low " size=" size,                  \
	    "alloc P0 size=1" RESERVE "-> NO_MEMORY", "alloc P0 size=1" TOP_DOWN "-> NO_MEMORY")

static const struct rule_row rows[] = {
	LAYOUT("layout=nt32", "0x10000", "0xffff", "0x7ffe0000", "0x7ffeffff", "0x7fff0000",
	       "0x7ffe0000", "0x7ffe0001"),
	LAYOUT("layout=nt32-3gb", "0x10000", "0xffff", "0xbffe0000", "0xbffeffff", "0xbfff0000",
	       "0xbffe0000", "0xbffe0001"),
	LAYOUT("layout=nt32-3gb userva=2048", "0x10000", "0xffff", "0x7ffe0000", "0x7ffeffff",
	       "0x7fff0000", "0x7ffe0000", "0x7ffe0001"),
	LAYOUT("layout=nt32-3gb userva=2900", "0x10000", "0xffff", "0xb53e0000", "0xb53effff",
	       "0xb53f0000", "0xb53e0000", "0xb53e0001"),
	LAYOUT("layout=nt32-3gb userva=3072", "0x10000", "0xffff", "0xbffe0000", "0xbffeffff",
	       "0xbfff0000", "0xbffe0000", "0xbffe0001"),
	LAYOUT("layout=nt64", "0x10000", "0xffff", "0x7ffffffe0000", "0x7ffffffeffff",
	       "0x7fffffff0000", "0x7ffffffe0000", "0x7ffffffe0001"),
	LAYOUT("layout=nt64-8tb", "0x10000", "0xffff", "0x7fffffe0000", "0x7fffffeffff",
	       "0x7ffffff0000", "0x7fffffe0000", "0x7fffffe0001"),
	LAYOUT("layout=xp-ia64", "0x10000", "0xffff", "0x6fbfffe0000", "0x6fbfffeffff",
	       "0x6fbffff0000", "0x6fbfffe0000", "0x6fbfffe0001"),
	LAYOUT("layout=win9x", "0x400000", "0x3fffff", "0x7fff0000", "0x7fffffff", "0x80000000",
	       "0x7fc00000", "0x7fc00001"),

	/* ---- A1 ------------------------------------------------------------------------ */
	ROW("A1", "alloc P0 size=4K zero_bits=22" RESERVE "-> INVALID_PARAMETER_3",
	    "alloc P0 size=4K zero_bits=31" RESERVE "-> INVALID_PARAMETER_3",
	    "alloc P0 addr=0x50000000 size=4K zero_bits=22" RESERVE "-> INVALID_PARAMETER_3",
	    "a = alloc P0 addr=0x50000000 size=64K zero_bits=21" RESERVE "-> SUCCESS",
	    "alloc P0 addr=a size=4K zero_bits=31" COMMIT_MORE "-> INVALID_PARAMETER_3",
	    "alloc P0 addr=a size=4K zero_bits=21" COMMIT_MORE "-> SUCCESS",
	    "alloc P0 addr=a size=4K zero_bits=25 type=reset protect=readwrite"
	    " -> INVALID_PARAMETER_3",
	    "alloc P0 addr=a size=4K zero_bits=0xffff type=reset protect=readwrite -> SUCCESS"),
	ROW("A1, A26", "alloc P0 size=4K zero_bits=21" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K zero_bits=20" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K zero_bits=16" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=0x10001 zero_bits=15" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=0x10000 zero_bits=15" RESERVE "-> SUCCESS base=0x10000",
	    "alloc P0 size=4K zero_bits=15" RESERVE "-> NO_MEMORY"),
	ROW("A1", "alloc P0 size=64K zero_bits=1" TOP_DOWN "-> SUCCESS base=0x7fff0000",
	    "alloc P0 size=4K zero_bits=2" TOP_DOWN "-> SUCCESS base=0x3fff0000",
	    "alloc P0 size=0x10001 zero_bits=3" TOP_DOWN "-> SUCCESS base=0x1ffe0000",
	    "alloc P0 size=64K zero_bits=1 highest=0x5fffffff" TOP_DOWN
	    "-> SUCCESS base=0x5fff0000",
	    "alloc P0 size=64K zero_bits=4 highest=0x5fffffff" TOP_DOWN
	    "-> SUCCESS base=0xfff0000"),
	ROW("A1, A26", "alloc P0 size=4K zero_bits=32" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K zero_bits=0xffff" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=64K zero_bits=0x10000" TOP_DOWN "-> SUCCESS base=0x10000",
	    "alloc P0 size=64K zero_bits=0x1aaaaaaa" TOP_DOWN "-> SUCCESS base=0x1fff0000",
	    "alloc P0 size=64K zero_bits=0x80000000" TOP_DOWN "-> SUCCESS base=0xffff0000",
	    "alloc P0 size=64K zero_bits=0x100000000" TOP_DOWN "-> SUCCESS base=0x1ffff0000",
	    "alloc P0 size=64K zero_bits=0xffffffffffffffff" TOP_DOWN
	    "-> SUCCESS base=0x7ffffffe0000",
	    "alloc P0 size=64K zero_bits=0x400000000000" TOP_DOWN "-> SUCCESS base=0x7ffffffd0000"),
	ROW("A1", "machine layout=nt32", "alloc P0 size=4K zero_bits=32" RESERVE
	    "-> INVALID_PARAMETER_3",
	    "alloc P0 size=4K zero_bits=0xffffffff" RESERVE "-> INVALID_PARAMETER_3",
	    "alloc P0 addr=0x50000000 size=4K zero_bits=32" RESERVE "-> INVALID_PARAMETER_3",
	    "alloc P0 size=4K zero_bits=1" TOP_DOWN "-> SUCCESS base=0x7ffe0000",
	    "alloc P0 size=4K zero_bits=2" TOP_DOWN "-> SUCCESS base=0x3fff0000"),
	ROW("A1", "machine layout=nt32-3gb", "alloc P0 size=4K zero_bits=0x1aaaaaaa" RESERVE
	    "-> INVALID_PARAMETER_3",
	    "alloc P0 size=4K zero_bits=1" TOP_DOWN "-> SUCCESS base=0x7fff0000"),
	ROW("A1, A26", "machine layout=win9x", "alloc P0 size=4K zero_bits=32" RESERVE
	    "-> INVALID_PARAMETER_3",
	    "alloc P0 size=4K zero_bits=1" TOP_DOWN "-> SUCCESS base=0x7fff0000",
	    "alloc P0 size=4K zero_bits=10" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K zero_bits=9" TOP_DOWN "-> SUCCESS base=0x7f0000"),
	ROW("A1", "machine layout=nt64-8tb",
	    "alloc P0 size=4K zero_bits=0x10000000000" TOP_DOWN "-> SUCCESS base=0x1ffffff0000"),
	ROW("A1", "machine layout=xp-ia64",
	    "alloc P0 size=4K zero_bits=0x10000000000" TOP_DOWN "-> SUCCESS base=0x1ffffff0000"),

	/* ---- A14, A26, A27: where it fits --------------------------------------------------- */
	ROW("A14, A27", "a = alloc P0 size=1" RESERVE "-> SUCCESS base=0x10000 size=4K",
	    "b = alloc P0 size=0x10001" RESERVE "-> SUCCESS base=0x20000 size=0x11000",
	    "c = alloc P0 size=64K" RESERVE "-> SUCCESS base=0x40000",
	    "free P0 addr=b type=release -> SUCCESS",
	    "alloc P0 size=0x20001" RESERVE "-> SUCCESS base=0x50000",
	    "alloc P0 size=0x20000" RESERVE "-> SUCCESS base=0x20000"),
	ROW("A27", "a = alloc P0 size=64K" TOP_DOWN "-> SUCCESS base=0x7ffffffe0000",
	    "b = alloc P0 size=0x10001" TOP_DOWN "-> SUCCESS base=0x7ffffffc0000",
	    "c = alloc P0 size=4K" TOP_DOWN "-> SUCCESS base=0x7ffffffb0000",
	    "free P0 addr=b type=release -> SUCCESS",
	    "alloc P0 size=0x20001" TOP_DOWN "-> SUCCESS base=0x7ffffff80000",
	    "alloc P0 size=0x20000" TOP_DOWN "-> SUCCESS base=0x7ffffffc0000",
	    "alloc P0 size=4K" RESERVE "-> SUCCESS base=0x10000"),
	ROW("A27", "a = alloc P0 size=128K" RESERVE "-> SUCCESS base=0x10000",
	    "free P0 addr=a+0x8000 size=0x8000 type=release -> SUCCESS",
	    "alloc P0 size=4K" RESERVE "-> SUCCESS base=0x30000",
	    "free P0 addr=a size=0x8000 type=release -> SUCCESS",
	    "alloc P0 size=0x10001" RESERVE "-> SUCCESS base=0x40000",
	    "alloc P0 size=0x10000" RESERVE "-> SUCCESS base=0x10000"),
	ROW("A27", "machine layout=nt32", "a = alloc P0 addr=0x7ffd0000 size=128K" RESERVE,
	    "free P0 addr=0x7ffdf000 size=0x2000 type=release -> SUCCESS",
	    "alloc P0 size=4K" TOP_DOWN "-> SUCCESS base=0x7ffe0000",
	    "alloc P0 size=4K" TOP_DOWN "-> SUCCESS base=0x7ffc0000"),
	ROW("A27", "a = alloc P0 size=64K" TOP_DOWN "-> SUCCESS base=0x7ffffffe0000",
	    "b = alloc P0 size=64K" TOP_DOWN "-> SUCCESS base=0x7ffffffd0000",
	    "c = alloc P0 size=64K" TOP_DOWN "-> SUCCESS base=0x7ffffffc0000",
	    "free P0 addr=b type=release -> SUCCESS",
	    "alloc P0 size=64K" TOP_DOWN "-> SUCCESS base=0x7ffffffd0000"),
	ROW("A26", "machine layout=nt32", "alloc P0 addr=0x10000 size=1" RESERVE,
	    "alloc P0 size=0x7ffd0001" RESERVE "-> NO_MEMORY",
	    "a = alloc P0 size=0x7ffd0000" RESERVE "-> SUCCESS base=0x20000",
	    "alloc P0 size=4K" RESERVE "-> NO_MEMORY", "alloc P0 size=4K" COMMIT "-> NO_MEMORY",
	    "alloc P0 size=4K" PLACEHOLDER "-> NO_MEMORY",
	    "free P0 addr=a+0x8000 size=0x7000 type=release -> SUCCESS",
	    "alloc P0 size=4K" RESERVE "-> NO_MEMORY",
	    "free P0 addr=a+0xf000 size=0x2000 type=release -> SUCCESS",
	    "alloc P0 size=4K" RESERVE "-> SUCCESS base=0x30000"),

	/* ---- A34 --------------------------------------------------------------------------- */
	ROW("A34", "alloc P0 addr=0x50000000 size=4K lowest=0x10000" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 addr=0x50000000 size=4K highest=0x5fffffff" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 addr=0x50000000 size=4K align=0x10000" RESERVE "-> INVALID_PARAMETER",
	    "a = alloc P0 addr=0x50000000 size=64K" RESERVE "-> SUCCESS",
	    "alloc P0 addr=a size=4K align=0x10000" COMMIT_MORE "-> INVALID_PARAMETER",
	    "alloc P0 addr=a size=4K lowest=0x10000 type=reset protect=readwrite"
	    " -> INVALID_PARAMETER"),
	ROW("A34", "alloc P0 size=4K highest=0x20001000" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K highest=0x20000ffe" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K highest=1" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K highest=0x7fffffff0fff" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K highest=0xffffffffffffffff" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K highest=0x20000fff" TOP_DOWN "-> SUCCESS base=0x20000000",
	    "alloc P0 size=8K highest=0x20000fff" TOP_DOWN "-> SUCCESS base=0x1fff0000",
	    "alloc P0 size=4K highest=" HIGH TOP_DOWN "-> SUCCESS base=0x7ffffffe0000"),
	ROW("A34", "alloc P0 size=4K lowest=0x1000" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K lowest=0x2000ffff" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K lowest=0x20000000" RESERVE "-> SUCCESS base=0x20000000",
	    "alloc P0 size=4K lowest=0x10000" RESERVE "-> SUCCESS base=0x10000",
	    "alloc P0 size=4K lowest=0x7ffffffe0000" RESERVE "-> SUCCESS base=0x7ffffffe0000"),
	ROW("A34", "alloc P0 size=4K align=1" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K align=0x8000" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K align=0x30000" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K align=0xffffffffffffffff" RESERVE "-> INVALID_PARAMETER",
	    "alloc P0 size=4K align=0x10000" RESERVE "-> SUCCESS base=0x10000",
	    "alloc P0 size=4K align=0x20000" RESERVE "-> SUCCESS base=0x20000",
	    "alloc P0 size=4K align=1M" RESERVE "-> SUCCESS base=0x100000",
	    "alloc P0 size=4K align=1M" TOP_DOWN "-> SUCCESS base=0x7ffffff00000",
	    "alloc P0 size=4K align=0x400000000000" RESERVE "-> SUCCESS base=0x400000000000"),
	ROW("A34, A26", "alloc P0 size=4K align=0x800000000000" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K align=0x8000000000000000" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K align=0x8000000000000000" TOP_DOWN "-> NO_MEMORY",
	    "alloc P0 size=4K lowest=0x20000 highest=0x1ffff" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K lowest=0x7fffffff0000" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K lowest=0xffffffffffff0000" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K lowest=0xffffffffffff0000" TOP_DOWN "-> NO_MEMORY",
	    "alloc P0 size=4K highest=0xfff" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=4K highest=0xffff" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=0x10001 lowest=0x20000 highest=0x2ffff" RESERVE "-> NO_MEMORY",
	    "alloc P0 size=64K lowest=0x20000 highest=0x2ffff" RESERVE "-> SUCCESS base=0x20000"),
	ROW("A34, A10", "alloc P0 size=0 lowest=1" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 addr=0x50000000 size=0 align=3" RESERVE "-> INVALID_PARAMETER_4"),
	ROW("A34", "machine layout=nt32", "alloc P0 size=4K highest=0x7fff0fff" RESERVE
	    "-> INVALID_PARAMETER",
	    "alloc P0 size=4K highest=0x7ffeffff" TOP_DOWN "-> SUCCESS base=0x7ffe0000"),
};

RULE_TABLE(rules_of_placement, rows);

Test(rules_of_placement, hold)
{
	rule_table_holds(&rules_of_placement);
}
