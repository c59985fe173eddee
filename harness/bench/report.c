/* report.c: the table and the JSON of a run. */
#include "report.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Ours over the peer's, as a goal of the kind has it. */
static double ratio_of(const struct row *row)
{
	double ratio = row->of_ours.median / row->of_peer.median;

	return row->goal.kind == GOAL_AT_LEAST ? 1 / ratio : ratio;
}

static bool reaches(const struct row *row, double wanted)
{
	if (row->goal.kind == GOAL_AT_LEAST)
		return ratio_of(row) >= wanted;
	return ratio_of(row) <= wanted;
}

static const char *met(const struct row *row)
{
	if (row->goal.kind == GOAL_NONE || !row->has_peer)
		return "-";
	if (!reaches(row, row->goal.committed))
		return "no";
	return row->goal.ambitious > 0 && reaches(row, row->goal.ambitious) ? "ambitious" : "yes";
}

/* A time with three digits that mean something. */
static const char *time_text(double ns, char *text, size_t size)
{
	(void)snprintf(text, size, ns < 9.995 ? "%.2f" : ns < 99.95 ? "%.1f" : "%.0f", ns);
	return text;
}

static const char *ratio_text(const struct row *row, char *text, size_t size)
{
	if (!row->has_peer)
		(void)snprintf(text, size, "-");
	else if (row->goal.kind == GOAL_AT_LEAST)
		(void)snprintf(text, size, "%.1fx", ratio_of(row));
	else
		(void)snprintf(text, size, "%.2f", ratio_of(row));
	return text;
}

static const char *goal_text(struct goal goal, char *text, size_t size)
{
	if (goal.kind == GOAL_NONE)
		(void)snprintf(text, size, "-");
	else if (goal.kind == GOAL_AT_LEAST)
		(void)snprintf(text, size, ">= %gx", goal.committed);
	else
		(void)snprintf(text, size, "<= %.2f", goal.committed);
	return text;
}

void report_head(void)
{
	printf("%-33s %8s  %-24s %8s %7s %8s  %s\n", "operation", "ours ns", "peer", "peer ns",
	       "ratio", "goal", "met");
}

void report_row(const struct row *row)
{
	char ours[24], peer[24], ratio[24], goal[24];

	printf("%-33s %8s  %-24s %8s %7s %8s  %s\n", row->name,
	       time_text(row->of_ours.median, ours, sizeof ours), row->peer,
	       row->has_peer ? time_text(row->of_peer.median, peer, sizeof peer) : "missing",
	       ratio_text(row, ratio, sizeof ratio), goal_text(row->goal, goal, sizeof goal),
	       met(row));
	(void)fflush(stdout);
}

void report_foot(const struct row *rows, unsigned count)
{
	unsigned goals = 0, reached = 0, missing = 0;

	for (unsigned i = 0; i < count; i++) {
		missing += !rows[i].has_peer;
		if (rows[i].goal.kind == GOAL_NONE || !rows[i].has_peer)
			continue;
		goals++;
		reached += reaches(&rows[i], rows[i].goal.committed);
	}
	printf("\n%u of %u goals met", reached, goals);
	if (missing != 0)
		printf("; %u rows without their peer, which is not installed", missing);
	printf("\nratio: ours / peer where the goal is <=, peer / ours (times as fast) where it is "
	       ">=\n");
}

/* ---- JSON ------------------------------------------------------------------------ */

static void put_measured(FILE *file, const char *key, const char *what,
                         const struct measured *measured)
{
	(void)fprintf(file,
	              "\"%s\": {\"what\": \"%s\", \"median_ns\": %.3f, \"lowest_ns\": %.3f, "
	              "\"highest_ns\": %.3f, \"samples\": %u, \"rejected\": %u}",
	              key, what, measured->median, measured->lowest, measured->highest,
	              measured->samples, measured->rejected);
}

static void put_row(FILE *file, const struct row *row)
{
	static const char *const kinds[] = { [GOAL_NONE] = "none",
		                             [GOAL_AT_MOST] = "ours_over_peer_at_most",
		                             [GOAL_AT_LEAST] = "peer_over_ours_at_least" };

	(void)fprintf(file, "  {\"operation\": \"%s\",\n   ", row->name);
	put_measured(file, "ours", row->ours, &row->of_ours);
	(void)fprintf(file, ",\n   ");
	if (row->has_peer)
		put_measured(file, "peer", row->peer, &row->of_peer);
	else
		(void)fprintf(file, "\"peer\": {\"what\": \"%s\", \"missing\": true}", row->peer);
	(void)fprintf(file, ",\n   \"goal\": {\"kind\": \"%s\", \"committed\": %g, "
	                    "\"ambitious\": %g}, \"met\": \"%s\"",
	              kinds[row->goal.kind], row->goal.committed, row->goal.ambitious, met(row));
	if (row->has_peer)
		(void)fprintf(file, ", \"ours_over_peer\": %.4f",
		              row->of_ours.median / row->of_peer.median);
	(void)fprintf(file, "}");
}

bool report_json(const struct row *rows, unsigned count, const char *path)
{
	FILE *file = fopen(path, "w");
	time_t now = time(NULL);
	struct tm utc;
	char date[32] = "";

	if (file == NULL)
		return false;
	if (gmtime_r(&now, &utc) != NULL)
		(void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
	(void)fprintf(file, "{\"date\": \"%s\", \"cpus\": %ld, \"compiler\": \"%s\", \"rows\": [\n",
	              date, sysconf(_SC_NPROCESSORS_ONLN), __VERSION__);
	for (unsigned i = 0; i < count; i++) {
		put_row(file, &rows[i]);
		(void)fprintf(file, i + 1 < count ? ",\n" : "\n");
	}
	(void)fprintf(file, "]}\n");
	return fclose(file) == 0;
}
