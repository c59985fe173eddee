/* byte_loop.c: a fuzz target that adds up its bytes. What a campaign on it costs is
 * what engine and mutator cost, so it is the floor beneath a campaign on a target
 * that runs programs (ci/stats). */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile uint8_t sum; /* or the loop would be left out */
	uint8_t so_far = 0;

	for (size_t i = 0; i < size; i++)
		so_far = (uint8_t)(so_far + data[i]);
	sum = so_far;
	return sum == so_far ? 0 : -1;
}
