/* counts.h: what was run, added up and told. */
#ifndef COUNTS_H
#define COUNTS_H

#include <stdio.h>

#include "../run/run.h"

void counts_add(struct run_counts *to, const struct run_counts *from);
/* A line for each verb that is built: how often each status came. */
void counts_print_verbs(FILE *out, const struct run_counts *counts);
/* A line of concurrent parts; nothing where there were none. */
void counts_print_histories(FILE *out, const struct run_counts *counts, double seconds);

#endif
