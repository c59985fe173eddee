/* part.c: the lines of a concurrent part and their names. */
#include "part.h"

#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"

void part_destroy(struct part *part)
{
	history_destroy(&part->history);
	free(part->line);
	free(part->writers);
}

static void find_end(struct part *part, const struct program *program, size_t parallel, size_t end)
{
	part->first = part->end = parallel + 1;
	while (part->end < end && program->op[part->end].verb != OP_JOIN)
		part->end++;
	part->joined = part->end < end;
}

/* What the line's fate is, as far as that does not depend on the schedule. A
 * parallel inside has no meaning, and check wants a machine at rest. */
static enum fate fate_of(struct run *run, const struct op *op)
{
	struct not_built *not_built = &run->runner->not_built;

	if (op->verb == OP_PARALLEL || op->verb == OP_CHECK)
		return FATE_SKIPPED;
	if (ops_table[op->verb].stage == STAGE_BUILT && !not_built_uses(not_built, op)) {
		built_line(not_built, op);
		return FATE_EXECUTED;
	}
	if (ops_table[op->verb].stage != STAGE_BUILT)
		run_shade(run, op);
	not_built_line(not_built, op);
	return FATE_NOT_BUILT;
}

void part_take(struct part *part, struct run *run, size_t parallel, size_t end)
{
	const struct program *program = run->program;
	size_t names = (size_t)program->name_count + 1;

	find_end(part, program, parallel, end);
	part->line = memory_grow(part->line, &part->line_capacity, part->end - part->first + 1,
	                         sizeof part->line[0]);
	part->writers = memory_grow(part->writers, &part->writers_capacity, names, 1);
	memset(part->writers, 0, names);
	history_clear(&part->history);
	part->cpus = 1;
	for (size_t i = part->first; i < part->end; i++) {
		const struct op *op = &program->op[i];
		struct part_line *line = part_line(part, i);

		*line = (struct part_line){ .fate = fate_of(run, op) };
		if (line->fate != FATE_EXECUTED)
			continue;
		line->op = history_place(&part->history, i);
		if (line->op == NULL) {
			line->fate = FATE_SKIPPED;
			continue;
		}
		part->writers[op->result] |= (uint8_t)(1u << op->cpu);
		if (op->cpu >= part->cpus)
			part->cpus = op->cpu + 1u;
	}
}

/* ---- Names ------------------------------------------------------------------------ */

/* The names of a line, as its CPU sees them. */
struct view {
	struct part *part;
	const struct run *run;
	size_t index;
};

static const struct slot *slot_of(const void *context, name_ref name)
{
	static const struct slot unbound = { .process = false };
	const struct view *view = context;
	const struct program *program = view->run->program;
	unsigned cpu = program->op[view->index].cpu;

	if (view->part->writers[name] == 0)
		return &view->run->runner->names.slot[name];
	for (size_t i = view->index; i-- > view->part->first;) {
		const struct part_line *line = part_line(view->part, i);

		if (program->op[i].cpu == cpu && program->op[i].result == name &&
		    line->binds.binding.bound)
			return &line->binds;
	}
	return (view->part->writers[name] & ~(1u << cpu)) != 0
	               ? &unbound
	               : &view->run->runner->names.slot[name];
}

bool part_resolve(struct part *part, const struct run *run, size_t index, struct call *call)
{
	const struct view view = { part, run, index };
	struct part_line *line = part_line(part, index);

	if (!names_resolve((struct names_view){ slot_of, &view }, run->program,
	                   &run->program->op[index], call))
		line->fate = FATE_SKIPPED;
	else if (not_built_shades(&run->runner->not_built, call))
		line->fate = FATE_NOT_BUILT;
	return line->fate == FATE_EXECUTED;
}

void part_bind(struct part *part, const struct run *run, size_t index)
{
	struct part_line *line = part_line(part, index);

	(void)names_bound(&run->program->op[index], &line->op->outcome, &line->binds);
}
