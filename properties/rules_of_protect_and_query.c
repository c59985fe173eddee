/* Claim: protect and query do as rules P1 to P15 and Q1 to Q10 say.
 *
 * Not covered: P8, P9 and P14, which are about sections; the rights of P3 and Q1. */
#include "claim.h"
#include "rule_table.h"

#define PROTECT(what) "protect P0 addr=a size=4K protect=" what " -> "

static const struct rule_row rows[] = {
	/* ---- P1 to P3: arguments -------------------------------------------------------- */
	ROW("P1", "a = alloc P0 size=4K" COMMIT, PROTECT("0") "INVALID_PAGE_PROTECTION",
	    PROTECT("guard") "INVALID_PAGE_PROTECTION", PROTECT("0x6") "INVALID_PAGE_PROTECTION",
	    PROTECT("0x18") "INVALID_PAGE_PROTECTION",
	    PROTECT("noaccess|guard") "INVALID_PAGE_PROTECTION",
	    PROTECT("noaccess|nocache") "INVALID_PAGE_PROTECTION",
	    PROTECT("noaccess|writecombine") "INVALID_PAGE_PROTECTION",
	    PROTECT("readwrite|guard|nocache") "INVALID_PAGE_PROTECTION",
	    PROTECT("readwrite|guard|writecombine") "INVALID_PAGE_PROTECTION",
	    PROTECT("readwrite|nocache|writecombine") "INVALID_PAGE_PROTECTION",
	    PROTECT("0x804") "INVALID_PAGE_PROTECTION",
	    PROTECT("0x40000004") "INVALID_PAGE_PROTECTION",
	    "protect P0 addr=" ABOVE_HIGH " size=0 protect=0 -> INVALID_PAGE_PROTECTION",
	    "query P0 addr=a -> SUCCESS protect=readwrite"),
	ROW("P1, P11", "a = alloc P0 size=4K" COMMIT, PROTECT("noaccess") "SUCCESS old=readwrite",
	    PROTECT("readonly|guard") "SUCCESS old=noaccess",
	    PROTECT("execute") "SUCCESS old=readonly|guard",
	    PROTECT("execute_read|nocache") "SUCCESS old=execute",
	    PROTECT("execute_readwrite|writecombine") "SUCCESS old=execute_read",
	    PROTECT("readwrite") "SUCCESS old=execute_readwrite"),
	ROW("P2", "protect P0 addr=" ABOVE_HIGH " size=1 protect=readonly -> INVALID_PARAMETER_2",
	    "protect P0 addr=0xffffffffffffffff size=0 protect=readonly -> INVALID_PARAMETER_2",
	    "protect P0 addr=0x10000 size=0 protect=readonly -> INVALID_PARAMETER_3",
	    "protect P0 addr=" HIGH " size=2 protect=readonly -> INVALID_PARAMETER_3",
	    "protect P0 addr=0x10000 size=0x7ffffffe0001 protect=readonly -> INVALID_PARAMETER_3",
	    "protect P0 addr=0x10000 size=0xffffffffffffffff protect=readonly"
	    " -> INVALID_PARAMETER_3"),
	ROW("P2", "a = alloc P0 addr=" HIGH " size=1" COMMIT,
	    "protect P0 addr=" HIGH " size=1 protect=readonly"
	    " -> SUCCESS base=0x7ffffffef000 size=4K old=readwrite"),
	ROW("P2, P5", "protect P0 addr=0x10000 size=0x7ffffffe0000 protect=readonly"
	    " -> CONFLICTING_ADDRESSES",
	    "protect P0 addr=0 size=1 protect=readonly -> CONFLICTING_ADDRESSES"),
	ROW("P3, P1, P2", "process q", "exit q -> SUCCESS",
	    "protect q addr=0x10000 size=4K protect=0 -> INVALID_PAGE_PROTECTION",
	    "protect q addr=0x10000 size=0 protect=readonly -> INVALID_PARAMETER_3",
	    "protect q addr=0x10000 size=4K protect=readonly -> PROCESS_IS_TERMINATING",
	    "protect q addr=0x10000 size=4K protect=writecopy -> PROCESS_IS_TERMINATING"),

	/* ---- P4 to P10: the range ---------------------------------------------------------- */
	ROW("P4", "a = alloc P0 size=16K" COMMIT,
	    "protect P0 addr=a+0x1fff size=2 protect=readonly"
	    " -> SUCCESS base=a+0x1000 size=8K old=readwrite",
	    "protect P0 addr=a+0x3fff size=1 protect=execute"
	    " -> SUCCESS base=a+0x3000 size=4K old=readwrite",
	    "query P0 addr=a -> SUCCESS size=4K protect=readwrite",
	    "query P0 addr=a+0x1000 -> SUCCESS size=8K protect=readonly",
	    "query P0 addr=a+0x3000 -> SUCCESS size=4K protect=execute"),
	ROW("P5", "a = alloc P0 addr=0x50000000 size=64K" COMMIT,
	    "b = alloc P0 addr=0x50010000 size=64K" COMMIT,
	    "protect P0 addr=a+0xffff size=2 protect=readonly -> CONFLICTING_ADDRESSES",
	    "protect P0 addr=a size=128K protect=readonly -> CONFLICTING_ADDRESSES",
	    "protect P0 addr=b+0xffff size=2 protect=readonly -> CONFLICTING_ADDRESSES",
	    "protect P0 addr=a-1 size=2 protect=readonly -> CONFLICTING_ADDRESSES",
	    "protect P0 addr=0x60000000 size=4K protect=writecopy -> CONFLICTING_ADDRESSES",
	    "query P0 addr=a+0xf000 -> SUCCESS protect=readwrite",
	    "protect P0 addr=a+0xffff size=1 protect=readonly -> SUCCESS",
	    "protect P0 addr=b size=64K protect=readonly -> SUCCESS"),
	ROW("P6", "a = alloc P0 size=64K" WINDOW, PROTECT("readonly") "CONFLICTING_ADDRESSES",
	    PROTECT("readwrite") "CONFLICTING_ADDRESSES",
	    PROTECT("writecopy") "CONFLICTING_ADDRESSES"),
	ROW("P7", "a = alloc P0 size=4K" COMMIT, PROTECT("writecopy") "INVALID_PAGE_PROTECTION",
	    PROTECT("execute_writecopy|guard") "INVALID_PAGE_PROTECTION",
	    "query P0 addr=a -> SUCCESS protect=readwrite", "a = alloc P0 size=4K" RESERVE,
	    PROTECT("writecopy") "INVALID_PAGE_PROTECTION", "a = alloc P0 size=4K" PLACEHOLDER,
	    PROTECT("execute_writecopy") "INVALID_PAGE_PROTECTION"),
	ROW("P10", "a = alloc P0 size=64K" RESERVE, PROTECT("readonly") "NOT_COMMITTED",
	    "alloc P0 addr=a+0x1000 size=8K" COMMIT_MORE,
	    "protect P0 addr=a+0x2fff size=2 protect=readonly -> NOT_COMMITTED",
	    "protect P0 addr=a+0xfff size=2 protect=readonly -> NOT_COMMITTED"
	    " base=a+0xfff size=2",
	    "query P0 addr=a+0x1000 -> SUCCESS size=8K protect=readwrite",
	    "protect P0 addr=a+0x1000 size=8K protect=readonly -> SUCCESS",
	    "a = alloc P0 size=4K" PLACEHOLDER, PROTECT("readonly") "NOT_COMMITTED"),
	ROW("P10", "a = alloc P0 size=12K" COMMIT, "free P0 addr=a+0x1000 size=4K type=decommit",
	    "protect P0 addr=a size=12K protect=readonly -> NOT_COMMITTED",
	    "query P0 addr=a -> SUCCESS size=4K protect=readwrite",
	    "query P0 addr=a+0x2000 -> SUCCESS size=4K protect=readwrite"),

	/* ---- P11 to P15: the effect ---------------------------------------------------------- */
	ROW("P11, access 5", "a = alloc P0 size=8K" COMMIT,
	    "protect P0 addr=a+0x1000 size=4K protect=execute -> SUCCESS",
	    "protect P0 addr=a size=8K protect=readwrite|guard -> SUCCESS old=readwrite",
	    "protect P0 addr=a size=8K protect=readonly|guard -> SUCCESS old=readwrite|guard",
	    "load P0 a u8 -> GUARD_PAGE_VIOLATION",
	    "protect P0 addr=a+0xfff size=2 protect=readwrite -> SUCCESS old=readonly",
	    "query P0 addr=a -> SUCCESS size=8K protect=readwrite"),
	ROW("P12", "a = alloc P0 size=8K type=reserve|commit protect=readwrite|nocache",
	    "query P0 addr=a -> SUCCESS protect=readwrite|nocache"
	    " allocation_protect=readwrite|nocache",
	    PROTECT("readonly") "SUCCESS old=readwrite|nocache",
	    PROTECT("readonly|guard") "SUCCESS old=readonly|nocache",
	    PROTECT("noaccess") "SUCCESS old=readonly|guard|nocache",
	    "query P0 addr=a -> SUCCESS protect=noaccess|nocache size=4K",
	    PROTECT("readwrite|writecombine") "SUCCESS old=noaccess|nocache",
	    "query P0 addr=a -> SUCCESS protect=readwrite|nocache size=8K"),
	ROW("P12", "a = alloc P0 size=8K type=reserve protect=readwrite|writecombine",
	    "query P0 addr=a -> SUCCESS state=reserve protect=0"
	    " allocation_protect=readwrite|writecombine",
	    "alloc P0 addr=a size=4K type=commit protect=readonly -> SUCCESS",
	    "query P0 addr=a -> SUCCESS protect=readonly|writecombine size=4K",
	    PROTECT("noaccess") "SUCCESS old=readonly|writecombine",
	    "query P0 addr=a -> SUCCESS protect=noaccess|writecombine"),
	ROW("P12", "a = alloc P0 size=8K" COMMIT,
	    PROTECT("readonly|nocache") "SUCCESS old=readwrite",
	    "query P0 addr=a -> SUCCESS protect=readonly",
	    "alloc P0 addr=a size=4K type=commit protect=readwrite|writecombine -> SUCCESS",
	    "query P0 addr=a -> SUCCESS protect=readwrite size=8K"),
	ROW("P13, P11", "a = alloc P0 size=8K" WATCHED, "store P0 a u32=7 -> SUCCESS",
	    "protect P0 addr=a size=8K protect=execute_read -> SUCCESS",
	    "load P0 a u32 -> SUCCESS value=7",
	    "query P0 addr=a -> SUCCESS protect=execute_read allocation_protect=readwrite",
	    "getwatch P0 addr=a size=8K max=9 -> SUCCESS pages=a"),
	ROW("P15, access 2", "a = alloc P0 size=4K" COMMIT, "store P0 a u32=7 -> SUCCESS",
	    "load P0 a u32 irql=dispatch -> SUCCESS value=7", PROTECT("readonly") "SUCCESS",
	    "load P0 a u32 irql=dispatch -> SUCCESS value=7", PROTECT("noaccess") "SUCCESS",
	    PROTECT("readwrite") "SUCCESS",
	    "load P0 a u32 irql=dispatch -> IRQL_NOT_LESS_OR_EQUAL",
	    "load P0 a u32 -> SUCCESS value=7", "load P0 a u32 irql=dispatch -> SUCCESS value=7"),
	ROW("P15, access 2", "a = alloc P0 size=4K" COMMIT, "store P0 a u32=7 -> SUCCESS",
	    PROTECT("readwrite|guard") "SUCCESS", PROTECT("readwrite") "SUCCESS",
	    "load P0 a u32 irql=dispatch -> IRQL_NOT_LESS_OR_EQUAL",
	    "load P0 a u32 -> SUCCESS value=7"),

	/* ---- Query --------------------------------------------------------------------------- */
	ROW("Q1, Q8", "query P0 addr=" ABOVE_HIGH " -> INVALID_PARAMETER",
	    "query P0 addr=0x7fffffffffff -> INVALID_PARAMETER",
	    "query P0 addr=0xffffffffffffffff -> INVALID_PARAMETER",
	    "query P0 addr=" HIGH " -> SUCCESS base=0x7ffffffef000 size=4K state=free"),
	ROW("Q1, A13", "process q", "exit q -> SUCCESS",
	    "query q addr=" ABOVE_HIGH " -> INVALID_PARAMETER",
	    "query q addr=0x10000 -> PROCESS_IS_TERMINATING",
	    "query q addr=0 -> PROCESS_IS_TERMINATING"),
	ROW("Q2", "a = alloc P0 size=64K" COMMIT,
	    "query P0 addr=a+0x3abc -> SUCCESS base=a+0x3000 size=52K allocation_base=a",
	    "query P0 addr=a+0xffff -> SUCCESS base=a+0xf000 size=4K allocation_base=a"),
	ROW("Q3", "a = alloc P0 addr=0x50000000 size=64K" COMMIT,
	    "b = alloc P0 addr=0x50010000 size=64K" COMMIT,
	    "query P0 addr=a -> SUCCESS size=64K allocation_base=a",
	    "query P0 addr=b -> SUCCESS size=64K allocation_base=b",
	    "protect P0 addr=a+0x2000 size=4K protect=readonly -> SUCCESS",
	    "protect P0 addr=a+0x3000 size=4K protect=readonly|guard -> SUCCESS",
	    "free P0 addr=a+0x5000 size=4K type=decommit -> SUCCESS",
	    "query P0 addr=a -> SUCCESS size=8K", "query P0 addr=a+0x2000 -> SUCCESS size=4K",
	    "query P0 addr=a+0x3000 -> SUCCESS size=4K",
	    "query P0 addr=a+0x4000 -> SUCCESS size=4K",
	    "query P0 addr=a+0x5000 -> SUCCESS size=4K state=reserve",
	    "query P0 addr=a+0x6000 -> SUCCESS size=40K"),
	ROW("Q3", "a = alloc P0 addr=0x50000000 size=64K" RESERVE,
	    "b = alloc P0 addr=0x50010000 size=64K" RESERVE,
	    "query P0 addr=a -> SUCCESS size=64K state=reserve",
	    "query P0 addr=b -> SUCCESS size=64K state=reserve"),
	ROW("Q4", "a = alloc P0 addr=0x50000000 size=4K" RESERVE,
	    "query P0 addr=0x10000 -> SUCCESS base=0x10000 size=0x4fff0000 state=free"
	    " protect=noaccess allocation_base=0 allocation_protect=0 type=0",
	    "query P0 addr=a+0x1001 -> SUCCESS base=a+0x1000 size=0x7fffaffef000 state=free"
	    " protect=noaccess allocation_base=0 allocation_protect=0 type=0"),
	ROW("Q5, Q7", "a = alloc P0 size=64K type=reserve protect=execute_read|guard",
	    "query P0 addr=a -> SUCCESS state=reserve protect=0 size=64K type=private"
	    " allocation_protect=execute_read|guard",
	    "w = alloc P0 size=64K" WINDOW,
	    "query P0 addr=w -> SUCCESS state=reserve protect=0 size=64K type=private"
	    " allocation_base=w allocation_protect=readwrite"),
	ROW("Q6, Q7, access 5", "a = alloc P0 size=8K type=reserve|commit protect=readwrite|guard",
	    "query P0 addr=a -> SUCCESS state=commit protect=readwrite|guard type=private"
	    " allocation_protect=readwrite|guard size=8K",
	    "store P0 a u8=1 -> GUARD_PAGE_VIOLATION",
	    "query P0 addr=a -> SUCCESS protect=readwrite size=4K"
	    " allocation_protect=readwrite|guard",
	    "query P0 addr=a+0x1000 -> SUCCESS protect=readwrite|guard size=4K"),
	ROW("Q8, Q1", "machine layout=nt32",
	    "query P0 addr=0x7ffe0000 -> SUCCESS state=free size=0x10000",
	    "query P0 addr=0x7fff0000 -> INVALID_PARAMETER"),
	ROW("Q9", "a = alloc P0 size=0xfffc" RESERVE, "query P0 addr=a -> SUCCESS size=0x10000"),
	ROW("Q10", "query P0 addr=0 -> SUCCESS base=0 size=0x7fffffff0000 state=free"
	    " protect=noaccess allocation_base=0 allocation_protect=0 type=0",
	    "a = alloc P0 addr=0x10000 size=4K" RESERVE,
	    "query P0 addr=0 -> SUCCESS base=0 size=64K state=free protect=noaccess",
	    "query P0 addr=0xffff -> SUCCESS base=0xf000 size=4K state=free"),
};

RULE_TABLE(rules_of_protect_and_query, rows);

Test(rules_of_protect_and_query, hold)
{
	rule_table_holds(&rules_of_protect_and_query);
}
