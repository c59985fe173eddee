/* play.h: executions of a scenario. */
#ifndef PLAY_H
#define PLAY_H

#include "scenario.h"

/* In the process that is to play it, before anything else: makes the stage and runs
 * the steps in every order. */
void play_open(const struct scenario *scenario);
/* One execution, for which oracle_next was called. NULL, or what does not hold, valid
 * until the next. */
const char *play(enum model_memory memory, struct oracle *oracle);
/* False: the last one was given up in its middle, and there is no other in this process. */
bool play_may_go_on(void);
/* What the last execution came to. */
uint64_t play_outcome(void);

#endif
