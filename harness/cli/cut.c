/* cut.c: see cut.h. */
#define _DEFAULT_SOURCE
#include "cut.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../run/isolate.h"
#include "engine.h"

enum {
	HANG_SECONDS = 10, /* of one run */
	CUT_SECONDS = 20,
	RECORD = 16, /* pieces of a compiled program, whose places are multiples of it */
	NOT_STARTED = 127 /* an exit status, as shells have it */
};

static double clock_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- One run ----------------------------------------------------------------------- */

static bool write_scratch(const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "wb");
	bool good = file != NULL && fwrite(data, 1, size, file) == size;

	return file != NULL && fclose(file) == 0 && good;
}

_Noreturn static void become_program(const struct cutter *cutter, int errors)
{
	int nowhere = open("/dev/null", O_RDWR);

	engine_set_sanitizers();
	if (nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 &&
	    dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0)
		execl(cutter->program, cutter->program, cutter->scratch, (char *)NULL);
	_exit(NOT_STARTED);
}

/* Keeps the first of what the child says. False: it took too long. */
static bool listen_to(int errors, struct trial *trial)
{
	double deadline = clock_seconds() + HANG_SECONDS;
	struct pollfd pipe_end = { .fd = errors, .events = POLLIN };
	size_t length = 0;
	ssize_t count = 1;

	while (count > 0) {
		char rest[512], *to = trial->said + length;
		size_t room = sizeof trial->said - 1 - length;

		if (clock_seconds() > deadline)
			return false;
		if (poll(&pipe_end, 1, 100) <= 0)
			continue;
		count = room > 0 ? read(errors, to, room) : read(errors, rest, sizeof rest);
		if (room > 0 && count > 0)
			length += (size_t)count;
	}
	trial->said[length] = '\0';
	return true;
}

bool cut_try(struct cutter *cutter, const uint8_t *data, size_t size, struct trial *trial)
{
	bool in_time;
	int errors[2], status;
	pid_t pid;

	memset(trial, 0, sizeof *trial);
	cutter->runs++;
	if (!write_scratch(cutter->scratch, data, size) || pipe(errors) != 0)
		return false;
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		become_program(cutter, errors[1]);
	(void)close(errors[1]);
	in_time = pid > 0 && listen_to(errors[0], trial);
	(void)close(errors[0]);
	if (pid > 0 && !in_time)
		(void)kill(pid, SIGKILL);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED) {
		errno = ENOEXEC;
		return false;
	}
	if (!in_time)
		(void)snprintf(trial->token, sizeof trial->token, "hang");
	else if (status != 0)
		isolated_crash_token(trial->said, trial->token);
	return true;
}

/* ---- Cutting ------------------------------------------------------------------------- */

struct cutting {
	struct cutter *cutter;
	uint8_t *data, *candidate;
	size_t size;
	struct trial trial;
	double deadline;
	bool cut, failed; /* something went; the machine failed */
};

/* Takes data[from..end) out when the rest fails alike. */
static bool goes(struct cutting *cutting, size_t from, size_t end)
{
	size_t size = cutting->size - (end - from);
	struct trial trial;

	if (cutting->failed || clock_seconds() > cutting->deadline)
		return false;
	memcpy(cutting->candidate, cutting->data, from);
	memcpy(cutting->candidate + from, cutting->data + end, cutting->size - end);
	cutting->failed = !cut_try(cutting->cutter, cutting->candidate, size, &trial);
	if (cutting->failed || strcmp(trial.token, cutting->trial.token) != 0)
		return false;
	memcpy(cutting->data, cutting->candidate, size);
	cutting->size = size;
	cutting->trial = trial;
	cutting->cut = true;
	return true;
}

static void cut_runs(struct cutting *cutting, size_t length)
{
	for (size_t at = 0; at < cutting->size;) {
		size_t left = cutting->size - at;

		if (!goes(cutting, at, at + (left < length ? left : length)))
			at += length;
	}
}

/* Pieces that end in a byte: lines, words. */
static void cut_pieces(struct cutting *cutting, char last)
{
	for (size_t at = 0; at < cutting->size;) {
		const uint8_t *from = cutting->data + at;
		const uint8_t *found = memchr(from, last, cutting->size - at);
		size_t end = found == NULL ? cutting->size
		                           : (size_t)(found - cutting->data) + 1;

		if (!goes(cutting, at, end))
			at = end;
	}
}

bool cut(struct cutter *cutter, uint8_t *data, size_t *size, struct trial *trial)
{
	struct cutting cutting = { .cutter = cutter,
		                   .data = data,
		                   .candidate = malloc(*size + 1),
		                   .size = *size,
		                   .trial = *trial,
		                   .deadline = clock_seconds() + CUT_SECONDS };
	size_t most = RECORD;

	if (cutting.candidate == NULL)
		return false;
	while (2 * most < *size)
		most *= 2;
	do {
		cutting.cut = false;
		for (size_t length = most; length >= RECORD; length /= 2)
			cut_runs(&cutting, length);
		cut_pieces(&cutting, '\n');
		cut_pieces(&cutting, ' ');
		for (size_t length = RECORD / 2; length > 0; length /= 2)
			cut_runs(&cutting, length);
	} while (cutting.cut && !cutting.failed);
	free(cutting.candidate);
	*size = cutting.size;
	*trial = cutting.trial;
	return !cutting.failed;
}
