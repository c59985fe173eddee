/* Canary: claims that do not hold, of both sorts: the one ends the test, the other
 * lets it go on.
 * each must say: false_claim.c: */
#include "../claim.h"

static unsigned before;

static void set_up(void)
{
	before = 1;
}

Test(canary, false_assertion, .init = set_up)
{
	cr_assert_eq(before, 2, "before the body it is %u", before);
}

Test(canary, false_expectation)
{
	cr_expect(before == 1);
	cr_assert_eq(before, 0);
}
