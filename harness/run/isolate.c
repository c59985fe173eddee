/* isolate.c: a child runs the trace and reports over a pipe, operation by
 * operation, so that its last words say where it stopped. */
#define _DEFAULT_SOURCE
#include "isolate.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../support/memory.h"
#include "digest.h"

enum { HANG_MS = 10000 };

/* A message of the child. */
struct telling {
	enum { TOLD_STEP, TOLD_PASS, TOLD_FAIL } kind;
	uint64_t digest; /* TOLD_STEP */
	struct finding finding;
};

struct child {
	int out;
	bool digests;
	struct runner runner;
};

static void say(int out, const struct telling *word)
{
	if (write(out, word, sizeof *word) != (ssize_t)sizeof *word)
		_exit(3);
}

static void observe(void *context, size_t index, enum fate fate, const struct outcome *outcome)
{
	const struct child *child = context;
	struct telling word;

	(void)outcome;
	memset(&word, 0, sizeof word);
	word.kind = TOLD_STEP;
	word.finding.op = index;
	/* What a part that failed worked on is thrown away. */
	if (child->digests && child->runner.core.vm != NULL)
		word.digest = digest_mix(digest_state(child->runner.core.vm), (unsigned)fate);
	say(child->out, &word);
}

_Noreturn static void run_child(const struct trace *trace, bool digests, int out, int err)
{
	struct child child = { .out = out, .digests = digests };
	const struct run_options options = { .sut = RUN_BOTH,
		                             .stop_at = SIZE_MAX,
		                             .every_state = true,
		                             .tear_down = true,
		                             .observe = observe,
		                             .context = &child };
	struct telling word;

	memset(&word, 0, sizeof word);
	(void)dup2(err, STDERR_FILENO);
	runner_init(&child.runner);
	word.kind = runner_run(&child.runner, &trace->program, trace, &options, &word.finding) ==
	                            RUN_PASS
	                    ? TOLD_PASS
	                    : TOLD_FAIL;
	say(out, &word);
	_exit(0);
}

/* ---- The parent's side -------------------------------------------------------------- */

struct listener {
	struct isolated *result;
	bool digests;
	size_t digest_capacity;
	bool ended; /* the child has said its verdict */
	size_t next; /* the operation that comes next */
	char error[4096]; /* the end of what it wrote to standard error */
	size_t error_length;
};

static void hear_telling(struct listener *listener, const struct telling *word)
{
	struct isolated *result = listener->result;

	if (word->kind != TOLD_STEP) {
		listener->ended = true;
		result->end = word->kind == TOLD_PASS ? ISOLATED_PASS : ISOLATED_FAIL;
		result->finding = word->finding;
		return;
	}
	listener->next = word->finding.op + 1;
	if (!listener->digests)
		return;
	result->digest = memory_grow(result->digest, &listener->digest_capacity,
	                             result->digest_count + 1, sizeof result->digest[0]);
	result->digest[result->digest_count++] = word->digest;
}

/* Keeps the first of what the child says: a sanitizer's report starts with what
 * matters. */
static void hear_error(struct listener *listener, const char *text, size_t count)
{
	size_t room = sizeof listener->error - 1 - listener->error_length;

	if (count > room)
		count = room;
	memcpy(listener->error + listener->error_length, text, count);
	listener->error_length += count;
	listener->error[listener->error_length] = '\0';
}

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Listens until both pipes are closed; false: the child took too long. */
static bool listen_to(struct listener *listener, int words, int errors)
{
	struct pollfd fd[2] = { { .fd = words, .events = POLLIN },
		                { .fd = errors, .events = POLLIN } };
	uint64_t deadline = now_ms() + HANG_MS;
	union {
		struct telling word;
		char bytes[sizeof(struct telling)];
	} buffer;
	size_t have = 0;

	while (fd[0].fd >= 0 || fd[1].fd >= 0) {
		char text[512];
		ssize_t count;

		if (now_ms() > deadline)
			return false;
		if (poll(fd, 2, 100) <= 0)
			continue;
		if (fd[1].revents != 0) {
			count = read(errors, text, sizeof text);
			if (count > 0)
				hear_error(listener, text, (size_t)count);
			else
				fd[1].fd = -1;
		}
		if (fd[0].revents != 0) {
			count = read(words, buffer.bytes + have, sizeof buffer.bytes - have);
			if (count <= 0)
				fd[0].fd = -1;
			else
				have += (size_t)count;
			if (have == sizeof buffer.bytes) {
				hear_telling(listener, &buffer.word);
				have = 0;
			}
		}
	}
	return true;
}

void isolated_crash_token(const char *error, char token[64])
{
	const char *at = strstr(error, "DEDUP_TOKEN: ");
	size_t length = 0;

	if (at != NULL)
		at += strlen("DEDUP_TOKEN: ");
	else if ((at = strstr(error, "Sanitizer: ")) != NULL)
		at += strlen("Sanitizer: ");
	else if ((at = strstr(error, "runtime error: ")) != NULL)
		at += strlen("runtime error: ");
	else
		at = "crash";
	for (; length < 47 && *at != '\0' && *at != '\n'; at++) {
		bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
		             (*at >= '0' && *at <= '9');

		if (plain)
			token[length++] = *at;
		else if (length > 0 && token[length - 1] != '-')
			token[length++] = '-';
	}
	token[length] = '\0';
}

static void conclude(struct listener *listener, bool in_time)
{
	struct isolated *result = listener->result;

	if (listener->ended) {
		if (result->end == ISOLATED_FAIL)
			finding_token(&result->finding, result->token, sizeof result->token);
		return;
	}
	result->end = in_time ? ISOLATED_CRASH : ISOLATED_HANG;
	result->finding.op = listener->next;
	(void)snprintf(result->finding.expected, sizeof result->finding.expected,
	               "the operation returns");
	(void)snprintf(result->finding.actual, sizeof result->finding.actual, "%s",
	               in_time ? "the core stops the process there"
	                       : "it had not returned after 10 s");
	if (in_time)
		isolated_crash_token(listener->error, result->token);
	else
		(void)snprintf(result->token, sizeof result->token, "hang");
}

bool isolated_run(const struct trace *trace, bool digests, struct isolated *result)
{
	struct listener listener = { .result = result, .digests = digests };
	int words[2], errors[2];
	bool in_time;
	pid_t pid;

	memset(result, 0, sizeof *result);
	if (pipe(words) != 0)
		return false;
	if (pipe(errors) != 0) {
		(void)close(words[0]);
		(void)close(words[1]);
		return false;
	}
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_child(trace, digests, words[1], errors[1]);
	(void)close(words[1]);
	(void)close(errors[1]);
	in_time = pid > 0 && listen_to(&listener, words[0], errors[0]);
	if (pid > 0 && !in_time)
		(void)kill(pid, SIGKILL);
	(void)close(words[0]);
	(void)close(errors[0]);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		return false;
	conclude(&listener, in_time);
	return true;
}

void isolated_clear(struct isolated *result)
{
	free(result->digest);
	result->digest = NULL;
	result->digest_count = 0;
}
