/* rule_table.h: tables of short traces, each held by a rule of
 * docs/NT_SEMANTICS.md. The traces are written from the rule's text: where core
 * or reference disagrees with one, the one is wrong or the text is. */
#ifndef RULE_TABLE_H
#define RULE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { RULE_LINES = 32 };

struct rule_row {
	unsigned line; /* of the source file */
	/* "A9, access 1": the rules that the row is about, among them each one that
	 * refuses one of its lines. */
	const char *rules;
	const char *text[RULE_LINES]; /* without "vmt 1" */
};
struct rule_table {
	const char *file;
	const struct rule_row *row;
	size_t count;
};

#define ROW(rules, ...)                                                                          \
	{                                                                                        \
		__LINE__, rules, { __VA_ARGS__ }                                                 \
	}
#define RULE_TABLE(name, rows)                                                                   \
	const struct rule_table name = { #name ".c", rows, sizeof rows / sizeof rows[0] }

extern const struct rule_table rules_of_allocate, rules_of_commit, rules_of_placement,
	rules_of_reset_and_placeholders, rules_of_free, rules_of_protect_and_query, rules_of_faults,
	rules_of_write_watch, rules_of_processes_and_charge;

/* Runs every row on the core, the reference and both; each that does not hold is
 * told, with what it is about. */
void rule_table_holds(const struct rule_table *table);

/* Whether the rule is one of "A9, access 1". */
bool rule_listed(const char *rules, const char *rule);

/* What most rows need. */
#define RESERVE " type=reserve protect=readwrite "
#define COMMIT " type=reserve|commit protect=readwrite "
#define COMMIT_MORE " type=commit protect=readwrite "
#define PLACEHOLDER " type=reserve|reserve_placeholder protect=noaccess "
#define REPLACE " type=reserve|replace_placeholder protect=readwrite "
#define WINDOW " type=reserve|physical protect=readwrite "
#define WATCHED " type=reserve|commit|write_watch protect=readwrite "
/* HIGH of nt64, the layout of rows without a machine line. */
#define HIGH "0x7ffffffeffff"
#define ABOVE_HIGH "0x7fffffff0000"

#endif
