/* Claim: RESET and RESET_UNDO (A29 to A31), and the two ways in which alloc knows
 * placeholders (A35, A36). What free makes of placeholders is in rules_of_free.c.
 *
 * Not covered: contents that a reset drops, since nothing is paged yet. */
#include "claim.h"
#include "rule_table.h"

#define RESET " type=reset protect=readwrite "
#define UNDO " type=reset_undo protect=readwrite "
#define REPLACE_COMMIT " type=reserve|commit|replace_placeholder protect=readwrite "

static const struct rule_row rows[] = {
	/* ---- RESET ---------------------------------------------------------------------- */
	ROW("A29", "a = alloc P0 size=64K type=reserve protect=noaccess",
	    "alloc P0 addr=a size=4K" COMMIT_MORE, "store P0 a u32=7 -> SUCCESS",
	    "alloc P0 addr=a size=64K type=reset protect=noaccess -> SUCCESS base=a size=64K",
	    "query P0 addr=a -> SUCCESS state=commit size=4K protect=readwrite",
	    "query P0 addr=a+0x1000 -> SUCCESS state=reserve size=0xf000",
	    "load P0 a u32 -> SUCCESS value=7", "store P0 a u32=8 -> SUCCESS",
	    "alloc P0 addr=a+0x1000 size=4K" RESET "-> SUCCESS base=a+0x1000 size=4K"),
	ROW("A29, access 5", "a = alloc P0 size=4K type=reserve|commit protect=readwrite|guard",
	    "alloc P0 addr=a size=4K" RESET "-> SUCCESS",
	    "query P0 addr=a -> SUCCESS protect=readwrite|guard",
	    "load P0 a u32 -> GUARD_PAGE_VIOLATION"),
	ROW("A29", "a = alloc P0 addr=0x50000000 size=64K" COMMIT,
	    "b = alloc P0 addr=0x50010000 size=64K" COMMIT,
	    "alloc P0 addr=0x60000000 size=4K" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+0xf000 size=8K" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=b+0xf000 size=8K" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a-0x1000 size=8K" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 size=64K" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 size=64K align=0x10000" RESET "-> CONFLICTING_ADDRESSES"),
	ROW("A29", "p = alloc P0 size=64K" PLACEHOLDER, "w = alloc P0 size=64K" WINDOW,
	    "alloc P0 addr=p size=64K" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=w size=64K" RESET "-> CONFLICTING_ADDRESSES"),
	ROW("A29", "machine frames=32 pagefile=0", "a = alloc P0 size=24K" RESERVE,
	    "b = alloc P0 size=96K" COMMIT "-> SUCCESS",
	    "alloc P0 addr=a size=24K" RESET "-> SUCCESS",
	    "alloc P0 addr=b size=96K" RESET "-> SUCCESS"),
	ROW("A30", "a = alloc P0 addr=0x50000000 size=64K" COMMIT,
	    "alloc P0 addr=a+1 size=0x1fff" RESET "-> SUCCESS base=a+0x1000 size=4K",
	    "alloc P0 addr=a+0xfff size=0x1002" RESET "-> SUCCESS base=a+0x1000 size=4K",
	    "alloc P0 addr=a+0xf000 size=0x1fff" RESET "-> SUCCESS base=a+0xf000 size=4K",
	    "alloc P0 addr=a-0xfff size=0x1fff" RESET "-> SUCCESS base=a size=4K",
	    "alloc P0 addr=a-1 size=0x10002" RESET "-> SUCCESS base=a size=64K"),
	ROW("A30", "a = alloc P0 addr=0x50000000 size=64K" COMMIT,
	    "alloc P0 addr=a size=0xfff" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+1 size=0xfff" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+1 size=0x1ffe" RESET "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+1 size=0x1ffe" UNDO "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=0x60000001 size=4K" UNDO "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a size=1" UNDO "-> CONFLICTING_ADDRESSES"),
	ROW("A31", "a = alloc P0 size=64K" RESERVE, "alloc P0 addr=a size=4K" COMMIT_MORE,
	    "store P0 a u32=7 -> SUCCESS", "alloc P0 addr=a size=4K" RESET "-> SUCCESS",
	    "alloc P0 addr=a+1 size=0x1fff type=reset_undo protect=noaccess"
	    " -> SUCCESS base=a+0x1000 size=4K",
	    "alloc P0 addr=a size=64K" UNDO "-> SUCCESS base=a size=64K",
	    "load P0 a u32 -> SUCCESS value=7",
	    "query P0 addr=a -> SUCCESS protect=readwrite size=4K"),
	ROW("A31", "a = alloc P0 addr=0x50000000 size=64K" COMMIT,
	    "b = alloc P0 addr=0x50010000 size=64K" COMMIT, "p = alloc P0 size=64K" PLACEHOLDER,
	    "w = alloc P0 size=64K" WINDOW,
	    "alloc P0 addr=0x60000000 size=4K" UNDO "-> MEMORY_NOT_ALLOCATED",
	    "alloc P0 addr=a+0xf000 size=8K" UNDO "-> MEMORY_NOT_ALLOCATED",
	    "alloc P0 size=64K" UNDO "-> MEMORY_NOT_ALLOCATED",
	    "alloc P0 addr=p size=64K" UNDO "-> MEMORY_NOT_ALLOCATED",
	    "alloc P0 addr=w size=64K" UNDO "-> MEMORY_NOT_ALLOCATED"),

	/* ---- RESERVE_PLACEHOLDER ----------------------------------------------------------- */
	ROW("A35", "p = alloc P0 size=0x10001" PLACEHOLDER "-> SUCCESS base%0x10000=0 size=0x11000",
	    "query P0 addr=p -> SUCCESS state=reserve protect=0 allocation_base=p"
	    " allocation_protect=noaccess type=private size=0x11000",
	    "alloc P0 addr=0x50012345 size=1" PLACEHOLDER "-> SUCCESS base=0x50010000 size=0x3000",
	    "alloc P0 size=4K type=reserve|reserve_placeholder|top_down protect=noaccess"
	    " -> SUCCESS base=0x7ffffffe0000"),
	ROW("A35, access 1, P10", "p = alloc P0 size=64K" PLACEHOLDER,
	    "load P0 p u8 -> ACCESS_VIOLATION", "store P0 p u8=1 -> ACCESS_VIOLATION",
	    "exec P0 p -> ACCESS_VIOLATION",
	    "protect P0 addr=p size=4K protect=readonly -> NOT_COMMITTED"),

	/* ---- REPLACE_PLACEHOLDER ------------------------------------------------------------- */
	ROW("A36", "p = alloc P0 addr=0x50000000 size=64K" PLACEHOLDER,
	    "a = alloc P0 addr=p size=64K" REPLACE "-> SUCCESS base=p size=64K",
	    "query P0 addr=p -> SUCCESS state=reserve protect=0 allocation_protect=readwrite"
	    " allocation_base=p size=64K type=private",
	    "alloc P0 addr=a size=4K" COMMIT_MORE "-> SUCCESS",
	    "store P0 a u32=7 -> SUCCESS"),
	ROW("A36", "p = alloc P0 addr=0x50000000 size=64K" PLACEHOLDER,
	    "alloc P0 addr=p size=64K type=reserve|commit|replace_placeholder protect=execute_read"
	    " -> SUCCESS base=p size=64K",
	    "query P0 addr=p -> SUCCESS state=commit protect=execute_read"
	    " allocation_protect=execute_read size=64K",
	    "load P0 p u64 -> SUCCESS value=0", "exec P0 p+0xffff -> SUCCESS"),
	ROW("A36", "p = alloc P0 addr=0x50000000 size=4K" PLACEHOLDER,
	    "alloc P0 addr=p+0xffe size=1" REPLACE "-> SUCCESS base=p size=4K"),
	ROW("A36", "p = alloc P0 addr=0x50000000 size=12K" PLACEHOLDER,
	    "free P0 addr=p+0x1000 size=4K type=release|preserve_placeholder -> SUCCESS",
	    "alloc P0 addr=p size=8K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p size=12K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p+0x1fff size=1" REPLACE_COMMIT "-> SUCCESS base=p+0x1000 size=4K",
	    "alloc P0 addr=p+0x2000 size=4K" REPLACE "-> SUCCESS base=p+0x2000 size=4K",
	    "query P0 addr=p -> SUCCESS allocation_base=p size=4K allocation_protect=noaccess"),
	ROW("A36", "p = alloc P0 addr=0x50000000 size=64K" PLACEHOLDER,
	    "a = alloc P0 addr=0x50010000 size=64K" RESERVE,
	    "alloc P0 addr=p size=60K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p+0x1000 size=60K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p+0x1000 size=4K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p size=0x10001" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p-1 size=0x10001" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a size=64K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=0x60000000 size=64K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 size=64K" REPLACE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p size=64K" REPLACE "-> SUCCESS",
	    "alloc P0 addr=p size=64K" REPLACE "-> CONFLICTING_ADDRESSES"),
	ROW("A36, W5", "p = alloc P0 addr=0x50000000 size=64K" PLACEHOLDER,
	    "a = alloc P0 addr=p size=64K type=reserve|commit|replace_placeholder|write_watch"
	    " protect=readwrite -> SUCCESS",
	    "store P0 a+0x3000 u8=1 -> SUCCESS",
	    "getwatch P0 addr=a size=64K max=9 -> SUCCESS pages=a+0x3000"),
};

RULE_TABLE(rules_of_reset_and_placeholders, rows);

Test(rules_of_reset_and_placeholders, hold)
{
	rule_table_holds(&rules_of_reset_and_placeholders);
}
