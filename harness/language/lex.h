/* lex.h: the lines of a text and the tokens of a line. A line is cut at its
 * comment; tokens are what stands between blanks. */
#ifndef LEX_H
#define LEX_H

#include "../program/program.h"

struct token {
	const char *text;
	size_t length;
};

struct lexer {
	const char *text, *end; /* the whole text */
	const char *next;       /* where the next line starts */
	uint32_t line;          /* the current line's number */
	const char *start, *at, *stop; /* the current line: all of it, what is left */
	bool refused;
	struct place *place; /* where and why */
};

/* To the next line with a token on it. False at the end of the text, and when
 * a line is refused for its bytes or its length. */
bool lex_line(struct lexer *lexer);
/* The line's next token; false when there is none. */
bool lex_token(struct lexer *lexer, struct token *token);
/* Refuses the text at a byte of the current line; always false. */
bool lex_refuse(struct lexer *lexer, const char *at, const char *format, ...);

bool token_is(struct token token, const char *text);
/* Splits *token at the first `separator`: returns what is before it, and
 * *token keeps what is behind. False when there is no separator: all of *token
 * is returned and *token is empty. */
bool token_split(struct token *token, char separator, struct token *head);
/* A letter or _, then letters, digits and _. The length of the name that
 * starts here; 0 when none does. */
size_t name_length(const char *at, const char *stop);

/* "%.*s" of a token in a message, at most 40 bytes of it. */
#define SHOWN(token) (int)((token).length < 40 ? (token).length : 40), (token).text

#endif
