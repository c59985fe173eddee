/* compare.c: what core and reference must have in common (the observable state:
 * docs/ARCHITECTURE.md). */
#include "compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../core/check.h"
#include "../../core/inspect.h"

/* ---- Findings ------------------------------------------------------------------- */

/* Always false, so that a check can return it. */
static bool differs(struct finding *finding, enum check check)
{
	finding->check = check;
	finding->invariant = 0;
	return false;
}

__attribute__((format(printf, 2, 3))) static void tell(char text[240], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, 240, format, arguments);
	va_end(arguments);
}

static bool number_differs(struct finding *finding, enum check check, const char *what,
                           uint64_t expected, uint64_t actual)
{
	tell(finding->expected, "%s %" PRIu64, what, expected);
	tell(finding->actual, "%s %" PRIu64, what, actual);
	return differs(finding, check);
}

/* ---- Outcomes ------------------------------------------------------------------- */

static const char *name_of(vmm_status status)
{
	const char *name = outcome_name(status);

	return name != NULL ? name : "no known status";
}

static bool result_differs(const struct outcome *core, const struct outcome *reference,
                           enum verb verb, unsigned i, struct finding *finding)
{
	const char *key = ops_table[verb].result[i].key;
	bool expected = (reference->present >> i & 1) != 0, actual = (core->present >> i & 1) != 0;

	tell(finding->expected, expected ? "%s=0x%" PRIx64 : "no %s", key, reference->out[i]);
	tell(finding->actual, actual ? "%s=0x%" PRIx64 : "no %s", key, core->out[i]);
	return differs(finding, CHECK_OUTCOME_RESULT);
}

static bool same_list(const struct outcome *core, const struct outcome *reference, uint64_t count)
{
	return count == 0 || memcmp(core->list, reference->list, count * sizeof core->list[0]) == 0;
}

static bool same_outcome(const struct outcome *core, const struct outcome *reference,
                         enum verb verb, struct finding *finding)
{
	const struct op_info *info = &ops_table[verb];

	if (core->status != reference->status) {
		tell(finding->expected, "%s", name_of(reference->status));
		tell(finding->actual, "%s", name_of(core->status));
		return differs(finding, CHECK_OUTCOME_STATUS);
	}
	for (unsigned i = 0; i < info->result_count; i++) {
		if ((core->present >> i & 1) != (reference->present >> i & 1) ||
		    core->out[i] != reference->out[i])
			return result_differs(core, reference, verb, i, finding);
		if (info->result[i].kind == KIND_ADDRESS_LIST && (core->present >> i & 1) != 0 &&
		    !same_list(core, reference, core->out[i]))
			return result_differs(core, reference, verb, i, finding);
	}
	return true;
}

bool compare_outcome(const struct outcome *core, const struct outcome *reference, enum verb verb,
                     struct finding *finding)
{
	if (same_outcome(core, reference, verb, finding))
		return true;
	(void)snprintf(finding->rule, sizeof finding->rule, "%s",
	               reference->rule == NULL ? "" : reference->rule);
	return false;
}

/* ---- Pages ------------------------------------------------------------------------ */

static bool zero_page(const uint8_t *bytes)
{
	static const uint8_t zeros[VMM_PAGE_SIZE];

	return memcmp(bytes, zeros, sizeof zeros) == 0;
}

static bool same_bytes(const uint8_t *a, const uint8_t *b)
{
	if (a == NULL || b == NULL)
		return (a == NULL || zero_page(a)) && (b == NULL || zero_page(b));
	return memcmp(a, b, (size_t)VMM_PAGE_SIZE) == 0;
}

static bool bytes_differ(uint32_t process, uint64_t page, const uint8_t *core,
                         const uint8_t *reference, struct finding *finding)
{
	unsigned at = 0;

	while ((core == NULL ? 0 : core[at]) == (reference == NULL ? 0 : reference[at]))
		at++;
	tell(finding->expected, "process %u, 0x%" PRIx64 ": byte 0x%02x", process,
	     page * VMM_PAGE_SIZE + at, reference == NULL ? 0u : reference[at]);
	tell(finding->actual, "process %u, 0x%" PRIx64 ": byte 0x%02x", process,
	     page * VMM_PAGE_SIZE + at, core == NULL ? 0u : core[at]);
	return differs(finding, CHECK_PAGE_BYTES);
}

static bool flag_differs(struct finding *finding, enum check check, uint32_t process, uint64_t page,
                         const char *what, bool expected)
{
	tell(finding->expected, "process %u, page 0x%" PRIx64 "000: %s%s", process, page,
	     expected ? "" : "not ", what);
	tell(finding->actual, "process %u, page 0x%" PRIx64 "000: %s%s", process, page,
	     expected ? "not " : "", what);
	return differs(finding, check);
}

static bool compare_page(const struct sides *sides, uint32_t process, uint64_t page,
                         struct finding *finding)
{
	struct vmm_page core;
	struct reference_page reference;

	vmm_inspect_page(sides->core->vm, process, page, &core);
	reference_page_at(sides->reference, process, page, &reference);
	if (core.committed != reference.committed)
		return flag_differs(finding, CHECK_PAGE_COMMITTED, process, page, "committed",
		                    reference.committed);
	if (!core.committed)
		return true;
	if (core.protect != reference.protect) {
		tell(finding->expected, "process %u, page 0x%" PRIx64 "000: protect 0x%x", process,
		     page, reference.protect);
		tell(finding->actual, "process %u, page 0x%" PRIx64 "000: protect 0x%x", process,
		     page, core.protect);
		return differs(finding, CHECK_PAGE_PROTECT);
	}
	if (core.valid != reference.valid)
		return flag_differs(finding, CHECK_PAGE_VALID, process, page, "valid",
		                    reference.valid);
	if (core.watched != reference.watched)
		return flag_differs(finding, CHECK_PAGE_MARK, process, page, "marked",
		                    reference.watched);
	if (!same_bytes(core.bytes, reference.bytes))
		return bytes_differ(process, page, core.bytes, reference.bytes, finding);
	return true;
}

/* ---- Regions ------------------------------------------------------------------------- */

static bool compare_region(const struct sides *sides, uint32_t process, uint64_t address,
                           uint64_t *end, struct finding *finding)
{
	struct vmm_query core = { .address = address };
	struct reference_region reference;

	vmm_inspect_region(sides->core->vm, process, &core);
	reference_region_at(sides->reference, process, address, &reference);
	*end = reference.base + reference.size;
	if (core.base == reference.base && core.size == reference.size &&
	    core.allocation_base == reference.allocation_base &&
	    core.allocation_protect == reference.allocation_protect &&
	    core.state == reference.state && core.protect == reference.protect &&
	    core.type == reference.type)
		return true;
	tell(finding->expected,
	     "process %u, 0x%" PRIx64 ": size 0x%" PRIx64 " allocation 0x%" PRIx64
	     "/0x%x state 0x%x protect 0x%x",
	     process, reference.base, reference.size, reference.allocation_base,
	     reference.allocation_protect, reference.state, reference.protect);
	tell(finding->actual,
	     "process %u, 0x%" PRIx64 ": size 0x%" PRIx64 " allocation 0x%" PRIx64
	     "/0x%x state 0x%x protect 0x%x",
	     process, core.base, core.size, core.allocation_base, core.allocation_protect,
	     core.state, core.protect);
	return differs(finding, CHECK_REGION);
}

/* ---- After each operation ---------------------------------------------------------------- */

bool compare_counters(const struct sides *sides, uint32_t process, struct finding *finding)
{
	const struct vmm *vm = sides->core->vm;
	const struct reference *reference = sides->reference;
	struct vmm_totals totals;

	vmm_inspect_totals(vm, &totals);
	if (vmm_inspect_charge(vm, process) != reference_charge(reference, process))
		return number_differs(finding, CHECK_CHARGE_PROCESS, "charge of the process",
		                      reference_charge(reference, process),
		                      vmm_inspect_charge(vm, process));
	if (totals.charge != reference_charge_total(reference))
		return number_differs(finding, CHECK_CHARGE_MACHINE, "charge of the machine",
		                      reference_charge_total(reference), totals.charge);
	if (totals.frames - totals.frames_free != reference_frames_used(reference))
		return number_differs(finding, CHECK_FRAMES_USED, "frames in use",
		                      reference_frames_used(reference),
		                      totals.frames - totals.frames_free);
	if (totals.processes != reference_process_count(reference))
		return number_differs(finding, CHECK_PROCESSES, "processes",
		                      reference_process_count(reference), totals.processes);
	if (vmm_inspect_process_lives(vm, process) != reference_process_lives(reference, process))
		return number_differs(finding, CHECK_PROCESSES, "alive",
		                      reference_process_lives(reference, process),
		                      vmm_inspect_process_lives(vm, process));
	return true;
}

/* Long changes are looked at where bugs are: near both ends, and at the probe. */
enum { PAGES_AT_AN_END = 8, RUNS_AT_AN_END = 6 };

static bool compare_page_span(const struct sides *sides, uint32_t process, uint64_t first,
                              uint64_t last, struct finding *finding)
{
	for (uint64_t page = first; page <= last; page++)
		if (!compare_page(sides, process, page, finding))
			return false;
	return true;
}

/* The runs that tile the pages from `first` on, up to `last` or so many. */
static bool compare_runs(const struct sides *sides, uint32_t process, uint64_t first,
                         uint64_t last, struct finding *finding)
{
	uint64_t address = first * VMM_PAGE_SIZE;

	for (unsigned i = 0; i < RUNS_AT_AN_END && address <= last * VMM_PAGE_SIZE; i++)
		if (!compare_region(sides, process, address, &address, finding))
			return false;
	return true;
}

static bool compare_change(const struct sides *sides, const struct reference_change *change,
                           uint64_t probe, struct finding *finding)
{
	uint32_t process = change->process;
	uint64_t top = reference_user_high(sides->reference) / VMM_PAGE_SIZE;
	uint64_t first = change->first == 0 ? 0 : change->first - 1;
	uint64_t last = change->last >= top ? top : change->last + 1;
	uint64_t spot = first + probe % (last - first + 1);

	if (process >= vmm_inspect_process_count(sides->core->vm) ||
	    !reference_process_lives(sides->reference, process) ||
	    !vmm_inspect_process_lives(sides->core->vm, process))
		return true;
	if (last - first < 2 * PAGES_AT_AN_END)
		return compare_page_span(sides, process, first, last, finding) &&
		       compare_runs(sides, process, first, last, finding);
	return compare_page_span(sides, process, first, first + PAGES_AT_AN_END - 1, finding) &&
	       compare_page_span(sides, process, last - PAGES_AT_AN_END + 1, last, finding) &&
	       compare_runs(sides, process, first, last, finding) &&
	       compare_runs(sides, process, last - 1, last, finding) &&
	       compare_page(sides, process, spot, finding) &&
	       compare_runs(sides, process, spot, spot, finding);
}

bool compare_changes(const struct sides *sides, uint64_t probe, struct finding *finding)
{
	const struct reference_change *change;
	size_t count = reference_changes(sides->reference, &change);

	for (size_t i = 0; i < count; i++)
		if (!compare_change(sides, &change[i], probe, finding))
			return false;
	/* The rotating page: the next committed one of a process of the probe's
	 * choice, wherever it is. */
	uint32_t process = (uint32_t)(probe % reference_process_count(sides->reference));

	if (!reference_process_lives(sides->reference, process) ||
	    !vmm_inspect_process_lives(sides->core->vm, process))
		return true;
	uint64_t page = reference_next_page(sides->reference, process,
	                                    probe % (reference_user_high(sides->reference) /
	                                             VMM_PAGE_SIZE));

	return page == UINT64_MAX || compare_page(sides, process, page, finding);
}

/* ---- Everything ----------------------------------------------------------------------------- */

static bool compare_pages(const struct sides *sides, uint32_t process, struct finding *finding)
{
	uint64_t page = 0;

	for (;;) {
		uint64_t core = vmm_inspect_next_page(sides->core->vm, process, page);
		uint64_t reference = reference_next_page(sides->reference, process, page);

		page = core < reference ? core : reference;
		if (page == UINT64_MAX)
			return true;
		if (!compare_page(sides, process, page, finding))
			return false;
		page++;
	}
}

static bool compare_regions(const struct sides *sides, uint32_t process, struct finding *finding)
{
	uint64_t high = reference_user_high(sides->reference);

	for (uint64_t address = 0; address <= high;)
		if (!compare_region(sides, process, address, &address, finding))
			return false;
	return true;
}

bool compare_state(const struct sides *sides, struct finding *finding)
{
	for (uint32_t i = 0; i < reference_process_count(sides->reference); i++) {
		if (!compare_counters(sides, i, finding))
			return false;
		if (reference_process_lives(sides->reference, i) &&
		    (!compare_pages(sides, i, finding) || !compare_regions(sides, i, finding)))
			return false;
	}
	return true;
}

/* The strong guarantee, inside: what a refused service holds of frames, tables
 * and ranges is what it held before. Accesses may have made pages valid. */
bool compare_refusal(const struct vmm_totals *before, const struct vmm_totals *after,
                     struct finding *finding)
{
	if (memcmp(before, after, sizeof *before) == 0)
		return true;
	tell(finding->expected, "frames free %u, tables %u, ranges %u", before->frames_free,
	     before->tables, before->ranges);
	tell(finding->actual, "frames free %u, tables %u, ranges %u", after->frames_free,
	     after->tables, after->ranges);
	return differs(finding, CHECK_REFUSAL_TOTALS);
}

bool compare_tear_down(const struct sides *sides, struct finding *finding)
{
	struct vmm *vm = sides->core->vm;
	struct vmm_totals left;

	for (uint32_t i = 0; i < vmm_inspect_process_count(vm); i++)
		if (vmm_inspect_process_lives(vm, i))
			(void)vmm_terminate_process(vm, 0, i, VMM_CURRENT_PROCESS);
	if (!compare_invariants(sides, finding))
		return false;
	vmm_inspect_totals(vm, &left);
	if (left.frames_free == left.frames && left.charge == 0 && left.tables == 0 &&
	    left.ranges == 0)
		return true;
	tell(finding->expected, "nothing is left");
	tell(finding->actual, "frames %u, charge %" PRIu64 ", tables %u, ranges %u",
	     left.frames - left.frames_free, left.charge, left.tables, left.ranges);
	return differs(finding, CHECK_TEAR_DOWN);
}

bool compare_invariants(const struct sides *sides, struct finding *finding)
{
	unsigned broken = vmm_check(sides->core->vm);

	if (broken == 0)
		return true;
	tell(finding->expected, "%s", vmm_invariant_text(broken));
	tell(finding->actual, "it is broken");
	finding->check = CHECK_INVARIANT;
	finding->invariant = broken;
	return false;
}
