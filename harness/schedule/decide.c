/* decide.c: schedules of the text and of the options as oracles, and back. */
#include "decide.h"

#include <stdlib.h>

#include "../support/memory.h"

static struct oracle *of_text(const struct program *program, const struct op *op,
                                     bool *views)
{
	size_t count = (size_t)op->number[PARALLEL_IN_schedule] / SCHEDULE_ENTRY;
	const uint8_t *at = program_bytes(program, op->bytes);
	struct oracle_entry *entry = memory_zeroed((count + 1) * sizeof *entry);
	struct oracle *oracle;

	for (size_t i = 0; i < count; i++, at += SCHEDULE_ENTRY) {
		entry[i].gap = (uint16_t)(at[SCHEDULE_GAP] | at[SCHEDULE_GAP + 1] << 8);
		entry[i].cpu = at[SCHEDULE_CPU];
		entry[i].choice = at[SCHEDULE_CHOICE];
		*views |= entry[i].choice != 0;
	}
	oracle = oracle_replay(entry, count);
	free(entry);
	return oracle;
}

struct decision decide(const struct schedule_options *options, const struct program *program,
                       const struct op *op, size_t part, unsigned operations)
{
	enum { STEPS_OF_AN_OPERATION = 100 };
	struct decision decision = { .owned = true, .views = options->views };
	bool anew = options->anew && options->explored == part;
	bool given = op->number[PARALLEL_IN_schedule] != 0 && !anew;
	uint64_t seed = options->seed + part;

	if (options->oracle != NULL && options->explored == part) {
		decision.owned = false;
		decision.oracle = options->oracle;
	} else if (!given && options->runner == SCHEDULE_RANDOM) {
		decision.oracle = oracle_random(seed);
	} else if (!given && options->runner == SCHEDULE_PCT) {
		decision.oracle = oracle_pct(seed, options->depth,
		                             (uint64_t)operations * STEPS_OF_AN_OPERATION);
	} else {
		decision.oracle = of_text(program, op, &decision.views);
	}
	return decision;
}

void schedule_write(struct program *program, size_t parallel, const struct oracle_entry *entry,
                    size_t count)
{
	struct op *op = &program->op[parallel];

	if (count > PROGRAM_BYTES_MAX / SCHEDULE_ENTRY)
		count = PROGRAM_BYTES_MAX / SCHEDULE_ENTRY;
	op->bytes = (uint32_t)program->bytes_count;
	op->number[PARALLEL_IN_schedule] = count * SCHEDULE_ENTRY;
	for (size_t i = 0; i < count; i++) {
		const uint8_t bytes[SCHEDULE_ENTRY] = { (uint8_t)entry[i].gap,
			                                (uint8_t)(entry[i].gap >> 8), entry[i].cpu,
			                                entry[i].choice };

		program_add_bytes(program, bytes, sizeof bytes);
	}
}
