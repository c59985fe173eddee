/* switch_coverage.c: verb x where x verb, hashed into extra counters (see
 * run/state_coverage.c). Where: the last named schedule point, and the number of steps
 * since the operation began, less exactly the more there are. */
#include "switch_coverage.h"

#include "../program/program.h"

enum { COUNTERS = 4096 };

/* volatile, since nobody here reads it. */
__attribute__((section("__libfuzzer_extra_counters"))) static volatile uint8_t counter[COUNTERS];

static enum verb running[MACHINE_CPUS_MAX];

void switch_coverage_start(void)
{
	for (unsigned i = 0; i < MACHINE_CPUS_MAX; i++)
		running[i] = OP_PARALLEL;
}

void switch_coverage_operation(unsigned cpu, enum verb verb)
{
	running[cpu] = verb;
}

void switch_coverage_note(unsigned from, unsigned point, uint64_t steps, unsigned to)
{
	uint32_t where = steps < 32 ? (uint32_t)steps / 4
	                            : 8 + (uint32_t)(steps >= 64) + (uint32_t)(steps >= 128);
	uint32_t key = (uint32_t)running[from] << 24 ^ (uint32_t)running[to] << 16 ^ point << 8 ^
	               where;

	counter[key * UINT32_C(0x9E3779B1) >> 20] = 1;
}
