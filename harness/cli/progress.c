/* progress.c: what a person sees while a campaign runs, and at its end. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "campaign.h"
#include "counts.h"

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

static double percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0.0 : 100.0 * (double)part / (double)whole;
}

static void print_count(uint64_t count, const char *what, double elapsed)
{
	char number[16], rate[16];

	printf(" | %s %s, %s/s", brief((double)count, number), what,
	       brief((double)count / elapsed, rate));
}

static void print_line(const struct campaign *campaign)
{
	double elapsed = campaign->now - campaign->started;
	double left = (double)campaign->seconds - elapsed;
	bool bytes = campaign->replay != NULL;
	struct totals totals;

	campaign_totals(campaign, &totals);
	if (elapsed < 0.001)
		elapsed = 0.001;
	printf("%4.0f s", elapsed);
	if (!bytes)
		print_count(totals.counts.executed, "operations", elapsed);
	if (totals.counts.histories > 0)
		print_count(totals.counts.histories, "histories", elapsed);
	print_count(totals.executions, bytes ? "inputs" : "executions", elapsed);
	printf(" | cov %" PRIu64, totals.coverage);
	if (totals.features != 0)
		printf(" ft %" PRIu64, totals.features);
	printf(" | corpus %" PRIu64, totals.corpus);
	if (bytes)
		printf(" | accepted %.0f %%", percent(totals.accepted, totals.executions));
	else
		printf(" | verbs x statuses %u", totals.reached);
	printf(" | %.0f s left", left > 0 ? left : 0);
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

static void print_operations(const struct totals *totals, double elapsed)
{
	const struct run_counts *counts = &totals->counts;

	counts_print_verbs(stdout, counts);
	printf("\n%" PRIu64 " operations compared in %.0f s (%.0f a second), %.1f %% succeeded, %" PRIu64
	       " skipped; %" PRIu64 " executions\n",
	       counts->executed, elapsed, (double)counts->executed / elapsed,
	       percent(counts->succeeded, counts->executed), counts->skipped, totals->executions);
	counts_print_histories(stdout, counts, elapsed);
	printf("share of the reference: %.0f %% of an operation's time\n",
	       percent(counts->reference_ns, counts->sampled_ns));
}

void progress_summary(const struct campaign *campaign)
{
	double elapsed = campaign->now - campaign->started;
	struct totals totals;

	campaign_totals(campaign, &totals);
	if (campaign->replay == NULL)
		print_operations(&totals, elapsed);
	else
		printf("\n%" PRIu64 " inputs in %.0f s (%.0f a second), %.1f %% accepted\n",
		       totals.executions, elapsed, (double)totals.executions / elapsed,
		       percent(totals.accepted, totals.executions));
	printf("coverage %" PRIu64 " edges", totals.coverage);
	if (totals.features != 0)
		printf(", %" PRIu64 " features", totals.features);
	printf("; corpus %" PRIu64 " inputs in %s\n", totals.corpus, campaign->corpus);
}
