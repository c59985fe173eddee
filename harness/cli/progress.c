/* progress.c: what a person sees while a campaign runs, and at its end. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "campaign.h"

/* Without a terminal a line now and then is enough. */
enum { LINE_SECONDS = 5 };

/* 1234567 as "1.23 M", so that a line keeps its width. */
static const char *brief(double number, char text[16])
{
	if (number >= 1e9)
		(void)snprintf(text, 16, "%.2f G", number / 1e9);
	else if (number >= 1e6)
		(void)snprintf(text, 16, "%.2f M", number / 1e6);
	else if (number >= 1e4)
		(void)snprintf(text, 16, "%.1f k", number / 1e3);
	else
		(void)snprintf(text, 16, "%.0f", number);
	return text;
}

static void print_line(const struct campaign *campaign)
{
	double elapsed = campaign->now - campaign->started;
	double left = (double)campaign->seconds - elapsed;
	char operations[16], operation_rate[16], executions[16], execution_rate[16];
	struct totals totals;

	campaign_totals(campaign, &totals);
	if (elapsed < 0.001)
		elapsed = 0.001;
	printf("%4.0f s | %s operations, %s/s | %s executions, %s/s | cov %" PRIu64, elapsed,
	       brief((double)totals.counts.executed, operations),
	       brief((double)totals.counts.executed / elapsed, operation_rate),
	       brief((double)totals.executions, executions),
	       brief((double)totals.executions / elapsed, execution_rate), totals.coverage);
	if (totals.features != 0)
		printf(" ft %" PRIu64, totals.features);
	printf(" | corpus %" PRIu64 " | verbs x statuses %u | %.0f s left", totals.corpus,
	       totals.reached, left > 0 ? left : 0);
}

void progress_show(const struct campaign *campaign, bool last)
{
	static double shown;
	bool terminal = isatty(STDOUT_FILENO) != 0;

	if (!last && campaign->now - shown < (terminal ? 0.5 : LINE_SECONDS))
		return;
	shown = campaign->now;
	if (terminal)
		printf("\r\033[K");
	print_line(campaign);
	printf(terminal && !last ? "" : "\n");
	(void)fflush(stdout);
}

static void print_verb(const struct totals *totals, unsigned verb)
{
	const char *separator = "";

	printf("  %-10s ", ops_table[verb].verb);
	for (unsigned i = 0; i < outcome_word_count; i++) {
		if (totals->counts.status[verb][i] == 0)
			continue;
		printf("%s%s %" PRIu64, separator, outcome_words[i].name,
		       totals->counts.status[verb][i]);
		separator = ", ";
	}
	printf("\n");
}

void progress_summary(const struct campaign *campaign)
{
	double elapsed = campaign->now - campaign->started;
	struct totals totals;

	campaign_totals(campaign, &totals);
	printf("\nOperations by verb and status:\n");
	for (unsigned verb = 0; verb < OP_COUNT; verb++)
		if (ops_table[verb].stage == STAGE_BUILT)
			print_verb(&totals, verb);
	printf("\n%" PRIu64 " operations compared in %.0f s (%.0f a second), %.1f %% succeeded, %" PRIu64
	       " skipped; %" PRIu64 " executions\n",
	       totals.counts.executed, elapsed, (double)totals.counts.executed / elapsed,
	       totals.counts.executed == 0
	               ? 0.0
	               : 100.0 * (double)totals.counts.succeeded / (double)totals.counts.executed,
	       totals.counts.skipped, totals.executions);
	printf("share of the reference: %.0f %% of an operation's time\n",
	       totals.counts.sampled_ns == 0 ? 0.0
	                                     : 100.0 * (double)totals.counts.reference_ns /
	                                               (double)totals.counts.sampled_ns);
	printf("coverage %" PRIu64 " edges", totals.coverage);
	if (totals.features != 0)
		printf(", %" PRIu64 " features", totals.features);
	printf("; corpus %" PRIu64 " inputs in %s\n", totals.corpus, campaign->corpus);
}
