/* run.c: the loop that everything goes through: names are resolved, both sides
 * execute, and what they did is compared. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../core/inspect.h"
#include "../support/memory.h"
#include "rules.h"
#include "state_coverage.h"

/* The whole state is compared after this many operations. */
enum { STATE_CADENCE = 64, TIME_SAMPLE = 64 };

struct run {
	struct runner *runner;
	const struct program *program;
	const struct trace *trace;
	const struct run_options *options;
	struct sides sides;
	struct finding *finding;
	struct outcome decided; /* the reference's last */
};

void runner_init(struct runner *runner)
{
	memset(runner, 0, sizeof *runner);
	core_side_init(&runner->core);
	not_built_init(&runner->not_built);
	runner->reference = reference_create();
}

void runner_destroy(struct runner *runner)
{
	core_side_destroy(&runner->core);
	reference_destroy(runner->reference);
	not_built_destroy(&runner->not_built);
	free(runner->slot);
	free(runner->binding);
}

unsigned run_status_index(vmm_status status)
{
	/* Successes are the common case and the first of the list. */
	for (unsigned i = 0; i < outcome_word_count; i++)
		if (outcome_words[i].status == status)
			return i;
	return RUN_STATUSES_MAX - 1;
}

/* ---- Names ------------------------------------------------------------------------ */

/* P0 is name_ref 0 of a process. */
static bool process_of(const struct runner *runner, name_ref name, uint64_t *number)
{
	*number = 0;
	if (name == 0)
		return true;
	*number = runner->slot[name].binding.value;
	return runner->slot[name].binding.bound && runner->slot[name].process;
}

static bool address_of_name(const struct runner *runner, name_ref name, uint64_t *address)
{
	*address = 0;
	if (name == 0)
		return true;
	*address = runner->slot[name].binding.value;
	return runner->slot[name].binding.bound && !runner->slot[name].process;
}

/* False: a name that the operation uses is not bound, or to something else. */
static bool resolve(const struct run *run, const struct op *op, struct call *call)
{
	const struct op_info *info = &ops_table[op->verb];
	uint64_t value = 0;

	call->verb = (enum verb)op->verb;
	call->cpu = op->cpu;
	call->process = 0;
	call->bytes = program_bytes(run->program, op->bytes);
	if (info->subject == SUBJECT_PROCESS || info->subject == SUBJECT_HANDLE) {
		if (!process_of(run->runner, op->subject, &value))
			return false;
		call->process = (uint32_t)value;
	}
	for (unsigned i = 0; i < info->input_count; i++) {
		call->in[i] = op->number[i];
		if (info->input[i].kind == KIND_ADDRESS) {
			if (!address_of_name(run->runner, op->name[i], &value))
				return false;
			call->in[i] += value;
		} else if (info->input[i].kind == KIND_PROCESS) {
			if (!process_of(run->runner, op->name[i], &call->in[i]))
				return false;
		}
	}
	return true;
}

static void bind(struct runner *runner, const struct op *op, const struct outcome *outcome)
{
	struct slot *slot = &runner->slot[op->result];

	if (op->result == 0 || !VMM_OK(outcome->status))
		return; /* a failed binding leaves the old value */
	slot->binding = (struct binding){ true, outcome->binds };
	slot->process = op->verb == OP_PROCESS;
	runner->binding[op->result - 1] = slot->binding;
}

/* ---- Execution ------------------------------------------------------------------------ */

static void execute_core(struct run *run, const struct call *call, struct outcome *outcome)
{
	switch (call->verb) {
#define STAGE_BUILT_CASE(NAME, verb)                                                             \
	case OP_##NAME:                                                                          \
		core_##verb(&run->runner->core, call, outcome);                                  \
		break;
#define STAGE_LATER_CASE(NAME, verb) case OP_##NAME:
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	STAGE_##STAGE##_CASE(NAME, verb)
#include "../ops.def"
#undef OP
#undef STAGE_BUILT_CASE
	case OP_COUNT:
		abort(); /* only built verbs are executed */
	}
}

static void execute_reference(struct run *run, const struct call *call, struct outcome *outcome)
{
	switch (call->verb) {
#define STAGE_BUILT_CASE(NAME, verb)                                                             \
	case OP_##NAME:                                                                          \
		reference_##verb(run->runner->reference, call, outcome);                         \
		break;
#define OP(NAME, verb, STAGE, SUBJECT, weight, inputs, results, service, sentence)               \
	STAGE_##STAGE##_CASE(NAME, verb)
#include "../ops.def"
#undef OP
#undef STAGE_BUILT_CASE
#undef STAGE_LATER_CASE
	case OP_COUNT:
		abort();
	}
}

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

	if (run->trace == NULL || trace_expect(run->trace, index, outcome, run->runner->binding,
	                                       why, sizeof why))
		return true;
	run->finding->check = CHECK_EXPECTATION;
	split_reason(run->finding, why);
	return false;
}

static void count(const struct run *run, const struct call *call, const struct outcome *outcome)
{
	struct run_counts *counts = run->options->counts;

	if (counts == NULL)
		return;
	counts->executed++;
	counts->succeeded += VMM_OK(outcome->status);
	counts->status[call->verb][run_status_index(outcome->status)]++;
}

/* Both sides execute; true when everything holds. */
static bool execute(struct run *run, size_t index, const struct op *op, const struct call *call)
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
		execute_core(run, call, &core);
	if (timed)
		middle = now_ns();
	if ((options->sut & RUN_REFERENCE) != 0)
		execute_reference(run, call, &reference);
	if (timed)
		end = now_ns();
	count(run, call, shown);
	if (service && !VMM_OK(core.status)) {
		memset(&after, 0, sizeof after);
		vmm_inspect_totals(run->runner->core.vm, &after);
		holds = compare_refusal(&before, &after, run->finding);
		if (!holds)
			rules_of_state(run->finding, call->verb, &reference);
	}
	if (holds && options->sut == RUN_BOTH)
		holds = compare_after(run, index, call, &core, &reference);
	/* Before the expectation, which may speak of the line's own name. */
	bind(run->runner, op, shown);
	if (holds)
		holds = expectation_holds(run, index, shown);
	if (timed && options->counts != NULL) {
		options->counts->reference_ns += end - middle;
		options->counts->sampled_ns += now_ns() - start;
	}
	run->runner->last_verb = call->verb;
	run->decided = reference;
	if (options->observe != NULL)
		options->observe(options->context, index, FATE_EXECUTED, shown);
	return holds;
}

/* ---- Lines that are not executed ---------------------------------------------- */

static bool pass_over(struct run *run, size_t index, enum fate fate)
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

static void shade(struct run *run, const struct op *op)
{
	for (size_t i = 0; i < sizeof changers / sizeof changers[0]; i++) {
		name_ref who = changers[i].process < 0 ? op->subject
		                                       : op->name[changers[i].process];
		unsigned at = changers[i].address;
		uint64_t size = changers[i].size < 0 ? 1 : op->number[changers[i].size];
		uint64_t process, base;

		if (changers[i].verb == op->verb && process_of(run->runner, who, &process) &&
		    address_of_name(run->runner, op->name[at], &base))
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
		shade(run, op);
	else if (!not_built_uses(not_built, op)) {
		if (!resolve(run, op, &call))
			return pass_over(run, index, FATE_SKIPPED);
		if (!not_built_shades(not_built, &call)) {
			built_line(not_built, op);
			return execute(run, index, op, &call);
		}
	}
	not_built_line(not_built, op);
	return pass_over(run, index, FATE_NOT_BUILT);
}

/* ---- A whole program ------------------------------------------------------------ */

static void reset(struct run *run)
{
	struct runner *runner = run->runner;
	size_t names = (size_t)run->program->name_count + 1;

	runner->slot = memory_grow(runner->slot, &runner->slot_capacity, names,
	                           sizeof runner->slot[0]);
	runner->binding = memory_grow(runner->binding, &runner->binding_capacity, names,
	                              sizeof runner->binding[0]);
	runner->last_verb = OP_CHECK; /* which changes nothing */
	memset(runner->slot, 0, names * sizeof runner->slot[0]);
	memset(runner->binding, 0, names * sizeof runner->binding[0]);
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
	state_coverage_start();
	for (size_t i = 0; i < count; i++) {
		finding->op = i;
		if (!run_line(&run, i))
			return RUN_FAIL;
	}
	finding->op = count == 0 ? 0 : count - 1;
	return end_holds(&run) ? RUN_PASS : RUN_FAIL;
}
