/* parse_expect.c: what follows "->": statuses, then comparisons of results. */
#include <string.h>

#include "../support/memory.h"
#include "parser.h"

static struct trace_line *last_line(const struct trace *trace)
{
	return &trace->line[trace->program.count - 1];
}

static const struct op_info *last_info(const struct trace *trace)
{
	return &ops_table[trace->program.op[trace->program.count - 1].verb];
}

/* ---- Statuses ------------------------------------------------------------------ */

static bool status_exists(struct token token)
{
	bool prefix = token.length > 1 && token.text[token.length - 1] == '*';
	size_t length = prefix ? token.length - 1 : token.length;
	if (token_is(token, "FAIL"))
		return true;
	for (size_t i = 0; i < outcome_word_count; i++) {
		const char *name = outcome_words[i].name;
		if (strncmp(name, token.text, length) == 0 && (prefix || name[length] == '\0'))
			return true;
	}
	return false;
}

static bool parse_statuses(struct parser *parser, struct token token)
{
	struct trace *trace = parser->trace;
	bool more = true;
	while (more) {
		struct token status;
		more = token_split(&token, '|', &status);
		if (status.length == 0)
			return lex_refuse(&parser->lexer, status.text, "a status is missing");
		if (!status_exists(status))
			return lex_refuse(&parser->lexer, status.text, "no status is called `%.*s`",
			                  SHOWN(status));
		if (trace->status_count == TRACE_STATUSES_MAX)
			return lex_refuse(&parser->lexer, status.text,
			                  "a trace has at most %d statuses", TRACE_STATUSES_MAX);
		trace->status = memory_grow(trace->status, &trace->status_capacity,
		                            trace->status_count + 1, sizeof *trace->status);
		trace->status[trace->status_count++] = (struct expected_status){
			trace->strings + (status.text - parser->lexer.text),
			(uint32_t)status.length
		};
		last_line(trace)->status_count++;
	}
	return true;
}

/* ---- Results ------------------------------------------------------------------- */

/* KEY, a comparison and a value, taken apart. */
struct comparison {
	struct token key, sign, modulus, value;
	enum compare compare;
};

static bool split_comparison(struct parser *parser, struct token token, struct comparison *parts)
{
	static const struct {
		const char *text;
		enum compare compare;
	} sign[] = {
		{ "!=", COMPARE_NE }, { "<=", COMPARE_LE }, { ">=", COMPARE_GE },
		{ "<", COMPARE_LT },  { ">", COMPARE_GT },  { "=", COMPARE_EQ },
		{ "%", COMPARE_MOD },
	};
	const char *stop = token.text + token.length;
	parts->key = (struct token){ token.text, name_length(token.text, stop) };
	const char *at = token.text + parts->key.length;
	for (size_t i = 0; i < sizeof sign / sizeof sign[0] && parts->key.length != 0; i++) {
		size_t length = strlen(sign[i].text);
		if ((size_t)(stop - at) < length || memcmp(at, sign[i].text, length) != 0)
			continue;
		parts->compare = sign[i].compare;
		parts->sign = (struct token){ at, length };
		parts->value = (struct token){ at + length, (size_t)(stop - at) - length };
		return sign[i].compare != COMPARE_MOD ||
		       token_split(&parts->value, '=', &parts->modulus) ||
		       lex_refuse(&parser->lexer, at, "a remainder is KEY%%N=M");
	}
	return lex_refuse(&parser->lexer, token.text,
	                  "`%.*s` compares nothing: KEY=VALUE, or with != < <= > >= %%N=",
	                  SHOWN(token));
}

/* Addresses between commas, or - for none. */
static bool parse_list(struct parser *parser, struct token token, struct expected_result *result)
{
	struct trace *trace = parser->trace;
	result->first = (uint32_t)trace->element_count;
	bool more = !token_is(token, "-");
	while (more) {
		struct token part;
		struct value value = { 0 };
		more = token_split(&token, ',', &part);
		if (!parse_address(parser, part, &value))
			return false;
		if (trace->element_count == TRACE_ELEMENTS_MAX)
			return lex_refuse(&parser->lexer, part.text,
			                  "a trace has at most %d elements of lists",
			                  TRACE_ELEMENTS_MAX);
		trace->element = memory_grow(trace->element, &trace->element_capacity,
		                             trace->element_count + 1, sizeof *trace->element);
		trace->element[trace->element_count++] =
			(struct list_element){ value.name, value.number };
		result->number++;
	}
	return true;
}

/* Which comparisons a kind has: lists, bytes and words are equal or not. */
static bool may_compare(enum kind kind, enum compare compare)
{
	return compare == COMPARE_EQ || compare == COMPARE_NE || kind == KIND_NUMBER ||
	       kind == KIND_SIZE || kind == KIND_ADDRESS;
}

static bool parse_right_side(struct parser *parser, const struct comparison *parts,
                             const struct op_result *row, struct expected_result *result)
{
	struct lexer *lexer = &parser->lexer;
	struct key key = { last_info(parser->trace)->verb, row->key, row->kind };
	if (!may_compare(row->kind, parts->compare))
		return lex_refuse(lexer, parts->sign.text, "`%s` is compared with = or !=",
		                  row->key);
	if (parts->value.length == 0)
		return lex_refuse(lexer, parts->value.text, "`%s` is compared with nothing",
		                  row->key);
	if (parts->compare == COMPARE_MOD) {
		if (!parse_number(parser, parts->modulus, &result->modulus))
			return false;
		if (result->modulus == 0)
			return lex_refuse(lexer, parts->modulus.text,
			                  "nothing has a remainder by 0");
		return parse_number(parser, parts->value, &result->number);
	}
	if (row->kind == KIND_ADDRESS_LIST)
		return parse_list(parser, parts->value, result);
	struct value value;
	if (!parse_value(parser, key, parts->value, &value))
		return false;
	result->name = value.name;
	result->number = value.number;
	result->first = value.bytes;
	return true;
}

static bool refuse_result(struct parser *parser, struct token key)
{
	const struct op_info *info = last_info(parser->trace);
	char known[120] = "";
	size_t used = 0;
	for (unsigned i = 0; i < info->result_count; i++) {
		size_t length = strlen(info->result[i].key);
		if (used + length + 2 > sizeof known)
			break;
		known[used++] = ' ';
		memcpy(known + used, info->result[i].key, length + 1);
		used += length;
	}
	if (used == 0)
		return lex_refuse(&parser->lexer, key.text, "%s has no results: `%.*s`", info->verb,
		                  SHOWN(key));
	return lex_refuse(&parser->lexer, key.text, "%s has no result `%.*s`: it has%s",
	                  info->verb, SHOWN(key), known);
}

static bool parse_result(struct parser *parser, struct token token)
{
	struct trace *trace = parser->trace;
	const struct op_info *info = last_info(trace);
	struct comparison parts;
	if (!split_comparison(parser, token, &parts))
		return false;
	unsigned index = 0;
	while (index < info->result_count && !token_is(parts.key, info->result[index].key))
		index++;
	if (index == info->result_count)
		return refuse_result(parser, parts.key);
	struct expected_result result = {
		.result = (uint8_t)index,
		.compare = (uint8_t)parts.compare,
		.column = (uint32_t)(token.text - parser->lexer.start) + 1,
	};
	if (!parse_right_side(parser, &parts, &info->result[index], &result))
		return false;
	const struct trace_line *line = last_line(trace);
	for (size_t i = line->first_result; i < trace->result_count; i++)
		if (trace->result[i].result == index && result.compare == COMPARE_EQ &&
		    trace->result[i].compare == COMPARE_EQ)
			return lex_refuse(&parser->lexer, token.text, "a second `%s=`",
			                  info->result[index].key);
	if (trace->result_count == TRACE_RESULTS_MAX)
		return lex_refuse(&parser->lexer, token.text,
		                  "a trace compares at most %d results", TRACE_RESULTS_MAX);
	trace->result = memory_grow(trace->result, &trace->result_capacity,
	                            trace->result_count + 1, sizeof *trace->result);
	trace->result[trace->result_count++] = result;
	last_line(trace)->result_count++;
	return true;
}

bool parse_expectation(struct parser *parser)
{
	struct trace *trace = parser->trace;
	struct trace_line *line = last_line(trace);
	line->expects = true;
	line->first_status = (uint32_t)trace->status_count;
	line->first_result = (uint32_t)trace->result_count;
	struct token token;
	if (!lex_token(&parser->lexer, &token))
		return lex_refuse(&parser->lexer, token.text, "a status is missing behind `->`");
	if (!parse_statuses(parser, token))
		return false;
	while (lex_token(&parser->lexer, &token))
		if (!parse_result(parser, token))
			return false;
	return true;
}
