/* report.h: the rows as a table on standard output and as JSON. */
#ifndef REPORT_H
#define REPORT_H

#include "measure.h"

struct row {
	const char *name, *ours, *peer;
	struct goal goal;
	struct measured of_ours, of_peer;
	bool has_peer;
};

void report_head(void);
void report_row(const struct row *row);
/* How many goals were met; to be printed under the table. */
void report_foot(const struct row *rows, unsigned count);
/* False: the file cannot be written. */
bool report_json(const struct row *rows, unsigned count, const char *path);

#endif
