/* mutations.h: what the files of the mutator share; nobody else includes it. */
#ifndef MUTATIONS_H
#define MUTATIONS_H

#include "generate.h"
#include "mutate.h"

/* A mutation under way. */
struct mutation {
	struct prng prng;
	struct program program;
	struct program other;       /* scratch, or what the program is crossed with */
	struct generator generator; /* valid after mutation_look_at */
};

static inline size_t mutation_below(struct mutation *mutation, size_t n)
{
	return (size_t)prng_below(&mutation->prng, n);
}

/* Lets the generator see the operations before a place. */
void mutation_look_at(struct mutation *mutation, size_t place);

/* mutate_list.c: mutations of the list of operations. Each leaves a program of
 * at most MUTATE_OPS_MAX operations, and may do nothing. */
void mutate_list_insert(struct mutation *mutation);
void mutate_list_append(struct mutation *mutation);
void mutate_list_delete(struct mutation *mutation);
void mutate_list_duplicate(struct mutation *mutation);
void mutate_list_swap(struct mutation *mutation);
void mutate_list_move(struct mutation *mutation);
void mutate_list_retarget_copy(struct mutation *mutation);
void mutate_list_repeat_access(struct mutation *mutation);
void mutate_list_regenerate(struct mutation *mutation);
/* Copies operations first..first+count-1 of mutation->other to a place. */
void mutate_list_take(struct mutation *mutation, size_t place, size_t first, size_t count);
/* Zeroed operations at a place; true: there was room for all. */
bool mutate_list_open(struct program *program, size_t place, size_t count);
void mutate_list_remove(struct program *program, size_t place, size_t count);

/* mutate_fields.c: mutations inside one operation, or of the machine. */
void mutate_fields_input(struct mutation *mutation);
void mutate_fields_name(struct mutation *mutation);
void mutate_fields_verb(struct mutation *mutation);
void mutate_fields_cpu(struct mutation *mutation);
void mutate_fields_machine(struct mutation *mutation);

/* mutate_parts.c: mutations of concurrent parts. */
void mutate_parts(struct mutation *mutation);
/* Makes a program concurrent: one to three parts, each of one to CONCURRENT_OPS_MAX
 * operations, with its join, and two CPUs or more. */
void mutate_parts_tidy(struct mutation *mutation);

/* mutate_mend.c: brings operations back to names and pages that are there. */
void mutate_mend(struct mutation *mutation);

#endif
