/* Canary: a test that is written past claim.h, so that nobody asks for leaks before
 * Criterion has given its verdict. The test passes; only the log tells. */
#include <criterion/criterion.h>
#include <stdlib.h>

static char *volatile block;

Test(canary, late_leak)
{
	for (unsigned i = 0; i < 8; i++)
		block = malloc(5);
	block = NULL;
}
