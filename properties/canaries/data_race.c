/* Canary: two threads count in one variable that is not atomic.
 * tsan must say: ThreadSanitizer: data race */
#include <pthread.h>
#include <stddef.h>

#include "../claim.h"

static volatile int counter;

static void *count(void *nothing)
{
	for (unsigned i = 0; i < 1000; i++)
		counter = counter + 1;
	return nothing;
}

Test(canary, data_race)
{
	pthread_t thread[2];

	for (unsigned i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&thread[i], NULL, count, NULL), 0);
	for (unsigned i = 0; i < 2; i++)
		cr_assert_eq(pthread_join(thread[i], NULL), 0);
}
