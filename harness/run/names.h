/* names.h: what the names of a program are bound to while it runs, and an
 * operation with its names resolved. */
#ifndef NAMES_H
#define NAMES_H

#include "../language/trace.h"

struct names {
	struct slot {
		struct binding binding;
		bool process; /* the value is a process's number, not an address */
	} *slot;                 /* by name_ref */
	struct binding *binding; /* the same, as trace_expect takes them */
	size_t slot_capacity, binding_capacity;
};

/* Nothing is bound. A zeroed struct is one that was never reset. */
void names_reset(struct names *names, unsigned count);
void names_destroy(struct names *names);

/* What a name is bound to, as those see it who ask; names_slot for lines that
 * run one after another. */
struct names_view {
	const struct slot *(*slot)(const void *context, name_ref name);
	const void *context;
};
struct names_view names_view(const struct names *names);

/* The process (P0 is name_ref 0) or the address (0 is none, which is 0) that a
 * name is bound to. False: it is not bound, or to something else. */
bool names_process(struct names_view view, name_ref name, uint64_t *number);
bool names_address(struct names_view view, name_ref name, uint64_t *address);

/* False: a name that the operation uses is not bound to what it needs. */
bool names_resolve(struct names_view view, const struct program *program, const struct op *op,
                   struct call *call);

/* What an outcome binds the operation's name to; false: nothing. */
bool names_bound(const struct op *op, const struct outcome *outcome, struct slot *slot);
void names_bind(struct names *names, const struct op *op, const struct outcome *outcome);

#endif
