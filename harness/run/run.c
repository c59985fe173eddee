/* run.c: the loop that everything goes through: names are resolved, both sides
 * execute, and what they did is compared. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../core/inspect.h"
#include "../schedule/schedule.h"
#include "execute.h"
#include "rules.h"
#include "running.h"
#include "state_coverage.h"

/* The whole state is compared after this many operations. */
enum { STATE_CADENCE = 64, TIME_SAMPLE = 64 };

void runner_init(struct runner *runner)
{
	memset(runner, 0, sizeof *runner);
	core_side_init(&runner->core);
	not_built_init(&runner->not_built);
	runner->reference = reference_create();
	runner->schedule = schedule_create(runner);
}

void runner_destroy(struct runner *runner)
{
	schedule_destroy(runner->schedule);
	core_side_destroy(&runner->core);
	reference_destroy(runner->reference);
	not_built_destroy(&runner->not_built);
	names_destroy(&runner->names);
}

unsigned run_status_index(vmm_status status)
{
	/* Successes are the common case and the first of the list. */
	for (unsigned i = 0; i < outcome_word_count; i++)
		if (outcome_words[i].status == status)
			return i;
	return RUN_STATUSES_MAX - 1;
}

/* ---- Time ----------------------------------------------------------------------- */

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- Checks after an operation ------------------------------------------------------------ */

/* A number that visits everything in time, and the same in every run. */
static uint64_t probe_of(size_t index)
{
	return (index + 1) * UINT64_C(0x9E3779B97F4A7C15) >> 16;
}

static bool compare_after(struct run *run, size_t index, const struct call *call,
                          const struct outcome *core, const struct outcome *reference)
{
	bool whole = run->options->every_state || index % STATE_CADENCE == STATE_CADENCE - 1;

	if (!compare_outcome(core, reference, call->verb, run->finding))
		return false;
	if (compare_counters(&run->sides, call->process, run->finding) &&
	    compare_changes(&run->sides, probe_of(index), run->finding) &&
	    (!whole || (compare_state(&run->sides, run->finding) &&
	                compare_invariants(&run->sides, run->finding))))
		return true;
	rules_of_state(run->finding, call->verb, reference);
	return false;
}

/* "expected X, got Y" as the two lines of a report. */
static void split_reason(struct finding *finding, char *why)
{
	const char *prefix = "expected ";
	char *got = strstr(why, ", got ");

	if (got != NULL)
		*got = '\0';
	if (strncmp(why, prefix, strlen(prefix)) == 0)
		why += strlen(prefix);
	(void)snprintf(finding->expected, sizeof finding->expected, "%s", why);
	(void)snprintf(finding->actual, sizeof finding->actual, "%s",
	               got == NULL ? "" : got + strlen(", got "));
}

static bool expectation_holds(struct run *run, size_t index, const struct outcome *outcome)
{
	char why[240];

	if (run->trace == NULL || trace_expect(run->trace, index, outcome, run->runner->names.binding,
	                                       why, sizeof why))
		return true;
	run->finding->check = CHECK_EXPECTATION;
	split_reason(run->finding, why);
	return false;
}

static void count(const struct run *run, enum verb verb, const struct outcome *outcome)
{
	struct run_counts *counts = run->options->counts;

	if (counts == NULL)
		return;
	counts->executed++;
	counts->succeeded += VMM_OK(outcome->status);
	counts->status[verb][run_status_index(outcome->status)]++;
}

bool run_executed(struct run *run, size_t index, const struct outcome *outcome, bool holds)
{
	const struct op *op = &run->program->op[index];

	count(run, (enum verb)op->verb, outcome);
	/* Before the expectation, which may speak of the line's own name. */
	names_bind(&run->runner->names, op, outcome);
	if (holds)
		holds = expectation_holds(run, index, outcome);
	run->runner->last_verb = (enum verb)op->verb;
	if (run->options->observe != NULL)
		run->options->observe(run->options->context, index, FATE_EXECUTED, outcome);
	return holds;
}

/* Both sides execute; true when everything holds. */
static bool execute(struct run *run, size_t index, const struct call *call)
{
	const struct run_options *options = run->options;
	bool timed = options->sample_time && index % TIME_SAMPLE == 0;
	struct outcome core = { .status = VMM_SUCCESS }, reference = { .status = VMM_SUCCESS };
	const struct outcome *shown = (options->sut & RUN_CORE) != 0 ? &core : &reference;
	bool service = (options->sut & RUN_CORE) != 0 && !op_accesses(call->verb);
	struct vmm_totals before, after;
	uint64_t start = 0, middle = 0, end = 0;
	bool holds = true;

	if (service) {
		memset(&before, 0, sizeof before);
		vmm_inspect_totals(run->runner->core.vm, &before);
	}
	if (timed)
		start = now_ns();
	if ((options->sut & RUN_CORE) != 0)
		execute_core(&run->runner->core, call, &core);
	if (timed)
		middle = now_ns();
	if ((options->sut & RUN_REFERENCE) != 0)
		execute_reference(run->runner->reference, call, &reference);
	if (timed)
		end = now_ns();
	if (service && !VMM_OK(core.status)) {
		memset(&after, 0, sizeof after);
		vmm_inspect_totals(run->runner->core.vm, &after);
		holds = compare_refusal(&before, &after, run->finding);
		if (!holds)
			rules_of_state(run->finding, call->verb, &reference);
	}
	if (holds && options->sut == RUN_BOTH)
		holds = compare_after(run, index, call, &core, &reference);
	run->decided = reference;
	holds = run_executed(run, index, shown, holds);
	if (timed && options->counts != NULL) {
		options->counts->reference_ns += end - middle;
		options->counts->sampled_ns += now_ns() - start;
	}
	return holds;
}

/* ---- Lines that are not executed ---------------------------------------------- */

bool run_pass_over(struct run *run, size_t index, enum fate fate)
{
	struct run_counts *counts = run->options->counts;

	if (counts != NULL) {
		counts->skipped += fate == FATE_SKIPPED;
		counts->not_built += fate == FATE_NOT_BUILT;
	}
	if (run->options->observe != NULL)
		run->options->observe(run->options->context, index, fate, NULL);
	if (fate != FATE_SKIPPED || run->trace == NULL || !run->trace->line[index].expects)
		return true;
	run->finding->check = CHECK_SKIPPED;
	(void)snprintf(run->finding->expected, sizeof run->finding->expected, "the line is executed");
	(void)snprintf(run->finding->actual, sizeof run->finding->actual,
	               "skipped: it uses a name that is not bound to what it needs");
	return false;
}

/* Verbs that are not built, but whose lines change memory at an address: the
 * inputs that say where. */
static const struct {
	enum verb verb;
	int process; /* -1: the subject */
	unsigned address;
	int size; /* -1: at least a page */
	uint64_t unit;
} changers[] = {
	{ OP_MAP, MAP_IN_process, MAP_IN_addr, MAP_IN_size, 1 },
	{ OP_UNMAP, -1, UNMAP_IN_addr, -1, 1 },
	{ OP_AWE_MAP, -1, AWE_MAP_IN_addr, AWE_MAP_IN_pages, VMM_PAGE_SIZE },
	{ OP_AWE_UNMAP, -1, AWE_UNMAP_IN_addr, AWE_UNMAP_IN_pages, VMM_PAGE_SIZE },
	{ OP_WRITE, -1, WRITE_IN_addr, WRITE_IN_size, 1 },
};

void run_shade(struct run *run, const struct op *op)
{
	const struct names_view view = names_view(&run->runner->names);

	for (size_t i = 0; i < sizeof changers / sizeof changers[0]; i++) {
		name_ref who = changers[i].process < 0 ? op->subject
		                                       : op->name[changers[i].process];
		unsigned at = changers[i].address;
		uint64_t size = changers[i].size < 0 ? 1 : op->number[changers[i].size];
		uint64_t process, base;

		if (changers[i].verb == op->verb && names_process(view, who, &process) &&
		    names_address(view, op->name[at], &base))
			not_built_memory(&run->runner->not_built, (uint32_t)process,
			                 base + op->number[at], size * changers[i].unit);
	}
}

static bool run_line(struct run *run, size_t index)
{
	struct not_built *not_built = &run->runner->not_built;
	const struct op *op = &run->program->op[index];
	struct call call;

	if (ops_table[op->verb].stage != STAGE_BUILT)
		run_shade(run, op);
	else if (!not_built_uses(not_built, op)) {
		if (!names_resolve(names_view(&run->runner->names), run->program, op, &call))
			return run_pass_over(run, index, FATE_SKIPPED);
		if (!not_built_shades(not_built, &call)) {
			built_line(not_built, op);
			return execute(run, index, &call);
		}
	}
	not_built_line(not_built, op);
	return run_pass_over(run, index, FATE_NOT_BUILT);
}

/* The reference runs the lines of a concurrent part in their order. */
static bool run_scheduled_alone(struct run *run, size_t index)
{
	const struct outcome done = { .status = run->program->op[index].verb == OP_PARALLEL
		                                        ? VMM_SUCCESS
		                                        : OUTCOME_LINEARIZABLE };

	return run_executed(run, index, &done, true);
}

/* The line `index`, or the concurrent part that starts with it; *next is what
 * comes behind. */
static bool run_next(struct run *run, size_t index, size_t end, size_t *next)
{
	enum verb verb = (enum verb)run->program->op[index].verb;

	*next = index + 1;
	if (ops_table[verb].stage != STAGE_SCHEDULED)
		return run_line(run, index);
	if (run->options->sut == RUN_REFERENCE)
		return run_scheduled_alone(run, index);
	if (verb == OP_PARALLEL)
		return schedule_run(run->runner->schedule, run, index, end, next);
	/* A join with no part before it. */
	return run_pass_over(run, index,
	                     run->runner->schedule == NULL ? FATE_NOT_BUILT : FATE_SKIPPED);
}

/* ---- A whole program ------------------------------------------------------------ */

static void reset(struct run *run)
{
	struct runner *runner = run->runner;

	names_reset(&runner->names, run->program->name_count);
	runner->last_verb = OP_CHECK; /* which changes nothing */
	not_built_reset(&runner->not_built, run->program->name_count);
	if ((run->options->sut & RUN_CORE) != 0)
		core_side_reset(&runner->core, run->program, !run->options->no_tlb);
	if ((run->options->sut & RUN_REFERENCE) != 0)
		reference_reset(runner->reference, &run->program->machine);
}

/* Here and not before the next program, which would be blamed for what this one
 * left behind. */
static bool tear_down(struct run *run)
{
	if (!compare_tear_down(&run->sides, run->finding))
		return false;
	vmm_reset(run->runner->core.vm);
	return compare_invariants(&run->sides, run->finding);
}

/* After the last operation: the whole state, where there are two to compare. */
static bool end_holds(struct run *run)
{
	if ((run->options->sut & RUN_CORE) == 0)
		return true;
	if ((run->options->sut != RUN_BOTH || compare_state(&run->sides, run->finding)) &&
	    compare_invariants(&run->sides, run->finding) &&
	    (!run->options->tear_down || tear_down(run)))
		return true;
	rules_of_state(run->finding, run->runner->last_verb, &run->decided);
	return false;
}

enum run_verdict runner_run(struct runner *runner, const struct program *program,
                            const struct trace *trace, const struct run_options *options,
                            struct finding *finding)
{
	struct run run = { .runner = runner,
		           .program = program,
		           .trace = trace,
		           .options = options,
		           .sides = { &runner->core, runner->reference },
		           .finding = finding };
	size_t count = program->count < options->stop_at ? program->count : options->stop_at;

	memset(finding, 0, sizeof *finding);
	reset(&run);
	schedule_start(runner->schedule);
	state_coverage_start();
	for (size_t i = 0; i < count;) {
		finding->op = i;
		if (!run_next(&run, i, count, &i))
			return RUN_FAIL;
	}
	finding->op = count == 0 ? 0 : count - 1;
	return end_holds(&run) ? RUN_PASS : RUN_FAIL;
}
