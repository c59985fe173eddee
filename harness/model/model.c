/* model.c: the scheduler. It runs on the fiber of the CPU that has come to a
 * schedule point, so that going on costs no switch and going over costs one. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "verdict.h"
#include "raw.h"
#include "simulation.h"
#include "words.h"

enum { OPERATION_STEPS_DEFAULT = 65536 };

struct simulation simulation;

/* ---- Who can run ----------------------------------------------------------------- */

static uint64_t events_of_others(const struct simulated_cpu *cpu)
{
	return simulation.events - cpu->events;
}

/* What a waiting CPU has read is still so: it would find the same again. */
static bool is_blocked(const struct simulated_cpu *cpu)
{
	if (!cpu->waits)
		return false;
	if (cpu->awaits_any || cpu->awaited_count == 0)
		return !cpu->is_behind && events_of_others(cpu) == cpu->others_before;
	for (unsigned i = 0; i < cpu->awaited_count; i++)
		if (__atomic_load_n(cpu->awaited[i].word, __ATOMIC_RELAXED) !=
		    cpu->awaited[i].value)
			return false;
	return true;
}

static uint32_t runnable_cpus(void)
{
	uint32_t runnable = 0;

	for (unsigned i = 0; i < simulation.count; i++)
		if (simulation.cpu[i].lives && !is_blocked(&simulation.cpu[i]))
			runnable |= UINT32_C(1) << i;
	return runnable;
}

static bool any_lives(void)
{
	for (unsigned i = 0; i < simulation.count; i++)
		if (simulation.cpu[i].lives)
			return true;
	return false;
}

/* ---- Fair schedules ------------------------------------------------------------------ */

/* Too long an operation is no fault of its own where the others were kept from
 * running: only what does not end in a fair schedule makes no progress. */
static void judge_progress(void)
{
	uint64_t most = simulation.options->operation_steps_max;
	struct simulated_cpu *cpu = simulation_cpu();

	if (most == 0)
		most = OPERATION_STEPS_DEFAULT;
	if (cpu->steps > simulation.result->longest)
		simulation.result->longest = cpu->steps;
	if (!simulation.is_fair && cpu->steps > most) {
		simulation.is_fair = true;
		simulation.slow = simulation.current;
		simulation.fair_steps = 0;
	} else if (simulation.is_fair && ++simulation.fair_steps > most * simulation.count) {
		simulation.result->end = MODEL_NO_PROGRESS;
	}
}

static void operation_ends(struct simulated_cpu *cpu)
{
	cpu->ended++;
	if (simulation.is_fair && simulation.slow == simulation.current)
		simulation.is_fair = false;
}

/* ---- Who runs next --------------------------------------------------------------------- */

/* Where the CPUs stand and what they have read says all about them, but for what
 * ends the wait of one that has read too much, or nothing. */
static uint64_t state(void)
{
	uint64_t hash = words_state();

	for (unsigned i = 0; i < simulation.count; i++) {
		const struct simulated_cpu *cpu = &simulation.cpu[i];
		bool others_wrote = events_of_others(cpu) != cpu->others_before;

		hash = seen_mix(hash, cpu->history);
		if (cpu->awaits_any || cpu->awaited_count == 0)
			hash = seen_mix(hash, (uint64_t)others_wrote << 1 | cpu->is_behind);
	}
	if (simulation.options->plain_state != NULL)
		hash = seen_mix(hash, simulation.options->plain_state(simulation.options->context));
	return hash;
}

static void note_preemption(unsigned next)
{
	const struct simulated_cpu *cpu = simulation_cpu();

	simulation.result->preemptions++;
	if (simulation.options->on_preemption != NULL)
		simulation.options->on_preemption(simulation.current, cpu->point, cpu->steps, next);
}

static unsigned choose(const struct oracle_point *point)
{
	struct oracle *oracle = simulation.options->oracle;
	unsigned next;

	if (simulation.is_fair)
		return oracle_usual(&(struct oracle_point){ point->runnable, point->current, false });
	if (simulation.has_states && oracle_asks_state(oracle, point))
		oracle_state(oracle, point, state());
	next = oracle_schedule(oracle, point);
	if (point->goes_on && next != point->current)
		note_preemption(next);
	return next;
}

/* Makes the CPU that runs next the current one; NULL, the main stack, when there is
 * none any more, and result->end says why. */
static struct fiber *next_fiber(bool goes_on)
{
	struct oracle_point point = { runnable_cpus(), simulation.current, goes_on };

	if (simulation.result->end == MODEL_NO_PROGRESS)
		return NULL;
	if (point.runnable == 0) {
		simulation.result->end = any_lives() ? MODEL_DEADLOCK : MODEL_DONE;
		return NULL;
	}
	simulation.current = choose(&point);
	return simulation_cpu()->fiber;
}

static void go_on(bool goes_on)
{
	struct fiber *running = simulation_cpu()->fiber;
	struct fiber *next;

	next = next_fiber(goes_on);
	if (next == NULL)
		fiber_leave(NULL);
	if (next != running)
		fiber_switch(next);
}

static void count_step(void)
{
	simulation.clock++;
	simulation.result->steps++;
	simulation_cpu()->steps++;
	judge_progress();
}

void simulation_step(void)
{
	count_step();
	go_on(true);
}

/* ---- Waiting --------------------------------------------------------------------------- */

static void count_event(void)
{
	simulation.events++;
	simulation_cpu()->events++;
}

static void forget_awaited(struct simulated_cpu *cpu)
{
	cpu->awaited_count = 0;
	cpu->awaits_any = cpu->is_behind = false;
	cpu->others_before = events_of_others(cpu);
}

static void await(const void *memory, uint64_t known)
{
	struct simulated_cpu *cpu = simulation_cpu();
	const uint64_t *word = raw_word_of(memory);

	for (unsigned i = 0; i < cpu->awaited_count; i++) {
		if (cpu->awaited[i].word != word)
			continue;
		cpu->awaited[i].value = known;
		return;
	}
	if (cpu->awaited_count == AWAITED_MAX)
		cpu->awaits_any = true;
	else
		cpu->awaited[cpu->awaited_count++] = (struct awaited){ word, known };
}

void simulation_has_read(const void *memory, uint64_t value, uint64_t known)
{
	struct simulated_cpu *cpu = simulation_cpu();

	if (!cpu->awaits_any)
		await(memory, known);
	cpu->is_behind |= known != raw_load(raw_word_of(memory), sizeof known);
	cpu->history = seen_mix(cpu->history, value);
}

/* What a CPU writes itself does not wake it. */
void simulation_has_written(const void *memory, uint64_t known)
{
	struct simulated_cpu *cpu = simulation_cpu();
	const uint64_t *word = raw_word_of(memory);

	count_event();
	cpu->history = seen_mix(cpu->history, 1);
	for (unsigned i = 0; i < cpu->awaited_count; i++)
		if (cpu->awaited[i].word == word)
			cpu->awaited[i].value = known;
	if (simulation.options->on_write != NULL)
		simulation.options->on_write(simulation.options->context, simulation.current,
		                             memory);
}

void simulation_has_passed(void)
{
	count_event();
	simulation_cpu()->history = seen_mix(simulation_cpu()->history, 3);
}

void model_wait(void *context, unsigned cpu, unsigned other, unsigned point, uint64_t turn)
{
	struct simulated_cpu *waiting = simulation_cpu();

	(void)context;
	(void)cpu;
	(void)turn;
	if (!simulation.runs)
		return;
	waiting->waits = true;
	waiting->wait_for = other;
	waiting->wait_at = point;
	count_step();
	go_on(false);
	waiting->waits = false;
	waiting->history = seen_mix(waiting->history, 2);
	words_awake(waiting);
	forget_awaited(waiting);
}

/* ---- What bodies call ---------------------------------------------------------------------- */

void model_yield(void)
{
	if (!simulation.runs)
		return;
	simulation_step();
	simulation_has_passed();
}

void model_point(unsigned cpu, unsigned point)
{
	(void)cpu;
	if (simulation.runs)
		simulation_cpu()->point = point;
}

/* Which operations had ended when this one was called is part of the state: it is
 * what a judge of histories looks at. */
void model_operation(void)
{
	struct simulated_cpu *cpu = simulation_cpu();

	if (!simulation.runs)
		return;
	if (cpu->operates) {
		operation_ends(cpu);
		simulation_step();
	}
	cpu->operates = true;
	cpu->steps = 0;
	forget_awaited(cpu);
	for (unsigned i = 0; i < simulation.count; i++)
		cpu->history = seen_mix(cpu->history, simulation.cpu[i].ended);
}

uint64_t model_now(void)
{
	return ++simulation.clock;
}

/* ---- An execution ----------------------------------------------------------------------------- */

static void live(void *argument)
{
	struct simulated_cpu *cpu = argument;

	/* Whatever happens between two schedule points makes another state. */
	cpu->history = seen_mix(cpu->history, 4);
	simulation.body(simulation.context, simulation.current);
	cpu->lives = false;
	count_event();
	operation_ends(cpu);
	fiber_leave(next_fiber(false));
}

static void start_cpu(struct simulated_cpu *cpu)
{
	struct fiber *fiber = cpu->fiber;

	memset(cpu, 0, sizeof *cpu);
	cpu->fiber = fiber == NULL ? fiber_create() : fiber;
	cpu->lives = true;
	cpu->point = POINT_COUNT;
	fiber_prepare(cpu->fiber, live, cpu);
}

static void start(unsigned count, const struct model_options *options,
                  struct model_result *result)
{
	memset(result, 0, sizeof *result);
	simulation.count = count;
	simulation.options = options;
	simulation.result = result;
	simulation.clock = simulation.events = 0;
	simulation.is_fair = false;
#ifdef VMM_MODEL
	simulation.has_states = oracle_cuts_off(options->oracle);
#endif
	for (unsigned i = 0; i < count; i++)
		start_cpu(&simulation.cpu[i]);
	words_start();
	/* The usual first one is behind the last one: CPU 0. */
	simulation.current = MODEL_CPUS_MAX - 1;
}

void model_run(unsigned count, void (*body)(void *context, unsigned cpu), void *context,
               const struct model_options *options, struct model_result *result)
{
	if (count == 0 || count > MODEL_CPUS_MAX || simulation.runs)
		abort();
	simulation.body = body;
	simulation.context = context;
	start(count, options, result);
	simulation.runs = true;
	fiber_switch(next_fiber(false));
	simulation.runs = false;
	for (unsigned i = 0; i < count; i++)
		fiber_join(simulation.cpu[i].fiber);
	if (result->end != MODEL_DONE)
		verdict_write(result);
}
