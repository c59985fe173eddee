/* harvest.c: what goes into a campaign (seeds) and what comes out (findings).
 *
 * A finding is kept as a trace, which replays anywhere, and as the engine's
 * bytes. It is run again here, in a process of its own since the core may stop
 * the process, to learn which check failed and after which operation. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/file.h"
#include "campaign.h"
#include "cli.h"

/* ---- Seeds --------------------------------------------------------------------------- */

static bool plant_seed(const struct campaign *campaign, const char *path)
{
	const char *slash = strrchr(path, '/');
	char to[2 * PATH_ROOM], message[FILE_MESSAGE];
	struct program program;
	struct trace trace;
	struct place place;
	bool good;

	trace_init(&trace);
	program_init(&program);
	good = load(path, false, &trace);
	if (good && trace_to_slots(&trace, &program, &place)) {
		uint8_t *data;
		size_t size;

		program_encode(&program, &data, &size);
		(void)snprintf(to, sizeof to, "%s/seed-%s", campaign->corpus,
		               slash == NULL ? path : slash + 1);
		good = file_write(to, data, size, message);
		if (!good)
			fprintf(stderr, "%s: %s\n", to, message);
		free(data);
	}
	program_destroy(&program);
	trace_destroy(&trace);
	return good;
}

bool harvest_seeds(const struct campaign *campaign)
{
	struct paths paths = { NULL, 0, 0 };
	char *folder[1];
	bool good;

	folder[0] = (char *)campaign->seeds;
	good = paths_collect(&paths, folder, 1);
	for (size_t i = 0; good && i < paths.count; i++)
		good = plant_seed(campaign, paths.path[i]);
	paths_destroy(&paths);
	return good;
}

/* ---- Running a finding again ------------------------------------------------------------ */

/* What the child tells: the verdict, and how far it came. */
struct echo {
	bool ended, failed;
	struct finding finding;
};

struct witness {
	int pipe;
	struct echo echo;
};

/* Told before the next operation, so that the last word of a child that dies is
 * which operation came last. */
static void witness_observe(void *context, size_t index, enum fate fate,
                            const struct outcome *outcome)
{
	struct witness *witness = context;

	(void)fate;
	(void)outcome;
	witness->echo.finding.op = index + 1;
	if (write(witness->pipe, &witness->echo, sizeof witness->echo) < 0)
		_exit(3);
}

_Noreturn static void run_as_child(const struct trace *trace, int pipe_end)
{
	struct witness witness = { .pipe = pipe_end };
	const struct run_options options = { .sut = RUN_BOTH,
		                             .stop_at = SIZE_MAX,
		                             .observe = witness_observe,
		                             .context = &witness };
	struct runner runner;
	struct finding finding;

	/* The core's last words, if any, are in the engine's log already. */
	(void)freopen("/dev/null", "w", stderr);
	runner_init(&runner);
	witness.echo.failed =
		runner_run(&runner, &trace->program, NULL, &options, &finding) == RUN_FAIL;
	witness.echo.ended = true;
	witness.echo.finding = finding;
	if (write(pipe_end, &witness.echo, sizeof witness.echo) < 0)
		_exit(3);
	_exit(0);
}

static bool run_again(const struct trace *trace, struct echo *echo)
{
	int ends[2];
	struct echo next;
	pid_t pid;

	memset(echo, 0, sizeof *echo);
	if (pipe(ends) != 0)
		return false;
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		run_as_child(trace, ends[1]);
	}
	(void)close(ends[1]);
	while (pid > 0 && read(ends[0], &next, sizeof next) == (ssize_t)sizeof next)
		*echo = next;
	(void)close(ends[0]);
	return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

/* ---- Saving ---------------------------------------------------------------------------------- */

/* The value of the log's first line that has `key`, cut to something that can be
 * part of a file's name. */
static bool token_from_log(const struct job *job, const char *key, char *token, size_t room)
{
	char message[FILE_MESSAGE];
	uint8_t *data;
	size_t size;
	const char *at;
	size_t length = 0;

	if (!file_read(job->log, &data, &size, message))
		return false;
	at = strstr((const char *)data, key);
	if (at != NULL) {
		at += strlen(key);
		while (length + 1 < room && at[length] > ' ' && at[length] < 0x7f) {
			char c = at[length];
			bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			             (c >= '0' && c <= '9') || c == '-';

			token[length++] = plain ? c : '-';
		}
		token[length] = '\0';
	}
	free(data);
	return length > 0;
}

static bool write_trace(const struct trace *trace, const char *path, const char *token)
{
	char message[FILE_MESSAGE], *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool good;

	if (out == NULL)
		return false;
	trace_print_head(out, &trace->program.machine);
	fprintf(out, "# %s: found by a campaign, not shrunk.\n", token);
	for (size_t i = 0; i < trace->program.count; i++) {
		trace_print_op(out, &trace->program, i, trace->name);
		fputc('\n', out);
	}
	good = fclose(out) == 0 && file_write(path, text, size, message);
	if (!good)
		fprintf(stderr, "%s: %s\n", path, text == NULL ? "no memory" : message);
	free(text);
	return good;
}

/* FNV-1a, to tell findings with one token apart by name. */
static uint32_t fingerprint(const uint8_t *data, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * UINT32_C(16777619);
	return hash;
}

/* A crash of the core, which left no finding but its log. */
static void describe_crash(struct finding *finding, const struct trace *trace, bool stops)
{
	if (finding->op >= trace->program.count)
		finding->op = trace->program.count == 0 ? 0 : trace->program.count - 1;
	(void)snprintf(finding->expected, sizeof finding->expected, "the operation returns");
	(void)snprintf(finding->actual, sizeof finding->actual, "%s",
	               stops ? "the core stops the process there"
	                     : "the target stopped, this run did not; see the log beside the trace");
}

static bool save_files(const struct job *job, const char *stem, const uint8_t *data, size_t size)
{
	char path[2 * PATH_ROOM + 8], message[FILE_MESSAGE];
	uint8_t *log;
	size_t log_size;
	bool good;

	(void)snprintf(path, sizeof path, "%s.bin", stem);
	good = file_write(path, data, size, message);
	if (good && file_read(job->log, &log, &log_size, message)) {
		size_t tail = log_size > 65536 ? 65536 : log_size;

		(void)snprintf(path, sizeof path, "%s.log", stem);
		good = file_write(path, log + log_size - tail, tail, message);
		free(log);
	}
	if (!good)
		fprintf(stderr, "%s: %s\n", path, message);
	return good;
}

static bool keep(const struct campaign *campaign, const struct job *job, const uint8_t *data,
                 size_t size)
{
	char token[64], stem[2 * PATH_ROOM], path[2 * PATH_ROOM + 8];
	struct trace trace;
	struct echo echo;
	bool good;

	trace_init(&trace);
	if (!load_bytes("finding", data, size, true, &trace))
		return false;
	if (!run_again(&trace, &echo)) {
		trace_destroy(&trace);
		return false;
	}
	if (echo.failed) {
		finding_token(&echo.finding, token, sizeof token);
		trace.program.count = echo.finding.op + 1; /* nothing after it was executed */
	} else {
		describe_crash(&echo.finding, &trace, !echo.ended);
		if (!token_from_log(job, "DEDUP_TOKEN: ", token, sizeof token) &&
		    !token_from_log(job, "SUMMARY: ", token, sizeof token))
			(void)snprintf(token, sizeof token, "crash");
	}
	(void)snprintf(stem, sizeof stem, "%s/%s-%08x", campaign->findings, token,
	               fingerprint(data, size));
	(void)snprintf(path, sizeof path, "%s.vmt", stem);
	good = write_trace(&trace, path, token) && save_files(job, stem, data, size);
	if (good) {
		printf("\n");
		if (echo.failed)
			report_print(stdout, &trace, &echo.finding, cli_program, path);
		else
			report_crash(stdout, &trace, &echo.finding, token, cli_program, path);
	}
	trace_destroy(&trace);
	return good;
}

int harvest(const struct campaign *campaign)
{
	DIR *folder = opendir(campaign->work);
	const struct dirent *entry;
	int found = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char path[2 * PATH_ROOM], message[FILE_MESSAGE];
		unsigned index;
		uint8_t *data;
		size_t size;

		if (sscanf(entry->d_name, "found-%u-", &index) != 1 || index >= campaign->jobs)
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", campaign->work, entry->d_name);
		if (!file_read(path, &data, &size, message)) {
			fprintf(stderr, "%s: %s\n", path, message);
			found = -1;
			break;
		}
		bool kept = keep(campaign, &campaign->job[index], data, size);

		free(data);
		if (!kept) {
			found = -1;
			break;
		}
		found++;
	}
	if (folder != NULL)
		(void)closedir(folder);
	if (found == 0)
		printf("nothing found\n");
	return found;
}
