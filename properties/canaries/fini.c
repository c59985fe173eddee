/* Canary: a claim in .fini, which Criterion prints and does not count. The plain
 * runner has no .fini at all. */
#include "../claim.h"

static void tear_down(void)
{
	cr_assert_eq(1, 2);
}

Test(canary, fini, .fini = tear_down)
{
	cr_assert_eq(1, 1);
}
