/* words.h: the memory that simulated CPUs share. For harness/model alone. */
#ifndef WORDS_H
#define WORDS_H

#include "simulation.h"

/* Before an execution. */
void words_start(void);
/* The CPU goes on after a wait. */
void words_awake(const struct simulated_cpu *cpu);
/* The state of memory, as a hash. */
uint64_t words_state(void);

#endif
