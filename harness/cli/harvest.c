/* harvest.c: what goes into a campaign (seeds) and what comes out (findings).
 *
 * A finding of a target of programs is kept as the shrunk trace, which replays
 * anywhere, beside the engine's bytes and the end of its log; harvest_bytes.c has
 * those of other targets. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../run/shrink.h"
#include "../support/file.h"
#include "campaign.h"
#include "cli.h"

enum { LOG_SAVED = 65536 }; /* of the end of an engine's log */

/* ---- Seeds --------------------------------------------------------------------------- */

static bool plant(const struct campaign *campaign, const char *name, const uint8_t *data,
                  size_t size)
{
	char to[2 * PATH_ROOM], message[FILE_MESSAGE];

	(void)snprintf(to, sizeof to, "%s/seed-%s", campaign->corpus, name);
	if (file_write(to, data, size, message))
		return true;
	fprintf(stderr, "%s: %s\n", to, message);
	return false;
}

/* Of a target of programs: a file is a program, or the campaign does not start. */
static bool plant_program(const struct campaign *campaign, const char *path)
{
	const char *slash = strrchr(path, '/');
	char name[PATH_ROOM];
	struct program program;
	struct trace trace;
	struct place place;
	bool good;

	(void)snprintf(name, sizeof name, "%s", slash == NULL ? path : slash + 1);
	name[strcspn(name, ".")] = '\0';
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
		good = plant(campaign, name, data, size);
		free(data);
	}
	program_destroy(&program);
	trace_destroy(&trace);
	return good;
}

/* Seeds of several folders may have one name, so these are named by content. */
static bool plant_bytes(const struct campaign *campaign, const uint8_t *data, size_t size)
{
	char name[16];

	(void)snprintf(name, sizeof name, "%08x", harvest_fingerprint(data, size));
	return plant(campaign, name, data, size);
}

/* Of a target of bytes: any file, and what it compiles to when it does. */
static bool plant_file(const struct campaign *campaign, const char *path)
{
	char message[FILE_MESSAGE];
	uint8_t *data, *compiled;
	size_t size, compiled_size;
	struct program program;
	struct trace trace;
	struct place place;
	bool good;

	if (!file_read(path, &data, &size, message)) {
		fprintf(stderr, "%s: %s\n", path, message);
		return false;
	}
	trace_init(&trace);
	program_init(&program);
	good = plant_bytes(campaign, data, size);
	if (good && trace_parse(&trace, (const char *)data, size, &place) &&
	    trace_to_slots(&trace, &program, &place)) {
		program_encode(&program, &compiled, &compiled_size);
		good = plant_bytes(campaign, compiled, compiled_size);
		free(compiled);
	}
	program_destroy(&program);
	trace_destroy(&trace);
	free(data);
	return good;
}

static bool plant_folder(const struct campaign *campaign, const char *folder)
{
	bool bytes = campaign->replay != NULL;
	struct paths paths = { NULL, 0, 0 };
	char *from[1];
	bool good;

	from[0] = (char *)folder;
	good = bytes ? paths_collect_all(&paths, from, 1) : paths_collect(&paths, from, 1);
	for (size_t i = 0; good && i < paths.count; i++)
		good = bytes ? plant_file(campaign, paths.path[i])
		             : plant_program(campaign, paths.path[i]);
	paths_destroy(&paths);
	return good;
}

bool harvest_seeds(const struct campaign *campaign)
{
	for (unsigned i = 0; campaign->seeds[i] != NULL; i++)
		if (!plant_folder(campaign, campaign->seeds[i]))
			return false;
	return true;
}

/* ---- Findings ------------------------------------------------------------------------- */

/* FNV-1a. */
uint32_t harvest_fingerprint(const uint8_t *data, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * UINT32_C(16777619);
	return hash;
}

bool harvest_save(const char *stem, const char *suffix, const void *data, size_t size)
{
	char path[2 * PATH_ROOM + 8], message[FILE_MESSAGE];

	(void)snprintf(path, sizeof path, "%s.%s", stem, suffix);
	if (file_write(path, data, size, message))
		return true;
	fprintf(stderr, "%s: %s\n", path, message);
	return false;
}

bool harvest_save_log(const char *stem, const struct found *found)
{
	size_t tail = found->log_size > LOG_SAVED ? LOG_SAVED : found->log_size;

	return harvest_save(stem, "log", found->log + found->log_size - tail, tail);
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
	good = good && fclose(out) == 0 && harvest_save(stem, "vmt", text, size);
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

static bool keep_program(const struct campaign *campaign, const struct found *found)
{
	char token[64], stem[2 * PATH_ROOM];
	struct shrink_result result;
	struct trace trace;
	bool good;

	trace_init(&trace);
	good = load_bytes("finding", found->data, found->size, true, &trace) &&
	       shrink(&trace, &result);
	if (good) {
		/* Where our own run finds nothing, the log names what the target found. */
		memcpy(token, result.failure.token, sizeof token);
		if (token[0] == '\0')
			isolated_crash_token(found->log, token);
		(void)snprintf(stem, sizeof stem, "%s/%s-%08x", campaign->findings, token,
		               harvest_fingerprint(found->data, found->size));
		good = save_trace(stem, &trace, &result) &&
		       harvest_save(stem, "bin", found->data, found->size) &&
		       harvest_save_log(stem, found);
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
	struct found found;
	bool good = file_read(path, &data, &found.size, message);

	if (!good)
		fprintf(stderr, "%s: %s\n", path, message);
	else if (!file_read(job->log, &log, &found.log_size, message)) {
		fprintf(stderr, "%s: %s\n", job->log, message);
		good = false;
	}
	if (good) {
		found.data = data;
		found.log = (const char *)log;
		printf("shrinking a finding\n");
		(void)fflush(stdout);
		good = campaign->replay != NULL ? harvest_bytes(campaign, &found)
		                                : keep_program(campaign, &found);
	}
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
