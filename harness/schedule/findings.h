/* findings.h: what a search over schedules found, kept as a trace with the schedule
 * that shows it. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "explore.h"

enum { FINDINGS_PATH = 600 };

/* Writes FOLDER/TOKEN-HASH.vmt; the trace gets the schedule, too. `said`: what it
 * was, for its first comment. False: a message is on standard error. */
bool findings_save(const char *folder, struct trace *trace, const struct explore_result *result,
                   const char *said, char path[FINDINGS_PATH]);

#endif
