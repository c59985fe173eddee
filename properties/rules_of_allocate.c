/* Claim: alloc refuses what rules A1 to A13, A35 and A36 forbid of its arguments
 * alone, takes what they just allow, and the earlier rule wins.
 *
 * Not covered: which range a call gets (rules_of_placement.c, rules_of_commit.c);
 * A11, since handles are not built. */
#include "claim.h"
#include "rule_table.h"

/* A size alone, with the type or the protection that a rule is about. */
#define TYPE(type) "alloc P0 size=4K type=" type " protect=readwrite -> "
#define RESERVED_AS(protect) "alloc P0 size=4K type=reserve protect=" protect " -> "
#define COMMITTED_AS(protect) "alloc P0 size=4K type=commit protect=" protect " -> "
#define LARGE "type=reserve|commit|large_pages protect=readwrite"

static const struct rule_row rows[] = {
	ROW("A1", "alloc P0 size=0 zero_bits=22 type=0 protect=0 -> INVALID_PARAMETER_3"),

	/* ---- A2 to A6: type ------------------------------------------------------- */
	ROW("A2", TYPE("0x80001000") "INVALID_PARAMETER_5", TYPE("0x3001") "INVALID_PARAMETER_5",
	    TYPE("0x2002") "INVALID_PARAMETER_5", TYPE("0xffffffff") "INVALID_PARAMETER_5",
	    TYPE("0x80040000") "INVALID_PARAMETER_5"),
	ROW("A2", TYPE("0") "INVALID_PARAMETER_5", TYPE("top_down") "INVALID_PARAMETER_5",
	    TYPE("write_watch") "INVALID_PARAMETER_5", TYPE("physical") "INVALID_PARAMETER_5",
	    TYPE("large_pages") "INVALID_PARAMETER_5"),
	ROW("A2", TYPE("reserve_placeholder") "INVALID_PARAMETER",
	    TYPE("replace_placeholder") "INVALID_PARAMETER",
	    TYPE("reserve_placeholder|top_down") "INVALID_PARAMETER",
	    TYPE("replace_placeholder|write_watch") "INVALID_PARAMETER",
	    TYPE("reserve_placeholder|physical") "INVALID_PARAMETER"),
	ROW("A2", "alloc P0 size=4K type=0 protect=0 -> INVALID_PARAMETER_5",
	    "alloc P0 size=4K type=reserve_placeholder protect=0 -> INVALID_PARAMETER"),
	ROW("A3", TYPE("reset|commit") "INVALID_PARAMETER_5",
	    TYPE("reset|reserve") "INVALID_PARAMETER_5",
	    TYPE("reset|reset_undo") "INVALID_PARAMETER_5",
	    TYPE("reset_undo|top_down") "INVALID_PARAMETER_5",
	    TYPE("reset_undo|write_watch") "INVALID_PARAMETER_5",
	    TYPE("reset|physical") "INVALID_PARAMETER_5",
	    TYPE("reset|reserve_placeholder") "INVALID_PARAMETER_5",
	    TYPE("reset_undo|replace_placeholder") "INVALID_PARAMETER_5"),
	ROW("A3", "a = alloc P0 size=4K" COMMIT,
	    "alloc P0 addr=a size=4K type=reset protect=readwrite -> SUCCESS",
	    "alloc P0 addr=a size=4K type=reset_undo protect=readwrite -> SUCCESS",
	    "alloc P0 addr=a size=4K type=reset|commit protect=0 -> INVALID_PARAMETER_5"),
	ROW("A4",
	    "alloc P0 size=2M type=reserve|large_pages protect=readwrite -> INVALID_PARAMETER_5",
	    "alloc P0 size=2M type=commit|large_pages protect=readwrite -> INVALID_PARAMETER_5",
	    "alloc P0 size=2M type=reserve|commit|large_pages|physical protect=readwrite"
	    " -> INVALID_PARAMETER_5",
	    "alloc P0 size=2M type=reserve|commit|large_pages|write_watch protect=readwrite"
	    " -> INVALID_PARAMETER_5",
	    "alloc P0 size=4K type=commit|large_pages protect=0 -> INVALID_PARAMETER_5"),
	ROW("A4", "alloc P0 size=0x201000 " LARGE " -> INVALID_PARAMETER",
	    "alloc P0 size=4K " LARGE " -> INVALID_PARAMETER",
	    "alloc P0 addr=0x210000 size=2M " LARGE " -> INVALID_PARAMETER",
	    "alloc P0 addr=0x400001 size=2M " LARGE " -> INVALID_PARAMETER",
	    "alloc P0 size=4K type=reserve|commit|large_pages protect=0 -> INVALID_PARAMETER"),
	ROW("A4, A10, A12", "alloc P0 size=0 " LARGE " -> INVALID_PARAMETER_4",
	    "alloc P0 size=2M " LARGE " -> PRIVILEGE_NOT_HELD",
	    "alloc P0 addr=0x400000 size=4M " LARGE " -> PRIVILEGE_NOT_HELD"),
	ROW("A4, A36",
	    "alloc P0 size=2M type=reserve|commit|large_pages|replace_placeholder protect=readwrite"
	    " -> INVALID_PARAMETER"),
	ROW("A5", TYPE("commit|write_watch") "INVALID_PARAMETER_5", "a = alloc P0 size=64K" RESERVE,
	    "alloc P0 addr=a size=4K type=commit|write_watch protect=readwrite"
	    " -> INVALID_PARAMETER_5",
	    "alloc P0 size=4K type=commit|write_watch protect=0 -> INVALID_PARAMETER_5",
	    TYPE("commit|write_watch|replace_placeholder") "INVALID_PARAMETER_5"),
	ROW("A5", TYPE("reserve|write_watch") "SUCCESS",
	    TYPE("reserve|commit|write_watch") "SUCCESS",
	    TYPE("reserve|write_watch|top_down") "SUCCESS"),
	ROW("A6", TYPE("reserve|commit|physical") "INVALID_PARAMETER_5",
	    TYPE("commit|physical") "INVALID_PARAMETER_5",
	    TYPE("reserve|physical|write_watch") "INVALID_PARAMETER_5",
	    TYPE("reserve|physical|reserve_placeholder") "INVALID_PARAMETER_5",
	    TYPE("reserve|physical|replace_placeholder") "INVALID_PARAMETER_5",
	    "alloc P0 size=4K type=commit|physical protect=readonly -> INVALID_PARAMETER_5"),
	ROW("A6", "alloc P0 size=4K type=reserve|physical protect=readonly -> INVALID_PARAMETER_6",
	    "alloc P0 size=4K type=reserve|physical protect=noaccess -> INVALID_PARAMETER_6",
	    "alloc P0 size=4K type=reserve|physical protect=readwrite|guard -> INVALID_PARAMETER_6",
	    "alloc P0 size=4K type=reserve|physical protect=readwrite|nocache"
	    " -> INVALID_PARAMETER_6",
	    "alloc P0 size=4K type=reserve|physical protect=0 -> INVALID_PARAMETER_6"),
	ROW("A6", TYPE("reserve|physical") "SUCCESS", TYPE("reserve|physical|top_down") "SUCCESS"),
	ROW("A35", TYPE("commit|reserve_placeholder") "INVALID_PARAMETER",
	    "alloc P0 size=4K type=reserve|commit|reserve_placeholder protect=noaccess"
	    " -> INVALID_PARAMETER",
	    "alloc P0 size=4K type=reserve|write_watch|reserve_placeholder protect=noaccess"
	    " -> INVALID_PARAMETER",
	    "alloc P0 size=4K type=reserve|reserve_placeholder|replace_placeholder protect=noaccess"
	    " -> INVALID_PARAMETER",
	    "alloc P0 size=4K type=commit|reserve_placeholder protect=0 -> INVALID_PARAMETER"),
	ROW("A36", TYPE("commit|replace_placeholder") "INVALID_PARAMETER",
	    TYPE("reserve|top_down|replace_placeholder") "INVALID_PARAMETER",
	    "alloc P0 size=4K type=commit|replace_placeholder protect=0 -> INVALID_PARAMETER"),

	/* ---- A7, A8, A35: protection ------------------------------------------------ */
	ROW("A7", RESERVED_AS("0") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("0x6") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("0x24") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("guard") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("nocache") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("noaccess|guard") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("noaccess|nocache") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("noaccess|writecombine") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("readwrite|guard|nocache") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("readwrite|guard|writecombine") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("readwrite|nocache|writecombine") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("0x704") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("0x804") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("0x80000004") "INVALID_PAGE_PROTECTION",
	    COMMITTED_AS("0x12") "INVALID_PAGE_PROTECTION",
	    COMMITTED_AS("0x1004") "INVALID_PAGE_PROTECTION"),
#define LEGAL(base)                                                                              \
	ROW("A7", RESERVED_AS(base) "SUCCESS", RESERVED_AS(base "|guard") "SUCCESS",             \
	    RESERVED_AS(base "|nocache") "SUCCESS", RESERVED_AS(base "|writecombine") "SUCCESS", \
	    COMMITTED_AS(base) "SUCCESS", COMMITTED_AS(base "|guard") "SUCCESS",                 \
	    COMMITTED_AS(base "|nocache") "SUCCESS", COMMITTED_AS(base "|writecombine") "SUCCESS")
	LEGAL("readonly"), LEGAL("readwrite"), LEGAL("execute"), LEGAL("execute_read"),
	LEGAL("execute_readwrite"),
	ROW("A7", RESERVED_AS("noaccess") "SUCCESS", COMMITTED_AS("noaccess") "SUCCESS"),
	ROW("A7", "a = alloc P0 size=4K" COMMIT,
	    "alloc P0 addr=a size=4K type=reset protect=0 -> INVALID_PAGE_PROTECTION",
	    "alloc P0 addr=a size=4K type=reset protect=0x6 -> INVALID_PAGE_PROTECTION",
	    "alloc P0 addr=a size=4K type=reset_undo protect=guard -> INVALID_PAGE_PROTECTION"),
	ROW("A7", "alloc P0 addr=1 size=0 type=reserve protect=0 -> INVALID_PAGE_PROTECTION"),
	ROW("A8", RESERVED_AS("writecopy") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("execute_writecopy") "INVALID_PAGE_PROTECTION",
	    RESERVED_AS("writecopy|guard") "INVALID_PAGE_PROTECTION",
	    COMMITTED_AS("writecopy") "INVALID_PAGE_PROTECTION",
	    COMMITTED_AS("execute_writecopy|nocache") "INVALID_PAGE_PROTECTION",
	    "alloc P0 addr=1 size=0 type=reserve protect=writecopy -> INVALID_PAGE_PROTECTION"),
	ROW("A8", "a = alloc P0 size=64K" RESERVE,
	    "alloc P0 addr=a size=4K type=commit protect=writecopy -> INVALID_PAGE_PROTECTION",
	    "alloc P0 addr=a size=4K type=commit protect=execute_writecopy|guard"
	    " -> INVALID_PAGE_PROTECTION",
	    "query P0 addr=a -> SUCCESS state=reserve size=64K"),
	ROW("A8, A18", "alloc P0 addr=0x50000000 size=4K type=commit protect=writecopy"
	    " -> CONFLICTING_ADDRESSES"),
	ROW("A8, A20", "p = alloc P0 size=64K" PLACEHOLDER,
	    "alloc P0 addr=p size=4K type=commit protect=writecopy -> CONFLICTING_ADDRESSES"),
	ROW("A8, A29", "a = alloc P0 size=4K" COMMIT,
	    "alloc P0 addr=a size=4K type=reset protect=writecopy -> SUCCESS",
	    "query P0 addr=a -> SUCCESS protect=readwrite"),
	ROW("A35", "alloc P0 size=4K type=reserve|reserve_placeholder protect=readwrite"
	    " -> INVALID_PARAMETER",
	    "alloc P0 size=4K type=reserve|reserve_placeholder protect=readonly|nocache"
	    " -> INVALID_PARAMETER",
	    "alloc P0 addr=1 size=0 type=reserve|reserve_placeholder protect=readwrite"
	    " -> INVALID_PARAMETER"),
	ROW("A35, A7, A8",
	    "alloc P0 size=4K type=reserve|reserve_placeholder protect=0"
	    " -> INVALID_PAGE_PROTECTION",
	    "alloc P0 size=4K type=reserve|reserve_placeholder protect=noaccess|guard"
	    " -> INVALID_PAGE_PROTECTION",
	    "alloc P0 size=4K type=reserve|reserve_placeholder protect=writecopy"
	    " -> INVALID_PAGE_PROTECTION"),

	/* ---- A9, A10: address and size ------------------------------------------------- */
	ROW("A9", "alloc P0 addr=" ABOVE_HIGH " size=4K" RESERVE "-> INVALID_PARAMETER_2",
	    "alloc P0 addr=0xffffffffffffffff size=4K" RESERVE "-> INVALID_PARAMETER_2",
	    "alloc P0 addr=1 size=4K" RESERVE "-> INVALID_PARAMETER_2",
	    "alloc P0 addr=0xffff size=64K" RESERVE "-> INVALID_PARAMETER_2",
	    "alloc P0 addr=0xffff size=4K" COMMIT_MORE "-> INVALID_PARAMETER_2",
	    "alloc P0 addr=0xf000 size=8K type=reset protect=readwrite -> INVALID_PARAMETER_2",
	    "alloc P0 addr=1 size=0" RESERVE "-> INVALID_PARAMETER_2",
	    "alloc P0 addr=" ABOVE_HIGH " size=0" RESERVE "-> INVALID_PARAMETER_2"),
	ROW("A9", "alloc P0 addr=0x10000 size=1" RESERVE "-> SUCCESS base=0x10000 size=4K",
	    "alloc P0 addr=" HIGH " size=1" RESERVE "-> SUCCESS base=0x7ffffffe0000 size=64K"),
	ROW("A10", "alloc P0 size=0" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 addr=0x10000 size=0" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 addr=0x10000 size=0" COMMIT_MORE "-> INVALID_PARAMETER_4",
	    "alloc P0 addr=0x10000 size=0 type=reset protect=readwrite -> INVALID_PARAMETER_4",
	    "alloc P0 addr=" HIGH " size=2" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 addr=0x10000 size=0x7ffffffe0001" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 size=0x7fffffff0001" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 size=0xffffffffffffffff" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 addr=0x20000 size=0xfffffffffffffff0" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc P0 size=0 align=3" RESERVE "-> INVALID_PARAMETER_4"),
	ROW("A10", "alloc P0 addr=0x10000 size=0x7ffffffe0000" RESERVE
	    "-> SUCCESS base=0x10000 size=0x7ffffffe0000"),
	ROW("A10, A26", "alloc P0 size=0x7fffffff0000" RESERVE "-> NO_MEMORY"),

	/* ---- A12, A13, and what comes before them ----------------------------------------- */
	ROW("A12, A34", "alloc P0 size=2M align=3 " LARGE " -> INVALID_PARAMETER",
	    "alloc P0 size=2M " LARGE " -> PRIVILEGE_NOT_HELD"),
	ROW("A12, A13", "process q", "exit q -> SUCCESS",
	    "alloc q size=2M " LARGE " -> PRIVILEGE_NOT_HELD",
	    "alloc q size=4K" RESERVE "-> PROCESS_IS_TERMINATING"),
	ROW("A13, A9, A10, A34", "process q", "exit q -> SUCCESS",
	    "alloc q addr=1 size=4K" RESERVE "-> INVALID_PARAMETER_2",
	    "alloc q size=0" RESERVE "-> INVALID_PARAMETER_4",
	    "alloc q size=4K align=3" RESERVE "-> INVALID_PARAMETER",
	    "alloc q addr=0x50000000 size=4K" COMMIT_MORE "-> PROCESS_IS_TERMINATING",
	    "alloc q addr=0x50000000 size=1 type=reset protect=readwrite"
	    " -> PROCESS_IS_TERMINATING",
	    "alloc q size=64K zero_bits=21" RESERVE "-> PROCESS_IS_TERMINATING"),
};

RULE_TABLE(rules_of_allocate, rows);

Test(rules_of_allocate, hold)
{
	rule_table_holds(&rules_of_allocate);
}
