/* engine_afl.h: what the two halves of AFL++'s engine share: engine_afl.c runs
 * afl-fuzz, engine_afl_inputs.c carries inputs into its queue and out of it. */
#ifndef ENGINE_AFL_H
#define ENGINE_AFL_H

#include <limits.h>

#include "engine.h"

enum { LONG_PATH = 2 * PATH_ROOM + NAME_MAX };

/* Calls visit for each file of a folder until one is taken. */
void afl_each_file(const char *folder, bool (*visit)(const char *name, void *context),
                   void *context);

/* A folder with all that is in it. True when it is gone; false: said why. */
bool afl_remove(const char *folder);

/* Where afl-fuzz starts from: a folder in its output folder. */
void afl_seeds(const struct campaign *campaign, char path[LONG_PATH]);
/* Fills it from the corpus. False: said why. */
bool afl_choose_seeds(const struct campaign *campaign);

/* What an instance found and nobody gave it. */
struct afl_inputs {
	unsigned made, by_mutator;
	unsigned shared; /* went into the corpus */
};
void afl_count_inputs(const struct campaign *campaign, const char *queue,
                      struct afl_inputs *inputs);

#endif
