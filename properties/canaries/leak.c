/* Canary: blocks are lost.
 * asan must say: LeakSanitizer: detected memory leaks */
#include <stdlib.h>

#include "../claim.h"

/* Several, since a register may still point to the last. */
static char *volatile block;

Test(canary, leak)
{
	for (unsigned i = 0; i < 8; i++)
		block = malloc(5);
	block = NULL;
}
