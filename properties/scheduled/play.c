/* play.c: see play.h. */
#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/check.h"
#include "../../harness/model/seen.h"

enum { ORDERS_MAX = 128, STEPS_MAX = STAGE_CPUS * STAGE_STEPS };

/* Steps of all CPUs one after another, and what came of it. */
struct order {
	unsigned position[STAGE_CPUS][STAGE_STEPS];
	struct done done[STAGE_CPUS][STAGE_STEPS];
	uint64_t digest;
};

static struct {
	const struct scenario *scenario;
	unsigned cpus, steps[STAGE_CPUS];
	struct order order[ORDERS_MAX];
	unsigned orders;
	uint64_t digest; /* of the last execution */
	bool given_up;
	char report[480];
} now;

static void start(void)
{
	stage_reset();
	if (now.scenario->set_up != NULL)
		now.scenario->set_up();
	stage_curtain();
}

/* ---- The orders ------------------------------------------------------------------- */

static void run_order(const unsigned cpu[], unsigned count)
{
	struct order *order = &now.order[now.orders];

	if (now.orders++ == ORDERS_MAX)
		abort();
	start();
	for (unsigned i = 0; i < count; i++) {
		order->position[cpu[i]][stage.ended[cpu[i]]] = i;
		step_run(cpu[i], &now.scenario->step[cpu[i]][stage.ended[cpu[i]]]);
	}
	memcpy(order->done, stage.done, sizeof order->done);
	order->digest = stage_digest();
	step_give_back();
}

/* cpu[]: whose the first `count` steps are. */
static void run_orders(unsigned cpu[], unsigned count, unsigned left[])
{
	bool any = false;

	for (unsigned i = 0; i < now.cpus; i++) {
		if (left[i] == 0)
			continue;
		any = true;
		cpu[count] = i;
		left[i]--;
		run_orders(cpu, count + 1, left);
		left[i]++;
	}
	if (!any)
		run_order(cpu, count);
}

void play_open(const struct scenario *scenario)
{
	unsigned cpu[STEPS_MAX], left[STAGE_CPUS] = { 0 };

	memset(&now, 0, sizeof now);
	now.scenario = scenario;
	now.cpus = scenario->cpus == 0 ? 2 : scenario->cpus;
	for (unsigned i = 0; i < now.cpus; i++) {
		while (left[i] < STAGE_STEPS && scenario->step[i][left[i]].run != NULL)
			left[i]++;
		now.steps[i] = left[i];
	}
	stage_open(now.cpus);
	if (scenario->orders != ORDERS_NONE)
		run_orders(cpu, 0, left);
}

/* ---- The judge ---------------------------------------------------------------------- */

static bool same_results(const struct order *order)
{
	for (unsigned i = 0; i < now.cpus; i++)
		for (unsigned k = 0; k < now.steps[i]; k++)
			if (order->done[i][k].status != stage.done[i][k].status ||
			    order->done[i][k].value != stage.done[i][k].value)
				return false;
	return true;
}

/* Whether step k of CPU i stands where all that it saw return stand before it. */
static bool stands_in_time(const struct order *order, unsigned i, unsigned k)
{
	for (unsigned j = 0; j < now.cpus; j++)
		for (unsigned l = 0; l < now.steps[j]; l++)
			if (ended_before(&stage.done[j][l], &stage.done[i][k]) &&
			    order->position[j][l] > order->position[i][k])
				return false;
	return true;
}

static bool in_time(const struct order *order)
{
	for (unsigned i = 0; i < now.cpus; i++)
		for (unsigned k = 0; k < now.steps[i]; k++)
			if (!stands_in_time(order, i, k))
				return false;
	return true;
}

static const char *write_results(const char *what)
{
	int used = snprintf(now.report, sizeof now.report, "%s:", what);

	for (unsigned i = 0; i < now.cpus; i++)
		for (unsigned k = 0; k < now.steps[i] && used < (int)sizeof now.report; k++) {
			const struct done *done = &stage.done[i][k];

			used += snprintf(now.report + used, sizeof now.report - (size_t)used,
			                 " CPU %u %s %#llx [%llu-%llu]", i,
			                 vmm_status_name(done->status),
			                 (unsigned long long)done->value,
			                 (unsigned long long)done->called,
			                 (unsigned long long)done->returned);
		}
	return now.report;
}

static const char *judge_order(enum model_memory memory)
{
	bool real_time =
		memory == MODEL_SEQUENTIAL || now.scenario->orders == ORDERS_REAL_TIME;
	bool results = false, whole = false;

	if (now.scenario->orders == ORDERS_NONE)
		return NULL;
	for (unsigned i = 0; i < now.orders; i++) {
		const struct order *order = &now.order[i];

		if (!same_results(order))
			continue;
		results = true;
		if (order->digest != now.digest)
			continue;
		whole = true;
		if (!real_time || in_time(order))
			return NULL;
	}
	return whole     ? "only orders against real time explain this"
	       : results ? "no order leaves this machine behind these results"
	                 : "no order gives these results";
}

static const char *judge(enum model_memory memory)
{
	const char *wrong = judge_order(memory);
	unsigned broken;

	if (wrong == NULL && now.scenario->judge != NULL)
		wrong = now.scenario->judge();
	if (wrong != NULL)
		return write_results(wrong);
	step_give_back();
	broken = vmm_check(stage.vm);
	return broken == 0 ? NULL : vmm_invariant_text(broken);
}

/* ---- An execution --------------------------------------------------------------------- */

static void body(void *context, unsigned cpu)
{
	(void)context;
	for (unsigned i = 0; i < now.steps[cpu]; i++)
		step_run(cpu, &now.scenario->step[cpu][i]);
}

const char *play(enum model_memory memory, struct oracle *oracle)
{
	const struct model_options options = { .memory = memory,
		                               .oracle = oracle,
		                               .operation_steps_max = 2000,
		                               .plain_state = stage_state };
	struct model_result result;

	start();
	model_run(now.cpus, body, NULL, &options, &result);
	now.given_up = result.end != MODEL_DONE;
	if (now.given_up) {
		(void)snprintf(now.report, sizeof now.report, "%s", result.report);
		return now.report;
	}
	now.digest = stage_digest();
	return judge(memory);
}

bool play_may_go_on(void)
{
	return !now.given_up;
}

uint64_t play_outcome(void)
{
	uint64_t hash = now.digest;

	for (unsigned i = 0; i < now.cpus; i++)
		for (unsigned k = 0; k < now.steps[i]; k++) {
			hash = seen_mix(hash, (uint32_t)stage.done[i][k].status);
			hash = seen_mix(hash, stage.done[i][k].value);
		}
	return hash;
}
