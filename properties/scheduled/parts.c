/* Claim: concurrent parts mean what docs/TRACE.md says: which lines run, what names
 * are bound to, where a part ends. A part that ran replays from the schedule that is
 * left of it, to the bit, through text and records, too; the same seed makes the
 * same schedule.
 *
 * Not covered: that the core is linearizable (faultline pairs). */
#include "../../harness/run/digest.h"
#include "../../harness/schedule/schedule.h"
#include "../claim.h"

enum { LINES_MAX = 24 };

/* What became of a run. */
struct seen {
	enum fate fate[LINES_MAX];
	vmm_status status[LINES_MAX];
	size_t count;
	uint64_t digest;
	size_t parts;
};

static struct runner runner;

static void parsed(struct trace *trace, const char *text)
{
	struct place place;

	trace_init(trace);
	cr_assert(trace_parse(trace, text, strlen(text), &place), "line %zu: %s", place.line,
	          place.message);
}

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct seen *seen = context;

	cr_assert_eq(index, seen->count, "lines are told in their order");
	seen->fate[seen->count] = fate;
	seen->status[seen->count++] = outcome == NULL ? 0 : outcome->status;
}

static void run(const struct trace *trace, struct seen *seen)
{
	const struct run_options options = { .sut = RUN_BOTH,
		                             .stop_at = SIZE_MAX,
		                             .observe = observe,
		                             .context = seen };
	const struct schedule_part *part;
	struct finding finding;

	memset(seen, 0, sizeof *seen);
	cr_assert_eq(runner_run(&runner, &trace->program, trace, &options, &finding), RUN_PASS,
	             "operation %zu: expected %s, actual %s\n%s", finding.op, finding.expected,
	             finding.actual, finding.history);
	seen->digest = digest_state(runner.core.vm);
	seen->parts = schedule_parts(runner.schedule, &part);
}

static void run_text(const char *text, struct seen *seen)
{
	struct trace trace;

	runner_init(&runner);
	parsed(&trace, text);
	run(&trace, seen);
	trace_destroy(&trace);
	runner_destroy(&runner);
}

/* E executed, S skipped, N not built. */
static void fates(const char *text, const char *expected, size_t parts)
{
	struct seen seen;
	char actual[LINES_MAX + 1] = "";

	run_text(text, &seen);
	for (size_t i = 0; i < seen.count; i++)
		actual[i] = "ESN"[seen.fate[i]];
	cr_expect_str_eq(actual, expected);
	cr_expect_eq(seen.parts, parts);
}

#define HEAD "vmt 1\nmachine cpus=2\n"
#define PAGE "a = alloc P0 size=0x1000 type=reserve|commit protect=readwrite\n"

Test(parts, end_with_join_or_the_program)
{
	fates(HEAD PAGE "parallel\nstore P0 a u8=1\n@1 load P0 a u8\njoin -> LINEARIZABLE\n",
	      "EEEEE", 1);
	fates(HEAD PAGE "parallel\nstore P0 a u8=1\n@1 load P0 a u8\n", "EEEE", 1);
	fates(HEAD "parallel\n", "E", 1);
	fates(HEAD "parallel\njoin\njoin\n", "EES", 1);
	fates(HEAD "join\n", "S", 0);
	fates(HEAD PAGE "parallel\nload P0 a u8\nparallel\n@1 load P0 a u8\njoin\nload P0 a u8\n",
	      "EEESEEE", 1);
	fates(HEAD "parallel\njoin\nparallel\njoin\n", "EEEE", 2);
}

Test(parts, run_what_can_be_run)
{
	fates(HEAD PAGE "parallel\ncheck\nwsempty P0\n@1 load P0 a u8\njoin\n", "EESNEE", 1);
	fates(HEAD PAGE "parallel\n@1 load P0 b u8\njoin\n", "EESE", 1);
}

/* What another CPU binds is not bound inside, whatever the schedule. */
Test(parts, bind_names_for_their_own_cpu)
{
	fates(HEAD "parallel\nb = alloc P0 size=1 type=reserve protect=readwrite\nquery P0 addr=b\n"
	           "@1 query P0 addr=b\njoin\n@1 query P0 addr=b\n",
	      "EEESEE", 1);
	/* Nor is what it was bound to before. */
	fates(HEAD PAGE "parallel\na = alloc P0 size=1 type=reserve protect=readwrite\n"
	                "@1 query P0 addr=a\njoin\n",
	      "EEESE", 1);
	/* Its own name is the one that it bound itself. */
	fates(HEAD "parallel\nb = alloc P0 size=1 type=reserve protect=readwrite\n"
	           "@1 b = alloc P0 size=1 type=reserve protect=readwrite\n"
	           "@1 query P0 addr=b -> SUCCESS base=0x20000\njoin\n"
	           "query P0 addr=b -> SUCCESS base=0x20000\n",
	      "EEEEEE", 1);
}

Test(parts, hold_their_lines_to_expectations)
{
	struct run_options options = { .sut = RUN_BOTH, .stop_at = SIZE_MAX };
	struct finding finding;
	struct trace trace;

	runner_init(&runner);
	parsed(&trace, HEAD PAGE "parallel\n@1 load P0 a u8 -> SUCCESS value=1\njoin\n");
	cr_assert_eq(runner_run(&runner, &trace.program, &trace, &options, &finding), RUN_FAIL);
	cr_assert_eq(finding.check, CHECK_EXPECTATION);
	cr_assert_eq(finding.op, 2);
	trace_destroy(&trace);
	runner_destroy(&runner);
}

/* A part has room for so many operations; what is behind is skipped. */
Test(parts, are_short)
{
	char text[2000] = HEAD PAGE "parallel\n";
	struct run_options options = { .sut = RUN_BOTH, .stop_at = SIZE_MAX };
	struct run_counts counts;
	struct finding finding;
	struct trace trace;

	memset(&counts, 0, sizeof counts);
	options.counts = &counts;
	for (unsigned i = 0; i < 30; i++)
		strcat(text, i % 2 == 0 ? "load P0 a u8\n" : "@1 load P0 a u8\n");
	runner_init(&runner);
	parsed(&trace, text);
	cr_assert_eq(runner_run(&runner, &trace.program, &trace, &options, &finding), RUN_PASS);
	cr_assert_eq(counts.executed, 2 + 24);
	cr_assert_eq(counts.skipped, 6);
	trace_destroy(&trace);
	runner_destroy(&runner);
}

/* ---- Replay ----------------------------------------------------------------------- */

static const char busy[] =
	HEAD "a = alloc P0 size=0x3000 type=reserve|commit protect=readwrite\n"
	     "parallel\nstore P0 a u32=1\n@1 store P0 a u32=2\n@1 load P0 a u32\n"
	     "query P0 addr=a\nload P0 a+0x1000 u32\n@1 getwatch P0 addr=a size=0x1000 max=3\njoin\n"
	     "parallel\nload P0 a u32\n@1 store P0 a u32=3\njoin\nload P0 a u32\n";

static bool same(const struct seen *a, const struct seen *b)
{
	return a->count == b->count && a->digest == b->digest &&
	       memcmp(a->status, b->status, sizeof a->status) == 0;
}

/* The program with the schedules that it ran by, read from its text again. */
static void reprinted(struct trace *again, const struct trace *trace)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct place place;

	cr_assert(out != NULL);
	trace_print(out, trace);
	cr_assert_eq(fclose(out), 0);
	trace_init(again);
	cr_assert(trace_parse(again, text, size, &place), "%zu: %s\n%s", place.line, place.message,
	          text);
	free(text);
}

static void replays(uint64_t seed, enum schedule_runner way, bool views)
{
	struct schedule_options *options;
	const struct schedule_part *part;
	struct trace trace, again;
	struct seen first, second, third;

	runner_init(&runner);
	options = schedule_options(runner.schedule);
	options->runner = way;
	options->seed = seed;
	options->views = views;
	parsed(&trace, busy);
	run(&trace, &first);
	run(&trace, &second);
	cr_assert(same(&first, &second), "seed %llu", (unsigned long long)seed);
	for (size_t i = 0; i < schedule_parts(runner.schedule, &part); i++)
		schedule_write(&trace.program, part[i].parallel, part[i].entry, part[i].count);
	reprinted(&again, &trace);
	options->runner = SCHEDULE_TURNS;
	run(&again, &third);
	cr_assert(same(&first, &third), "seed %llu: its schedule does not replay it",
	          (unsigned long long)seed);
	trace_destroy(&again);
	trace_destroy(&trace);
	runner_destroy(&runner);
}

Test(parts, replay_from_their_schedules)
{
	for (uint64_t seed = 0; seed < 200; seed++) {
		replays(seed, SCHEDULE_RANDOM, seed % 2 == 1);
		replays(seed, SCHEDULE_PCT, seed % 2 == 1);
	}
	replays(0, SCHEDULE_TURNS, false);
}
