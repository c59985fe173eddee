/* workers.c: worker w takes the tasks w, w + workers, ...: neighbours are alike, so
 * each gets as much to do. */
#define _DEFAULT_SOURCE
#include "workers.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void *workers_share(size_t size)
{
	void *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static bool wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool workers_run(unsigned workers, size_t count, bool (*task)(void *context, size_t number),
                 void *context)
{
	pid_t pid[WORKERS_MAX];
	bool good = true;

	(void)fflush(stdout);
	for (unsigned w = 0; w < workers; w++) {
		pid[w] = fork();
		if (pid[w] != 0)
			continue;
		for (size_t i = w; i < count; i += workers)
			good &= task(context, i);
		(void)fflush(stdout);
		_exit(good ? 0 : 1);
	}
	for (unsigned w = 0; w < workers; w++)
		good &= pid[w] > 0 && wait_for(pid[w]);
	return good;
}
