/* Claim: processes are apart from each other, an exit gives everything back and
 * refuses what comes later (A13), and commit is charged to the machine once and
 * given back (A19, A25, F13).
 *
 * Not covered: quotas of a process, which are not built. */
#include "claim.h"
#include "rule_table.h"

/* 24 pages of commit: R is 8 for up to four CPUs, then two for each. */
#define TINY "machine frames=32 pagefile=0"
#define ALL24 "size=0x18000"

static const struct rule_row rows[] = {
	/* ---- Processes -------------------------------------------------------------------- */
	ROW("A13", "process q", "process r parent=q -> SUCCESS", "exit q -> SUCCESS",
	    "exit q -> PROCESS_IS_TERMINATING", "process s parent=q -> PROCESS_IS_TERMINATING",
	    "process s parent=r -> SUCCESS", "query s addr=0x10000 -> SUCCESS",
	    "exit P0 -> SUCCESS", "exit P0 -> PROCESS_IS_TERMINATING",
	    "process t -> PROCESS_IS_TERMINATING", "query r addr=0x10000 -> SUCCESS",
	    "process t parent=r -> SUCCESS"),
	ROW("A13, F4, P3, A30", "process q", "exit q -> SUCCESS",
	    "alloc q size=4K" COMMIT "-> PROCESS_IS_TERMINATING",
	    "alloc q addr=0x10000 size=1 type=reset protect=readwrite -> PROCESS_IS_TERMINATING",
	    "free q addr=0x10000 type=release -> PROCESS_IS_TERMINATING",
	    "protect q addr=0x10000 size=4K protect=readonly -> PROCESS_IS_TERMINATING",
	    "query q addr=0x10000 -> PROCESS_IS_TERMINATING",
	    "getwatch q addr=0x10000 size=4K max=1 -> PROCESS_IS_TERMINATING",
	    "resetwatch q addr=0x10000 size=4K -> PROCESS_IS_TERMINATING"),
	ROW("A13, access 1", "a = alloc P0 addr=0x50000000 size=4K" COMMIT,
	    "store P0 a u32=7 -> SUCCESS", "process q",
	    "query q addr=0 -> SUCCESS base=0 size=0x7fffffff0000 state=free",
	    "load q a u32 -> ACCESS_VIOLATION", "alloc q addr=a size=4K" COMMIT "-> SUCCESS base=a",
	    "load q a u32 -> SUCCESS value=0", "store q a u32=9 -> SUCCESS",
	    "load P0 a u32 -> SUCCESS value=7",
	    "protect q addr=a size=4K protect=noaccess -> SUCCESS",
	    "store P0 a u32=8 -> SUCCESS", "exit q -> SUCCESS", "load P0 a u32 -> SUCCESS value=8",
	    "load q a u32 -> ACCESS_VIOLATION"),

	/* ---- A25: the limit ---------------------------------------------------------------- */
	ROW("A25", TINY, "alloc P0 size=0x18001" COMMIT "-> COMMITMENT_LIMIT",
	    "alloc P0 " ALL24 COMMIT "-> SUCCESS", "alloc P0 size=1" COMMIT "-> COMMITMENT_LIMIT",
	    "alloc P0 size=1G" RESERVE "-> SUCCESS", "alloc P0 size=1G" PLACEHOLDER "-> SUCCESS",
	    "alloc P0 size=1G" WINDOW "-> SUCCESS"),
	ROW("A25", "machine frames=32 pagefile=0 cpus=4", "alloc P0 size=0x18001" COMMIT
	    "-> COMMITMENT_LIMIT",
	    "alloc P0 " ALL24 COMMIT "-> SUCCESS"),
	ROW("A25", "machine frames=32 pagefile=0 cpus=5", "alloc P0 size=0x16001" COMMIT
	    "-> COMMITMENT_LIMIT",
	    "alloc P0 size=0x16000" COMMIT "-> SUCCESS"),
	ROW("A25", "machine frames=32 pagefile=16 cpus=8", "alloc P0 size=0x20001" COMMIT
	    "-> COMMITMENT_LIMIT",
	    "alloc P0 size=0x20000" COMMIT "-> SUCCESS"),
	ROW("A25", TINY, "alloc P0 size=0x10000" COMMIT "-> SUCCESS", "process q",
	    "alloc q size=0x9000" COMMIT "-> COMMITMENT_LIMIT",
	    "alloc q size=0x8000" COMMIT "-> SUCCESS",
	    "alloc P0 size=1" COMMIT "-> COMMITMENT_LIMIT"),
	ROW("A25, A19", TINY, "a = alloc P0 " ALL24 COMMIT "-> SUCCESS",
	    "alloc P0 addr=a " ALL24 COMMIT_MORE "-> SUCCESS",
	    "protect P0 addr=a " ALL24 " protect=noaccess -> SUCCESS",
	    "alloc P0 addr=a " ALL24 " type=commit protect=readwrite|guard -> SUCCESS",
	    "alloc P0 size=1" COMMIT "-> COMMITMENT_LIMIT"),

	/* ---- F13: what comes back ------------------------------------------------------------ */
	ROW("F13, A25", TINY, "a = alloc P0 " ALL24 COMMIT "-> SUCCESS",
	    "free P0 addr=a+0x1fff size=2 type=decommit -> SUCCESS",
	    "alloc P0 size=0x2001" COMMIT "-> COMMITMENT_LIMIT",
	    "b = alloc P0 size=0x2000" COMMIT "-> SUCCESS",
	    "free P0 addr=a+0x1000 size=8K type=decommit -> SUCCESS",
	    "alloc P0 size=1" COMMIT "-> COMMITMENT_LIMIT",
	    "free P0 addr=b type=release -> SUCCESS", "alloc P0 size=0x2000" COMMIT "-> SUCCESS"),
	ROW("F13, F11, A25", TINY, "a = alloc P0 " ALL24 COMMIT "-> SUCCESS",
	    "free P0 addr=a+0x4000 size=0x4000 type=release -> SUCCESS",
	    "alloc P0 size=0x4001" COMMIT "-> COMMITMENT_LIMIT",
	    "alloc P0 size=0x4000" COMMIT "-> SUCCESS",
	    "free P0 addr=a type=release -> SUCCESS size=0x4000",
	    "alloc P0 size=0x4001" COMMIT "-> COMMITMENT_LIMIT",
	    "alloc P0 size=0x4000" COMMIT "-> SUCCESS"),
	ROW("F13, F15, A25", TINY, "p = alloc P0 " ALL24 PLACEHOLDER,
	    "alloc P0 addr=p " ALL24
	    " type=reserve|commit|replace_placeholder protect=readwrite -> SUCCESS",
	    "alloc P0 size=1" COMMIT "-> COMMITMENT_LIMIT",
	    "free P0 addr=p " ALL24 " type=release|preserve_placeholder -> SUCCESS",
	    "alloc P0 " ALL24 COMMIT "-> SUCCESS"),
	ROW("F13, A13, A25", TINY, "process q", "a = alloc q " ALL24 COMMIT "-> SUCCESS",
	    "store q a u32=7 -> SUCCESS", "alloc P0 size=1" COMMIT "-> COMMITMENT_LIMIT",
	    "exit q -> SUCCESS", "b = alloc P0 " ALL24 COMMIT "-> SUCCESS",
	    "load P0 b u32 -> SUCCESS value=0"),
	ROW("A24, A25", TINY, "a = alloc P0 size=64K" COMMIT "-> SUCCESS",
	    "alloc P0 addr=0x50000000 size=64K" COMMIT "-> COMMITMENT_LIMIT",
	    "alloc P0 addr=0x50000000 size=64K" RESERVE "-> SUCCESS",
	    "alloc P0 addr=0x50000000 size=64K" COMMIT_MORE "-> COMMITMENT_LIMIT",
	    "query P0 addr=0x50000000 -> SUCCESS state=reserve size=64K",
	    "alloc P0 addr=0x50000000 size=32K" COMMIT_MORE "-> SUCCESS"),
};

RULE_TABLE(rules_of_processes_and_charge, rows);

Test(rules_of_processes_and_charge, hold)
{
	rule_table_holds(&rules_of_processes_and_charge);
}
