/* Claim: what must not matter does not matter. On the core, every outcome of a
 * program stays the same when it runs without a TLB, and when no-op protects
 * (each page's own protection) are slipped in between any two operations; and a
 * range operation that succeeds leaves the state that its pages, one by one,
 * leave. METAMORPHIC_TRACES sets how many programs (2000).
 *
 * Not covered: what the outcomes should be, which reference_agrees holds. The
 * working set differs, rightly, after a no-op protect of a page that was never
 * touched, and is no part of what is compared; only programs without raised IRQL,
 * where it shows, are used for that. */
#include <stdlib.h>

#include "run_program.h"

enum { OPERATIONS = 60 };

static uint64_t traces_wanted(void)
{
	const char *text = getenv("METAMORPHIC_TRACES");

	return text == NULL ? 2000 : strtoull(text, NULL, 10);
}

/* ---- Histories ---------------------------------------------------------------------- */

struct history {
	struct runner *runner;
	const struct program *program;
	struct prng prng;
	bool disturb; /* slip no-op protects in */
	uint64_t hash;
	uint64_t disturbed;
};

/* Protects a committed page of process 0 as it is protected: NOACCESS, GUARD and
 * the cache bits are its own. */
static void no_op_protect(struct history *history)
{
	struct vmm *vm = history->runner->core.vm;
	uint64_t top = vmm_inspect_user_high(vm) / VMM_PAGE_SIZE;
	uint32_t process =
		(uint32_t)prng_below(&history->prng, vmm_inspect_process_count(vm));
	uint64_t page, length;
	struct vmm_query run;
	struct vmm_protect io;

	if (!vmm_inspect_process_lives(vm, process))
		return;
	page = vmm_inspect_next_page(vm, process, prng_below(&history->prng, top));
	if (page == UINT64_MAX || prng_chance(&history->prng, 1, 2))
		page = vmm_inspect_next_page(vm, process, 0);
	if (page == UINT64_MAX)
		return;
	run.address = page * VMM_PAGE_SIZE;
	vmm_inspect_region(vm, process, &run);
	length = 1 + prng_below(&history->prng, run.size / VMM_PAGE_SIZE);
	io = (struct vmm_protect){ .base = run.base,
		                   .size = length * VMM_PAGE_SIZE,
		                   .protect = run.protect &
		                              ~(VMM_PAGE_NOCACHE | VMM_PAGE_WRITECOMBINE) };
	cr_assert_eq(vmm_protect(vm, 0, process, VMM_CURRENT_PROCESS, &io), VMM_SUCCESS);
	cr_assert_eq(io.old, run.protect);
	history->disturbed++;
}

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct history *history = context;

	history->hash = digest_mix(history->hash, index * 4 + (unsigned)fate);
	if (fate == FATE_EXECUTED) {
		history->hash = digest_mix(history->hash, (uint32_t)outcome->status);
		for (unsigned i = 0; i < OP_RESULTS_MAX; i++)
			history->hash = digest_mix(history->hash, outcome->out[i]);
	}
	if (history->disturb)
		no_op_protect(history);
}

static uint64_t history_of(struct runner *runner, const struct program *program, bool no_tlb,
                           bool disturb, uint64_t seed, uint64_t *disturbed)
{
	struct history history = {
		.runner = runner, .program = program, .disturb = disturb, .hash = 1
	};
	const struct run_options options = { .sut = RUN_CORE,
		                             .stop_at = SIZE_MAX,
		                             .no_tlb = no_tlb,
		                             .observe = observe,
		                             .context = &history };
	struct finding finding;

	prng_seed(&history.prng, seed);
	cr_assert_eq(runner_run(runner, program, NULL, &options, &finding), RUN_PASS);
	*disturbed += history.disturbed;
	return digest_mix(history.hash, digest_state(runner->core.vm));
}

/* Which page is valid shows at raised IRQL alone. */
static void lower_irql(struct program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		struct op *op = &program->op[i];

		if (op->verb == OP_LOAD)
			op->number[LOAD_IN_irql] = 0;
		else if (op->verb == OP_STORE)
			op->number[STORE_IN_irql] = 0;
		else if (op->verb == OP_EXEC)
			op->number[EXEC_IN_irql] = 0;
	}
}

Test(metamorphic, tlb_off_and_no_op_protects)
{
	uint64_t traces = traces_wanted(), disturbed = 0;
	struct program program;
	struct runner runner;

	runner_init(&runner);
	program_init(&program);
	for (uint64_t seed = 1; seed <= traces; seed++) {
		uint64_t plain;

		generate_program(&program, seed, OPERATIONS);
		plain = history_of(&runner, &program, false, false, seed, &disturbed);
		cr_assert_eq(history_of(&runner, &program, true, false, seed, &disturbed), plain,
		             "gen --seed %u --ops %d differs without a TLB", (unsigned)seed,
		             OPERATIONS);
		lower_irql(&program);
		plain = history_of(&runner, &program, false, false, seed, &disturbed);
		cr_assert_eq(history_of(&runner, &program, false, true, seed, &disturbed), plain,
		             "gen --seed %u --ops %d differs with no-op protects", (unsigned)seed,
		             OPERATIONS);
	}
	cr_assert_gt(disturbed, traces * 10);
	program_destroy(&program);
	runner_destroy(&runner);
}

/* ---- Ranges page by page --------------------------------------------------------------- */

/* The operation's range as its rules round it; false: it is none that can be
 * split, or it is one page. */
static bool range_of(const struct op *op, unsigned address_in, unsigned size_in, uint64_t base,
                     uint64_t *first, uint64_t *last)
{
	uint64_t address = base + op->number[address_in], size = op->number[size_in];

	if (size == 0 || address + size - 1 < address)
		return false;
	*first = address / VMM_PAGE_SIZE;
	*last = (address + size - 1) / VMM_PAGE_SIZE;
	return *last > *first && *last - *first < 64;
}

/* Appends `op` once for each page of its range, in place of the whole. */
static void append_pages(struct program *out, const struct op *op, unsigned address_in,
                         unsigned size_in, uint64_t first, uint64_t last)
{
	for (uint64_t page = first; page <= last; page++) {
		struct op *part = program_append(out);

		*part = *op;
		part->result = 0;
		part->name[address_in] = 0;
		part->number[address_in] = page * VMM_PAGE_SIZE;
		part->number[size_in] = VMM_PAGE_SIZE;
	}
}

struct recorder {
	const struct runner *runner;
	const struct program *program;
	struct program *split;
	bool windows; /* the program makes AWE windows */
	uint64_t count;
};

static bool splits(const struct op *op, bool windows, unsigned *address_in, unsigned *size_in)
{
	if (op->verb == OP_PROTECT) {
		*address_in = PROTECT_IN_addr;
		*size_in = PROTECT_IN_size;
		return true;
	}
	if (op->verb == OP_FREE && op->number[FREE_IN_type] == VMM_MEM_DECOMMIT) {
		*address_in = FREE_IN_addr;
		*size_in = FREE_IN_size;
		return true;
	}
	/* An AWE window is released as a whole only (F12). */
	if (op->verb == OP_FREE && op->number[FREE_IN_type] == VMM_MEM_RELEASE && !windows) {
		*address_in = FREE_IN_addr;
		*size_in = FREE_IN_size;
		return true;
	}
	if (op->verb == OP_RESETWATCH) {
		*address_in = RESETWATCH_IN_addr;
		*size_in = RESETWATCH_IN_size;
		return true;
	}
	if (op->verb == OP_ALLOC && op->number[ALLOC_IN_type] == VMM_MEM_COMMIT && op->result == 0) {
		*address_in = ALLOC_IN_addr;
		*size_in = ALLOC_IN_size;
		return op->name[ALLOC_IN_addr] != 0;
	}
	return false;
}

/* Builds the split program while the whole one runs: only an operation that
 * succeeds is split, since a refused one must change nothing, and its parts
 * might. */
static void record(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	struct recorder *recorder = context;
	const struct op *op = &recorder->program->op[index];
	unsigned address_in = 0, size_in = 0;
	uint64_t first, last, base = 0;

	if (fate == FATE_EXECUTED && VMM_OK(outcome->status) &&
	    splits(op, recorder->windows, &address_in, &size_in)) {
		if (op->name[address_in] != 0)
			base = recorder->runner->names.slot[op->name[address_in]].binding.value;
		if (range_of(op, address_in, size_in, base, &first, &last)) {
			append_pages(recorder->split, op, address_in, size_in, first, last);
			recorder->count++;
			return;
		}
	}
	*program_append(recorder->split) = *op;
}

static bool makes_windows(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].verb == OP_ALLOC &&
		    (program->op[i].number[ALLOC_IN_type] & VMM_MEM_PHYSICAL) != 0)
			return true;
	return false;
}

Test(metamorphic, ranges_page_by_page)
{
	uint64_t traces = traces_wanted(), count = 0;
	struct program program, split;
	struct runner runner;

	runner_init(&runner);
	program_init(&program);
	program_init(&split);
	for (uint64_t seed = 1; seed <= traces; seed++) {
		struct recorder recorder = { &runner, &program, &split, false, 0 };
		struct run_options options = { .sut = RUN_CORE,
			                       .stop_at = SIZE_MAX,
			                       .observe = record,
			                       .context = &recorder };
		struct finding finding;
		uint64_t whole;

		generate_program(&program, seed, OPERATIONS);
		recorder.windows = makes_windows(&program);
		program_clear(&split);
		split.machine = program.machine;
		split.name_count = program.name_count;
		cr_assert_eq(runner_run(&runner, &program, NULL, &options, &finding), RUN_PASS);
		whole = digest_state(runner.core.vm);
		options.observe = NULL;
		cr_assert_eq(runner_run(&runner, &split, NULL, &options, &finding), RUN_PASS);
		cr_assert_eq(digest_state(runner.core.vm), whole, "gen --seed %u --ops %d: page by page",
		             (unsigned)seed, OPERATIONS);
		count += recorder.count;
	}
	cr_assert_gt(count, traces);
	program_destroy(&program);
	program_destroy(&split);
	runner_destroy(&runner);
}
