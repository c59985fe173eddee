/* shrink.c: reducing a failing trace. Which lines a candidate keeps is a mask;
 * dropping any line leaves a trace, since lines that use its name are skipped. */
#include "shrinking.h"

#include <stdlib.h>
#include <string.h>

#include "../schedule/reschedule.h"
#include "../support/memory.h"

enum { RUNS_MAX = 20000 };

/* ---- Candidates -------------------------------------------------------------------- */

/* One run of the candidate. */
static bool fails_alike(struct shrinker *shrinker)
{
	struct isolated run;
	bool same;

	if (shrinker->failed || shrinker->result->runs >= RUNS_MAX)
		return false;
	shrinker->result->runs++;
	if (!isolated_run(&shrinker->candidate, false, &run)) {
		shrinker->failed = true;
		return false;
	}
	same = run.end != ISOLATED_PASS && strcmp(run.token, shrinker->token) == 0;
	if (same)
		shrinker->result->failure = run;
	return same;
}

/* With `anew`, by another schedule if not by its own. */
static bool still_fails(struct shrinker *shrinker, bool anew)
{
	if (fails_alike(shrinker))
		return true;
	return anew && !shrinker->failed && shrink_is_concurrent(&shrinker->candidate) &&
	       reschedule(&shrinker->candidate, shrinker->token, RESCHEDULE_QUICK) &&
	       fails_alike(shrinker);
}

/* The candidate becomes what the trace is now. */
static void renew(struct shrinker *shrinker)
{
	size_t count = shrinker->trace->program.count;

	memcpy(shrinker->candidate.program.op, shrinker->trace->program.op,
	       count * sizeof shrinker->trace->program.op[0]);
	memcpy(shrinker->candidate.line, shrinker->trace->line,
	       count * sizeof shrinker->trace->line[0]);
	shrinker->candidate.program.count = count;
	shrinker->candidate.program.machine = shrinker->trace->program.machine;
}

/* Schedules of candidates are added to the bytes that both share. */
static void share_bytes(struct shrinker *shrinker)
{
	struct program *program = &shrinker->trace->program;
	const struct program *candidate = &shrinker->candidate.program;

	program->bytes = candidate->bytes;
	program->bytes_count = candidate->bytes_count;
	program->bytes_capacity = candidate->bytes_capacity;
}

bool shrink_keep(struct shrinker *shrinker, bool anew)
{
	struct program *program = &shrinker->trace->program;
	const struct program *candidate = &shrinker->candidate.program;
	bool fails = still_fails(shrinker, anew);

	share_bytes(shrinker);
	if (!fails) {
		renew(shrinker);
		return false;
	}
	memcpy(program->op, candidate->op, candidate->count * sizeof program->op[0]);
	memcpy(shrinker->trace->line, shrinker->candidate.line,
	       candidate->count * sizeof shrinker->trace->line[0]);
	program->count = candidate->count;
	program->machine = candidate->machine;
	return true;
}

/* For what hardly changes the steps of a part. */
static bool keep_if_failing(struct shrinker *shrinker)
{
	return shrink_keep(shrinker, false);
}

/* ---- Lines -------------------------------------------------------------------------- */

void shrink_cut(struct shrinker *shrinker, size_t first, size_t count)
{
	struct trace *candidate = &shrinker->candidate;
	size_t behind = candidate->program.count - first - count;

	memmove(&candidate->program.op[first], &candidate->program.op[first + count],
	        behind * sizeof candidate->program.op[0]);
	memmove(&candidate->line[first], &candidate->line[first + count],
	        behind * sizeof candidate->line[0]);
	candidate->program.count -= count;
}

/* What stands behind the failing line was not executed. */
static void cut_tail(struct shrinker *shrinker)
{
	size_t keep = shrinker->result->failure.finding.op + 1;

	if (keep >= shrinker->trace->program.count)
		return;
	shrink_cut(shrinker, keep, shrinker->trace->program.count - keep);
	(void)keep_if_failing(shrinker);
}

/* Runs of half the lines, a quarter, ..., one; from the end, since what fails
 * stands there and the rest led to it. */
static bool cut_lines(struct shrinker *shrinker)
{
	bool any = false;

	for (size_t run = shrinker->trace->program.count / 2; run >= 1; run /= 2) {
		size_t at = shrinker->trace->program.count;

		while (at >= run) {
			at -= run;
			shrink_cut(shrinker, at, run);
			any |= shrink_keep(shrinker, true);
			if (at > shrinker->trace->program.count)
				at = shrinker->trace->program.count;
		}
	}
	return any;
}

/* ---- Arguments ------------------------------------------------------------------------ */

static bool try_number(struct shrinker *shrinker, size_t at, unsigned input, uint64_t number)
{
	uint64_t *place = &shrinker->candidate.program.op[at].number[input];

	if (*place == number)
		return false;
	*place = number;
	return keep_if_failing(shrinker);
}

/* Single bits of flags go, as long as it still fails. */
static bool simplify_flags(struct shrinker *shrinker, size_t at, unsigned input)
{
	bool any = false;

	for (unsigned bit = 0; bit < 32; bit++) {
		uint64_t now = shrinker->trace->program.op[at].number[input];

		if ((now >> bit & 1) != 0)
			any |= try_number(shrinker, at, input, now & ~(UINT64_C(1) << bit));
	}
	return any;
}

/* Towards 0, page borders, small sizes, and few bits. */
static bool simplify_number(struct shrinker *shrinker, size_t at, unsigned input)
{
	const uint64_t now = shrinker->trace->program.op[at].number[input];
	const uint64_t page = VMM_PAGE_SIZE;
	const uint64_t simpler[] = { 0,         1,
		                     page,      2 * page,
		                     now % page, now - now % page,
		                     now / 2 - now / 2 % page,
		                     now / 2,   now & (now - 1),
		                     now < 256 * page ? now - page : now };

	for (size_t i = 0; i < sizeof simpler / sizeof simpler[0]; i++)
		if (simpler[i] < now && try_number(shrinker, at, input, simpler[i]))
			return true;
	return false;
}

/* An optional address that is not needed at all, its name and all. */
static bool drop_address(struct shrinker *shrinker, size_t at, unsigned input)
{
	struct op *op = &shrinker->candidate.program.op[at];

	if (ops_table[op->verb].input[input].how != HOW_OPTIONAL || op->name[input] == 0)
		return false;
	op->name[input] = 0;
	op->number[input] = 0;
	return keep_if_failing(shrinker);
}

static bool simplify_input(struct shrinker *shrinker, size_t at, unsigned input)
{
	const struct op *op = &shrinker->trace->program.op[at];
	enum kind kind = ops_table[op->verb].input[input].kind;
	const struct words *words = kind_words(kind);

	if (kind == KIND_BYTES || kind == KIND_SCHEDULE)
		return false;
	if (kind == KIND_WIDTH && op->number[input] != 1) {
		/* A narrower store must not carry a value that is too wide for it. */
		if (op->verb == OP_STORE)
			shrinker->candidate.program.op[at].number[STORE_IN_value] &= 0xFF;
		return try_number(shrinker, at, input, 1);
	}
	if (kind == KIND_WIDTH)
		return false;
	if (words != NULL && words->flags)
		return simplify_flags(shrinker, at, input);
	if (kind == KIND_ADDRESS && drop_address(shrinker, at, input))
		return true;
	return op->number[input] != 0 && simplify_number(shrinker, at, input);
}

/* Whether a line behind `at` uses its name before it is bound again. */
static bool name_is_used(const struct program *program, size_t at)
{
	name_ref name = program->op[at].result;

	for (size_t i = at + 1; i < program->count; i++) {
		const struct op *op = &program->op[i];

		if (op->subject == name)
			return true;
		for (unsigned k = 0; k < OP_INPUTS_MAX; k++)
			if (op->name[k] == name)
				return true;
	}
	return false;
}

static bool simplify_line(struct shrinker *shrinker, size_t at)
{
	struct op *op = &shrinker->candidate.program.op[at];
	bool any = false;

	if (op->cpu != 0) {
		op->cpu = 0;
		any |= shrink_keep(shrinker, true);
	}
	if (op->subject != 0 && ops_table[op->verb].subject == SUBJECT_PROCESS) {
		op->subject = 0;
		any |= keep_if_failing(shrinker);
	}
	if (op->result != 0 && !name_is_used(&shrinker->trace->program, at)) {
		op->result = 0;
		any |= keep_if_failing(shrinker);
	}
	for (unsigned i = 0; i < ops_table[op->verb].input_count; i++)
		any |= simplify_input(shrinker, at, i);
	return any;
}

/* ---- The machine ------------------------------------------------------------------------ */

static bool simplify_machine(struct shrinker *shrinker)
{
	const struct machine usual = machine_default();
	struct machine *machine = &shrinker->candidate.program.machine;
	bool any = false;
	uint32_t cpus = 1;

	for (size_t i = 0; i < shrinker->trace->program.count; i++)
		if (shrinker->trace->program.op[i].cpu >= cpus)
			cpus = shrinker->trace->program.op[i].cpu + 1u;
#define TOWARDS(member, value)                                                                   \
	do {                                                                                     \
		if (machine->member != (value)) {                                                \
			machine->member = (value);                                               \
			any |= keep_if_failing(shrinker);                                        \
		}                                                                                \
	} while (0)
	TOWARDS(userva, 0);
	TOWARDS(layout, usual.layout);
	TOWARDS(frames, usual.frames);
	TOWARDS(pagefile, usual.pagefile);
	TOWARDS(seed, usual.seed);
	TOWARDS(cpus, cpus);
#undef TOWARDS
	return any;
}

/* ---- The whole ---------------------------------------------------------------------------- */

/* Three runs that must be alike, state by state. */
static bool repeats(const struct trace *trace, struct shrink_result *result)
{
	struct isolated first, again;
	bool good = isolated_run(trace, true, &first);

	for (unsigned i = 0; i < 2 && good && !result->flaky; i++) {
		size_t at = 0;

		good = isolated_run(trace, true, &again);
		while (good && at < first.digest_count && at < again.digest_count &&
		       first.digest[at] == again.digest[at])
			at++;
		result->flaky = good && (at < first.digest_count || at < again.digest_count ||
		                         first.end != again.end ||
		                         strcmp(first.token, again.token) != 0);
		result->flaky_op = at;
		isolated_clear(&again);
	}
	result->failure = first;
	isolated_clear(&result->failure);
	return good;
}

bool shrink(struct trace *trace, struct shrink_result *result)
{
	struct shrinker shrinker = { .trace = trace, .result = result, .candidate = *trace };
	size_t count = trace->program.count;
	bool more = true;

	memset(result, 0, sizeof *result);
	result->from = result->to = count;
	if (!repeats(trace, result))
		return false;
	if (result->flaky || result->failure.end == ISOLATED_PASS)
		return true;
	memcpy(shrinker.token, result->failure.token, sizeof shrinker.token);
	shrinker.candidate.program.op =
		memory_resize(NULL, (count + 1) * sizeof trace->program.op[0]);
	shrinker.candidate.line = memory_resize(NULL, (count + 1) * sizeof trace->line[0]);
	renew(&shrinker);
	cut_tail(&shrinker);
	while (more && !shrinker.failed) {
		more = cut_lines(&shrinker);
		for (size_t i = trace->program.count; i-- > 0;)
			more |= i < trace->program.count && simplify_line(&shrinker, i);
		if (shrink_is_concurrent(trace))
			more |= shrink_parts(&shrinker);
		more |= simplify_machine(&shrinker);
	}
	result->to = trace->program.count;
	free(shrinker.candidate.program.op);
	free(shrinker.candidate.line);
	return !shrinker.failed;
}
