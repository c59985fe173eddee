/* Claim: an expectation holds for the outcomes that docs/TRACE.md says, and
 * for no other: statuses and their groups, every comparison of every kind of
 * result, names, and results that did not come back.
 *
 * Not covered: who binds names and runs lines. */
#include <stdio.h>
#include <string.h>

#include "../harness/language/trace.h"
#include "claim.h"

/* Each name is bound to its place times 0x10000; `gone` is not bound. */
static bool holds(const char *line, const struct outcome *outcome, char why[200])
{
	char text[300];
	struct place place;
	struct trace trace;
	struct binding binding[8] = { 0 };
	trace_init(&trace);
	snprintf(text, sizeof text, "vmt 1\n%s\n", line);
	cr_assert(trace_parse(&trace, text, strlen(text), &place), "%s: %s", line, place.message);
	for (unsigned i = 0; i < trace.program.name_count; i++) {
		binding[i].bound = strcmp(trace.name[i], "gone") != 0;
		binding[i].value = 0x10000 * (i + 1u);
	}
	why[0] = '\0';
	bool good = trace_expect(&trace, 0, outcome, binding, why, 200);
	trace_destroy(&trace);
	return good;
}

/* ---- Statuses ------------------------------------------------------------------ */

/* What is written behind "->", and the statuses that hold. */
static const struct {
	const char *text;
	vmm_status good[4];
} groups[] = {
	{ "SUCCESS", { VMM_SUCCESS, VMM_SUCCESS, VMM_SUCCESS, VMM_SUCCESS } },
	{ "WAS_LOCKED|NO_MEMORY",
	  { VMM_WAS_LOCKED, VMM_NO_MEMORY, VMM_NO_MEMORY, VMM_NO_MEMORY } },
	{ "WAS_*", { VMM_WAS_LOCKED, VMM_WAS_UNLOCKED, VMM_WAS_LOCKED, VMM_WAS_LOCKED } },
	{ "INVALID_PARAMETER_1",
	  { VMM_INVALID_PARAMETER_1, VMM_INVALID_PARAMETER_1, VMM_INVALID_PARAMETER_1,
	    VMM_INVALID_PARAMETER_1 } },
	{ "INVALID_PARAMETER_1*",
	  { VMM_INVALID_PARAMETER_1, VMM_INVALID_PARAMETER_10, VMM_INVALID_PARAMETER_11,
	    VMM_INVALID_PARAMETER_12 } },
	{ "MAPPED_*|NOT_MAPPED_V*",
	  { VMM_MAPPED_ALIGNMENT, VMM_MAPPED_FILE_SIZE_ZERO, VMM_NOT_MAPPED_VIEW,
	    VMM_NOT_MAPPED_VIEW } },
	{ "INVARIANT_BROKEN",
	  { OUTCOME_INVARIANT_BROKEN, OUTCOME_INVARIANT_BROKEN, OUTCOME_INVARIANT_BROKEN,
	    OUTCOME_INVARIANT_BROKEN } },
	{ "*_NOT_THERE", { 0 } },
};

static bool expects(const char *status, vmm_status came)
{
	char line[100], why[200];
	const struct outcome outcome = { .status = came };
	snprintf(line, sizeof line, "check -> %s", status);
	return holds(line, &outcome, why);
}

Test(expectations_are_exact, statuses)
{
	for (size_t g = 0; groups[g].text[0] != '*'; g++) {
		for (size_t i = 0; i < outcome_word_count; i++) {
			vmm_status came = outcome_words[i].status;
			bool good = false;
			for (unsigned k = 0; k < 4; k++)
				good = good || groups[g].good[k] == came;
			cr_assert_eq(expects(groups[g].text, came), good, "%s, %s", groups[g].text,
			             outcome_words[i].name);
		}
	}
}

Test(expectations_are_exact, groups_of_statuses)
{
	for (size_t i = 0; i < outcome_word_count; i++) {
		const char *name = outcome_words[i].name;
		vmm_status came = outcome_words[i].status;
		bool parameter = strncmp(name, "INVALID_PARAMETER", 17) == 0;
		cr_assert_eq(expects("FAIL", came), came < 0, "%s", name);
		cr_assert_eq(expects("INVALID_PARAMETER", came), parameter, "%s", name);
		cr_assert_eq(expects("INVALID_PARAMETER*", came), parameter, "%s", name);
		for (size_t k = 0; k < outcome_word_count; k++)
			cr_assert_eq(expects(name, outcome_words[k].status),
			             i == k || (came == VMM_INVALID_PARAMETER &&
			                        strncmp(outcome_words[k].name, name, 17) == 0),
			             "%s, %s", name, outcome_words[k].name);
		cr_assert_eq(outcome_name(came), name);
	}
	cr_assert_null(outcome_name((vmm_status)0xDEADBEEF));
	cr_assert_not(expects("SUCCESS|NO_MEMORY", (vmm_status)0xDEADBEEF));
	cr_assert(expects("FAIL", (vmm_status)0xDEADBEEF));
}

/* ---- Results ------------------------------------------------------------------- */

static const uint64_t watched[] = { 0x10000, 0x13000 };
static const uint8_t came_bytes[] = { 0x01, 0xab };

/* query: base 0x20000, size 0x3000, state commit, protect readwrite|guard, type
 * 0; no allocation_base. getwatch: two pages. read: two bytes. */
static const struct outcome query = {
	.present = 0x7d,
	.out = { 0x20000, 0, 4, 0x3000, 0x1000, 0x104, 0 },
};
static const struct outcome getwatch = { .present = 3, .out = { 2, 2 }, .list = watched };
static const struct outcome none = { .present = 3 };
static const struct outcome bytes = { .present = 3, .out = { 2, 2 }, .bytes = came_bytes };

#define QUERY "query P0 addr=a -> SUCCESS "
#define WATCH "getwatch P0 addr=a size=1 max=9 -> SUCCESS "
#define READ "read P0 addr=a size=2 -> SUCCESS "

/* Why is NULL for what holds. */
static const struct {
	const struct outcome *outcome;
	const char *line, *why;
} results[] = {
	{ &query, "query P0 addr=a", NULL },
	{ &query, QUERY, NULL },
	{ &query, "query P0 addr=a -> FAIL base=1", "expected FAIL, got SUCCESS" },
	{ &query, "query P0 addr=a -> WAS_*|NO_MEMORY", "expected WAS_*|NO_MEMORY, got SUCCESS" },
	{ &query, QUERY "size=0x3000 base=128K", NULL },
	{ &query, QUERY "size=0x4000", "expected size=0x4000, got size=0x3000" },
	{ &query, QUERY "size!=0x4000 size!=0", NULL },
	{ &query, QUERY "size!=12K", "expected size!=0x3000, got size=0x3000" },
	{ &query, QUERY "size<0x3001 size<=0x3000 size>=0x3000 size>0x2fff", NULL },
	{ &query, QUERY "size<0x3000", "expected size<0x3000, got size=0x3000" },
	{ &query, QUERY "size>0x3000", "expected size>0x3000, got size=0x3000" },
	{ &query, QUERY "size<=0x2fff", "expected size<=0x2fff, got size=0x3000" },
	{ &query, QUERY "size>=0x3001", "expected size>=0x3001, got size=0x3000" },
	{ &query, QUERY "base%0x10000=0 base%0x30000=0x20000", NULL },
	{ &query, QUERY "base%0x40000=0", "expected base%0x40000=0, got base=0x20000" },
	{ &query, QUERY "base=a+0x10000 base<=a+64K base>a", NULL },
	{ &query, QUERY "base=a", "expected base=0x10000, got base=0x20000" },
	{ &query, QUERY "base=b", NULL },
	{ &query, QUERY "base=gone", "`base` is compared with `gone`, which is not bound" },
	{ &query, QUERY "base!=gone", "`base` is compared with `gone`, which is not bound" },
	{ &query, QUERY "allocation_base=0", "no `allocation_base` came back" },
	{ &query, QUERY "allocation_base!=0", "no `allocation_base` came back" },
	{ &query, QUERY "protect=guard|readwrite state=commit type=0", NULL },
	{ &query, QUERY "protect=0x104 allocation_protect=readwrite", NULL },
	{ &query, QUERY "protect=readwrite",
	  "expected protect=readwrite, got protect=readwrite|guard" },
	{ &query, QUERY "protect!=readwrite|guard",
	  "expected protect!=readwrite|guard, got protect=readwrite|guard" },
	{ &query, QUERY "type=private", "expected type=private, got type=0" },
	{ &query, QUERY "state=free", "expected state=free, got state=commit" },
	{ &getwatch, WATCH "count=2 pages=a,a+0x3000", NULL },
	{ &getwatch, WATCH "pages=0x10000,77824", NULL },
	{ &getwatch, WATCH "pages=a", "expected 1 pages, got 2" },
	{ &getwatch, WATCH "pages=-", "expected 0 pages, got 2" },
	{ &getwatch, WATCH "pages!=-", NULL },
	{ &getwatch, WATCH "pages=a+0x3000,a",
	  "expected pages with 0x13000 at place 1, got 0x10000" },
	{ &getwatch, WATCH "pages!=a,a", NULL },
	{ &getwatch, WATCH "pages!=a,a+0x3000", "expected other pages, got the same 2" },
	{ &getwatch, WATCH "pages=a,gone", "`pages` is compared with `gone`, which is not bound" },
	{ &none, WATCH "pages=- count=0", NULL },
	{ &none, WATCH "pages=a", "expected 1 pages, got 0" },
	{ &none, READ "bytes=-", NULL },
	{ &bytes, READ "bytes=01AB done=2", NULL },
	{ &bytes, READ "bytes=01aa", "expected bytes with aa at 1, got ab" },
	{ &bytes, READ "bytes=01", "expected 1 bytes, got 2" },
	{ &bytes, READ "bytes=01ab00", "expected 3 bytes, got 2" },
	{ &bytes, READ "bytes!=01", NULL },
	{ &bytes, READ "bytes!=01ab", "expected other bytes, got the same 2" },
};

Test(expectations_are_exact, results)
{
	for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
		char why[200];
		bool good = holds(results[i].line, results[i].outcome, why);
		cr_assert_eq(good, results[i].why == NULL, "%s: %s", results[i].line, why);
		if (!good)
			cr_assert_str_eq(why, results[i].why);
	}
}

/* An outcome that prints as an expectation holds of itself. */
Test(expectations_are_exact, printed_outcomes_hold)
{
	static const struct {
		const struct outcome *outcome;
		enum verb verb;
		const char *line, *print;
	} prints[] = {
		{ &query, OP_QUERY, "query P0 addr=a",
		  " -> SUCCESS base=0x20000 allocation_protect=readwrite size=0x3000 state=commit "
		  "protect=readwrite|guard type=0" },
		{ &getwatch, OP_GETWATCH, "getwatch P0 addr=a size=1 max=9",
		  " -> SUCCESS count=2 pages=0x10000,0x13000" },
		{ &none, OP_GETWATCH, "getwatch P0 addr=a size=1 max=9",
		  " -> SUCCESS count=0 pages=-" },
		{ &bytes, OP_READ, "read P0 addr=a size=2", " -> SUCCESS done=2 bytes=01ab" },
		{ &none, OP_READ, "read P0 addr=a size=2", " -> SUCCESS done=0 bytes=-" },
	};
	for (size_t i = 0; i < sizeof prints / sizeof prints[0]; i++) {
		char text[200] = "", line[300], why[200];
		FILE *out = fmemopen(text, sizeof text, "w");
		trace_print_outcome(out, prints[i].verb, prints[i].outcome);
		fclose(out);
		cr_assert_str_eq(text, prints[i].print);
		snprintf(line, sizeof line, "%s%s", prints[i].line, text);
		cr_assert(holds(line, prints[i].outcome, why), "%s: %s", line, why);
	}
}
