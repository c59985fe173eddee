/* pairs.c: the table as traces. The CPUs are alike, so two rows meet once, and a
 * row meets itself. */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"

static const struct {
	const char *name, *machine, *process, *lines;
} starts[] = {
#define START(name, machine, process, lines) { #name, machine, process, lines },
#define PAIR(VERB, name, lines)
#include "pairs.def"
#undef START
#undef PAIR
};

static const struct {
	enum verb verb;
	const char *name, *lines;
} rows[] = {
#define START(name, machine, process, lines)
#define PAIR(VERB, name, lines) { OP_##VERB, #name, lines },
#include "pairs.def"
#undef START
#undef PAIR
};

enum { STARTS = sizeof starts / sizeof starts[0], ROWS = sizeof rows / sizeof rows[0] };

/* What every scenario ends with: what each CPU sees now. */
static const char probes[] = "load ^ a u32\n@1 load ^ a u32\nload ^ a+0x1000 u32\n"
			     "@1 load ^ a+0x1000 u32\nquery ^ addr=a\nquery ^ addr=a+0x1000\n"
			     "query ^ addr=a+0x2000\nquery ^ addr=n0\nquery ^ addr=n1\ncheck\n";

size_t pairs_count(void)
{
	return (size_t)STARTS * (ROWS * (ROWS + 1) / 2);
}

struct pairs_scenario pairs_scenario(size_t number)
{
	struct pairs_scenario scenario = { .start = (unsigned)(number % STARTS) };
	size_t left = number / STARTS;

	while (left >= ROWS - scenario.row[0])
		left -= ROWS - scenario.row[0]++;
	scenario.row[1] = scenario.row[0] + (unsigned)left;
	return scenario;
}

enum verb pairs_verb(unsigned row)
{
	return rows[row].verb;
}

enum verb pairs_missing(void)
{
	for (unsigned verb = 0; verb < OP_COUNT; verb++) {
		/* A check wants a machine at rest. */
		bool found = ops_table[verb].stage != STAGE_BUILT || verb == OP_CHECK;

		for (unsigned i = 0; i < ROWS && !found; i++)
			found = rows[i].verb == verb;
		if (!found)
			return (enum verb)verb;
	}
	return OP_COUNT;
}

void pairs_name(const struct pairs_scenario *scenario, char *name, size_t room)
{
	const unsigned *row = scenario->row;

	(void)snprintf(name, room, "%s: %s %s, %s %s", starts[scenario->start].name,
	               ops_table[rows[row[0]].verb].verb, rows[row[0]].name,
	               ops_table[rows[row[1]].verb].verb, rows[row[1]].name);
}

/* Lines with ^ and $ replaced; `cpu` in front of each when it is not NULL. */
static void write_lines(FILE *out, const char *lines, const char *process, const char *cpu)
{
	bool starts_line = true;

	for (const char *at = lines; *at != '\0'; at++) {
		if (starts_line && cpu != NULL)
			fprintf(out, "@%s ", cpu);
		starts_line = *at == '\n';
		if (*at == '^')
			fputs(process, out);
		else if (*at == '$' && cpu != NULL)
			fputs(cpu, out);
		else
			fputc(*at, out);
	}
}

void pairs_trace(const struct pairs_scenario *scenario, struct trace *trace)
{
	const char *process = starts[scenario->start].process;
	char *text = NULL;
	size_t size = 0;
	struct place place;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		memory_exhausted();
	fprintf(out, "vmt 1\nmachine cpus=2%s\n", starts[scenario->start].machine);
	write_lines(out, starts[scenario->start].lines, process, NULL);
	fputs("parallel\n", out);
	write_lines(out, rows[scenario->row[0]].lines, process, "0");
	write_lines(out, rows[scenario->row[1]].lines, process, "1");
	fputs("join\n", out);
	write_lines(out, probes, process, NULL);
	if (fclose(out) != 0)
		memory_exhausted();
	if (!trace_parse(trace, text, size, &place)) {
		fprintf(stderr, "pairs.def: line %zu of this is wrong: %s\n%s", place.line,
		        place.message, text);
		exit(3);
	}
	free(text);
}
