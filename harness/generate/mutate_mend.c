/* mutate_mend.c: makes sense again of a program that mutations have worn down.
 *
 * Deleting and moving operations leaves others behind that use names which are
 * no longer bound, or pages that are no longer there. Without mending, long
 * runs of mutations end in programs of which most operations are skipped or
 * refused. Not all is mended: what is refused has its tests to do as well. */
#include "mutations.h"

/* Whether the operation would be skipped: its subject or a name in it is not
 * bound to what it stands for. */
static bool is_skipped(const struct picture *picture, const struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	if (info->subject == SUBJECT_PROCESS &&
	    picture->name[op->subject].sort != PICTURE_PROCESS)
		return true;
	for (unsigned i = 0; i < info->input_count; i++) {
		unsigned sort = picture->name[op->name[i]].sort;
		if (op->name[i] != 0 && sort == PICTURE_UNBOUND)
			return true;
		if (info->input[i].kind == KIND_PROCESS && sort != PICTURE_PROCESS)
			return true;
	}
	return false;
}

/* Whether the operation's address lies on a committed page, or it needs none. */
static bool has_page(struct picture *picture, const struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	if (op->verb == OP_ALLOC || info->input_count == 0 || info->input[0].kind != KIND_ADDRESS)
		return true;
	uint64_t address = picture_address(picture, op, 0);
	const struct picture_allocation *allocation =
		picture_find(picture, op->subject, address);
	if (allocation == NULL)
		return false;
	uint64_t page = (address - allocation->base) / VMM_PAGE_SIZE;
	return page >= PICTURE_PAGES || (allocation->committed >> page & 1) != 0;
}

static void mend_names(struct mutation *mutation, struct op *op)
{
	const struct op_info *info = &ops_table[op->verb];
	struct generator *generator = &mutation->generator;
	if (info->subject == SUBJECT_PROCESS && !picture_lives(&generator->picture, op->subject))
		op->subject = generator->process;
	for (unsigned i = 0; i < info->input_count; i++) {
		enum kind kind = info->input[i].kind;
		bool unbound = generator->picture.name[op->name[i]].sort == PICTURE_UNBOUND;
		if (kind == KIND_PROCESS || (op->name[i] != 0 && unbound))
			generator_input(generator, &mutation->program, op, i);
	}
}

void mutate_mend(struct mutation *mutation)
{
	struct program *program = &mutation->program;
	struct generator *generator = &mutation->generator;
	mutation_look_at(mutation, 0);
	for (size_t i = 0; i < program->count;) {
		struct op *op = &program->op[i];
		if (is_skipped(&generator->picture, op)) {
			if (prng_chance(&mutation->prng, 1, 2)) {
				mutate_list_remove(program, i, 1);
				continue;
			}
			mend_names(mutation, op);
		} else if (!has_page(&generator->picture, op) &&
		           prng_chance(&mutation->prng, 1, 3)) {
			generator_input(generator, program, op, 0);
		}
		generator_observe(generator, op);
		i++;
	}
}
