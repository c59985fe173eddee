/* rule_table.c: runs the rows of a table of rules. Beside the expectations of
 * its trace a row asks that every line is executed, that INVALID_PARAMETER means
 * the plain status, and that the reference refuses a line by a rule that the row
 * names. */
#include "rule_table.h"

#include <stdio.h>
#include <string.h>

#include "../harness/run/run.h"
#include "claim.h"

enum { TEXT_ROOM = 8192 };

struct replayed {
	const struct rule_row *row;
	const struct trace *trace;
	enum run_sut sut;
	char trouble[200]; /* empty: none */
	size_t index;      /* the operation that has it */
};

bool rule_listed(const char *rules, const char *rule)
{
	size_t length = strlen(rule);

	for (const char *at = rules; at != NULL; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		if (strncmp(at, rule, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return true;
	}
	return false;
}

/* An expectation INVALID_PARAMETER holds for the numbered statuses too. */
static bool plain_parameter(const struct trace *trace, size_t index)
{
	const struct trace_line *line = &trace->line[index];
	const struct expected_status *status = &trace->status[line->first_status];

	return line->expects && line->status_count == 1 && status->length == 17 &&
	       strncmp(status->text, "INVALID_PARAMETER", 17) == 0;
}

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct replayed *replayed = context;

	if (replayed->trouble[0] != '\0')
		return;
	replayed->index = index;
	if (fate != FATE_EXECUTED) {
		(void)snprintf(replayed->trouble, sizeof replayed->trouble, "is not executed");
		return;
	}
	if (plain_parameter(replayed->trace, index) && outcome->status != VMM_INVALID_PARAMETER)
		(void)snprintf(replayed->trouble, sizeof replayed->trouble,
		               "gives %s, not the plain status", outcome_name(outcome->status));
	if (replayed->sut != RUN_REFERENCE)
		return;
	if (outcome->rule == NULL)
		(void)snprintf(replayed->trouble, sizeof replayed->trouble,
		               "was decided by no rule");
	else if (!VMM_OK(outcome->status) && !rule_listed(replayed->row->rules, outcome->rule))
		(void)snprintf(replayed->trouble, sizeof replayed->trouble, "was refused by %s",
		               outcome->rule);
}

static void run_row(const struct rule_table *table, const struct rule_row *row,
                    struct runner *runner, const struct trace *trace, enum run_sut sut)
{
	static const char *const sides[] = { "", "core", "reference", "both" };
	struct replayed replayed = { .row = row, .trace = trace, .sut = sut };
	const struct run_options options = { .sut = sut,
		                             .every_state = true,
		                             .stop_at = SIZE_MAX,
		                             .observe = observe,
		                             .context = &replayed };
	struct finding finding;
	bool passed = runner_run(runner, &trace->program, trace, &options, &finding) == RUN_PASS;
	unsigned line = trace->line[finding.op].line - 2;

	cr_expect(passed, "%s:%u: %s: %s: `%s`: %s %s: %s; %s", table->file, row->line,
	          row->rules, sides[sut], row->text[line], finding_claim(&finding), finding.rule,
	          finding.expected, finding.actual);
	cr_expect(!passed || replayed.trouble[0] == '\0', "%s:%u: %s: %s: `%s` %s", table->file,
	          row->line, row->rules, sides[sut],
	          row->text[trace->line[replayed.index].line - 2], replayed.trouble);
}

void rule_table_holds(const struct rule_table *table)
{
	struct runner runner;

	runner_init(&runner);
	for (size_t i = 0; i < table->count; i++) {
		const struct rule_row *row = &table->row[i];
		char text[TEXT_ROOM] = "vmt 1\n";
		size_t length = strlen(text);
		struct trace trace;
		struct place place;

		for (unsigned k = 0; k < RULE_LINES && row->text[k] != NULL; k++) {
			length += (size_t)snprintf(text + length, sizeof text - length, "%s\n",
			                           row->text[k]);
			cr_assert_lt(length, sizeof text);
		}
		trace_init(&trace);
		cr_assert(trace_parse(&trace, text, length, &place), "%s:%u: %s: line %u: %s",
		          table->file, row->line, row->rules, (unsigned)place.line - 1,
		          place.message);
		run_row(table, row, &runner, &trace, RUN_REFERENCE);
		run_row(table, row, &runner, &trace, RUN_CORE);
		run_row(table, row, &runner, &trace, RUN_BOTH);
		trace_destroy(&trace);
	}
	runner_destroy(&runner);
}
