/* history.c: operations of a concurrent part as they come and go. */
#include "history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../support/memory.h"

void history_clear(struct history *history)
{
	history->places = history->count = 0;
}

void history_destroy(struct history *history)
{
	for (unsigned i = 0; i < HISTORY_PLACES_MAX; i++)
		free(history->op[i].list);
}

struct history_op *history_place(struct history *history, size_t index)
{
	struct history_op *op;

	if (history->places == HISTORY_OPS_MAX)
		return NULL;
	op = &history->op[history->places++];
	op->index = index;
	op->begun = op->ended = false;
	return op;
}

void history_call(struct history_op *op, const struct call *call, uint64_t now)
{
	op->call = *call;
	op->outcome = (struct outcome){ .status = VMM_SUCCESS };
	op->called = now;
	op->begun = true;
}

/* Where the outcome says how long its list is. */
static uint64_t list_count(const struct outcome *outcome, const struct op_info *info)
{
	for (unsigned i = 0; i < info->result_count; i++)
		if (info->result[i].kind == KIND_ADDRESS_LIST)
			return outcome->out[i];
	return 0;
}

void history_return(struct history_op *op, uint64_t now)
{
	size_t count = (size_t)list_count(&op->outcome, &ops_table[op->call.verb]);

	op->returned = now;
	op->ended = true;
	if (op->outcome.list == NULL || count == 0)
		return;
	op->list = memory_grow(op->list, &op->list_capacity, count, sizeof op->list[0]);
	memcpy(op->list, op->outcome.list, count * sizeof op->list[0]);
	op->outcome.list = op->list;
}

void history_close(struct history *history)
{
	history->count = 0;
	for (unsigned i = 0; i < history->places; i++)
		history->count += history->op[i].begun;
}

/* ---- Accesses as bytes ------------------------------------------------------------ */

/* The width of an access that is its bytes; 0: it is one. What was refused was
 * refused as a whole. */
static unsigned bytes_of(const struct history_op *op)
{
	uint64_t address, width;

	if (!op->ended || !VMM_OK(op->outcome.status))
		return 0;
	if (op->call.verb == OP_LOAD) {
		address = op->call.in[LOAD_IN_address];
		width = op->call.in[LOAD_IN_width];
	} else if (op->call.verb == OP_STORE) {
		address = op->call.in[STORE_IN_address];
		width = op->call.in[STORE_IN_width];
	} else {
		return 0;
	}
	return address % width == 0 ? 0 : (unsigned)width;
}

static void make_byte(struct history_op *op, unsigned at)
{
	if (op->call.verb == OP_LOAD) {
		op->call.in[LOAD_IN_address] += at;
		op->call.in[LOAD_IN_width] = 1;
		op->outcome.out[LOAD_OUT_value] = op->outcome.out[LOAD_OUT_value] >> 8 * at & 0xFF;
	} else {
		op->call.in[STORE_IN_address] += at;
		op->call.in[STORE_IN_width] = 1;
		op->call.in[STORE_IN_value] = op->call.in[STORE_IN_value] >> 8 * at & 0xFF;
	}
}

bool history_split(struct history *to, const struct history *from)
{
	bool any = false;

	to->places = 0;
	for (unsigned i = 0; i < from->places; i++) {
		unsigned bytes = bytes_of(&from->op[i]);

		any |= bytes != 0;
		if (bytes == 0)
			to->op[to->places++] = from->op[i];
		for (unsigned k = 0; k < bytes; k++) {
			to->op[to->places] = from->op[i];
			make_byte(&to->op[to->places++], k);
		}
	}
	history_close(to);
	return any;
}

static void print_one(FILE *out, const struct history_op *op, const struct program *program,
                      char *const *name)
{
	if (op->ended)
		fprintf(out, "    %4" PRIu64 " to %4" PRIu64 "  ", op->called, op->returned);
	else
		fprintf(out, "    %4" PRIu64 " to  ...  ", op->called);
	if (op->call.cpu == 0)
		fputs("@0 ", out);
	trace_print_op(out, program, op->index, name);
	if (op->ended)
		trace_print_outcome(out, op->call.verb, &op->outcome);
	fputc('\n', out);
}

void history_print(FILE *out, const struct history *history, const struct program *program,
                   char *const *name)
{
	uint64_t after = 0;

	for (unsigned printed = 0; printed < history->count; printed++) {
		const struct history_op *next = NULL;

		for (unsigned i = 0; i < history->places; i++) {
			const struct history_op *op = &history->op[i];

			if (op->begun && (printed == 0 || op->called > after) &&
			    (next == NULL || op->called < next->called))
				next = op;
		}
		if (next == NULL)
			return;
		after = next->called;
		print_one(out, next, program, name);
	}
}
