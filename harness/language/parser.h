/* parser.h: what the parts of the parser share: parse.c reads lines, values.c
 * the values on them, parse_expect.c what follows "->". Each function that
 * returns false has refused the text (lex_refuse). */
#ifndef PARSER_H
#define PARSER_H

#include "trace.h"
#include "lex.h"

struct parser {
	struct lexer lexer;
	struct trace *trace;
	name_ref *bucket; /* hash table of the trace's names, by open addressing */
	size_t bucket_count;
	size_t name_count;
	bool machine_seen;
};

/* What a value is the value of, for messages: "`type` of free". */
struct key {
	const char *verb, *key;
	enum kind kind;
};

struct value {
	name_ref name;
	uint64_t number; /* of bytes and schedules their count */
	uint32_t bytes;  /* and their place in the program's pool */
};

/* The line that is being read. */
struct statement {
	const struct op_info *info;
	struct token verb;
	struct op op;
	unsigned given;                /* bit set of inputs */
	const char *at[OP_INPUTS_MAX]; /* where each of their values stands */
};

/* parse.c calls these in the order in which a line has them (inputs.c). */
bool starts_arrow(struct token token);
/* A token that can stand without a key: no pair, no width, no arrow. False,
 * and nothing is consumed, when the next is none. */
bool next_plain(struct parser *parser, struct token *token);
/* The process of a map, the address of an access. */
bool parse_positions(struct parser *parser, struct statement *line);
/* key=value, or a width alone. */
bool parse_pair(struct parser *parser, struct statement *line, struct token token);
/* Refuses a line that lacks a required input. */
bool find_missing(struct parser *parser, const struct statement *line);

/* A value of any kind but KIND_WIDTH and KIND_ADDRESS_LIST. */
bool parse_value(struct parser *parser, struct key key, struct token token, struct value *value);
bool parse_number(struct parser *parser, struct token token, uint64_t *number);
bool parse_address(struct parser *parser, struct token token, struct value *value);
/* A name where one is used; P0 is 0. */
bool parse_name(struct parser *parser, struct token token, name_ref *name);
/* "-> STATUS {key=value}" of the operation that was appended last; the lexer
 * stands behind the arrow. */
bool parse_expectation(struct parser *parser);

#endif
