/* runner.c: runs the properties without Criterion, for the sanitizers. Each runs
 * in a process of its own, as under Criterion, so that it finds no state of
 * another one and a sanitizer's report ends no more than one of them; the summary
 * has Criterion's form, so that ci/properties reads both.
 *
 * cmocka was tried. It does not fork, and its handlers take the signals: a crash is
 * a failed test without the sanitizer's report, and under TSan its way out of the
 * handler makes every later report a false one. */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../claim.h"

/* HOLDS is the exit status of a body that came to its end: one that ends the process
 * with 0 half-way does not pass. */
enum { HANG_S = 600, HOLDS = 86 };

static struct claim *first, **last = &first;
static bool holds = true;

void claim_register(struct claim *claim)
{
	*last = claim;
	last = &claim->next;
}

void claim_fails(bool fatal, const char *file, int line, const char *text, ...)
{
	va_list arguments;
	const char *format;

	va_start(arguments, text);
	format = va_arg(arguments, const char *);
	fprintf(stderr, "%s:%d: %s", file, line, text);
	if (format != NULL) {
		fputs(": ", stderr);
		vfprintf(stderr, format, arguments);
	}
	fputc('\n', stderr);
	va_end(arguments);
	holds = false;
	if (fatal)
		_exit(1);
}

/* In the child; the sanitizer's last checks come with exit. */
_Noreturn static void run(const struct claim *claim)
{
	(void)alarm(HANG_S);
	if (claim->init != NULL)
		claim->init();
	claim->body();
	exit(holds ? HOLDS : EXIT_FAILURE);
}

static bool passes(const struct claim *claim)
{
	int status;
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		run(claim);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: signal %d\n", claim->name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != HOLDS)
		fprintf(stderr, "%s: exit status %d\n", claim->name, WEXITSTATUS(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == HOLDS;
}

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
	const char *filter = count == 3 && strcmp(arguments[1], "--filter") == 0 ? arguments[2] : "*";
	unsigned tested = 0, passing = 0;

	for (const struct claim *claim = first; claim != NULL; claim = claim->next) {
		double start = seconds();
		char name[128];
		bool good;

		(void)snprintf(name, sizeof name, "%s/%s", claim->suite, claim->name);
		if (fnmatch(filter, name, 0) != 0)
			continue;
		good = passes(claim);
		tested++;
		passing += good;
		printf("%s  %-60s %6.2f s\n", good ? "ok  " : "FAIL", name, seconds() - start);
	}
	printf("Tested: %u | Passing: %u | Failing: %u | Crashing: 0\n", tested, passing,
	       tested - passing);
	return passing == tested && tested > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
