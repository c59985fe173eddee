/* schedule.c: fuzz target. Claims that on any program with concurrent parts, run by the
 * schedules that stand in it, the history of each part is linearizable, every operation
 * ends within 10000 steps of a fair schedule, no CPUs wait for each other for ever, and
 * the state and the core's invariants are as they should be at each join; and before and
 * behind the parts what ops.c claims. Does not cover real threads, nor more of C11
 * memory than the choices in the schedules ask for. */
#include "programs.h"

/* Programs are short: operations in order are for ops.c. */
enum { OPERATIONS_MAX = 255 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	programs_run(data, size, OPERATIONS_MAX);
	return 0;
}
