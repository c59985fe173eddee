/* report.c: the one screen that a failure comes back as. */
#include <string.h>

#include "cli.h"

enum { LINES_SHOWN = 14, COLUMNS_SHOWN = 100, BYTES_A_LINE = 16 };

#define STOPS(what) "no " what " stops the process, or never returns"


static void print_line(FILE *out, const struct trace *trace, size_t index, bool marked)
{
	fprintf(out, "%s ", marked ? ">" : " ");
	trace_print_op(out, &trace->program, index, trace->name);
	fprintf(out, "%s\n", marked ? "    <- here" : "");
}

void report_print(FILE *out, const struct trace *trace, const struct finding *finding,
                  const char *token, const char *path)
{
	size_t last = finding->op;
	size_t first = last + 1 > LINES_SHOWN ? last + 1 - LINES_SHOWN : 0;
	char own[64];

	finding_token(finding, own, sizeof own);
	fprintf(out, "FAIL %s: %s\n\n", token,
	        strcmp(own, token) == 0 ? finding_claim(finding) : STOPS("operation"));
	trace_print_head(out, &trace->program.machine);
	if (first > 0)
		fprintf(out, "  (%zu operations before these)\n", first);
	for (size_t i = first; i <= last && i < trace->program.count; i++)
		print_line(out, trace, i, i == last);
	if (trace->program.count > last + 1)
		fprintf(out, "  (%zu operations after it)\n", trace->program.count - last - 1);
	fprintf(out, "\n");
	if (finding->rule[0] != '\0')
		fprintf(out, "  rule      %s\n", finding->rule);
	fprintf(out, "  expected  %s\n", finding->expected);
	if (finding->actual[0] != '\0')
		fprintf(out, "  actual    %s\n", finding->actual);
	if (finding->history[0] != '\0')
		fprintf(out, "\n  history\n%s", finding->history);
	fprintf(out, "\n  replay:   %s replay %s\n", cli_program, path);
}

/* ---- Inputs that are bytes -------------------------------------------------------- */

static bool is_text(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] != '\t' && data[i] != '\n' && (data[i] < ' ' || data[i] > '~'))
			return false;
	return true;
}

/* The first lines; how many bytes they are. */
static size_t print_text(FILE *out, const uint8_t *data, size_t size)
{
	size_t at = 0;

	for (unsigned line = 0; line < LINES_SHOWN && at < size; line++) {
		const uint8_t *newline = memchr(data + at, '\n', size - at);
		size_t end = newline == NULL ? size : (size_t)(newline - data);
		size_t length = end - at > COLUMNS_SHOWN ? COLUMNS_SHOWN : end - at;

		fprintf(out, "  %.*s%s\n", (int)length, (const char *)data + at,
		        length < end - at ? "..." : "");
		at = newline == NULL ? size : end + 1;
	}
	return at;
}

static size_t print_hex(FILE *out, const uint8_t *data, size_t size)
{
	size_t shown = size > LINES_SHOWN * BYTES_A_LINE ? LINES_SHOWN * BYTES_A_LINE : size;

	for (size_t at = 0; at < shown; at++)
		fprintf(out, "%s%02x%s", at % BYTES_A_LINE == 0 ? "  " : " ", data[at],
		        at % BYTES_A_LINE == BYTES_A_LINE - 1 || at + 1 == shown ? "\n" : "");
	return shown;
}

/* What a target says of a broken claim: "faultline: CLAIM", lines that are indented,
 * and the token, behind which a sanitizer may say more. */
static const char *claim_of(const char *said, int *length)
{
	const char *claim = strstr(said, "faultline: ");

	claim = claim == NULL ? NULL : claim + strlen("faultline: ");
	*length = claim == NULL ? 0 : (int)strcspn(claim, "\n");
	return claim;
}

static void print_details(FILE *out, const char *claim)
{
	const char *at = strchr(claim, '\n');

	for (; at != NULL && strncmp(at, "\n  ", 3) == 0; at = strchr(at + 1, '\n'))
		fprintf(out, "  %.*s\n", (int)strcspn(at + 3, "\n"), at + 3);
}

/* The line of a sanitizer's report that says what it saw. */
static void print_sanitizer(FILE *out, const char *said)
{
	const char *at = strstr(said, "Sanitizer: ");

	at = at != NULL ? at + strlen("Sanitizer: ") : strstr(said, "runtime error: ");
	if (at != NULL)
		fprintf(out, "  actual    %.*s\n", (int)strcspn(at, "\n"), at);
}

void report_bytes_print(FILE *out, const uint8_t *data, size_t size, const char *token,
                        const char *said, const char *program, const char *path)
{
	int length;
	const char *claim = claim_of(said, &length);
	size_t shown;

	if (claim != NULL)
		fprintf(out, "FAIL %s: %.*s\n\n", token, length, claim);
	else
		fprintf(out, "FAIL %s: %s\n\n", token, STOPS("input"));
	shown = is_text(data, size) ? print_text(out, data, size) : print_hex(out, data, size);
	if (shown < size)
		fprintf(out, "  (%zu bytes after these)\n", size - shown);
	fprintf(out, "\n");
	if (claim != NULL)
		print_details(out, claim);
	else
		print_sanitizer(out, said);
	fprintf(out, "\n  replay:   %s %s\n", program, path);
}
