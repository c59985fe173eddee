/* ops.c: fuzz target. Claims that on any program of operations of one machine,
 * executed one after another, core and reference agree in every outcome and in
 * the observable state, and that the core's invariants hold. Does not cover
 * operations that overlap in time: schedule.c does. */
#include "programs.h"

enum { OPERATIONS_MAX = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	programs_run(data, size, OPERATIONS_MAX);
	return 0;
}
