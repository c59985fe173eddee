/* Canary: a byte behind the end of a block is written.
 * asan must say: AddressSanitizer: heap-buffer-overflow */
#include <stdlib.h>

#include "../claim.h"

Test(canary, heap_overflow)
{
	/* Volatile, since a block that nobody reads is no block to the compiler. */
	char *volatile block = malloc(3);
	volatile size_t end = 3;

	block[end] = 1;
	free(block);
}
