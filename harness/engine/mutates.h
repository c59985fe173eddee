/* mutates.h: what an engine's mutator makes: concurrent programs where CPUs are
 * simulated, since only there they run, and else sequential ones. */
#ifndef MUTATES_H
#define MUTATES_H

#include "../../core/atomic.h"
#include "../generate/mutate.h"

#ifdef VMM_SCHEDULED
enum { MUTATES_CONCURRENT = 1 };
#else
enum { MUTATES_CONCURRENT = 0 };
#endif

#endif
