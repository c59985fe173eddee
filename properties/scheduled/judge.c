/* Claim: the judge of histories calls linearizable what some order explains, and
 * nothing else. The histories are made by hand, outcomes and times, so that what a
 * broken core would do is there without one: stale reads, lost stores, ranges that
 * change page by page, the same place given twice. A refused history leaves the
 * reference as it was.
 *
 * Not covered: that the times are right (parts.c), and histories of operations that
 * never return. */
#include "../../harness/run/execute.h"
#include "../../harness/run/names.h"
#include "../../harness/schedule/judge.h"
#include "../claim.h"

enum { OPS = 6 };

/* What one operation did: when, and its status and results in their order. */
struct did {
	const char *line;
	uint64_t called, returned;
	vmm_status status;
	unsigned results;
	uint64_t out[3];
};

/* `end`: a load behind it all, and what it gives; NULL: the end always agrees. */
struct story {
	const char *name, *before;
	struct did did[OPS];
	const char *end;
	uint64_t end_value;
	bool linearizable;
};

#define PAGES "a = alloc P0 size=0x2000 type=reserve|commit protect=readwrite\n"
#define STORED VMM_SUCCESS, 0, { 0 }
#define REFUSED VMM_ACCESS_VIOLATION, 0, { 0 }
#define LOADED(value) VMM_SUCCESS, 1, { value }
#define GIVEN(base, size) VMM_SUCCESS, 2, { base, size }
#define PROTECTED VMM_SUCCESS, 3, { 0x10000, 0x2000, VMM_PAGE_READWRITE }

static const struct story stories[] = {
	{ "a load behind a store gives what was stored", PAGES,
	  { { "store P0 a u32=1", 1, 2, STORED }, { "@1 load P0 a u32", 3, 4, LOADED(1) } },
	  NULL, 0, true },
	{ "a load behind a store is stale", PAGES,
	  { { "store P0 a u32=1", 1, 2, STORED }, { "@1 load P0 a u32", 3, 4, LOADED(0) } },
	  NULL, 0, false },
	{ "a load beside a store gives the old value", PAGES,
	  { { "store P0 a u32=1", 1, 4, STORED }, { "@1 load P0 a u32", 2, 3, LOADED(0) } },
	  NULL, 0, true },
	{ "a load gives what nobody stored", PAGES,
	  { { "store P0 a u32=1", 1, 4, STORED }, { "@1 load P0 a u32", 2, 3, LOADED(2) } },
	  NULL, 0, false },
	{ "loads go forward beside a store", PAGES,
	  { { "store P0 a u32=1", 1, 9, STORED }, { "@1 load P0 a u32", 2, 3, LOADED(0) },
	    { "@1 load P0 a u32", 4, 5, LOADED(1) } }, NULL, 0, true },
	{ "loads go back beside a store", PAGES,
	  { { "store P0 a u32=1", 1, 9, STORED }, { "@1 load P0 a u32", 2, 3, LOADED(1) },
	    { "@1 load P0 a u32", 4, 5, LOADED(0) } }, NULL, 0, false },
	{ "the first of two stores stays", PAGES,
	  { { "store P0 a u32=1", 1, 4, STORED }, { "@1 store P0 a u32=2", 2, 3, STORED } },
	  "load P0 a u32", 1, true },
	{ "the second of two stores stays", PAGES,
	  { { "store P0 a u32=1", 1, 4, STORED }, { "@1 store P0 a u32=2", 2, 3, STORED } },
	  "load P0 a u32", 2, true },
	{ "both stores are lost", PAGES,
	  { { "store P0 a u32=1", 1, 4, STORED }, { "@1 store P0 a u32=2", 2, 3, STORED } },
	  "load P0 a u32", 0, false },
	{ "the later store is lost", PAGES,
	  { { "store P0 a u32=1", 1, 2, STORED }, { "@1 store P0 a u32=2", 3, 4, STORED } },
	  "load P0 a u32", 1, false },
	{ "an aligned load is torn", PAGES,
	  { { "store P0 a u32=0x01010101", 1, 4, STORED },
	    { "@1 load P0 a u32", 2, 3, LOADED(0x0101) } }, NULL, 0, false },
	{ "a load off its alignment is torn", PAGES,
	  { { "store P0 a+1 u32=0x01010101", 1, 4, STORED },
	    { "@1 load P0 a+1 u32", 2, 3, LOADED(0x00010001) } }, NULL, 0, true },
	{ "a load off its alignment gives what nobody stored", PAGES,
	  { { "store P0 a+1 u32=0x01010101", 1, 4, STORED },
	    { "@1 load P0 a+1 u32", 2, 3, LOADED(0x00020001) } }, NULL, 0, false },
	{ "a load off its alignment is torn behind the store", PAGES,
	  { { "store P0 a+1 u32=0x01010101", 1, 2, STORED },
	    { "@1 load P0 a+1 u32", 3, 4, LOADED(0x00010001) } }, NULL, 0, false },
	{ "a store off its alignment is half lost", PAGES,
	  { { "store P0 a+1 u16=0x0101", 1, 4, STORED },
	    { "@1 store P0 a+1 u16=0x0202", 2, 3, STORED } }, "load P0 a+1 u16", 0x0102, true },
	{ "a range changes between two stores", PAGES,
	  { { "protect P0 addr=a size=0x2000 protect=readonly", 1, 9, PROTECTED },
	    { "@1 store P0 a u32=1", 2, 3, STORED },
	    { "@1 store P0 a+0x1000 u32=1", 4, 5, REFUSED } }, NULL, 0, true },
	{ "a range changes page by page", PAGES,
	  { { "protect P0 addr=a size=0x2000 protect=readonly", 1, 9, PROTECTED },
	    { "@1 store P0 a u32=1", 2, 3, REFUSED },
	    { "@1 store P0 a+0x1000 u32=1", 4, 5, STORED } }, NULL, 0, false },
	{ "two CPUs see the halves of a range in different orders", PAGES,
	  { { "protect P0 addr=a size=0x2000 protect=readonly", 1, 9, PROTECTED },
	    { "@1 store P0 a u32=1", 2, 3, REFUSED },
	    { "@2 store P0 a+0x1000 u32=1", 4, 5, STORED } }, NULL, 0, false },
	{ "two readers disagree about two writers", PAGES,
	  { { "store P0 a u32=1", 1, 20, STORED }, { "@1 store P0 a+0x1000 u32=1", 2, 20, STORED },
	    { "@2 load P0 a u32", 3, 4, LOADED(1) }, { "@2 load P0 a+0x1000 u32", 5, 6, LOADED(0) },
	    { "@3 load P0 a+0x1000 u32", 7, 8, LOADED(1) },
	    { "@3 load P0 a u32", 9, 10, LOADED(0) } }, NULL, 0, false },
	{ "two reserves get two places", "",
	  { { "alloc P0 size=0x1000 type=reserve protect=readwrite", 1, 4, GIVEN(0x20000, 0x1000) },
	    { "@1 alloc P0 size=0x1000 type=reserve protect=readwrite", 2, 3,
	      GIVEN(0x10000, 0x1000) } }, NULL, 0, true },
	{ "two reserves get one place", "",
	  { { "alloc P0 size=0x1000 type=reserve protect=readwrite", 1, 4, GIVEN(0x10000, 0x1000) },
	    { "@1 alloc P0 size=0x1000 type=reserve protect=readwrite", 2, 3,
	      GIVEN(0x10000, 0x1000) } }, NULL, 0, false },
	{ "the later of two reserves gets the lower place", "",
	  { { "alloc P0 size=0x1000 type=reserve protect=readwrite", 1, 2, GIVEN(0x20000, 0x1000) },
	    { "@1 alloc P0 size=0x1000 type=reserve protect=readwrite", 3, 4,
	      GIVEN(0x10000, 0x1000) } }, NULL, 0, false },
	{ "two processes are one", "",
	  { { "process p", 1, 4, VMM_SUCCESS, 0, { 1 } }, { "@1 process q", 2, 3, VMM_SUCCESS, 0, { 1 } } },
	  NULL, 0, false },
	{ "two processes are two", "",
	  { { "process p", 1, 4, VMM_SUCCESS, 0, { 2 } }, { "@1 process q", 2, 3, VMM_SUCCESS, 0, { 1 } } },
	  NULL, 0, true },
	{ "a guard is met twice", PAGES "protect P0 addr=a size=1 protect=readwrite|guard\n",
	  { { "load P0 a u32", 1, 4, VMM_GUARD_PAGE_VIOLATION, 0, { 0 } },
	    { "@1 load P0 a u32", 2, 3, VMM_GUARD_PAGE_VIOLATION, 0, { 0 } } }, NULL, 0, false },
	{ "a guard is met once", PAGES "protect P0 addr=a size=1 protect=readwrite|guard\n",
	  { { "load P0 a u32", 1, 4, LOADED(0) },
	    { "@1 load P0 a u32", 2, 3, VMM_GUARD_PAGE_VIOLATION, 0, { 0 } } }, NULL, 0, true },
};

/* ---- Telling them ------------------------------------------------------------------ */

static struct telling {
	struct trace trace;
	struct names names;
	struct reference *reference;
	struct history history;
	const struct story *story;
	size_t end; /* the operation that looks at the end */
} telling;

static void read_story(const struct story *story)
{
	char text[4000];
	int length = snprintf(text, sizeof text, "vmt 1\nmachine cpus=4\n%s", story->before);
	struct place place;

	for (unsigned i = 0; i < OPS && story->did[i].line != NULL; i++)
		length += snprintf(text + length, sizeof text - (size_t)length, "%s\n",
		                   story->did[i].line);
	length += snprintf(text + length, sizeof text - (size_t)length, "%s\n",
	                   story->end == NULL ? "" : story->end);
	telling.story = story;
	trace_init(&telling.trace);
	cr_assert(trace_parse(&telling.trace, text, (size_t)length, &place), "%s: %s", story->name,
	          place.message);
}

static void resolved(size_t index, struct call *call)
{
	cr_assert(names_resolve(names_view(&telling.names), &telling.trace.program,
	                        &telling.trace.program.op[index], call));
}

static void run_on_reference(size_t index, struct outcome *outcome)
{
	struct call call;

	resolved(index, &call);
	*outcome = (struct outcome){ .status = VMM_SUCCESS };
	execute_reference(telling.reference, &call, outcome);
	names_bind(&telling.names, &telling.trace.program.op[index], outcome);
}

static void tell(size_t index, const struct did *did)
{
	struct history_op *op = history_place(&telling.history, index);
	struct call call;

	resolved(index, &call);
	history_call(op, &call, did->called);
	op->outcome.status = did->status;
	op->outcome.binds = op_binds(call.verb) ? did->out[0] : 0;
	for (unsigned i = 0; i < did->results; i++)
		outcome_set(&op->outcome, i, did->out[i]);
	history_return(op, did->returned);
}

static void start(const struct story *story)
{
	const struct program *program = &telling.trace.program;
	struct outcome outcome;
	size_t count = 0, before;

	read_story(story);
	while (count < OPS && story->did[count].line != NULL)
		count++;
	before = program->count - count - (story->end != NULL);
	telling.end = before + count;
	telling.reference = reference_create();
	reference_reset(telling.reference, &program->machine);
	names_reset(&telling.names, program->name_count);
	for (size_t i = 0; i < before; i++)
		run_on_reference(i, &outcome);
	history_clear(&telling.history);
	for (size_t i = 0; i < count; i++)
		tell(before + i, &story->did[i]);
	history_close(&telling.history);
}

static void finish(void)
{
	history_destroy(&telling.history);
	names_destroy(&telling.names);
	reference_destroy(telling.reference);
	trace_destroy(&telling.trace);
	memset(&telling, 0, sizeof telling);
}

static bool end_agrees(void *context, struct finding *finding)
{
	const struct story *story = context;
	struct outcome outcome;

	(void)finding;
	if (story->end == NULL)
		return true;
	run_on_reference(telling.end, &outcome);
	return outcome.out[LOAD_OUT_value] == story->end_value;
}

static struct judgement judge(struct judge *judge, const struct story *story)
{
	struct judgement judgement;

	(void)judge_history(judge, &telling.history, telling.reference,
	                    (struct judge_end){ end_agrees, NULL, (void *)(uintptr_t)story },
	                    &judgement);
	return judgement;
}

Test(judge, tells_good_histories_from_bad_ones)
{
	struct judge *kept = judge_create();

	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		struct judgement judgement;
		uint64_t digest;

		start(&stories[i]);
		digest = reference_digest(telling.reference);
		judgement = judge(kept, &stories[i]);
		cr_expect_eq(judgement.linearizable, stories[i].linearizable,
		             "%s: expected %s, actual %s", stories[i].name,
		             judgement.finding.expected, judgement.finding.actual);
		cr_expect(judgement.linearizable || judgement.orders > 0, "%s", stories[i].name);
		cr_expect(judgement.linearizable ||
		                  reference_digest(telling.reference) == digest,
		          "%s: the reference has changed", stories[i].name);
		finish();
	}
	judge_destroy(kept);
}

/* The order that is found is one of the reference: executed once more from the
 * beginning, it leaves the same state. */
Test(judge, leaves_the_reference_at_the_end_of_its_order)
{
	struct judge *kept = judge_create();

	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		struct reference *again = reference_create();
		struct judgement judgement;
		struct outcome outcome;

		start(&stories[i]);
		reference_copy(again, telling.reference);
		judgement = judge(kept, &stories[i]);
		for (unsigned k = 0; judgement.linearizable && k < judgement.length; k++) {
			outcome = (struct outcome){ .status = VMM_SUCCESS };
			execute_reference(again, &telling.history.op[judgement.order[k]].call,
			                  &outcome);
		}
		/* The order is of whole accesses; what needs bytes has none. */
		cr_expect(judgement.length == 0 || !judgement.linearizable || stories[i].end != NULL ||
		                  judgement.orders > 0 || reference_digest(again) == reference_digest(telling.reference),
		          "%s", stories[i].name);
		reference_destroy(again);
		finish();
	}
	judge_destroy(kept);
}

/* Of 24 stores, twelve of each CPU, each overlaps with two: that is thousands of
 * orders, and few states. */
Test(judge, does_not_go_through_a_state_twice)
{
	static const struct story story = { "many stores", PAGES, { { .line = NULL } },
		                            "load P0 a u32", 99, false };
	struct judge *kept = judge_create();
	struct judgement judgement;
	struct call call;

	start(&story);
	history_clear(&telling.history);
	for (unsigned i = 0; i < HISTORY_OPS_MAX; i++) {
		struct history_op *op = history_place(&telling.history, 0);

		memset(&call, 0, sizeof call);
		call.verb = OP_STORE;
		call.cpu = i % 2; /* 0: 1 to 19, 21 to 39, ...; 1: 11 to 29, ... */
		call.in[STORE_IN_address] = 0x10000;
		call.in[STORE_IN_width] = 4;
		call.in[STORE_IN_value] = i + 1;
		history_call(op, &call, 20 * (i / 2) + 10 * (i % 2) + 1);
		history_return(op, 20 * (i / 2) + 10 * (i % 2) + 19);
	}
	history_close(&telling.history);
	judgement = judge(kept, &story);
	cr_assert_not(judgement.linearizable);
	cr_assert_eq(judgement.length, HISTORY_OPS_MAX);
	cr_assert_leq(judgement.orders, 1000);
	finish();
	judge_destroy(kept);
}
