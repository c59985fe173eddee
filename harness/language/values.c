/* values.c: reads one value: a number, a name, an address, flags, bytes. */
#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"
#include "parser.h"

/* ---- Numbers ----------------------------------------------------------------- */

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return 16;
}

/* The power of 1024 behind a number, as a shift; 0 for none. */
static unsigned suffix_shift(char letter)
{
	static const char suffix[] = "KMGT";
	const char *found = strchr(suffix, letter);
	return found == NULL ? 0 : 10 * ((unsigned)(found - suffix) + 1);
}

static bool too_large(struct parser *parser, struct token token)
{
	return lex_refuse(&parser->lexer, token.text, "`%.*s` does not fit into 64 bits",
	                  SHOWN(token));
}

bool parse_number(struct parser *parser, struct token token, uint64_t *number)
{
	bool hex = token.length > 2 && token.text[0] == '0' && token.text[1] == 'x';
	unsigned base = hex ? 16 : 10;
	size_t first = hex ? 2 : 0, length = token.length;
	unsigned shift = length > first + 1 ? suffix_shift(token.text[length - 1]) : 0;
	if (shift != 0)
		length--;
	*number = 0;
	for (size_t i = first; i < length; i++) {
		unsigned digit = (unsigned)digit_value(token.text[i]);
		if (digit >= base)
			return lex_refuse(&parser->lexer, token.text, "`%.*s` is no number",
			                  SHOWN(token));
		if (*number > (UINT64_MAX - digit) / base)
			return too_large(parser, token);
		*number = *number * base + digit;
	}
	if (length == first)
		return lex_refuse(&parser->lexer, token.text, "a number is missing");
	if (*number > UINT64_MAX >> shift)
		return too_large(parser, token);
	*number <<= shift;
	return true;
}

/* ---- Names ------------------------------------------------------------------- */

static size_t hash(struct token token)
{
	uint64_t sum = UINT64_C(14695981039346656037); /* FNV-1a */
	for (size_t i = 0; i < token.length; i++)
		sum = (sum ^ (unsigned char)token.text[i]) * UINT64_C(1099511628211);
	return (size_t)(sum ^ sum >> 32);
}

/* The bucket that has the name, or where it would go. */
static name_ref *find_bucket(const struct parser *parser, struct token token)
{
	size_t mask = parser->bucket_count - 1;
	size_t at = hash(token) & mask;
	while (parser->bucket[at] != 0 &&
	       !token_is(token, parser->trace->name[parser->bucket[at] - 1]))
		at = (at + 1) & mask;
	return &parser->bucket[at];
}

static void grow_buckets(struct parser *parser)
{
	name_ref *old = parser->bucket;
	size_t count = parser->bucket_count == 0 ? 64 : 2 * parser->bucket_count;
	parser->bucket = memory_zeroed(count * sizeof *parser->bucket);
	parser->bucket_count = count;
	for (size_t i = 0; i < parser->name_count; i++) {
		const char *text = parser->trace->name[i];
		*find_bucket(parser, (struct token){ text, strlen(text) }) = (name_ref)(i + 1);
	}
	free(old);
}

/* A name that was not there. Its text ends with a NUL in the trace's copy of
 * the source, over a byte that nobody reads any more. */
static name_ref add_name(struct parser *parser, struct token token)
{
	struct trace *trace = parser->trace;
	trace->name = memory_grow(trace->name, &trace->name_capacity, parser->name_count + 1,
	                          sizeof *trace->name);
	char *text = trace->strings + (token.text - parser->lexer.text);
	text[token.length] = '\0';
	trace->name[parser->name_count++] = text;
	trace->program.name_count = (unsigned)parser->name_count;
	return (name_ref)parser->name_count;
}

static bool is_width(struct token token)
{
	return token_is(token, "u8") || token_is(token, "u16") || token_is(token, "u32") ||
	       token_is(token, "u64");
}

bool parse_name(struct parser *parser, struct token token, name_ref *name)
{
	struct lexer *lexer = &parser->lexer;
	if (token.length == 0)
		return lex_refuse(lexer, token.text, "a name is missing");
	if (name_length(token.text, token.text + token.length) != token.length)
		return lex_refuse(lexer, token.text,
		                  "`%.*s` is no name: letters, digits and _, no digit first",
		                  SHOWN(token));
	if (is_width(token))
		return lex_refuse(lexer, token.text, "`%.*s` is a width and cannot be a name",
		                  SHOWN(token));
	if (token.length > TRACE_NAME_MAX)
		return lex_refuse(lexer, token.text, "a name has at most %d characters",
		                  TRACE_NAME_MAX);
	*name = 0;
	if (token_is(token, "P0"))
		return true;
	if (2 * parser->name_count >= parser->bucket_count)
		grow_buckets(parser);
	name_ref *bucket = find_bucket(parser, token);
	if (*bucket == 0) {
		if (parser->name_count == PROGRAM_NAMES_MAX)
			return lex_refuse(lexer, token.text, "a trace has at most %d names",
			                  PROGRAM_NAMES_MAX);
		*bucket = add_name(parser, token);
	}
	*name = *bucket;
	return true;
}

bool parse_address(struct parser *parser, struct token token, struct value *value)
{
	const char *stop = token.text + token.length;
	size_t length = name_length(token.text, stop);
	if (length == 0)
		return parse_number(parser, token, &value->number);
	struct token name = { token.text, length };
	if (token_is(name, "P0"))
		return lex_refuse(&parser->lexer, token.text, "P0 is a process and no address");
	if (!parse_name(parser, name, &value->name))
		return false;
	if (length == token.length)
		return true;
	char sign = token.text[length];
	if (sign != '+' && sign != '-')
		return lex_refuse(&parser->lexer, token.text,
		                  "`%.*s` is no address: NAME, NAME+N, NAME-N or a number",
		                  SHOWN(token));
	struct token offset = { name.text + length + 1, token.length - length - 1 };
	if (!parse_number(parser, offset, &value->number))
		return false;
	if (sign == '-')
		value->number = 0 - value->number;
	return true;
}

/* ---- Words ------------------------------------------------------------------- */

/* " reserve commit ...", as much as fits. */
static void list_words(const struct words *words, char *text, size_t size)
{
	size_t used = 0;
	text[0] = '\0';
	for (unsigned i = 0; i < words->count; i++) {
		size_t length = strlen(words->word[i].text);
		if (used + length + 2 > size)
			return;
		text[used++] = ' ';
		memcpy(text + used, words->word[i].text, length + 1);
		used += length;
	}
}

static const struct word *find_word(const struct words *words, struct token token)
{
	for (unsigned i = 0; i < words->count; i++)
		if (token_is(token, words->word[i].text))
			return &words->word[i];
	return NULL;
}

static bool parse_words(struct parser *parser, struct key key, struct token token,
                        uint64_t *number)
{
	const struct words *words = kind_words(key.kind);
	struct token rest = token, part;
	bool more = true;
	while (more) {
		more = words->flags && token_split(&rest, '|', &part);
		if (!words->flags)
			part = token;
		const struct word *word = find_word(words, part);
		if (word == NULL) {
			char known[120];
			list_words(words, known, sizeof known);
			return lex_refuse(&parser->lexer, part.text,
			                  "`%s` of %s has no word `%.*s`: it has%s", key.key,
			                  key.verb, SHOWN(part), known);
		}
		if (word->value == 0 && part.length != token.length)
			return lex_refuse(&parser->lexer, part.text, "`%s` stands alone",
			                  word->text);
		*number |= word->value;
	}
	return true;
}

static bool parse_flags(struct parser *parser, struct key key, struct token token,
                        uint64_t *number)
{
	bool plain = token.text[0] >= '0' && token.text[0] <= '9';
	if (!plain || !kind_words(key.kind)->flags)
		return parse_words(parser, key, token, number);
	if (!parse_number(parser, token, number))
		return false;
	if (*number > UINT32_MAX)
		return lex_refuse(&parser->lexer, token.text, "`%s` of %s has 32 bits", key.key,
		                  key.verb);
	return true;
}

/* 1 to 4 characters, or a number of 8 hexadecimal digits for any other tag; a
 * suffix in the place of the last would make it larger than a tag. */
static bool parse_tag(struct parser *parser, struct token token, uint64_t *number)
{
	if (token.length == 10 && token.text[0] == '0' && token.text[1] == 'x' &&
	    digit_value(token.text[9]) != 16)
		return parse_number(parser, token, number);
	if (token.length > 4)
		return lex_refuse(&parser->lexer, token.text,
		                  "a tag is 1 to 4 characters, or 0x and 8 digits");
	for (size_t i = 0; i < token.length; i++)
		*number |= (uint64_t)(unsigned char)token.text[i] << 8 * i;
	return true;
}

/* ---- Bytes ------------------------------------------------------------------- */

static bool parse_bytes(struct parser *parser, struct key key, struct token token,
                        struct value *value)
{
	struct program *program = &parser->trace->program;
	value->bytes = (uint32_t)program->bytes_count;
	if (token_is(token, "-"))
		return true;
	if (token.length / 2 > PROGRAM_BYTES_MAX)
		return lex_refuse(&parser->lexer, token.text, "`%s` has at most %d bytes", key.key,
		                  PROGRAM_BYTES_MAX);
	for (size_t i = 0; i < token.length; i++)
		if (digit_value(token.text[i]) == 16)
			return lex_refuse(&parser->lexer, token.text + i,
			                  "`%c` is no hexadecimal digit", token.text[i]);
	if (token.length % 2 != 0)
		return lex_refuse(&parser->lexer, token.text + token.length - 1,
		                  "a byte is two digits, and the last has one");
	for (size_t i = 0; i < token.length; i += 2) {
		int high = digit_value(token.text[i]), low = digit_value(token.text[i + 1]);
		uint8_t byte = (uint8_t)(high << 4 | low);
		program_add_bytes(program, &byte, 1);
	}
	value->number = token.length / 2;
	return true;
}

/* GAP:CPU, or GAP:vCHOICE; each is stored as the record has it. */
static bool parse_schedule_entry(struct parser *parser, struct token gap, struct token what,
                                 uint8_t entry[SCHEDULE_ENTRY])
{
	const unsigned cpus = parser->trace->program.machine.cpus;
	const bool choice = what.length > 1 && what.text[0] == 'v';
	const struct token digits = { what.text + choice, what.length - choice };
	uint64_t steps, number;
	if (!parse_number(parser, gap, &steps) || !parse_number(parser, digits, &number))
		return false;
	if (steps > SCHEDULE_GAP_MAX)
		return lex_refuse(&parser->lexer, gap.text, "a gap is at most %d steps",
		                  SCHEDULE_GAP_MAX);
	if (choice && number > SCHEDULE_CHOICE_MAX)
		return lex_refuse(&parser->lexer, what.text, "a choice is at most v%d",
		                  SCHEDULE_CHOICE_MAX);
	if (!choice && number >= cpus)
		return lex_refuse(&parser->lexer, what.text,
		                  "`%.*s` is not a CPU: the machine has %u", SHOWN(what), cpus);
	entry[SCHEDULE_GAP] = (uint8_t)steps;
	entry[SCHEDULE_GAP + 1] = (uint8_t)(steps >> 8);
	entry[choice ? SCHEDULE_CHOICE : SCHEDULE_CPU] = (uint8_t)(number + choice);
	return true;
}

static bool parse_schedule(struct parser *parser, struct key key, struct token token,
                           struct value *value)
{
	struct program *program = &parser->trace->program;
	const char *start = token.text;
	value->bytes = (uint32_t)program->bytes_count;
	bool more = true;
	while (more) {
		struct token what, gap;
		uint8_t entry[SCHEDULE_ENTRY] = { 0 };
		more = token_split(&token, ',', &what);
		if (!token_split(&what, ':', &gap))
			return lex_refuse(&parser->lexer, gap.text,
			                  "a schedule is GAP:CPU,GAP:CPU,...");
		if (!parse_schedule_entry(parser, gap, what, entry))
			return false;
		program_add_bytes(program, entry, sizeof entry);
		value->number += sizeof entry;
	}
	if (value->number > PROGRAM_BYTES_MAX)
		return lex_refuse(&parser->lexer, start, "`%s` has at most %d entries", key.key,
		                  PROGRAM_BYTES_MAX / SCHEDULE_ENTRY);
	return true;
}

bool parse_value(struct parser *parser, struct key key, struct token token, struct value *value)
{
	*value = (struct value){ 0 };
	if (token.length == 0)
		return lex_refuse(&parser->lexer, token.text, "`%s` has no value", key.key);
	if (kind_words(key.kind) != NULL)
		return parse_flags(parser, key, token, &value->number);
	if (key.kind == KIND_ADDRESS)
		return parse_address(parser, token, value);
	if (key.kind == KIND_PROCESS || key.kind == KIND_NAME)
		return parse_name(parser, token, &value->name);
	if (key.kind == KIND_TAG)
		return parse_tag(parser, token, &value->number);
	if (key.kind == KIND_BYTES)
		return parse_bytes(parser, key, token, value);
	if (key.kind == KIND_SCHEDULE)
		return parse_schedule(parser, key, token, value);
	return parse_number(parser, token, &value->number);
}
