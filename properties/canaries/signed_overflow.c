/* Canary: a sum that has no value. Where findings are recoverable, the test goes
 * on and passes.
 * ubsan must say: runtime error: signed integer overflow */
#include <limits.h>

#include "../claim.h"

Test(canary, signed_overflow)
{
	volatile int large = INT_MAX;

	large = large + 1;
}
