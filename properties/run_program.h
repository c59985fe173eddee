/* run_program.h: what the properties about running programs share. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include <criterion/criterion.h>
#include <stdio.h>

#include "../core/inspect.h"
#include "../harness/generate/generate.h"
#include "../harness/run/run.h"

/* Runs a generated program; a finding ends the test with its seed. */
static inline void run_generated(struct runner *runner, struct program *program, uint64_t seed,
                                 size_t ops, const struct run_options *options)
{
	struct finding finding;
	char token[64];

	generate_program(program, seed, ops);
	if (runner_run(runner, program, NULL, options, &finding) == RUN_PASS)
		return;
	finding_token(&finding, token, sizeof token);
	cr_assert_fail("gen --seed %llu --ops %zu, operation %zu: %s: expected %s, actual %s",
	               (unsigned long long)seed, ops, finding.op, token, finding.expected,
	               finding.actual);
}

/* FNV-1a, 8 bytes a step. */
static inline uint64_t mix(uint64_t hash, uint64_t word)
{
	return (hash ^ word) * UINT64_C(0x100000001B3);
}

static inline uint64_t mix_page(uint64_t hash, const struct vmm *vm, uint32_t process,
                                uint64_t page)
{
	struct vmm_page at;
	bool zero = true;

	vmm_inspect_page(vm, process, page, &at);
	hash = mix(mix(hash, page), at.protect + (at.watched ? 0x10000u : 0));
	for (unsigned i = 0; at.bytes != NULL && i < VMM_PAGE_SIZE; i++)
		zero &= at.bytes[i] == 0;
	for (unsigned i = 0; !zero && i < VMM_PAGE_SIZE; i++)
		hash = mix(hash, at.bytes[i]);
	return hash;
}

/* The observable state of a machine in one number: regions, pages, contents,
 * guards, marks and charge of every process. Residency is no part of it. */
static inline uint64_t state_hash(const struct vmm *vm)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);

	for (uint32_t i = 0; i < vmm_inspect_process_count(vm); i++) {
		hash = mix(hash, vmm_inspect_process_lives(vm, i));
		hash = mix(hash, vmm_inspect_charge(vm, i));
		if (!vmm_inspect_process_lives(vm, i))
			continue;
		for (struct vmm_query at = { .address = 0 }; at.address <= vmm_inspect_user_high(vm);
		     at.address = at.base + at.size) {
			vmm_inspect_region(vm, i, &at);
			hash = mix(mix(hash, at.base), at.allocation_base);
			hash = mix(mix(hash, at.state), at.protect);
			hash = mix(hash, at.allocation_protect);
		}
		for (uint64_t page = vmm_inspect_next_page(vm, i, 0); page != UINT64_MAX;
		     page = vmm_inspect_next_page(vm, i, page + 1))
			hash = mix_page(hash, vm, i, page);
	}
	return hash;
}

#endif
