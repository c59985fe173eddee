/* Claim: the table of pairs is whole: every built verb has a row, every scenario is
 * a trace in which both CPUs do something, and each two rows meet once from each
 * start.
 *
 * Not covered: that rows are good ones. */
#include "../../harness/schedule/pairs.h"
#include "../claim.h"

Test(pairs, has_a_row_for_every_verb)
{
	enum verb missing = pairs_missing();

	cr_assert_eq(missing, OP_COUNT, "%s has none",
	             missing == OP_COUNT ? "" : ops_table[missing].verb);
}

Test(pairs, scenarios_are_different)
{
	unsigned before = 0;

	for (size_t i = 0; i < pairs_count(); i++) {
		const struct pairs_scenario scenario = pairs_scenario(i);
		unsigned rank = (scenario.row[0] << 20 | scenario.row[1] << 10 | scenario.start) + 1;

		cr_assert_leq(scenario.row[0], scenario.row[1]);
		cr_assert_gt(rank, before, "scenario %zu", i);
		before = rank;
	}
}

Test(pairs, scenarios_are_traces_of_two_cpus)
{
	for (size_t i = 0; i < pairs_count(); i++) {
		const struct pairs_scenario scenario = pairs_scenario(i);
		bool inside = false;
		unsigned lines[2] = { 0, 0 };
		struct trace trace;

		trace_init(&trace);
		pairs_trace(&scenario, &trace);
		for (size_t k = 0; k < trace.program.count; k++) {
			const struct op *op = &trace.program.op[k];

			inside |= op->verb == OP_PARALLEL;
			if (op->verb == OP_JOIN)
				break;
			if (inside && op->verb != OP_PARALLEL)
				lines[op->cpu]++;
		}
		cr_assert(lines[0] > 0 && lines[1] > 0, "scenario %zu", i);
		trace_destroy(&trace);
	}
}
