/* elsewhere.c: finds faultline-schedule beside this program, and runs it. */
#define _XOPEN_SOURCE 700
#include "elsewhere.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../core/atomic.h"
#include "../support/memory.h"
#include "cli.h"

#ifdef VMM_SCHEDULED

bool elsewhere_needed(const struct program *program)
{
	(void)program;
	return false;
}

int elsewhere_run(int argc, char **argv, char **more, size_t more_count)
{
	(void)argc;
	(void)argv;
	(void)more;
	(void)more_count;
	return CLI_GOOD;
}

#else

#define SIBLING "faultline-schedule"

bool elsewhere_needed(const struct program *program)
{
	for (size_t i = 0; i < program->count; i++)
		if (program->op[i].verb == OP_PARALLEL)
			return true;
	return false;
}

/* The sibling's path, malloc'ed; NULL: this program's own folder is not to be found. */
static char *sibling(void)
{
	char *own = realpath("/proc/self/exe", NULL);
	char *slash, *path;
	size_t folder;

	if (own == NULL)
		own = realpath(cli_program, NULL);
	if (own == NULL)
		return NULL;
	slash = strrchr(own, '/');
	folder = (size_t)(slash - own) + 1;
	path = memory_zeroed(folder + sizeof SIBLING);
	memcpy(path, own, folder);
	memcpy(path + folder, SIBLING, sizeof SIBLING);
	free(own);
	return path;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return CLI_MACHINE;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "faultline: %s was stopped by signal %d\n", SIBLING, WTERMSIG(status));
	return CLI_MACHINE;
}

/* It is called by this program's name, so that what it prints names that. */
int elsewhere_run(int argc, char **argv, char **more, size_t more_count)
{
	size_t given = (size_t)argc;
	char **words = memory_zeroed((given + more_count + 2) * sizeof *words);
	char *path = sibling();
	int status = CLI_MACHINE;
	pid_t pid = -1;

	words[0] = (char *)cli_program;
	memcpy(words + 1, argv, given * sizeof *words);
	if (more_count > 0)
		memcpy(words + 1 + given, more, more_count * sizeof *words);
	if (path == NULL || access(path, X_OK) != 0) {
		fprintf(stderr, "faultline: concurrent parts need %s beside this program: %s: %s\n",
		        SIBLING, path == NULL ? cli_program : path, strerror(errno));
	} else {
		(void)fflush(stdout);
		pid = fork();
		if (pid == 0) {
			(void)execv(path, words);
			fprintf(stderr, "faultline: %s: %s\n", path, strerror(errno));
			_exit(CLI_MACHINE);
		}
		if (pid < 0)
			fprintf(stderr, "faultline: %s: %s\n", path, strerror(errno));
		else
			status = wait_for(pid);
	}
	free(path);
	free(words);
	return status;
}

int command_explore(int argc, char **argv)
{
	return elsewhere_run(argc, argv, NULL, 0);
}

int command_pairs(int argc, char **argv)
{
	return elsewhere_run(argc, argv, NULL, 0);
}

int command_histories(int argc, char **argv)
{
	return elsewhere_run(argc, argv, NULL, 0);
}

#endif
