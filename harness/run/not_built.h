/* not_built.h: which lines cannot be judged, because a verb that is not built
 * stands before them: the verb's own line; lines that use the name it binds; and
 * lines that address memory, to the 64 KiB, that it would have changed. */
#ifndef NOT_BUILT_H
#define NOT_BUILT_H

#include "../program/call.h"
#include "../program/program.h"

struct shadow {
	uint32_t process;
	uint64_t first, last; /* addresses, inclusive, in whole granules */
};

struct not_built {
	bool *name; /* by name_ref: bound by a line that was not built */
	size_t name_capacity;
	struct shadow *shadow;
	size_t shadow_count, shadow_capacity;
};

void not_built_init(struct not_built *state);
void not_built_destroy(struct not_built *state);
void not_built_reset(struct not_built *state, unsigned names);

/* Whether an operation uses a name of a line that was not built. */
bool not_built_uses(const struct not_built *state, const struct op *op);
/* Whether a call of a built verb addresses memory in the shadow of one. */
bool not_built_shades(const struct not_built *state, const struct call *call);

/* The operation is not built (or not judged): its name is not bound now. */
void not_built_line(struct not_built *state, const struct op *op);
/* The call would have changed memory from `address` on. */
void not_built_memory(struct not_built *state, uint32_t process, uint64_t address, uint64_t size);
/* The operation was executed: what it binds is built. */
void built_line(struct not_built *state, const struct op *op);

#endif
