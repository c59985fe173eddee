/* counts.c: see counts.h. */
#include "counts.h"

#include <inttypes.h>

void counts_add(struct run_counts *to, const struct run_counts *from)
{
	to->executed += from->executed;
	to->succeeded += from->succeeded;
	to->skipped += from->skipped;
	to->not_built += from->not_built;
	to->histories += from->histories;
	for (unsigned i = 0; i < RUN_LENGTHS; i++)
		to->length[i] += from->length[i];
	to->steps += from->steps;
	if (from->longest > to->longest)
		to->longest = from->longest;
	to->reference_ns += from->reference_ns;
	to->sampled_ns += from->sampled_ns;
	for (unsigned verb = 0; verb < OP_COUNT; verb++)
		for (unsigned i = 0; i < RUN_STATUSES_MAX; i++)
			to->status[verb][i] += from->status[verb][i];
}

static void print_verb(FILE *out, const struct run_counts *counts, unsigned verb)
{
	const char *separator = "";

	fprintf(out, "  %-10s ", ops_table[verb].verb);
	for (unsigned i = 0; i < outcome_word_count; i++) {
		if (counts->status[verb][i] == 0)
			continue;
		fprintf(out, "%s%s %" PRIu64, separator, outcome_words[i].name,
		        counts->status[verb][i]);
		separator = ", ";
	}
	fprintf(out, "\n");
}

void counts_print_verbs(FILE *out, const struct run_counts *counts)
{
	fprintf(out, "\nOperations by verb and status:\n");
	for (unsigned verb = 0; verb < OP_COUNT; verb++)
		if (ops_table[verb].stage == STAGE_BUILT ||
		    (ops_table[verb].stage == STAGE_SCHEDULED && counts->histories > 0))
			print_verb(out, counts, verb);
}

void counts_print_histories(FILE *out, const struct run_counts *counts, double seconds)
{
	if (counts->histories == 0)
		return;
	fprintf(out, "histories by operations:");
	for (unsigned i = 0; i < RUN_LENGTHS; i++)
		if (counts->length[i] > 0)
			fprintf(out, " %u: %" PRIu64, i, counts->length[i]);
	fprintf(out,
	        "\n%" PRIu64 " histories in %.0f s (%.0f a second), %.1f steps each; "
	        "at most %" PRIu64 " steps of an operation\n",
	        counts->histories, seconds, (double)counts->histories / seconds,
	        (double)counts->steps / (double)counts->histories, counts->longest);
}
