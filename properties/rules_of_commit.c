/* Claim: alloc gives the range that rules A14 to A20 say, what it commits is
 * zero and charged once (A19, A25, A28), and a refusal changes nothing (A24).
 *
 * Not covered: A21 to A23 and A33, which are about sections. */
#include "claim.h"
#include "rule_table.h"

/* 32 pages of commit: 32 frames and 8 of pagefile without the 8 kept. */
#define SMALL "machine frames=32 pagefile=8"

static const struct rule_row rows[] = {
	ROW("A14",
	    "alloc P0 addr=0x50012345 size=1" RESERVE "-> SUCCESS base=0x50010000 size=0x3000",
	    "alloc P0 addr=0x5002ffff size=1" RESERVE "-> SUCCESS base=0x50020000 size=0x10000",
	    "alloc P0 addr=0x50030000 size=0x1001" RESERVE
	    "-> SUCCESS base=0x50030000 size=0x2000",
	    "alloc P0 size=1" RESERVE "-> SUCCESS base%0x10000=0 size=0x1000",
	    "alloc P0 size=0x10001" COMMIT "-> SUCCESS base%0x10000=0 size=0x11000"),
	ROW("A15", "a = alloc P0 size=64K" RESERVE,
	    "alloc P0 addr=a+0x1fff size=2" COMMIT_MORE "-> SUCCESS base=a+0x1000 size=0x2000",
	    "alloc P0 addr=a+0xffff size=1" COMMIT_MORE "-> SUCCESS base=a+0xf000 size=0x1000",
	    "query P0 addr=a -> SUCCESS state=reserve size=0x1000",
	    "query P0 addr=a+0x1000 -> SUCCESS state=commit size=0x2000 protect=readwrite",
	    "query P0 addr=a+0x3000 -> SUCCESS state=reserve size=0xc000",
	    "query P0 addr=a+0xf000 -> SUCCESS state=commit size=0x1000"),
	ROW("A15", "a = alloc P0 size=64K type=reserve protect=noaccess",
	    "alloc P0 addr=a size=64K" COMMIT_MORE "-> SUCCESS base=a size=64K",
	    "query P0 addr=a -> SUCCESS state=commit size=64K protect=readwrite"
	    " allocation_protect=noaccess"),
	ROW("A16", "a = alloc P0 size=1 type=commit protect=readonly"
	    " -> SUCCESS base%0x10000=0 size=0x1000",
	    "query P0 addr=a -> SUCCESS allocation_base=a allocation_protect=readonly"
	    " state=commit protect=readonly size=0x1000",
	    "b = alloc P0 size=4K type=commit|top_down protect=readwrite"
	    " -> SUCCESS base=0x7ffffffe0000"),

	/* ---- A17, A18, A20: what the range holds ----------------------------------------- */
	ROW("A17", "a = alloc P0 addr=0x50010000 size=4K" RESERVE,
	    "alloc P0 addr=a size=1" RESERVE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+0x1000 size=4K" RESERVE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+0xffff size=4K" COMMIT "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=0x50000000 size=0x10001" RESERVE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=0x50000000 size=1M" RESERVE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=0x50000000 size=0x10000" RESERVE "-> SUCCESS",
	    "alloc P0 addr=a+0x10000 size=4K" RESERVE "-> SUCCESS"),
	ROW("A17", "p = alloc P0 addr=0x50000000 size=64K" PLACEHOLDER,
	    "alloc P0 addr=p size=64K" RESERVE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p size=64K" PLACEHOLDER "-> CONFLICTING_ADDRESSES"),
	ROW("A17", SMALL, "a = alloc P0 addr=0x50000000 size=4K" RESERVE,
	    "alloc P0 addr=a size=1M" COMMIT "-> CONFLICTING_ADDRESSES"),
	ROW("A18", "a = alloc P0 addr=0x50000000 size=64K" RESERVE,
	    "b = alloc P0 addr=0x50010000 size=64K" RESERVE,
	    "alloc P0 addr=0x50020000 size=4K" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=b+0xffff size=2" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a+0xffff size=2" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a size=128K" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=a-1 size=2" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "query P0 addr=a -> SUCCESS state=reserve size=64K",
	    "alloc P0 addr=a+0xffff size=1" COMMIT_MORE "-> SUCCESS",
	    "alloc P0 addr=b size=64K" COMMIT_MORE "-> SUCCESS"),
	ROW("A18", SMALL, "alloc P0 addr=0x50000000 size=1M" COMMIT_MORE
	    "-> CONFLICTING_ADDRESSES"),
	ROW("A20", "p = alloc P0 size=64K" PLACEHOLDER, "w = alloc P0 size=64K" WINDOW,
	    "alloc P0 addr=p size=4K" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p size=64K" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=w size=64K" COMMIT_MORE "-> CONFLICTING_ADDRESSES",
	    "query P0 addr=w -> SUCCESS state=reserve size=64K"),

	/* ---- A19, A28: what is in the pages ------------------------------------------------ */
	ROW("A19, access 3", "a = alloc P0 size=8K" COMMIT, "store P0 a u32=7 -> SUCCESS",
	    "store P0 a+0x1ffc u32=8 -> SUCCESS",
	    "alloc P0 addr=a+0xfff size=2 type=commit protect=readonly -> SUCCESS base=a size=8K",
	    "load P0 a u32 -> SUCCESS value=7", "load P0 a+0x1ffc u32 -> SUCCESS value=8",
	    "store P0 a u32=1 -> ACCESS_VIOLATION",
	    "query P0 addr=a -> SUCCESS size=8K protect=readonly allocation_protect=readwrite"),
	ROW("A19", "a = alloc P0 size=16K" RESERVE,
	    "alloc P0 addr=a+0x1000 size=4K type=commit protect=readonly -> SUCCESS",
	    "load P0 a+0x1000 u8 -> SUCCESS value=0",
	    "alloc P0 addr=a size=16K" COMMIT_MORE "-> SUCCESS base=a size=16K",
	    "query P0 addr=a -> SUCCESS state=commit size=16K protect=readwrite",
	    "store P0 a+0x1000 u8=1 -> SUCCESS"),
	ROW("A19, access 5", "a = alloc P0 size=4K" COMMIT, "store P0 a u32=7 -> SUCCESS",
	    "alloc P0 addr=a size=4K type=commit protect=readwrite|guard -> SUCCESS",
	    "query P0 addr=a -> SUCCESS protect=readwrite|guard",
	    "load P0 a u32 -> GUARD_PAGE_VIOLATION", "load P0 a u32 -> SUCCESS value=7"),
	ROW("A19, access 4", "a = alloc P0 size=4K" COMMIT, "store P0 a u32=7 -> SUCCESS",
	    "alloc P0 addr=a size=4K type=commit protect=noaccess -> SUCCESS",
	    "load P0 a u32 -> ACCESS_VIOLATION",
	    "alloc P0 addr=a size=4K type=commit protect=readonly -> SUCCESS",
	    "load P0 a u32 -> SUCCESS value=7"),
	ROW("A28", "a = alloc P0 addr=0x50000000 size=8K" COMMIT,
	    "load P0 a u64 -> SUCCESS value=0",
	    "load P0 a+0x1ff8 u64 -> SUCCESS value=0", "store P0 a u64=0x1111 -> SUCCESS",
	    "free P0 addr=a size=4K type=decommit -> SUCCESS",
	    "alloc P0 addr=a size=4K" COMMIT_MORE "-> SUCCESS", "load P0 a u64 -> SUCCESS value=0",
	    "store P0 a u64=0x2222 -> SUCCESS", "free P0 addr=a type=release -> SUCCESS",
	    "alloc P0 addr=0x50000000 size=4K" COMMIT "-> SUCCESS",
	    "load P0 0x50000000 u64 -> SUCCESS value=0"),

	/* ---- A24, A25: the limit ------------------------------------------------------------- */
	ROW("A19, A25", SMALL, "a = alloc P0 size=256K" RESERVE,
	    "alloc P0 addr=a size=0x14000" COMMIT_MORE "-> SUCCESS",
	    "alloc P0 addr=a+0x10000 size=0x10000" COMMIT_MORE "-> SUCCESS",
	    "alloc P0 addr=a+0x1f000 size=0x2000" COMMIT_MORE "-> COMMITMENT_LIMIT",
	    "alloc P0 addr=a size=0x20000" COMMIT_MORE "-> SUCCESS"),
	ROW("A24, A25", SMALL, "a = alloc P0 size=256K" RESERVE,
	    "alloc P0 addr=a size=4K" COMMIT_MORE "-> SUCCESS", "store P0 a u32=7 -> SUCCESS",
	    "alloc P0 addr=a+1 size=0x20001 type=commit protect=readonly"
	    " -> COMMITMENT_LIMIT base=a+1 size=0x20001",
	    "query P0 addr=a -> SUCCESS state=commit size=4K protect=readwrite",
	    "query P0 addr=a+0x1000 -> SUCCESS state=reserve size=0x3f000",
	    "store P0 a u32=8 -> SUCCESS"),
	ROW("A24, A25", SMALL, "alloc P0 addr=0x50000000 size=0x21000" COMMIT "-> COMMITMENT_LIMIT",
	    "query P0 addr=0x50000000 -> SUCCESS state=free",
	    "alloc P0 addr=0x50000000 size=0x20000" COMMIT "-> SUCCESS"),
	ROW("A24, A17", "a = alloc P0 addr=0x50010000 size=4K" RESERVE,
	    "alloc P0 addr=0x50000001 size=128K" COMMIT
	    "-> CONFLICTING_ADDRESSES base=0x50000001 size=128K",
	    "query P0 addr=0x50000000 -> SUCCESS state=free size=64K",
	    "query P0 addr=a -> SUCCESS state=reserve size=4K"),
	ROW("A25, A26", SMALL, "alloc P0 size=1M zero_bits=21" COMMIT "-> NO_MEMORY",
	    "alloc P0 size=1M" COMMIT "-> COMMITMENT_LIMIT"),
	ROW("A25, A8", SMALL, "a = alloc P0 size=1M" RESERVE,
	    "alloc P0 addr=a size=1M type=commit protect=writecopy -> INVALID_PAGE_PROTECTION",
	    "alloc P0 addr=a size=1M" COMMIT_MORE "-> COMMITMENT_LIMIT"),
	ROW("A25, A36", SMALL, "p = alloc P0 addr=0x50000000 size=1M" PLACEHOLDER,
	    "alloc P0 addr=p size=2M type=reserve|commit|replace_placeholder protect=readwrite"
	    " -> CONFLICTING_ADDRESSES",
	    "alloc P0 addr=p size=1M type=reserve|commit|replace_placeholder protect=readwrite"
	    " -> COMMITMENT_LIMIT",
	    "alloc P0 addr=p size=1M" REPLACE "-> SUCCESS"),
};

RULE_TABLE(rules_of_commit, rows);

Test(rules_of_commit, hold)
{
	rule_table_holds(&rules_of_commit);
}
