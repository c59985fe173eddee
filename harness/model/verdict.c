/* verdict.c: see verdict.h. */
#include "verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "simulation.h"

static const char *const point_name[POINT_COUNT + 1] = {
#define POINT(NAME, meaning) [POINT_##NAME] = #NAME,
#include "../../core/points.def"
#undef POINT
	[POINT_COUNT] = "no point"
};

static const char *name_of(unsigned point)
{
	return point_name[point < POINT_COUNT ? point : POINT_COUNT];
}

__attribute__((format(printf, 2, 3))) static void say(struct model_result *result,
                                                      const char *format, ...)
{
	size_t used = strlen(result->report);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(result->report + used, sizeof result->report - used, format, arguments);
	va_end(arguments);
}

/* `wait_for` may be VMM_ANY_CPU, or any number that is no CPU's. */
static void say_cpu(struct model_result *result, unsigned index)
{
	const struct simulated_cpu *cpu = &simulation.cpu[index];

	say(result, "; CPU %u ", index);
	if (!cpu->lives)
		say(result, "has ended");
	else if (!cpu->waits)
		say(result, "runs, %llu steps, last at %s", (unsigned long long)cpu->steps,
		    name_of(cpu->point));
	else if (cpu->wait_for < simulation.count)
		say(result, "waits for CPU %u at %s", cpu->wait_for, name_of(cpu->wait_at));
	else
		say(result, "waits for any CPU at %s", name_of(cpu->wait_at));
}

void verdict_write(struct model_result *result)
{
	if (result->end == MODEL_DEADLOCK)
		say(result, "deadlock");
	else
		say(result, "no progress of CPU %u", simulation.slow);
	for (unsigned i = 0; i < simulation.count; i++)
		say_cpu(result, i);
}
