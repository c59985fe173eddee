/* verdict.h: why an execution did not end, in words. For harness/model alone. */
#ifndef VERDICT_H
#define VERDICT_H

#include "model.h"

/* Of the execution that has just been given up: fills result->report. */
void verdict_write(struct model_result *result);

#endif
