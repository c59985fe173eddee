/* harvest.c: what goes into a campaign (seeds) and what comes out (findings).
 *
 * A finding is kept as the shrunk trace, which replays anywhere, beside the
 * engine's bytes and the end of its log. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../run/shrink.h"
#include "../support/file.h"
#include "campaign.h"
#include "cli.h"

/* ---- Seeds --------------------------------------------------------------------------- */

static bool plant_seed(const struct campaign *campaign, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	char to[2 * PATH_ROOM], message[FILE_MESSAGE];
	struct program program;
	struct trace trace;
	struct place place;
	bool good;

	trace_init(&trace);
	program_init(&program);
	good = load(path, false, &trace);
	if (good && !trace_to_slots(&trace, &program, &place)) {
		fprintf(stderr, "%s:%zu:%zu: %s\n", path, place.line, place.column, place.message);
		good = false;
	} else if (good) {
		uint8_t *data;
		size_t size;

		program_encode(&program, &data, &size);
		(void)snprintf(to, sizeof to, "%s/seed-%.*s", campaign->corpus,
		               (int)strcspn(name, "."), name);
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

/* ---- Findings ------------------------------------------------------------------------- */

/* The last token that the engine's log names, where our own run found nothing. */
static bool token_from_log(const char *log, char *token, size_t room)
{
	const char *at = strstr(log, "DEDUP_TOKEN: ");
	size_t length = 0;

	if (at == NULL)
		return false;
	for (at += strlen("DEDUP_TOKEN: "); length + 1 < room && *at > ' ' && *at < 0x7f; at++)
		token[length++] = *at == '/' ? '-' : *at;
	token[length] = '\0';
	return length > 0;
}

/* FNV-1a. */
uint32_t harvest_fingerprint(const uint8_t *data, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * UINT32_C(16777619);
	return hash;
}

/* One file of a finding: STEM.suffix. */
static bool save(const char *stem, const char *suffix, const void *data, size_t size)
{
	char path[2 * PATH_ROOM + 8], message[FILE_MESSAGE];

	(void)snprintf(path, sizeof path, "%s.%s", stem, suffix);
	if (file_write(path, data, size, message))
		return true;
	fprintf(stderr, "%s: %s\n", path, message);
	return false;
}

static bool save_trace(const char *stem, const struct trace *trace,
                       const struct shrink_result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool good = out != NULL;

	if (good)
		print_shrunk(out, trace, result);
	good = good && fclose(out) == 0 && save(stem, "vmt", text, size);
	free(text);
	return good;
}

static void tell(const struct trace *trace, const struct shrink_result *result, const char *token,
                 const char *stem)
{
	char path[2 * PATH_ROOM + 8];

	(void)snprintf(path, sizeof path, "%s.vmt", stem);
	printf("\n");
	if (result->flaky)
		printf("FLAKY %s: three runs of it differ after operation %zu: %s\n", token,
		       result->flaky_op + 1, path);
	else if (result->failure.end == ISOLATED_PASS)
		printf("UNREPEATED %s: the target stopped, but the trace runs clean here; what it "
		       "said is in %s.log: %s\n",
		       token, stem, path);
	else
		report_print(stdout, trace, &result->failure.finding, token, path);
}

static bool keep(const struct campaign *campaign, const uint8_t *data, size_t size, const char *log,
                 size_t log_size)
{
	size_t tail = log_size > 65536 ? 65536 : log_size;
	char token[64] = "crash", stem[2 * PATH_ROOM];
	struct shrink_result result;
	struct trace trace;
	bool good;

	trace_init(&trace);
	printf("shrinking a finding\n");
	(void)fflush(stdout);
	good = load_bytes("finding", data, size, true, &trace) && shrink(&trace, &result);
	if (good) {
		if (result.failure.token[0] != '\0')
			memcpy(token, result.failure.token, sizeof token);
		else
			(void)token_from_log(log, token, sizeof token);
		(void)snprintf(stem, sizeof stem, "%s/%s-%08x", campaign->findings, token,
		               harvest_fingerprint(data, size));
		good = save_trace(stem, &trace, &result) && save(stem, "bin", data, size) &&
		       save(stem, "log", log + log_size - tail, tail);
	}
	if (good)
		tell(&trace, &result, token, stem);
	trace_destroy(&trace);
	return good;
}

/* False: the machine failed. */
static bool keep_artifact(const struct campaign *campaign, const char *path,
                          const struct job *job)
{
	char message[FILE_MESSAGE];
	uint8_t *data = NULL, *log = NULL;
	size_t size, log_size;
	bool good = file_read(path, &data, &size, message);

	if (!good)
		fprintf(stderr, "%s: %s\n", path, message);
	else if (!file_read(job->log, &log, &log_size, message)) {
		fprintf(stderr, "%s: %s\n", job->log, message);
		good = false;
	}
	good = good && keep(campaign, data, size, (const char *)log, log_size);
	free(data);
	free(log);
	return good;
}

int harvest(const struct campaign *campaign)
{
	DIR *folder = opendir(campaign->work);
	const struct dirent *entry;
	int found = 0;

	while (folder != NULL && found >= 0 && (entry = readdir(folder)) != NULL) {
		char path[2 * PATH_ROOM];
		unsigned index;

		if (sscanf(entry->d_name, "found-%u-", &index) != 1 || index >= campaign->jobs)
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", campaign->work, entry->d_name);
		found = keep_artifact(campaign, path, &campaign->job[index]) ? found + 1 : -1;
	}
	if (folder != NULL)
		(void)closedir(folder);
	if (found == 0)
		printf("nothing found\n");
	return found;
}
