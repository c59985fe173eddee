/* Claim: marks come, stay, are returned and go as rules W1 to W9 say.
 *
 * Not covered: W3, which no trace can say; W7 and W10, since writes by the kernel
 * and locks are not built. */
#include "claim.h"
#include "rule_table.h"

#define GET "getwatch P0 addr=a size=64K max=99 -> SUCCESS "

static const struct rule_row rows[] = {
	ROW("W1", "a = alloc P0 addr=0x50000000 size=64K" WATCHED,
	    "b = alloc P0 addr=0x50010000 size=64K" WATCHED,
	    "getwatch P0 addr=a size=0x10001 max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a+1 size=0x10000 max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a-1 size=2 max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=b+0xffff size=2 max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a size=128K max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a+0xffff size=0xffffffffffffffff max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=0 size=1 max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=" ABOVE_HIGH " size=1 max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=0xffffffffffffffff size=2 max=9 -> INVALID_PARAMETER",
	    "resetwatch P0 addr=a size=0x10001 -> INVALID_PARAMETER",
	    "resetwatch P0 addr=a-1 size=2 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a+1 size=0xffff max=9 -> SUCCESS count=0 pages=-",
	    "getwatch P0 addr=a+0xffff size=1 max=9 -> SUCCESS count=0",
	    "resetwatch P0 addr=a+0xffff size=1 -> SUCCESS"),
	ROW("W1", "a = alloc P0 size=64K" COMMIT, "b = alloc P0 size=64K" RESERVE,
	    "p = alloc P0 size=64K" PLACEHOLDER,
	    "getwatch P0 addr=a size=64K max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=b size=64K max=9 -> INVALID_PARAMETER",
	    "getwatch P0 addr=p size=64K max=9 -> INVALID_PARAMETER",
	    "resetwatch P0 addr=a size=64K -> INVALID_PARAMETER",
	    "getwatch P0 addr=0x60000000 size=4K max=9 -> INVALID_PARAMETER"),
	ROW("W2", "a = alloc P0 size=64K" WATCHED,
	    "getwatch P0 addr=a size=64K max=9 reset=2 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a size=64K max=9 reset=0xffffffff -> INVALID_PARAMETER",
	    "getwatch P0 addr=a size=64K max=0 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a size=0 max=9 -> INVALID_PARAMETER",
	    "resetwatch P0 addr=a size=0 -> INVALID_PARAMETER",
	    "getwatch P0 addr=a size=1 max=1 reset=1 -> SUCCESS count=0 pages=-"),
	ROW("W2, A13", "process q", "exit q -> SUCCESS",
	    "getwatch q addr=0x10000 size=0 max=9 -> INVALID_PARAMETER",
	    "getwatch q addr=0x10000 size=1 max=0 -> INVALID_PARAMETER",
	    "getwatch q addr=0x10000 size=1 max=1 reset=2 -> INVALID_PARAMETER",
	    "getwatch q addr=0x10000 size=1 max=1 -> PROCESS_IS_TERMINATING",
	    "getwatch q addr=" ABOVE_HIGH " size=1 max=1 -> PROCESS_IS_TERMINATING",
	    "resetwatch q addr=0x10000 size=0 -> INVALID_PARAMETER",
	    "resetwatch q addr=0x10000 size=1 -> PROCESS_IS_TERMINATING"),

	/* ---- W4: what is returned, and reset ------------------------------------------------ */
	ROW("W4", "a = alloc P0 size=64K" WATCHED, "store P0 a+0xf000 u8=1 -> SUCCESS",
	    "store P0 a+0x3000 u8=1 -> SUCCESS", "store P0 a+0x8fff u8=1 -> SUCCESS",
	    GET "count=3 pages=a+0x3000,a+0x8000,a+0xf000",
	    "getwatch P0 addr=a size=64K max=2 -> SUCCESS count=2 pages=a+0x3000,a+0x8000",
	    "getwatch P0 addr=a size=64K max=2 reset=1 -> SUCCESS pages=a+0x3000,a+0x8000",
	    GET "pages=a+0xf000",
	    "getwatch P0 addr=a size=64K max=1 reset=1 -> SUCCESS pages=a+0xf000",
	    GET "count=0 pages=-"),
	ROW("W4", "a = alloc P0 size=64K" WATCHED, "store P0 a+0x2000 u8=1 -> SUCCESS",
	    "store P0 a+0x3000 u8=1 -> SUCCESS", "store P0 a+0x4000 u8=1 -> SUCCESS",
	    "getwatch P0 addr=a+0x2fff size=2 max=9 -> SUCCESS pages=a+0x2000,a+0x3000",
	    "getwatch P0 addr=a+0x3000 size=4K max=9 -> SUCCESS pages=a+0x3000",
	    "getwatch P0 addr=a+0x3fff size=1 max=9 reset=1 -> SUCCESS pages=a+0x3000",
	    GET "pages=a+0x2000,a+0x4000", "resetwatch P0 addr=a+0x3fff size=2 -> SUCCESS",
	    GET "pages=a+0x2000", "resetwatch P0 addr=a size=64K -> SUCCESS", GET "count=0",
	    "store P0 a+0x2000 u8=1 -> SUCCESS", GET "pages=a+0x2000"),

	/* ---- W5: what marks ------------------------------------------------------------------ */
	ROW("W5", "a = alloc P0 size=64K type=reserve|commit|write_watch protect=execute_readwrite",
	    GET "count=0", "load P0 a u8 -> SUCCESS", "exec P0 a+0x1000 -> SUCCESS", GET "count=0",
	    "store P0 a u8=0 -> SUCCESS", GET "pages=a",
	    "store P0 a+0x1ffc u64=1 -> SUCCESS", GET "pages=a,a+0x1000,a+0x2000",
	    "store P0 a u8=0 -> SUCCESS", GET "count=3"),
	ROW("W5", "a = alloc P0 addr=0x50000000 size=64K" WATCHED,
	    "b = alloc P0 addr=0x50010000 size=64K" COMMIT, "store P0 b-2 u32=1 -> SUCCESS",
	    GET "pages=a+0xf000", "c = alloc P0 addr=0x50020000 size=64K" WATCHED,
	    "store P0 c-1 u16=1 -> SUCCESS",
	    "getwatch P0 addr=c size=64K max=9 -> SUCCESS pages=c"),
	ROW("W5, access 1, access 2, access 3", "a = alloc P0 addr=0x50000000 size=64K" WATCHED,
	    "store P0 a+0xffff u16=1 -> ACCESS_VIOLATION",
	    "store P0 a u8=1 irql=dispatch -> IRQL_NOT_LESS_OR_EQUAL", GET "count=0",
	    "protect P0 addr=a size=4K protect=readonly -> SUCCESS", "load P0 a u8 -> SUCCESS",
	    "store P0 a u8=1 -> ACCESS_VIOLATION", GET "count=0"),

	/* ---- W6, W8, W9 ---------------------------------------------------------------------- */
	ROW("W6", "a = alloc P0 size=64K" WATCHED, "store P0 a u8=1 -> SUCCESS",
	    "protect P0 addr=a size=8K protect=readonly -> SUCCESS", GET "pages=a",
	    "protect P0 addr=a size=8K protect=noaccess -> SUCCESS", GET "pages=a",
	    "protect P0 addr=a size=8K protect=readwrite|guard -> SUCCESS", GET "pages=a",
	    "protect P0 addr=a size=8K protect=readwrite -> SUCCESS", GET "pages=a",
	    "resetwatch P0 addr=a size=64K -> SUCCESS",
	    "protect P0 addr=a size=8K protect=execute_readwrite -> SUCCESS", GET "count=0"),
	ROW("W6, A19, A29", "a = alloc P0 size=64K" WATCHED, "store P0 a u8=1 -> SUCCESS",
	    "alloc P0 addr=a size=8K type=commit protect=readonly -> SUCCESS", GET "pages=a",
	    "alloc P0 addr=a size=8K type=commit protect=noaccess -> SUCCESS", GET "pages=a",
	    "alloc P0 addr=a size=8K" COMMIT_MORE "-> SUCCESS", GET "pages=a",
	    "alloc P0 addr=a size=8K type=reset protect=noaccess -> SUCCESS", GET "pages=a",
	    "alloc P0 addr=a size=8K type=reset_undo protect=noaccess -> SUCCESS", GET "pages=a"),
	ROW("W6", "a = alloc P0 size=64K type=reserve|write_watch protect=noaccess",
	    GET "count=0", "resetwatch P0 addr=a size=64K -> SUCCESS",
	    "alloc P0 addr=a size=4K type=commit protect=noaccess -> SUCCESS", GET "count=0",
	    "alloc P0 addr=a+0x2000 size=4K" COMMIT_MORE "-> SUCCESS",
	    "store P0 a+0x2000 u8=1 -> SUCCESS", GET "pages=a+0x2000"),
	ROW("W8, access 5", "a = alloc P0 size=64K"
	    " type=reserve|commit|write_watch protect=readwrite|guard",
	    "store P0 a u8=1 -> GUARD_PAGE_VIOLATION", GET "count=0", "store P0 a u8=1 -> SUCCESS",
	    GET "pages=a", "store P0 a+0xfff u16=1 -> GUARD_PAGE_VIOLATION", GET "pages=a",
	    "resetwatch P0 addr=a size=64K -> SUCCESS",
	    "store P0 a+0x2fff u16=1 -> GUARD_PAGE_VIOLATION",
	    "store P0 a+0x2fff u16=1 -> GUARD_PAGE_VIOLATION", GET "count=0",
	    "store P0 a+0x2fff u16=1 -> SUCCESS", GET "pages=a+0x2000,a+0x3000"),
	ROW("W9", "a = alloc P0 size=64K" WATCHED, "store P0 a+0x1000 u8=1 -> SUCCESS",
	    "store P0 a+0x2000 u8=1 -> SUCCESS", "store P0 a+0x3000 u8=1 -> SUCCESS",
	    "protect P0 addr=a size=64K protect=readonly -> SUCCESS",
	    "free P0 addr=a+0x2000 size=1 type=decommit -> SUCCESS",
	    GET "pages=a+0x1000,a+0x3000",
	    "alloc P0 addr=a+0x2000 size=4K" COMMIT_MORE "-> SUCCESS",
	    GET "pages=a+0x1000,a+0x3000", "free P0 addr=a type=decommit -> SUCCESS",
	    GET "count=0"),
};

RULE_TABLE(rules_of_write_watch, rows);

Test(rules_of_write_watch, hold)
{
	rule_table_holds(&rules_of_write_watch);
}
