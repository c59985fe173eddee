/* concurrent_programs_have_parts.c: claims that every concurrent program, generated or
 * mutated, has one to three parts, each with its join, of one to CONCURRENT_OPS_MAX
 * operations, on a machine of two CPUs or more; and that a seed gives the same program
 * each time.
 *
 * Not covered: whether these programs are good at finding bugs; the planted bugs that
 * the target schedule hunts are for that. */
#include "claim.h"

#include <stdlib.h>
#include <string.h>

#include "../harness/generate/concurrent.h"
#include "../harness/generate/mutate.h"

enum { SEEDS = 3000, MUTATIONS = 20000, BYTES_MAX = 4096 };

static void has_parts(const struct program *program, uint64_t seed)
{
	unsigned parts = 0, operations = 0;
	bool open = false;

	cr_assert_geq(program->machine.cpus, 2, "seed %u", (unsigned)seed);
	for (size_t i = 0; i < program->count; i++) {
		unsigned verb = program->op[i].verb;

		cr_assert_lt(program->op[i].cpu, program->machine.cpus, "seed %u", (unsigned)seed);
		if (verb == OP_PARALLEL || verb == OP_JOIN) {
			cr_assert_eq(open, verb == OP_JOIN, "seed %u", (unsigned)seed);
			cr_assert(!open || operations > 0, "seed %u", (unsigned)seed);
			open = !open;
			parts += open;
			operations = 0;
		} else {
			operations++;
		}
		cr_assert(!open || operations <= CONCURRENT_OPS_MAX, "seed %u", (unsigned)seed);
	}
	cr_assert(!open && parts >= 1 && parts <= 3, "seed %u: %u parts", (unsigned)seed, parts);
}

Test(concurrent_programs_have_parts, generated)
{
	struct program program, again;

	program_init(&program);
	program_init(&again);
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		uint8_t *data, *same;
		size_t size, same_size;

		generate_concurrent(&program, seed, seed % 2 == 0);
		generate_concurrent(&again, seed, seed % 2 == 0);
		has_parts(&program, seed);
		program_encode(&program, &data, &size);
		program_encode(&again, &same, &same_size);
		cr_assert(size == same_size && memcmp(data, same, size) == 0, "seed %u",
		          (unsigned)seed);
		free(data);
		free(same);
	}
	program_destroy(&program);
	program_destroy(&again);
}

/* A chain of mutations, from nothing; some programs fill all the room there is, and may
 * then have lost lines at the end. */
Test(concurrent_programs_have_parts, mutated)
{
	static uint8_t data[BYTES_MAX], again[BYTES_MAX];
	struct program program;
	size_t size = 0;

	program_init(&program);
	for (uint64_t seed = 0; seed < MUTATIONS; seed++) {
		size_t same_size;

		if (seed % 100 == 0)
			size = 0;
		memcpy(again, data, size);
		same_size = mutate_bytes(again, size, BYTES_MAX, seed, true);
		size = mutate_bytes(data, size, BYTES_MAX, seed, true);
		cr_assert(size == same_size && memcmp(data, again, size) == 0, "seed %u",
		          (unsigned)seed);
		program_decode_any(&program, data, size, SIZE_MAX);
		if (size < BYTES_MAX / 2)
			has_parts(&program, seed);
	}
	program_destroy(&program);
}
