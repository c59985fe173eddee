/* lex.c: see lex.h. Every byte of a text is looked at here first, so the rest
 * of the parser sees printable ASCII and nothing else. */
#include "lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trace.h"

bool lex_refuse(struct lexer *lexer, const char *at, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	lexer->refused = true;
	lexer->place->line = lexer->line;
	lexer->place->column = (size_t)(at - lexer->start) + 1;
	vsnprintf(lexer->place->message, sizeof lexer->place->message, format, arguments);
	va_end(arguments);
	return false;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* Finds the current line's comment and blank end, and refuses bad bytes. */
static bool trim_line(struct lexer *lexer)
{
	if (lexer->stop > lexer->start && lexer->stop[-1] == '\r')
		lexer->stop--;
	const char *comment = NULL;
	for (const char *at = lexer->start; at < lexer->stop; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte == 0)
			return lex_refuse(lexer, at, "a NUL byte: this is no text");
		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return lex_refuse(lexer, at, "a control character (byte 0x%02x)", byte);
		if (byte >= 0x80 && comment == NULL)
			return lex_refuse(lexer, at,
			                  "only ASCII stands outside comments (byte 0x%02x)",
			                  byte);
		if (byte == '#' && comment == NULL)
			comment = at;
	}
	if (comment != NULL)
		lexer->stop = comment;
	while (lexer->stop > lexer->start && is_blank(lexer->stop[-1]))
		lexer->stop--;
	return true;
}

bool lex_line(struct lexer *lexer)
{
	while (lexer->next < lexer->end) {
		lexer->line++;
		lexer->start = lexer->at = lexer->next;
		size_t left = (size_t)(lexer->end - lexer->start);
		const char *newline = memchr(lexer->start, '\n', left);
		lexer->stop = newline == NULL ? lexer->end : newline;
		lexer->next = newline == NULL ? lexer->end : newline + 1;
		if (lexer->stop - lexer->start > TRACE_LINE_MAX)
			return lex_refuse(lexer, lexer->start + TRACE_LINE_MAX,
			                  "a line has at most %d bytes", TRACE_LINE_MAX);
		if (!trim_line(lexer))
			return false;
		while (lexer->at < lexer->stop && is_blank(*lexer->at))
			lexer->at++;
		if (lexer->at < lexer->stop)
			return true;
	}
	return false;
}

bool lex_token(struct lexer *lexer, struct token *token)
{
	while (lexer->at < lexer->stop && is_blank(*lexer->at))
		lexer->at++;
	token->text = lexer->at;
	while (lexer->at < lexer->stop && !is_blank(*lexer->at))
		lexer->at++;
	token->length = (size_t)(lexer->at - token->text);
	return token->length > 0;
}

bool token_is(struct token token, const char *text)
{
	return strlen(text) == token.length && memcmp(text, token.text, token.length) == 0;
}

bool token_split(struct token *token, char separator, struct token *head)
{
	const char *found = memchr(token->text, separator, token->length);
	const char *end = token->text + token->length;
	head->text = token->text;
	head->length = (size_t)((found == NULL ? end : found) - token->text);
	token->text = found == NULL ? end : found + 1;
	token->length = (size_t)(end - token->text);
	return found != NULL;
}

size_t name_length(const char *at, const char *stop)
{
	const char *from = at;
	for (; at < stop; at++) {
		bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
		              *at == '_';
		if (!letter && (at == from || *at < '0' || *at > '9'))
			break;
	}
	return (size_t)(at - from);
}
