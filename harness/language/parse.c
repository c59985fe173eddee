/* parse.c: text to a trace, line by line:
 *
 *   [@CPU] [NAME =] VERB [SUBJECT] [ADDRESS] {key=value} [-> STATUS {key=value}]
 *
 * The rows of ops.def say what stands where. A text is read whole or refused
 * at its first mistake, with nothing kept. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"
#include "parser.h"

/* ---- What stands before the inputs --------------------------------------------- */

static bool parse_subject(struct parser *parser, struct statement *line)
{
	struct lexer *lexer = &parser->lexer;
	const char *verb = line->info->verb;
	struct token token;
	name_ref *where = line->info->subject == SUBJECT_BINDS ? &line->op.result
	                                                       : &line->op.subject;
	if (line->info->subject == SUBJECT_NONE)
		return true;
	if (next_plain(parser, &token)) {
		if (!parse_name(parser, token, where))
			return false;
		if (*where == 0 && line->info->subject == SUBJECT_BINDS)
			return lex_refuse(lexer, token.text,
			                  "P0 is the first process and cannot be bound again");
		return true;
	}
	if (line->info->subject == SUBJECT_PROCESS)
		return lex_refuse(lexer, line->verb.text, "%s needs a process: `%s P0 ...`", verb,
		                  verb);
	return line->info->subject == SUBJECT_BINDS ||
	       lex_refuse(lexer, line->verb.text, "%s needs a name: `%s NAME ...`", verb, verb);
}

/* `@N`, where the line has it. */
static bool parse_cpu(struct parser *parser, struct statement *line)
{
	struct lexer *lexer = &parser->lexer;
	uint32_t cpus = parser->trace->program.machine.cpus;
	if (*lexer->at != '@')
		return true;
	struct token token;
	lex_token(lexer, &token);
	struct token number = { token.text + 1, token.length - 1 };
	uint64_t cpu;
	if (!parse_number(parser, number, &cpu))
		return false;
	if (cpu >= cpus)
		return lex_refuse(lexer, token.text,
		                  "`%.*s` is not a CPU: the machine has %" PRIu32, SHOWN(token),
		                  cpus);
	line->op.cpu = (uint8_t)cpu;
	return true;
}

/* `NAME =`, where the line has it: *bound is NAME's token, or empty. */
static void parse_binding(struct parser *parser, struct token *bound)
{
	struct lexer *lexer = &parser->lexer;
	const char *at = lexer->at;
	while (at < lexer->stop && (*at == ' ' || *at == '\t'))
		at++;
	*bound = (struct token){ at, name_length(at, lexer->stop) };
	at += bound->length;
	while (at < lexer->stop && (*at == ' ' || *at == '\t'))
		at++;
	if (bound->length != 0 && at < lexer->stop && *at == '=')
		lexer->at = at + 1;
	else
		bound->length = 0;
}

static bool bind(struct parser *parser, struct statement *line, struct token name)
{
	struct lexer *lexer = &parser->lexer;
	if (name.length == 0)
		return true;
	if (line->info->subject == SUBJECT_BINDS)
		return lex_refuse(lexer, name.text, "%s names what it binds itself: `%s NAME`",
		                  line->info->verb, line->info->verb);
	if (!op_binds((enum verb)line->op.verb))
		return lex_refuse(lexer, name.text,
		                  "%s returns nothing that a name could stand for",
		                  line->info->verb);
	if (!parse_name(parser, name, &line->op.result))
		return false;
	return line->op.result != 0 ||
	       lex_refuse(lexer, name.text, "P0 is the first process and cannot be bound again");
}

static bool parse_verb(struct parser *parser, struct statement *line)
{
	if (!lex_token(&parser->lexer, &line->verb) || starts_arrow(line->verb))
		return lex_refuse(&parser->lexer, line->verb.text, "an operation is missing");
	for (unsigned verb = OP_MACHINE; verb < OP_COUNT; verb++) {
		if (!token_is(line->verb, ops_table[verb].verb))
			continue;
		line->op.verb = (uint8_t)verb;
		line->info = &ops_table[verb];
		return true;
	}
	if (token_is(line->verb, "vmt"))
		return lex_refuse(&parser->lexer, line->verb.text, "`vmt` is the first line alone");
	return lex_refuse(&parser->lexer, line->verb.text,
	                  "unknown verb `%.*s` (docs/OPS.md has them all)", SHOWN(line->verb));
}

/* ---- Lines --------------------------------------------------------------------- */

static bool take_machine(struct parser *parser, const struct statement *line)
{
	struct program *program = &parser->trace->program;
	struct lexer *lexer = &parser->lexer;
	if (parser->machine_seen)
		return lex_refuse(lexer, line->verb.text, "a second machine line");
	if (program->count != 0)
		return lex_refuse(lexer, line->verb.text,
		                  "the machine stands before any operation");
	parser->machine_seen = true;
	unsigned wrong = 0;
	char message[sizeof lexer->place->message];
	return machine_set(&program->machine, line->op.number, line->given, &wrong, message,
	                   sizeof message) ||
	       lex_refuse(lexer, line->at[wrong], "%s", message);
}

static bool append(struct parser *parser, const struct statement *line)
{
	struct trace *trace = parser->trace;
	if (trace->program.count == PROGRAM_OPS_MAX)
		return lex_refuse(&parser->lexer, line->verb.text,
		                  "a trace has at most %d operations", PROGRAM_OPS_MAX);
	*program_append(&trace->program) = line->op;
	trace->line = memory_grow(trace->line, &trace->line_capacity, trace->program.count,
	                          sizeof *trace->line);
	trace->line[trace->program.count - 1] = (struct trace_line){
		.line = parser->lexer.line,
		.column = (uint32_t)(line->verb.text - parser->lexer.start) + 1,
	};
	return true;
}

static bool parse_line(struct parser *parser)
{
	struct statement line = { 0 };
	struct lexer *lexer = &parser->lexer;
	const char *start = lexer->at;
	struct token bound, token;
	if (!parse_cpu(parser, &line))
		return false;
	parse_binding(parser, &bound);
	if (!parse_verb(parser, &line) || !bind(parser, &line, bound) ||
	    !parse_subject(parser, &line) || !parse_positions(parser, &line))
		return false;
	bool arrow = false;
	while (!arrow && lex_token(lexer, &token)) {
		arrow = starts_arrow(token);
		if (arrow)
			lexer->at = token.text + 2;
		else if (!parse_pair(parser, &line, token))
			return false;
	}
	if (!find_missing(parser, &line))
		return false;
	if (line.op.verb != OP_MACHINE)
		return append(parser, &line) && (!arrow || parse_expectation(parser));
	if (arrow)
		return lex_refuse(lexer, token.text, "the machine has no outcome");
	if (*start == '@')
		return lex_refuse(lexer, start, "the machine is no operation of a CPU");
	return take_machine(parser, &line);
}

static bool parse_first_line(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;
	struct token token = { NULL, 0 }, version = { NULL, 0 };
	bool some = lex_line(lexer);
	if (lexer->refused)
		return false;
	if (!some || lexer->line != 1 || !lex_token(lexer, &token) || !token_is(token, "vmt")) {
		lexer->line = 1;
		return lex_refuse(lexer, lexer->start, "the first line must be `vmt 1`");
	}
	if (!lex_token(lexer, &version))
		return lex_refuse(lexer, version.text, "the version is missing: `vmt 1`");
	if (!token_is(version, "1"))
		return lex_refuse(lexer, version.text,
		                  "version %.*s is not supported, this is version 1",
		                  SHOWN(version));
	return !lex_token(lexer, &token) ||
	       lex_refuse(lexer, token.text, "nothing follows `vmt 1`: `%.*s`", SHOWN(token));
}

/* Every line may be an operation: room for them at once, since growing to it
 * would cost up to a quarter more. */
static void reserve(struct parser *parser)
{
	struct trace *trace = parser->trace;
	size_t lines = 1;
	for (const char *at = parser->lexer.text; at < parser->lexer.end; at++)
		lines += *at == '\n';
	size_t count = lines < PROGRAM_OPS_MAX ? lines : PROGRAM_OPS_MAX;
	program_reserve(&trace->program, count, 0);
	trace->line = memory_resize(NULL, count * sizeof *trace->line);
	trace->line_capacity = count;
}

static bool parse_text(struct parser *parser)
{
	reserve(parser);
	if (!parse_first_line(parser))
		return false;
	while (lex_line(&parser->lexer))
		if (!parse_line(parser))
			return false;
	return !parser->lexer.refused;
}

bool trace_parse(struct trace *trace, const char *text, size_t size, struct place *place)
{
	trace_destroy(trace);
	struct parser parser = { .trace = trace };
	parser.lexer = (struct lexer){ .text = text, .end = text + size, .next = text,
		                       .start = text, .at = text, .stop = text, .place = place };
	if (size > TRACE_SIZE_MAX) {
		parser.lexer.line = 1;
		return lex_refuse(&parser.lexer, text, "a trace has at most %d MiB",
		                  TRACE_SIZE_MAX >> 20);
	}
	trace->strings = memory_resize(NULL, size + 1);
	if (size > 0)
		memcpy(trace->strings, text, size);
	bool good = parse_text(&parser);
	free(parser.bucket);
	if (!good)
		trace_destroy(trace);
	return good;
}
