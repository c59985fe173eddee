/* concurrent.h: random programs with a concurrent part: lines that set up a few pages,
 * several CPUs that work on them at once, and probes of what each CPU sees then. */
#ifndef CONCURRENT_H
#define CONCURRENT_H

#include "../program/program.h"
#include "prng.h"

enum {
	CONCURRENT_OPS_MAX = 12,   /* of a part */
	CONCURRENT_ENTRIES_MAX = 8 /* of a schedule that is made */
};

/* The program's old content is lost; the same seed gives the same program everywhere.
 * `scheduled`: the part gets a schedule, else its runner decides. */
void generate_concurrent(struct program *program, uint64_t seed, bool scheduled);

/* Gives a parallel some entries; with `choices` some of them are of the memory model,
 * so that the part runs on C11 memory. */
void generate_schedule(struct program *program, size_t parallel, struct prng *prng, bool choices);
/* Makes one entry: another CPU, or, `choice`, an older store. */
void generate_entry(uint8_t bytes[SCHEDULE_ENTRY], uint32_t cpus, struct prng *prng, bool choice);

#endif
