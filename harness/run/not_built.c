/* not_built.c: what depends on verbs that are not built. */
#include "not_built.h"

#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"

void not_built_init(struct not_built *state)
{
	memset(state, 0, sizeof *state);
}

void not_built_destroy(struct not_built *state)
{
	free(state->name);
	free(state->shadow);
	not_built_init(state);
}

void not_built_reset(struct not_built *state, unsigned names)
{
	state->name = memory_grow(state->name, &state->name_capacity, (size_t)names + 1,
	                          sizeof state->name[0]);
	memset(state->name, 0, ((size_t)names + 1) * sizeof state->name[0]);
	state->shadow_count = 0;
}

bool not_built_uses(const struct not_built *state, const struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];

	if (info->subject != SUBJECT_BINDS && state->name[op->subject])
		return true;
	for (unsigned i = 0; i < info->input_count; i++)
		if (state->name[op->name[i]])
			return true;
	return false;
}

/* The first address and the size that a call of a built verb names; size 0 of
 * `free` is a whole allocation, whose first page is enough. */
static bool addressed(const struct call *call, uint64_t *address, uint64_t *size)
{
	const struct op_info *info = &ops_table[call->verb];
	bool found = false;

	*address = 0;
	*size = 1;
	for (unsigned i = 0; i < info->input_count; i++) {
		bool place = strcmp(info->input[i].key, "addr") == 0 ||
		             info->input[i].how == HOW_POSITIONAL;

		if (info->input[i].kind == KIND_ADDRESS && place) {
			*address = call->in[i];
			found = true;
		}
		if (strcmp(info->input[i].key, "size") == 0 && call->in[i] != 0)
			*size = call->in[i];
	}
	return found && *address != 0;
}

bool not_built_shades(const struct not_built *state, const struct call *call)
{
	uint64_t address, size;

	if (state->shadow_count == 0 || !addressed(call, &address, &size))
		return false;
	for (size_t i = 0; i < state->shadow_count; i++) {
		const struct shadow *shadow = &state->shadow[i];

		if (shadow->process == call->process && address <= shadow->last &&
		    (address >= shadow->first || shadow->first - address < size))
			return true;
	}
	return false;
}

void not_built_line(struct not_built *state, const struct op *op)
{
	if (op->result != 0)
		state->name[op->result] = true;
}

void not_built_memory(struct not_built *state, uint32_t process, uint64_t address, uint64_t size)
{
	struct shadow *shadow;
	uint64_t last = size == 0 || address + size - 1 < address ? address : address + size - 1;

	if (address == 0)
		return; /* the place is the machine's choice, and only its name leads there */
	state->shadow = memory_grow(state->shadow, &state->shadow_capacity,
	                            state->shadow_count + 1, sizeof state->shadow[0]);
	shadow = &state->shadow[state->shadow_count++];
	shadow->process = process;
	shadow->first = address & ~(VMM_GRANULARITY - 1);
	shadow->last = last | (VMM_GRANULARITY - 1);
}

void built_line(struct not_built *state, const struct op *op)
{
	if (op->result != 0)
		state->name[op->result] = false;
}
