/* oracle_pct.c: probabilistic concurrency testing. The CPU of the highest priority
 * runs; at a few random steps the running one falls to the bottom. A bug that takes
 * d ordered events is then found with a probability that can be stated: at least
 * 1 in n * k^(d-1), for n CPUs and k steps. That is said of interleavings, not of
 * what weak loads see: those are drawn by coin. */
#include "oracle_kinds.h"

/* The lowest priorities, below the initial ones, wait for the change points. */
void oracle_pct_start(struct oracle *oracle)
{
	oracle->passed = 0;
	for (unsigned i = 0; i < oracle->changes; i++)
		oracle->change_at[i] = 1 + prng_below(&oracle->prng, oracle->length);
	for (unsigned i = 0; i < ORACLE_CPUS_MAX; i++) {
		unsigned other = (unsigned)prng_below(&oracle->prng, i + 1);

		oracle->priority[i] = oracle->priority[other];
		oracle->priority[other] = oracle->changes + i;
	}
}

unsigned oracle_pct_schedule(struct oracle *oracle, const struct oracle_point *point)
{
	unsigned best = point->current;
	unsigned highest = 0;

	oracle->passed++;
	for (unsigned i = 0; i < oracle->changes; i++)
		if (oracle->change_at[i] == oracle->passed)
			oracle->priority[point->current] = i;
	for (unsigned cpu = 0; cpu < ORACLE_CPUS_MAX; cpu++) {
		if ((point->runnable >> cpu & 1) == 0 || oracle->priority[cpu] + 1 <= highest)
			continue;
		best = cpu;
		highest = oracle->priority[cpu] + 1;
	}
	return best;
}
