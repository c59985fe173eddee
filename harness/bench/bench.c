/* bench.c: measures libvmm beside its peers in one run, prints a table and writes
 * JSON:
 *
 *   bench FILE.json [PART...]
 *
 * Only rows whose name has one of the PARTs in it are measured; none: all. Exit
 * status 1 when the benchmark itself fails; a missed goal is no failure, since the
 * machine may be busy (docs/PERFORMANCE.md). */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { ROWS_MAX = 96 };

static struct row rows[ROWS_MAX];
static unsigned row_count;
static char **parts;
static int part_count;

_Noreturn void bench_fail(const char *what)
{
	fprintf(stderr, "bench: %s failed\n", what);
	exit(1);
}

bool bench_wanted(const char *name)
{
	for (int i = 0; i < part_count; i++)
		if (strstr(name, parts[i]) != NULL)
			return true;
	return part_count == 0;
}

void bench_row(const char *name, struct bench_side ours, struct bench_side peer, struct goal goal)
{
	struct row *row = &rows[row_count];

	if (!bench_wanted(name))
		return;
	bench_must(row_count < ROWS_MAX, "room for another row");
	row_count++;
	*row = (struct row){ .name = name, .ours = ours.what, .peer = peer.what, .goal = goal };
	row->has_peer = peer.run != NULL;
	measure_pair(&ours, &peer, &row->of_ours, &row->of_peer);
	report_row(row);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: bench FILE.json [PART-OF-A-ROW'S-NAME...]\n");
		return 2;
	}
	parts = argv + 2;
	part_count = argc - 2;
	measure_start();
	report_head();
	bench_tlb();
	bench_fault();
	bench_frames();
	bench_ranges();
	bench_lookup();
	report_foot(rows, row_count);
	bench_must(report_json(rows, row_count, argv[1]), "writing the JSON");
	return 0;
}
