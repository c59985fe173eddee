/* shrink_parts.c: what only concurrent programs have: CPUs and schedules. */
#include <string.h>

#include "../schedule/reschedule.h"
#include "shrinking.h"

bool shrink_is_concurrent(const struct trace *trace)
{
	for (size_t i = 0; i < trace->program.count; i++)
		if (trace->program.op[i].verb == OP_PARALLEL)
			return true;
	return false;
}

/* ---- CPUs -------------------------------------------------------------------------- */

static bool uses_cpu(const struct program *program, unsigned cpu)
{
	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].cpu == cpu)
			return true;
	return false;
}

/* Schedules are found anew where the names of CPUs in them mattered. */
static void rename_cpu(struct program *program, unsigned from, unsigned to)
{
	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].cpu == from)
			program->op[i].cpu = (uint8_t)to;
}

/* The CPUs that are left get the lowest numbers. */
static bool close_ranks(struct shrinker *shrinker)
{
	const struct program *program = &shrinker->trace->program;
	bool any = false;

	for (unsigned to = 0; to < program->machine.cpus; to++) {
		unsigned from = to + 1;

		while (from < program->machine.cpus && !uses_cpu(program, from))
			from++;
		if (uses_cpu(program, to) || from >= program->machine.cpus)
			continue;
		rename_cpu(&shrinker->candidate.program, from, to);
		any |= shrink_keep(shrinker, true);
	}
	return any;
}

/* ---- Schedules ------------------------------------------------------------------------ */

static uint16_t gap_of(const uint8_t *entry)
{
	return (uint16_t)(entry[SCHEDULE_GAP] | entry[SCHEDULE_GAP + 1] << 8);
}

/* The next entry of the same sort has to come when it came: choices are counted from
 * the entry before. */
static void lengthen(uint8_t *entry, const uint8_t *end, const uint8_t *gone)
{
	for (; entry < end; entry += SCHEDULE_ENTRY) {
		unsigned gap = gap_of(entry) + gap_of(gone) + 1u;

		if ((entry[SCHEDULE_CHOICE] != 0) != (gone[SCHEDULE_CHOICE] != 0))
			continue;
		if (gap > SCHEDULE_GAP_MAX)
			gap = SCHEDULE_GAP_MAX;
		entry[SCHEDULE_GAP] = (uint8_t)gap;
		entry[SCHEDULE_GAP + 1] = (uint8_t)(gap >> 8);
		return;
	}
}

/* The schedule of the candidate's line without entry `number`. */
static bool drop_entry(struct shrinker *shrinker, size_t at, size_t number)
{
	struct program *program = &shrinker->candidate.program;
	struct op *op = &program->op[at];
	size_t size = (size_t)op->number[PARALLEL_IN_schedule], place = number * SCHEDULE_ENTRY;
	uint8_t bytes[PROGRAM_BYTES_MAX], gone[SCHEDULE_ENTRY];

	memcpy(bytes, program_bytes(program, op->bytes), size);
	memcpy(gone, bytes + place, sizeof gone);
	size -= SCHEDULE_ENTRY;
	memmove(bytes + place, bytes + place + SCHEDULE_ENTRY, size - place);
	lengthen(bytes + place, bytes + size, gone);
	op->bytes = program_add_bytes(program, bytes, size);
	op->number[PARALLEL_IN_schedule] = size;
	return shrink_keep(shrinker, false);
}

static bool drop_entries(struct shrinker *shrinker, size_t at)
{
	const struct program *program = &shrinker->trace->program;
	bool any = false;
	size_t count = (size_t)program->op[at].number[PARALLEL_IN_schedule] / SCHEDULE_ENTRY;

	for (size_t i = count; i-- > 0;)
		any |= drop_entry(shrinker, at, i);
	return any;
}

static uint64_t schedules_size(const struct program *program)
{
	uint64_t size = 0;

	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].verb == OP_PARALLEL)
			size += program->op[i].number[PARALLEL_IN_schedule];
	return size;
}

/* The schedule of the fewest preemptions, if it is shorter. */
static bool shorten_schedules(struct shrinker *shrinker)
{
	struct program *candidate = &shrinker->candidate.program;
	uint64_t size = schedules_size(candidate);

	if (size <= SCHEDULE_ENTRY ||
	    !reschedule(&shrinker->candidate, shrinker->token, RESCHEDULE_SHORTEST))
		return false;
	if (schedules_size(candidate) < size)
		return shrink_keep(shrinker, false);
	memcpy(candidate->op, shrinker->trace->program.op, candidate->count * sizeof candidate->op[0]);
	return false;
}

/* ---- Lines ------------------------------------------------------------------------------ */

/* Pages that are reserved and then committed are reserved and committed at once. */
static bool join_commit(struct shrinker *shrinker, size_t reserve, size_t commit)
{
	struct op *op = shrinker->candidate.program.op;

	if (op[reserve].verb != OP_ALLOC || op[commit].verb != OP_ALLOC ||
	    (op[reserve].number[ALLOC_IN_type] & VMM_MEM_COMMIT) != 0 ||
	    op[commit].number[ALLOC_IN_type] != VMM_MEM_COMMIT ||
	    op[commit].name[ALLOC_IN_addr] != op[reserve].result || op[reserve].result == 0)
		return false;
	op[reserve].number[ALLOC_IN_type] |= VMM_MEM_COMMIT;
	shrink_cut(shrinker, commit, 1);
	return shrink_keep(shrinker, true);
}

static bool join_commits(struct shrinker *shrinker)
{
	const struct program *program = &shrinker->trace->program;

	for (size_t reserve = 0; reserve < program->count; reserve++)
		for (size_t commit = reserve + 1; commit < program->count; commit++)
			if (join_commit(shrinker, reserve, commit))
				return true;
	return false;
}

/* What a process did, P0 does, and the process is not made. */
static bool leave_process(struct shrinker *shrinker, size_t at)
{
	struct program *candidate = &shrinker->candidate.program;
	name_ref name = candidate->op[at].result;

	for (size_t i = at; i < candidate->count; i++)
		if (candidate->op[i].subject == name)
			candidate->op[i].subject = 0;
	shrink_cut(shrinker, at, 1);
	return shrink_keep(shrinker, true);
}

static bool leave_processes(struct shrinker *shrinker)
{
	const struct program *program = &shrinker->trace->program;

	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].verb == OP_PROCESS && program->op[i].result != 0 &&
		    leave_process(shrinker, i))
			return true;
	return false;
}

bool shrink_parts(struct shrinker *shrinker)
{
	bool any = join_commits(shrinker);

	any |= leave_processes(shrinker);
	any |= close_ranks(shrinker);
	any |= shorten_schedules(shrinker);
	for (size_t i = 0; i < shrinker->trace->program.count; i++)
		if (shrinker->trace->program.op[i].verb == OP_PARALLEL)
			any |= drop_entries(shrinker, i);
	return any;
}
