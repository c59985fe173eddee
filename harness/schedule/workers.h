/* workers.h: a number of tasks over a number of processes. */
#ifndef WORKERS_H
#define WORKERS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORKERS_MAX = 64 };

/* Zeroed memory that the workers share with who starts them; NULL: errno says why.
 * It stays until the process ends. */
void *workers_share(size_t size);

/* Runs task(context, 0) ... task(context, count - 1), each in one of `workers`
 * processes. False: one of them returned false, or could not be made. */
bool workers_run(unsigned workers, size_t count, bool (*task)(void *context, size_t number),
                 void *context);

#endif
