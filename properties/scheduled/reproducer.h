/* reproducer.h: the shortest schedule that shows a failure. */
#ifndef REPRODUCER_H
#define REPRODUCER_H

#include "search.h"

/* From a failure that was found to fewer entries. A failure is any; which one, is in
 * result->why again. */
void reproducer_shrink(const struct search *search, struct search_result *result);
/* Of 1000 replays, how many fail. */
unsigned reproducer_replay(const struct search *search, const struct search_result *result);
/* The entries in words: "after 3 CPU 1, ...". */
void reproducer_print(const struct search_result *result);

#endif
