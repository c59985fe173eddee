/* names.c: bindings, and operations with their names resolved. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"

void names_reset(struct names *names, unsigned count)
{
	size_t room = (size_t)count + 1;

	names->slot = memory_grow(names->slot, &names->slot_capacity, room, sizeof names->slot[0]);
	names->binding = memory_grow(names->binding, &names->binding_capacity, room,
	                             sizeof names->binding[0]);
	memset(names->slot, 0, room * sizeof names->slot[0]);
	memset(names->binding, 0, room * sizeof names->binding[0]);
}

void names_destroy(struct names *names)
{
	free(names->slot);
	free(names->binding);
	*names = (struct names){ 0 };
}

static const struct slot *slot_of(const void *context, name_ref name)
{
	return &((const struct names *)context)->slot[name];
}

struct names_view names_view(const struct names *names)
{
	return (struct names_view){ slot_of, names };
}

bool names_process(struct names_view view, name_ref name, uint64_t *number)
{
	const struct slot *slot;

	*number = 0;
	if (name == 0)
		return true;
	slot = view.slot(view.context, name);
	*number = slot->binding.value;
	return slot->binding.bound && slot->process;
}

bool names_address(struct names_view view, name_ref name, uint64_t *address)
{
	const struct slot *slot;

	*address = 0;
	if (name == 0)
		return true;
	slot = view.slot(view.context, name);
	*address = slot->binding.value;
	return slot->binding.bound && !slot->process;
}

bool names_resolve(struct names_view view, const struct program *program, const struct op *op,
                   struct call *call)
{
	const struct op_info *info = &ops_table[op->verb];
	uint64_t value = 0;

	call->verb = (enum verb)op->verb;
	call->cpu = op->cpu;
	call->process = 0;
	call->bytes = program_bytes(program, op->bytes);
	if (info->subject == SUBJECT_PROCESS || info->subject == SUBJECT_HANDLE) {
		if (!names_process(view, op->subject, &value))
			return false;
		call->process = (uint32_t)value;
	}
	for (unsigned i = 0; i < info->input_count; i++) {
		call->in[i] = op->number[i];
		if (info->input[i].kind == KIND_ADDRESS) {
			if (!names_address(view, op->name[i], &value))
				return false;
			call->in[i] += value;
		} else if (info->input[i].kind == KIND_PROCESS) {
			if (!names_process(view, op->name[i], &call->in[i]))
				return false;
		}
	}
	return true;
}

bool names_bound(const struct op *op, const struct outcome *outcome, struct slot *slot)
{
	if (op->result == 0 || !VMM_OK(outcome->status))
		return false; /* a failed binding leaves the old value */
	slot->binding = (struct binding){ true, outcome->binds };
	slot->process = op->verb == OP_PROCESS;
	return true;
}

void names_bind(struct names *names, const struct op *op, const struct outcome *outcome)
{
	if (names_bound(op, outcome, &names->slot[op->result]))
		names->binding[op->result - 1] = names->slot[op->result].binding;
}
