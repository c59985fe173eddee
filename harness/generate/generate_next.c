/* generate_next.c: which operation comes next, and what the generator learns
 * from it. */
#include "generate_values.h"

enum { PROCESSES_LIKED = 3 };

/* ---- What the program has ------------------------------------------------------ */

static bool is_access(unsigned verb)
{
	return verb == OP_LOAD || verb == OP_STORE || verb == OP_EXEC;
}

/* The inputs of a range: the first address, and the first size after it. False:
 * the verb has no range. */
static bool range_inputs(unsigned verb, unsigned *address, unsigned *size)
{
	const struct op_info *info = &ops_table[verb];
	unsigned found = 0;
	for (unsigned i = 0; i < info->input_count; i++) {
		if (found == 0 && info->input[i].kind == KIND_ADDRESS) {
			*address = i;
			found = 1;
		} else if (found == 1 && info->input[i].kind == KIND_SIZE) {
			*size = i;
			return true;
		}
	}
	return false;
}

/* Where the operation worked is where bugs are looked for next. */
static void move_focus(struct generator *generator, const struct op *op)
{
	unsigned address_input, size_input;
	if (ops_table[op->verb].subject != SUBJECT_PROCESS ||
	    !range_inputs(op->verb, &address_input, &size_input))
		return;
	uint64_t address = picture_address(&generator->picture, op, address_input);
	uint64_t size = op->number[size_input];
	if (address == 0 && op->result != 0)
		address = generator->picture.name[op->result].value;
	const struct picture_allocation *allocation =
		picture_find(&generator->picture, op->subject, address);
	if (size == 0 && allocation != NULL)
		size = allocation->base + allocation->pages * VMM_PAGE_SIZE - address;
	if (size == 0 || size > generator->picture.high ||
	    address > generator->picture.high - (size - 1))
		size = VMM_PAGE_SIZE;
	uint64_t first = address & ~(VMM_PAGE_SIZE - 1);
	uint64_t end = (address + size + VMM_PAGE_SIZE - 1) & ~(VMM_PAGE_SIZE - 1);
	generator->focus_process = op->subject;
	generator->focus = first;
	generator->focus_size = end - first;
}

void generator_observe(struct generator *generator, const struct op *op)
{
	bool frees = op->verb == OP_FREE;
	/* A whole allocation that goes away is only known before it goes. */
	if (frees)
		move_focus(generator, op);
	picture_observe(&generator->picture, op);
	if (!frees)
		move_focus(generator, op);
	if (is_access(op->verb)) {
		generator->cpu = op->cpu;
		generator->process = op->subject;
	}
}

/* ---- The next operation --------------------------------------------------------- */

/* Some process that lives, or has exited; `otherwise` when there is none. */
static name_ref any_process(struct generator *generator, bool lives, name_ref otherwise)
{
	name_ref start = (name_ref)prng_below(&generator->prng, PROGRAM_SLOTS + 1);
	for (unsigned i = 0; i <= PROGRAM_SLOTS; i++) {
		name_ref name = (name_ref)((start + i) % (PROGRAM_SLOTS + 1));
		const struct picture_name *bound = &generator->picture.name[name];
		if (bound->sort == PICTURE_PROCESS && bound->exited != lives)
			return name;
	}
	return otherwise;
}

static unsigned count_names(const struct generator *generator, unsigned sort)
{
	unsigned count = 0;
	for (unsigned i = 0; i <= PROGRAM_SLOTS; i++) {
		const struct picture_name *name = &generator->picture.name[i];
		count += name->sort == sort && !name->exited;
	}
	return count;
}

static void choose_process(struct generator *generator)
{
	if (!picture_lives(&generator->picture, generator->process) ||
	    generator_does(generator, HABIT_SWITCH))
		generator->process = any_process(generator, true, generator->process);
}

static name_ref choose_subject(struct generator *generator, const struct op_info *info)
{
	if (info->subject == SUBJECT_HANDLE)
		return generator_name(generator, PICTURE_OTHER);
	if (info->subject != SUBJECT_PROCESS)
		return 0;
	if (generator_does(generator, HABIT_DEAD))
		return any_process(generator, false, generator->process);
	return generator->process;
}

/* A name for what an operation returns: a new one, one whose allocation is
 * gone, or now and then any. */
static name_ref choose_result(struct generator *generator)
{
	struct picture *picture = &generator->picture;
	name_ref any = (name_ref)(1 + prng_below(&generator->prng, PROGRAM_SLOTS));
	bool reuse = prng_chance(&generator->prng, 1, 3);
	name_ref unbound = 0;
	for (name_ref i = 1; i <= PROGRAM_SLOTS; i++) {
		const struct picture_name *name = &picture->name[i];
		if (name->sort == PICTURE_UNBOUND && unbound == 0)
			unbound = i;
		if (reuse && name->sort == PICTURE_ADDRESS &&
		    picture_find(picture, name->process, name->value) == NULL)
			return i;
	}
	if (unbound == 0)
		return picture->name[any].sort == PICTURE_PROCESS ? 0 : any;
	if (any < unbound && picture->name[any].sort != PICTURE_PROCESS)
		return any;
	return unbound;
}

static bool has_pages(const struct generator *generator)
{
	for (unsigned i = 0; i < generator->picture.count; i++) {
		const struct picture_allocation *allocation = &generator->picture.allocation[i];
		if (allocation->process == generator->process && allocation->committed != 0)
			return true;
	}
	return false;
}

static unsigned choose_verb(struct generator *generator)
{
	unsigned verb = OP_ALLOC;
	if (!has_pages(generator) && prng_chance(&generator->prng, 2, 3))
		return OP_ALLOC;
	uint64_t pick = prng_below(&generator->prng, generator->verb_total);
	for (verb = 0; pick >= generator->verb_weight[verb]; verb++)
		pick -= generator->verb_weight[verb];
	unsigned processes = count_names(generator, PICTURE_PROCESS);
	if (verb == OP_EXIT && (processes < 2 || (generator->process == 0 &&
	                                          !prng_chance(&generator->prng, 1, 4))))
		return OP_CHECK;
	if (verb == OP_PROCESS && processes >= PROCESSES_LIKED)
		return OP_QUERY;
	if ((verb == OP_GETWATCH || verb == OP_RESETWATCH) &&
	    generator_watched(generator, generator->process) == NULL &&
	    !prng_chance(&generator->prng, 1, 8))
		return OP_ALLOC;
	return verb;
}

/* Where something was done the next accesses look, and some queries. */
static unsigned choose_follow(struct generator *generator)
{
	static const uint8_t verbs[] = {OP_LOAD,  OP_LOAD,  OP_LOAD, OP_STORE, OP_STORE,
	                                OP_STORE, OP_STORE, OP_EXEC, OP_QUERY};
	const struct picture_allocation *allocation =
		picture_find(&generator->picture, generator->focus_process, generator->focus);
	bool watched = allocation != NULL && (allocation->type & VMM_MEM_WRITE_WATCH) != 0;

	if (watched && prng_chance(&generator->prng, 1, 4))
		return OP_GETWATCH;
	return verbs[prng_below(&generator->prng, sizeof verbs)];
}

/* A range that holds nothing to access is left alone mostly, unless it had
 * something a moment ago. */
static bool is_worth_following(struct generator *generator, const struct op *op)
{
	unsigned address, size;
	if (!range_inputs(op->verb, &address, &size))
		return false;
	const struct picture_allocation *allocation =
		picture_find(&generator->picture, generator->focus_process, generator->focus);
	if (op->verb != OP_FREE && allocation != NULL && allocation->committed == 0 &&
	    !prng_chance(&generator->prng, 1, 4))
		return false;
	return generator_does(generator, HABIT_FOLLOW);
}

static void build_by_kinds(struct generator *generator, struct program *program, struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	for (unsigned i = 0; i < info->input_count; i++) {
		if (info->input[i].how != HOW_OPTIONAL || prng_chance(&generator->prng, 1, 3))
			generator_input(generator, program, op, i);
	}
}

static void spoil(struct generator *generator, struct program *program, struct op *op)
{
	unsigned count = ops_table[op->verb].input_count;
	if (count == 0)
		return;
	unsigned input = (unsigned)prng_below(&generator->prng, count);
	generator_odd_input(generator, program, op, input);
}

/* Stores to page after page, which uses frames up. */
static void build_sweep(struct generator *generator, struct op *op)
{
	op->verb = OP_STORE;
	op->subject = generator->focus_process;
	op->number[STORE_IN_width] = 1;
	op->number[STORE_IN_value] = 1 + prng_below(&generator->prng, 255);
	generator_put_address(generator, op, STORE_IN_address, generator->sweep_at);
	generator->sweep_at += VMM_PAGE_SIZE;
	generator->sweep--;
}

static void start_sweep(struct generator *generator)
{
	const struct picture_allocation *allocation =
		picture_find(&generator->picture, generator->focus_process, generator->focus);
	if (allocation == NULL || (allocation->writable & 1) == 0)
		return;
	uint64_t pages = generator->focus_size / VMM_PAGE_SIZE;
	generator->sweep = (unsigned)(pages < 48 ? pages : 48);
	generator->sweep_at = generator->focus;
}

static void build_any(struct generator *generator, struct program *program, struct op *op,
                      unsigned verb)
{
	op->verb = (uint8_t)verb;
	op->subject = choose_subject(generator, &ops_table[verb]);
	if (generator->follow > 0)
		op->subject = generator->focus_process;
	if (op_binds((enum verb)verb))
		op->result = choose_result(generator);
	if (!generator_build(generator, op))
		build_by_kinds(generator, program, op);
	if (generator_does(generator, HABIT_SPOIL))
		spoil(generator, program, op);
	/* A width that was redrawn must hold its value, or the trace could not be
	 * read back. */
	if (verb == OP_STORE)
		op->number[STORE_IN_value] &= width_mask(op->number[STORE_IN_width]);
	/* A commit in an allocation has a name already. */
	if (verb == OP_ALLOC && op->number[ALLOC_IN_type] == VMM_MEM_COMMIT &&
	    op->name[ALLOC_IN_addr] != 0 && !prng_chance(&generator->prng, 1, 16))
		op->result = 0;
}

void generator_op(struct generator *generator, struct program *program)
{
	struct op *op = program_append(program);
	unsigned cpus = generator->picture.machine.cpus;
	/* The CPU that accessed last is the one whose TLB knows the pages. */
	bool follows = generator->follow > 0;
	op->cpu = follows && prng_chance(&generator->prng, 2, 3) ?
	                  (uint8_t)generator->cpu :
	                  (uint8_t)prng_below(&generator->prng, cpus);
	if (generator->sweep > 0) {
		build_sweep(generator, op);
	} else if (follows) {
		build_any(generator, program, op, choose_follow(generator));
		generator->follow--;
	} else {
		choose_process(generator);
		build_any(generator, program, op, choose_verb(generator));
	}
	generator_observe(generator, op);
	if (!follows && generator->sweep == 0 && is_worth_following(generator, op))
		generator->follow = 1 + (unsigned)prng_below(&generator->prng, 3);
	if (op->verb == OP_ALLOC && generator_does(generator, HABIT_SWEEP))
		start_sweep(generator);
}
