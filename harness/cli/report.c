/* report.c: the one screen that a failure comes back as. */
#include <string.h>

#include "cli.h"

enum { LINES_SHOWN = 14 };

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
	        strcmp(own, token) == 0 ? finding_claim(finding)
	                                : "no operation stops the process, or never returns");
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
