/* schedule.c: a concurrent part from parallel to join: its CPUs run, and what they
 * did is judged. */
#include "schedule.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/inspect.h"
#include "../model/model.h"
#include "../run/execute.h"
#include "../support/memory.h"
#include "decide.h"
#include "judge.h"
#include "part.h"
#include "switch_coverage.h"
#include "writes.h"

/* Steps of one operation in a schedule that is not fair, and again in a fair one. */
enum { OPERATION_STEPS_MAX = 10000 };

struct schedule {
	struct runner *runner;
	struct schedule_options options;
	struct schedule_part *done;
	size_t done_count, done_capacity;
	struct part part;
	struct judge *judge;
	struct writes writes;
	struct run *run; /* while a part runs */
	struct oracle *oracle; /* that decides it; NULL: none runs */
	bool views;            /* it runs on C11 memory */
	uint64_t border;       /* that operations pass, then */
	struct vmm_host host;
};

struct schedule *schedule_create(struct runner *runner)
{
	struct schedule *schedule = memory_zeroed(sizeof *schedule);

	schedule->runner = runner;
	schedule->options.depth = 3;
	schedule->judge = judge_create();
	schedule->host = vmm_host_posix;
	schedule->host.wait = model_wait;
	runner->core.host = &schedule->host;
	return schedule;
}

void schedule_destroy(struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->done_capacity; i++)
		free(schedule->done[i].entry);
	free(schedule->done);
	part_destroy(&schedule->part);
	judge_destroy(schedule->judge);
	writes_destroy(&schedule->writes);
	free(schedule);
}

struct schedule_options *schedule_options(struct schedule *schedule)
{
	return &schedule->options;
}

void schedule_start(struct schedule *schedule)
{
	schedule->done_count = 0;
	judge_start(schedule->judge);
}

size_t schedule_parts(const struct schedule *schedule, const struct schedule_part **part)
{
	*part = schedule->done;
	return schedule->done_count;
}

bool schedule_now(const struct schedule *schedule, size_t *parallel,
                  const struct oracle_entry **entry, size_t *count)
{
	if (schedule->oracle == NULL)
		return false;
	*parallel = schedule->part.first - 1;
	*count = oracle_entries(schedule->oracle, entry);
	return true;
}

/* ---- The CPUs -------------------------------------------------------------------- */

/* On C11 memory one CPU knows that another's operation has returned only by
 * something that orders the two; a judge that goes by time must not know more. So
 * operations begin with an acquire and end with a release of one word, and nothing
 * else is ordered by it. */
static void pass_border(struct schedule *schedule, enum atomic_order order)
{
#ifdef VMM_MODEL
	if (schedule->views)
		(void)model_change(&schedule->border, sizeof schedule->border, CHANGE_ADD, 0, order);
#else
	(void)schedule;
	(void)order;
#endif
}

/* Times are taken outside of the border: what returned earlier was released earlier. */
static void run_operation(struct schedule *schedule, struct history_op *op, const struct call *call)
{
	switch_coverage_operation(call->cpu, call->verb);
	model_operation();
	history_call(op, call, model_now());
	pass_border(schedule, ORDER_ACQUIRE);
	execute_core(&schedule->runner->core, &op->call, &op->outcome);
	pass_border(schedule, ORDER_RELEASE);
	history_return(op, model_now());
}

/* What simulated CPU `cpu` does: its lines in their order. */
static void run_cpu(void *context, unsigned cpu)
{
	struct schedule *schedule = context;
	struct part *part = &schedule->part;

	for (size_t i = part->first; i < part->end; i++) {
		struct part_line *line = part_line(part, i);
		struct call call;

		if (schedule->run->program->op[i].cpu != cpu || line->fate != FATE_EXECUTED ||
		    !part_resolve(part, schedule->run, i, &call))
			continue;
		run_operation(schedule, line->op, &call);
		part_bind(part, schedule->run, i);
	}
}

/* ---- Running a part ---------------------------------------------------------------- */

static void count_part(const struct schedule *schedule, const struct model_result *result)
{
	struct run_counts *counts = schedule->run->options->counts;
	unsigned length = schedule->part.history.count;

	if (counts == NULL)
		return;
	counts->histories++;
	counts->length[length < RUN_LENGTHS ? length : RUN_LENGTHS - 1]++;
	counts->steps += result->steps;
	if (result->longest > counts->longest)
		counts->longest = result->longest;
}

/* Keeps what the part did for schedule_parts. */
static void note_part(struct schedule *schedule, size_t parallel, const struct oracle *oracle,
                      const struct model_result *result)
{
	const struct oracle_entry *entry;
	size_t count = oracle_entries(oracle, &entry);
	struct schedule_part *part;

	schedule->done = memory_grow_zeroed(schedule->done, &schedule->done_capacity,
	                                    schedule->done_count + 1, sizeof *schedule->done);
	part = &schedule->done[schedule->done_count++];
	part->parallel = parallel;
	part->entry = memory_grow(part->entry, &part->capacity, count, sizeof *entry);
	part->count = count;
	if (count > 0)
		memcpy(part->entry, entry, count * sizeof *entry);
	part->steps = result->steps;
	part->longest = result->longest;
	part->preemptions = result->preemptions;
	count_part(schedule, result);
}

static void run_part(struct schedule *schedule, size_t parallel, struct model_result *result)
{
	const struct op *op = &schedule->run->program->op[parallel];
	struct model_options options = { .operation_steps_max = OPERATION_STEPS_MAX,
		                         .plain_state = writes_state,
		                         .on_preemption = switch_coverage_note,
		                         .context = &schedule->writes };
	const struct decision decision = decide(&schedule->options, schedule->run->program, op,
	                                        schedule->done_count,
	                                        schedule->part.history.places);

	options.oracle = decision.oracle;
	schedule->views = decision.views;
	options.memory = schedule->views ? MODEL_VIEWS : MODEL_SEQUENTIAL;
	schedule->border = 0;
	if (decision.owned)
		(void)oracle_next(options.oracle);
	else
		options.on_write = writes_note;
	writes_clear(&schedule->writes);
	switch_coverage_start();
	schedule->oracle = options.oracle;
	model_run(schedule->part.cpus, run_cpu, schedule, &options, result);
	schedule->oracle = NULL;
	history_close(&schedule->part.history);
	note_part(schedule, parallel, options.oracle, result);
	if (decision.owned)
		oracle_destroy(options.oracle);
}

/* ---- The verdict ----------------------------------------------------------------------- */

static void print_order(FILE *out, const struct schedule *schedule, const struct judgement *judged)
{
	const struct history_op *op = schedule->part.history.op;

	fprintf(out, "  no order fits (%" PRIu64 " tried); longest:", judged->orders);
	for (unsigned i = 0; i < judged->length; i++)
		fprintf(out, "%s @%u %s", i == 0 ? "" : ",", op[judged->order[i]].call.cpu,
		        ops_table[op[judged->order[i]].call.verb].verb);
	if (judged->stuck == HISTORY_PLACES_MAX)
		fprintf(out, "; then the state is not the reference's\n");
	else
		fprintf(out, "%s then not @%u %s\n", judged->length == 0 ? " none;" : ";",
		        op[judged->stuck].call.cpu, ops_table[op[judged->stuck].call.verb].verb);
}

/* The finding's history, with the judge's best order where there is one. */
static void tell_history(const struct schedule *schedule, const struct judgement *judged)
{
	const struct run *run = schedule->run;
	struct finding *finding = run->finding;
	FILE *out = fmemopen(finding->history, sizeof finding->history, "w");

	if (out == NULL)
		memory_exhausted();
	/* A text that is too long is cut off; what matters most comes first. */
	if (judged != NULL)
		print_order(out, schedule, judged);
	history_print(out, &schedule->part.history, run->program,
	              run->trace == NULL ? NULL : run->trace->name);
	(void)fclose(out);
	finding->history[sizeof finding->history - 1] = '\0';
}

static bool end_agrees(void *context, struct finding *finding)
{
	const struct schedule *schedule = context;

	return compare_state(&schedule->run->sides, finding);
}

static bool end_keeps(void *context, const struct call *store)
{
	const struct schedule *schedule = context;
	const struct vmm *vm = schedule->runner->core.vm;
	uint64_t address = store->in[STORE_IN_address];
	struct vmm_page page;

	if (!vmm_inspect_process_lives(vm, store->process))
		return false;
	for (unsigned i = 0; i < store->in[STORE_IN_width]; i++) {
		vmm_inspect_page(vm, store->process, (address + i) / VMM_PAGE_SIZE, &page);
		if (page.committed && page.bytes != NULL &&
		    page.bytes[(address + i) % VMM_PAGE_SIZE] ==
		            (uint8_t)(store->in[STORE_IN_value] >> 8 * i))
			return true;
	}
	return false;
}

static vmm_status judge_part(struct schedule *schedule)
{
	struct run *run = schedule->run;
	size_t join = run->finding->op;
	struct judgement judged;

	if (run->options->sut != RUN_BOTH)
		return OUTCOME_LINEARIZABLE;
	if (!judge_history(schedule->judge, &schedule->part.history, run->runner->reference,
	                   (struct judge_end){ end_agrees, end_keeps, schedule }, &judged)) {
		*run->finding = judged.finding;
		run->finding->op = join;
		run->finding->check = CHECK_NOT_LINEARIZABLE;
		tell_history(schedule, &judged);
		return OUTCOME_NOT_LINEARIZABLE;
	}
	if (!compare_invariants(&run->sides, run->finding)) {
		tell_history(schedule, NULL);
		return OUTCOME_INVARIANT_BROKEN;
	}
	return OUTCOME_LINEARIZABLE;
}

static vmm_status verdict(struct schedule *schedule, const struct model_result *result)
{
	struct finding *finding = schedule->run->finding;

	if (result->end == MODEL_DONE)
		return judge_part(schedule);
	finding->check = result->end == MODEL_DEADLOCK ? CHECK_DEADLOCK : CHECK_NO_PROGRESS;
	(void)snprintf(finding->expected, sizeof finding->expected, "every operation returns");
	(void)snprintf(finding->actual, sizeof finding->actual, "%.*s",
	               (int)sizeof finding->actual - 1, result->report);
	tell_history(schedule, NULL);
	return result->end == MODEL_DEADLOCK ? OUTCOME_DEADLOCK : OUTCOME_NO_PROGRESS;
}

/* Tells of every line, in the order of the text; false: an expectation does not
 * hold, or `holds` was false. */
static bool tell_lines(struct schedule *schedule, bool holds)
{
	struct run *run = schedule->run;
	const struct finding before = *run->finding;

	for (size_t i = schedule->part.first; i < schedule->part.end; i++) {
		const struct part_line *line = part_line(&schedule->part, i);
		bool good;

		if (line->fate != FATE_EXECUTED)
			good = run_pass_over(run, i, line->fate);
		else
			good = !line->op->ended || run_executed(run, i, &line->op->outcome, holds);
		if (holds && !good)
			run->finding->op = i;
		if (holds && !good)
			return false;
	}
	if (!holds)
		*run->finding = before;
	return holds;
}

bool schedule_run(struct schedule *schedule, struct run *run, size_t first, size_t end,
                  size_t *next)
{
	const struct outcome begun = { .status = VMM_SUCCESS };
	struct outcome joined = { .status = OUTCOME_LINEARIZABLE };
	struct model_result result;
	bool holds;

	schedule->run = run;
	if (!run_executed(run, first, &begun, true))
		return false;
	part_take(&schedule->part, run, first, end);
	run_part(schedule, first, &result);
	*next = schedule->part.end + schedule->part.joined;
	run->finding->op = *next - 1;
	joined.status = verdict(schedule, &result);
	run->decided = joined;
	holds = tell_lines(schedule, joined.status == OUTCOME_LINEARIZABLE);
	if (joined.status != OUTCOME_LINEARIZABLE)
		core_side_discard(&run->runner->core);
	return schedule->part.joined ? run_executed(run, *next - 1, &joined, holds) && holds : holds;
}
