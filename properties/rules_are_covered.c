/* Claim: every rule of docs/NT_SEMANTICS.md that a trace can reach is held by a
 * row of a table of rules; every outcome of the reference and every finding
 * names one of these rules.
 *
 * Run from the project's root. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../harness/run/rules.h"
#include "../harness/support/file.h"
#include "claim.h"
#include "rule_table.h"
#include "run_program.h"

static const struct rule_table *const tables[] = {
	&rules_of_allocate, &rules_of_commit, &rules_of_placement,
	&rules_of_reset_and_placeholders, &rules_of_free, &rules_of_protect_and_query,
	&rules_of_faults, &rules_of_write_watch, &rules_of_processes_and_charge,
};

/* The rules, group by group: their numbers count from 1. */
static const struct {
	const char *prefix;
	unsigned last;
} groups[] = { { "A", 36 }, { "F", 17 }, { "P", 15 }, { "Q", 10 }, { "W", 10 }, { "access ", 7 } };

/* Those that no trace can reach yet, and what it would take. */
static const struct {
	const char *rule, *why;
} out_of_reach[] = {
	{ "A11", "handles" },
	{ "A21", "sections: a commit in a view of a file" },
	{ "A22", "sections: a commit in a view of a SEC_RESERVE section" },
	{ "A23", "sections: cache bits in a view" },
	{ "A32", "a process that holds the privilege of A12" },
	{ "A33", "sections: a protection that the view forbids" },
	{ "F7", "sections: free of a view" },
	{ "P8", "sections: cache bits in a view" },
	{ "P9", "sections: a protection that the view forbids" },
	{ "P14", "sections: pages copied on write" },
	{ "W3", "null pointers, which the language cannot say" },
	{ "W7", "writes by the kernel: read into a buffer, MDLs" },
	{ "W10", "lock" },
};

static const char *why_out_of_reach(const char *rule)
{
	for (size_t i = 0; i < sizeof out_of_reach / sizeof out_of_reach[0]; i++)
		if (strcmp(out_of_reach[i].rule, rule) == 0)
			return out_of_reach[i].why;
	return NULL;
}

/* "A7", "access 3"; whatever follows, as in "A29 (contents)", is passed over. */
static bool known(const char *rule)
{
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		size_t length = strlen(groups[i].prefix);
		char *end;

		if (strncmp(rule, groups[i].prefix, length) != 0 ||
		    !isdigit((unsigned char)rule[length]))
			continue;
		unsigned long number = strtoul(rule + length, &end, 10);

		return number >= 1 && number <= groups[i].last &&
		       (*end == '\0' || strncmp(end, " (", 2) == 0);
	}
	return false;
}

static bool has_a_row(const char *rule)
{
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
		for (size_t i = 0; i < tables[t]->count; i++)
			if (rule_listed(tables[t]->row[i].rules, rule))
				return true;
	return false;
}

Test(rules_are_covered, by_rows)
{
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		for (unsigned n = 1; n <= groups[g].last; n++) {
			char rule[32];

			(void)snprintf(rule, sizeof rule, "%s%u", groups[g].prefix, n);
			cr_expect_eq(has_a_row(rule), why_out_of_reach(rule) == NULL,
			             "%s: %s", rule,
			             has_a_row(rule) ? "has a row, so it is in reach"
			                             : "has no row");
		}
	}
}

Test(rules_are_covered, rows_name_no_other)
{
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct rule_row *row = &tables[t]->row[i];
			char rules[200];

			(void)snprintf(rules, sizeof rules, "%s", row->rules);
			for (char *at = strtok(rules, ","); at != NULL; at = strtok(NULL, ","))
				cr_expect(known(at + strspn(at, " ")), "%s:%u: `%s`",
				          tables[t]->file, row->line, at);
		}
	}
}

/* A rule that is new in the document shows here, since its number is above the
 * last of its group. P0 is a process. */
Test(rules_are_covered, the_document_names_no_other)
{
	char message[FILE_MESSAGE];
	uint8_t *document;
	size_t size, found = 0;

	cr_assert(file_read("docs/NT_SEMANTICS.md", &document, &size, message), "%s", message);
	const char *text = (const char *)document;

	for (size_t i = 0; i + 1 < size; i++) {
		bool starts = i == 0 || !isalnum((unsigned char)text[i - 1]);
		size_t digits = strspn(text + i + 1, "0123456789");
		char rule[32];

		if (!starts || strchr("AFPQW", text[i]) == NULL || digits == 0 || digits > 8 ||
		    isalnum((unsigned char)text[i + 1 + digits]) || text[i + 1] == '0')
			continue;
		(void)snprintf(rule, sizeof rule, "%.*s", (int)digits + 1, text + i);
		cr_expect(known(rule), "docs/NT_SEMANTICS.md names %s", rule);
		found++;
	}
	free(document);
	cr_assert_gt(found, 60);
}

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	const struct runner *runner = context;

	if (fate != FATE_EXECUTED)
		return;
	cr_assert_not_null(outcome->rule, "operation %zu: %s has no rule", index,
	                   outcome_name(outcome->status));
	cr_assert(known(outcome->rule) ||
	                  (runner->last_verb == OP_CHECK && strcmp(outcome->rule, "INV") == 0),
	          "operation %zu: `%s`", index, outcome->rule);
}

Test(rules_are_covered, outcomes_name_theirs)
{
	struct program program;
	struct runner runner;
	const struct run_options options = { .sut = RUN_REFERENCE,
		                             .stop_at = SIZE_MAX,
		                             .observe = observe,
		                             .context = &runner };

	runner_init(&runner);
	program_init(&program);
	for (uint64_t seed = 1; seed <= 200; seed++)
		run_generated(&runner, &program, seed, 200, &options);
	program_destroy(&program);
	runner_destroy(&runner);
}

/* Refusals are held against the rows (rule_table.c); these are successes. */
static const struct {
	const char *line, *rule;
} successes[] = {
	{ "a = alloc P0 addr=0x50000000 size=64K" RESERVE, "A14" },
	{ "b = alloc P0 size=64K" RESERVE, "A27" },
	{ "alloc P0 addr=a size=4K" COMMIT_MORE, "A15" },
	{ "alloc P0 addr=a size=8K" COMMIT_MORE, "A19" },
	{ "alloc P0 addr=a size=4K type=reset protect=noaccess", "A29" },
	{ "alloc P0 addr=a size=4K type=reset_undo protect=noaccess", "A31" },
	{ "store P0 a u8=1", "access 7" },
	{ "load P0 a u8", "access 3" },
	{ "protect P0 addr=a size=4K protect=readonly", "P4" },
	{ "query P0 addr=a", "Q6" },
	{ "query P0 addr=b", "Q5" },
	{ "query P0 addr=0x60000000", "Q4" },
	{ "query P0 addr=0xffff", "Q10" },
	{ "query P0 addr=0x10000", "Q5" },
	{ "free P0 addr=a size=4K type=decommit", "F9" },
	{ "free P0 addr=a type=decommit", "F10" },
	{ "free P0 addr=a size=4K type=release", "F11" },
	{ "free P0 addr=b type=release", "F8" },
	{ "p = alloc P0 size=64K" PLACEHOLDER, "A27" },
	{ "free P0 addr=p type=decommit", "F17" },
	{ "free P0 addr=p size=4K type=release|preserve_placeholder", "F15" },
	{ "free P0 addr=p size=64K type=release|coalesce_placeholders", "F16" },
	{ "alloc P0 addr=p size=64K" REPLACE, "A36" },
	{ "w = alloc P0 size=64K" PLACEHOLDER, "A27" },
	{ "free P0 addr=w type=release", "F17" },
	{ "w = alloc P0 size=64K" WATCHED, "A27" },
	{ "getwatch P0 addr=w size=64K max=9", "W4" },
	{ "resetwatch P0 addr=w size=64K", "W4" },
	{ "process q", "A13" },
	{ "exit q", "A13" },
};

static void observe_success(void *context, size_t index, enum fate fate,
                            const struct outcome *outcome)
{
	(void)context;
	cr_assert_eq(fate, FATE_EXECUTED);
	cr_expect(VMM_OK(outcome->status), "%s", successes[index].line);
	cr_expect_str_eq(outcome->rule, successes[index].rule, "`%s` by %s, not %s",
	                 successes[index].line, successes[index].rule, outcome->rule);
}

Test(rules_are_covered, successes_name_the_right_one)
{
	const struct run_options options = { .sut = RUN_REFERENCE,
		                             .stop_at = SIZE_MAX,
		                             .observe = observe_success };
	char text[4096] = "vmt 1\n";
	size_t length = strlen(text);
	struct finding finding;
	struct runner runner;
	struct trace trace;
	struct place place;

	for (size_t i = 0; i < sizeof successes / sizeof successes[0]; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s\n",
		                           successes[i].line);
	cr_assert_lt(length, sizeof text);
	runner_init(&runner);
	trace_init(&trace);
	cr_assert(trace_parse(&trace, text, length, &place), "%u: %s", (unsigned)place.line,
	          place.message);
	cr_expect_eq(runner_run(&runner, &trace.program, &trace, &options, &finding), RUN_PASS);
	trace_destroy(&trace);
	runner_destroy(&runner);
}

Test(rules_are_covered, findings_name_theirs)
{
	for (unsigned check = 0; check < CHECK_COUNT; check++) {
		for (unsigned verb = 0; verb < OP_COUNT; verb++) {
			struct outcome decided = { .status = VMM_SUCCESS, .rule = "A13" };
			struct finding finding = { .check = (enum check)check, .invariant = 7 };

			rules_of_state(&finding, (enum verb)verb, &decided);
			cr_expect(known(finding.rule) || strcmp(finding.rule, "INV-07") == 0,
			          "check %u, %s: `%s`", check, ops_table[verb].verb, finding.rule);
			decided.status = VMM_NO_MEMORY;
			rules_of_state(&finding, (enum verb)verb, &decided);
			cr_expect(check == CHECK_INVARIANT || op_accesses((enum verb)verb) ||
			                  strcmp(finding.rule, "A24") == 0,
			          "check %u, %s: `%s`", check, ops_table[verb].verb, finding.rule);
			rules_of_state(&finding, (enum verb)verb, NULL);
		}
	}
}

/* A few of the table, so that it is not the wrong way round. */
Test(rules_are_covered, findings_name_the_right_one)
{
	static const struct {
		enum check check;
		enum verb verb;
		const char *decided, *rule;
	} rows[] = {
		{ CHECK_PAGE_BYTES, OP_ALLOC, "A15", "A28" },
		{ CHECK_PAGE_BYTES, OP_ALLOC, "A19", "A19 (contents)" },
		{ CHECK_PAGE_BYTES, OP_STORE, "access 7", "access 3 (contents)" },
		{ CHECK_PAGE_VALID, OP_PROTECT, "P4", "P15" },
		{ CHECK_PAGE_MARK, OP_GETWATCH, "W4", "W4" },
		{ CHECK_PAGE_MARK, OP_FREE, "F9", "W9" },
		{ CHECK_CHARGE_PROCESS, OP_FREE, "F11", "F13" },
		{ CHECK_REGION, OP_FREE, "F11", "F11" },
		{ CHECK_REGION, OP_ALLOC, "A14", "A14" },
		{ CHECK_INVARIANT, OP_ALLOC, "A14", "INV-03" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct outcome decided = { .status = VMM_SUCCESS, .rule = rows[i].decided };
		struct finding finding = { .check = rows[i].check, .invariant = 3 };

		rules_of_state(&finding, rows[i].verb, &decided);
		cr_expect_str_eq(finding.rule, rows[i].rule);
	}
}
