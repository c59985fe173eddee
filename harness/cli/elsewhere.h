/* elsewhere.h: commands and files that need simulated CPUs, which are another build
 * of the same program: faultline-schedule, in the folder of this one. There
 * everything here is empty: nothing has to go elsewhere. */
#ifndef ELSEWHERE_H
#define ELSEWHERE_H

#include "../program/program.h"

/* Whether this build cannot run the program. */
bool elsewhere_needed(const struct program *program);
/* Runs the command there, with the same arguments up to `argc`, and then `more`;
 * returns its exit status, or that of the machine's failure, with a message. */
int elsewhere_run(int argc, char **argv, char **more, size_t more_count);

#endif
