/* inputs.c: the inputs of one line, with their keys and without. */
#include <string.h>

#include "parser.h"

bool starts_arrow(struct token token)
{
	return token.length >= 2 && memcmp(token.text, "->", 2) == 0;
}

static bool set_input(struct parser *parser, struct statement *line, unsigned input,
                      struct token token)
{
	const struct op_input *row = &line->info->input[input];
	struct key key = { line->info->verb, row->key, row->kind };
	struct value value;
	if (!parse_value(parser, key, token, &value))
		return false;
	/* An absent name and P0 are one number, so only where P0 is what absence
	 * means, or where a name must be, may it be written. */
	if (row->kind == KIND_NAME && row->how == HOW_OPTIONAL && value.name == 0)
		return lex_refuse(&parser->lexer, token.text, "P0 is a process: `%s` of %s is none",
		                  row->key, line->info->verb);
	line->op.name[input] = value.name;
	line->op.number[input] = value.number;
	if (row->kind == KIND_BYTES || row->kind == KIND_SCHEDULE)
		line->op.bytes = value.bytes;
	line->at[input] = token.text;
	line->given |= 1u << input;
	return true;
}

static unsigned width_of(struct token token)
{
	static const char *const text[] = { "u8", "u16", "u32", "u64" };
	for (unsigned i = 0; i < 4; i++)
		if (token_is(token, text[i]))
			return 1u << i;
	return 0;
}

/* The input that is a width; input_count when the verb has none. */
static unsigned width_input(const struct op_info *info)
{
	unsigned input = 0;
	while (input < info->input_count && info->input[input].kind != KIND_WIDTH)
		input++;
	return input;
}

/* `u32` of a load, `u32=7` of a store. */
static bool set_width(struct parser *parser, struct statement *line, struct token key,
                      bool has_value, struct token value)
{
	unsigned input = width_input(line->info), width = width_of(key);
	bool stores = line->op.verb == OP_STORE;
	if ((line->given & 1u << input) != 0)
		return lex_refuse(&parser->lexer, key.text, "a second width of %s",
		                  line->info->verb);
	if (has_value != stores)
		return lex_refuse(&parser->lexer, key.text,
		                  stores ? "store needs a value: `%.*s=VALUE`"
		                         : "a load takes no value: `%.*s` alone",
		                  SHOWN(key));
	line->op.number[input] = width;
	line->given |= 1u << input;
	if (!stores)
		return true;
	if (!set_input(parser, line, STORE_IN_value, value))
		return false;
	if (width < 8 && line->op.number[STORE_IN_value] >> 8 * width != 0)
		return lex_refuse(&parser->lexer, value.text, "`%.*s` does not fit into %.*s",
		                  SHOWN(value), SHOWN(key));
	return true;
}

/* " addr size type", for the message about a key that the verb does not have. */
static void list_keys(const struct op_info *info, char *text, size_t size)
{
	size_t used = 0;
	text[0] = '\0';
	for (unsigned i = 0; i < info->input_count; i++) {
		bool width = info->input[i].kind == KIND_WIDTH;
		if (info->input[i].how == HOW_POSITIONAL && !width)
			continue;
		const char *key = width ? "u8 u16 u32 u64" : info->input[i].key;
		size_t length = strlen(key);
		if (used + length + 2 > size)
			return;
		text[used++] = ' ';
		memcpy(text + used, key, length + 1);
		used += length;
	}
}

static bool refuse_key(struct parser *parser, const struct statement *line, struct token key)
{
	char known[120];
	list_keys(line->info, known, sizeof known);
	if (known[0] == '\0')
		return lex_refuse(&parser->lexer, key.text, "%s takes no input: `%.*s`",
		                  line->info->verb, SHOWN(key));
	return lex_refuse(&parser->lexer, key.text, "%s has no input `%.*s`: it has%s",
	                  line->info->verb, SHOWN(key), known);
}

bool parse_pair(struct parser *parser, struct statement *line, struct token token)
{
	const struct op_info *info = line->info;
	struct token value = token, key;
	bool has_value = token_split(&value, '=', &key);
	if (width_of(key) != 0 && width_input(info) < info->input_count)
		return set_width(parser, line, key, has_value, value);
	for (unsigned i = 0; i < info->input_count; i++) {
		if (info->input[i].how == HOW_POSITIONAL || !token_is(key, info->input[i].key))
			continue;
		if (!has_value)
			return lex_refuse(&parser->lexer, token.text, "`%s` has no value: %s=VALUE",
			                  info->input[i].key, info->input[i].key);
		if ((line->given & 1u << i) != 0)
			return lex_refuse(&parser->lexer, token.text, "a second `%s`",
			                  info->input[i].key);
		return set_input(parser, line, i, value);
	}
	return refuse_key(parser, line, key);
}

/* ---- Without keys ---------------------------------------------------------------- */

bool next_plain(struct parser *parser, struct token *token)
{
	struct lexer *lexer = &parser->lexer;
	const char *back = lexer->at;
	bool plain = lex_token(lexer, token) && !starts_arrow(*token) && width_of(*token) == 0 &&
	             memchr(token->text, '=', token->length) == NULL;
	if (!plain)
		lexer->at = back;
	return plain;
}

bool parse_positions(struct parser *parser, struct statement *line)
{
	for (unsigned i = 0; i < line->info->input_count; i++) {
		const struct op_input *row = &line->info->input[i];
		bool plain = row->kind == KIND_PROCESS || row->kind == KIND_ADDRESS;
		struct token token;
		if (row->how != HOW_POSITIONAL || !plain)
			continue;
		if (!next_plain(parser, &token))
			return lex_refuse(&parser->lexer, line->verb.text,
			                  "%s needs %s: `%s %s %s ...`", line->info->verb,
			                  row->kind == KIND_PROCESS ? "a process" : "an address",
			                  line->info->verb,
			                  line->info->subject == SUBJECT_HANDLE ? "NAME" : "P0",
			                  row->kind == KIND_PROCESS ? "P0" : "ADDRESS");
		if (!set_input(parser, line, i, token))
			return false;
	}
	return true;
}

bool find_missing(struct parser *parser, const struct statement *line)
{
	for (unsigned i = 0; i < line->info->input_count; i++) {
		const struct op_input *row = &line->info->input[i];
		if ((line->given & 1u << i) != 0 || row->how == HOW_OPTIONAL)
			continue;
		if (row->kind == KIND_WIDTH)
			return lex_refuse(&parser->lexer, line->verb.text,
			                  "%s needs a width: u8, u16, u32 or u64",
			                  line->info->verb);
		return lex_refuse(&parser->lexer, line->verb.text, "`%s` is missing: %s needs it",
		                  row->key, line->info->verb);
	}
	return true;
}
