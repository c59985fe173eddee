/* reschedule.c: all schedules of few preemptions, then a walk. Interleavings come
 * first, and C11 memory only where the schedule at hand has choices of it. */
#include "reschedule.h"

#include <string.h>

#include "explore.h"

/* Whether a part runs on C11 memory. */
static bool has_choices(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct op *op = &program->op[i];
		const uint8_t *entry = program_bytes(program, op->bytes);

		if (op->verb != OP_PARALLEL)
			continue;
		for (uint64_t at = 0; at < op->number[PARALLEL_IN_schedule]; at += SCHEDULE_ENTRY)
			if (entry[at + SCHEDULE_CHOICE] != 0)
				return true;
	}
	return false;
}

static bool fails_alike(struct trace *trace, const char *token, const struct explore_options *how)
{
	static struct explore_result result;

	if (!explore(trace, how, &result) || !explore_failed(&result) || !result.scheduled ||
	    strcmp(result.token, token) != 0)
		return false;
	schedule_write(&trace->program, result.parallel, result.entry, result.count);
	return true;
}

bool reschedule(struct trace *trace, const char *token, enum reschedule_effort effort)
{
	bool shortest = effort == RESCHEDULE_SHORTEST, choices = has_choices(&trace->program);

	for (unsigned views = 0; views <= choices; views++) {
		for (unsigned preemptions = shortest ? 0 : 1; preemptions <= (shortest ? 3 : 2);
		     preemptions++) {
			const struct explore_options all = { .preemptions = preemptions,
				                             .views = views,
				                             .cut_off = true,
				                             .limit = shortest ? 4000 : 400 };

			if (fails_alike(trace, token, &all))
				return true;
		}
		const struct explore_options walk = { .runner = SCHEDULE_RANDOM,
			                              .seed = 1,
			                              .views = views,
			                              .limit = shortest ? 2000 : 200 };

		/* The schedule of a walk is long; the one at hand is as good. */
		if (!shortest && fails_alike(trace, token, &walk))
			return true;
	}
	return false;
}
