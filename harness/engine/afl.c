/* afl.c: AFL++'s side of a fuzz target: its libFuzzer driver, with two things
 * added that libFuzzer has and AFL++ 4.04c lacks.
 *
 * Extra counters (run/state_coverage.c) become edges of AFL++'s map. And what
 * a run does before its program starts, which is to clear up behind the program
 * before, is not counted: otherwise coverage would depend on what ran before,
 * and inputs would look unstable that are not. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../run/state_coverage.h"

/* Of run/state_coverage.c and schedule/switch_coverage.c. */
enum { COUNTERS_MAX = 8192 };

/* A fuzz target, and AFL++'s driver for one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *data, size_t size));

/* AFL++'s map: one byte for each guard, by the number that it gave the guard,
 * from 1 on; byte 0 says that the target is alive. */
extern uint8_t *__afl_area_ptr;
extern uint32_t __afl_final_loc;

/* Lies among the guards of the instrumented code, so that AFL++ numbers them too. */
__attribute__((section("__sancov_guards"))) static volatile uint32_t guard[COUNTERS_MAX];

/* The linker's names for the first and behind the last extra counter. */
extern uint8_t __start___libfuzzer_extra_counters[], __stop___libfuzzer_extra_counters[];

static size_t counters(void)
{
	size_t count = (size_t)(__stop___libfuzzer_extra_counters -
	                        __start___libfuzzer_extra_counters);

	return count < COUNTERS_MAX ? count : COUNTERS_MAX;
}

/* Takes the place of the weak one in run/state_coverage.c. */
void state_coverage_start(void)
{
	memset(__afl_area_ptr + 1, 0, __afl_final_loc);
	memset(__start___libfuzzer_extra_counters, 0, counters());
}

static int run_and_publish(const uint8_t *data, size_t size)
{
	size_t count = counters();
	int result = LLVMFuzzerTestOneInput(data, size);

	for (size_t i = 0; i < count; i++)
		if (__start___libfuzzer_extra_counters[i] != 0)
			__afl_area_ptr[guard[i]] = __start___libfuzzer_extra_counters[i];
	return result;
}

int main(int argc, char **argv)
{
	return LLVMFuzzerRunDriver(&argc, &argv, run_and_publish);
}
