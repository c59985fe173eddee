/* Canary: a decision by memory that nothing was written to.
 * msan must say: MemorySanitizer: use-of-uninitialized-value */
#include <stdio.h>
#include <stdlib.h>

#include "../claim.h"

Test(canary, uninitialised)
{
	int *volatile block = malloc(sizeof(int));

	if (*block == 3)
		puts("it is three");
	free(block);
}
