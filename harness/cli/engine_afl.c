/* engine_afl.c: campaigns with AFL++: job 0 is its main instance, the others are
 * secondaries, which exchange inputs through one output folder.
 *
 * afl-fuzz goes on after a finding, so the campaign looks for one; and it passes
 * over seeds that crash, which only its screen tells, so that is read. The
 * target's own messages go to the job's log. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/file.h"
#include "engine_afl.h"

/* afl-fuzz writes a line for each input it takes up; nobody reads them once the
 * seeds are done. */
enum { SCREEN_MAX = 1 << 20 };

static struct {
	bool fuzzing;            /* the seeds are done */
	char seed[NAME_MAX + 1]; /* the first in the queue that crashed; empty: none */
	/* what fuzzer_stats says */
	bool measured;
	double stability;
	unsigned unstable; /* edges that differ from run to run of one input */
	struct afl_inputs inputs;
} instance[JOBS_MAX];

static unsigned index_of(const struct campaign *campaign, const struct job *job)
{
	return (unsigned)(job - campaign->job);
}

/* A path in an instance's folder; name may be empty. */
static void path_of(const struct campaign *campaign, unsigned index, const char *name,
                    char path[LONG_PATH])
{
	if (index == 0)
		(void)snprintf(path, LONG_PATH, "%s/main/%s", campaign->output, name);
	else
		(void)snprintf(path, LONG_PATH, "%s/secondary-%u/%s", campaign->output, index,
		               name);
}

static void screen_of(const struct campaign *campaign, unsigned index, char path[LONG_PATH])
{
	(void)snprintf(path, LONG_PATH, "%s/screen-%u", campaign->work, index);
}

/* ---- Starting ----------------------------------------------------------------------- */

/* What instances left in the campaign before would be taken for this one's. */
static bool prepare(const struct campaign *campaign)
{
	char path[LONG_PATH];

	for (unsigned i = 0; i < JOBS_MAX; i++) {
		path_of(campaign, i, "", path);
		if (!afl_remove(path))
			return false;
	}
	return afl_choose_seeds(campaign);
}

/* Programs are made by the custom mutator alone, bytes by AFL++ alone. */
static void choose_mutator(const struct campaign *campaign)
{
	char mutator[PATH_MAX];

	if (campaign->replay != NULL) {
		(void)unsetenv("AFL_CUSTOM_MUTATOR_LIBRARY");
		(void)unsetenv("AFL_CUSTOM_MUTATOR_ONLY");
		return;
	}
	(void)setenv("AFL_CUSTOM_MUTATOR_LIBRARY",
	             realpath(campaign->mutator, mutator) != NULL ? mutator : campaign->mutator, 1);
	(void)setenv("AFL_CUSTOM_MUTATOR_ONLY", "1", 1);
	(void)setenv("AFL_DISABLE_TRIM", "1", 1); /* it cuts bytes, not operations */
}

static void set_environment(const struct campaign *campaign, unsigned index)
{
	choose_mutator(campaign);
	(void)setenv("AFL_DRIVER_STDERR_DUPLICATE_FILENAME", campaign->job[index].log, 1);
	/* What the user has set wins. A machine for development or a container is
	 * not tuned for afl-fuzz, which would refuse to start. */
	(void)setenv("AFL_NO_UI", "1", 0);
	(void)setenv("AFL_SKIP_CPUFREQ", "1", 0);
	(void)setenv("AFL_NO_AFFINITY", "1", 0);
	(void)setenv("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1", 0);
	(void)setenv("AFL_SYNC_TIME", "1", 0); /* minutes */
	(void)setenv("AFL_FAST_CAL", "1", 0);  /* runs a new input 3 times, not 8 */
}

static void exec(const struct campaign *campaign, unsigned index)
{
	char seconds[32], seed[32], name[32], seeds[LONG_PATH], screen[LONG_PATH];
	const char *arguments[28];
	size_t count = 0;
	int file;

	set_environment(campaign, index);
	screen_of(campaign, index, screen);
	file = open(screen, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (file < 0 || dup2(file, STDOUT_FILENO) < 0)
		return;
	(void)snprintf(name, sizeof name, index == 0 ? "main" : "secondary-%u", index);
	afl_seeds(campaign, seeds);
	(void)snprintf(seconds, sizeof seconds, "%" PRIu64, campaign->seconds);
	(void)snprintf(seed, sizeof seed, "%" PRIu64, campaign->seed + index);
	const char *const usual[] = { "afl-fuzz", index == 0 ? "-M" : "-S", name, "-i",
		                      seeds, "-o", campaign->output, "-V", seconds,
		                      "-t", "25000", "-m", "none", "-G", "4096" };

	for (; count < sizeof usual / sizeof usual[0]; count++)
		arguments[count] = usual[count];
	if (campaign->seed != 0) {
		arguments[count++] = "-s";
		arguments[count++] = seed;
	}
	if (campaign->dictionary != NULL) {
		arguments[count++] = "-x";
		arguments[count++] = campaign->dictionary;
	}
	arguments[count++] = "--";
	arguments[count++] = campaign->target;
	arguments[count] = NULL;
	execvp("afl-fuzz", (char *const *)arguments);
}

/* ---- Watching ------------------------------------------------------------------------ */

/* Up to where the seeds are done: a seed that crashes is named, and not run again. */
static void read_seeds(const char *screen, unsigned index)
{
	FILE *file = instance[index].fuzzing ? NULL : fopen(screen, "r");
	char line[2 * NAME_MAX];

	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		const char *name = strstr(line, "Test case 'id:");
		const char *end = name == NULL ? NULL : strstr(name, "' results in a crash");

		if (end != NULL && instance[index].seed[0] == '\0') {
			name = strstr(name, "id:");
			(void)snprintf(instance[index].seed, sizeof instance[index].seed, "%.*s",
			               (int)(end - name), name);
		}
		if (strstr(line, "All set and ready to roll") != NULL)
			instance[index].fuzzing = true;
	}
	if (file != NULL)
		(void)fclose(file);
}

/* The number in the line of fuzzer_stats that starts with key, or 0. */
static double value_of(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	at = at == NULL ? NULL : strchr(at, ':');
	return at == NULL ? 0 : strtod(at + 1, NULL);
}

/* fuzzer_stats is written when the seeds are done, after each minute and at the
 * end; the size of the queue is on the screen, too. */
static void read_figures(const struct campaign *campaign, unsigned index, struct job *job)
{
	char path[LONG_PATH], text[ENGINE_TAIL + 1];
	const char *last = NULL;

	path_of(campaign, index, "fuzzer_stats", path);
	engine_tail(path, text);
	if (text[0] == '\0')
		return;
	job->corpus = (uint64_t)value_of(text, "corpus_count");
	job->coverage = (uint64_t)value_of(text, "edges_found");
	instance[index].stability = value_of(text, "stability");
	instance[index].unstable = (unsigned)value_of(text, "var_byte_count");
	instance[index].measured = true;
	screen_of(campaign, index, path);
	engine_tail(path, text);
	for (const char *at = text; (at = strstr(at, "Fuzzing test case #")) != NULL; at++)
		last = at;
	last = last == NULL ? NULL : strchr(last, '(');
	if (last != NULL && strtoull(last + 1, NULL, 10) > job->corpus)
		job->corpus = strtoull(last + 1, NULL, 10);
}

/* Keeps the file that comes first: names begin with id: and a number. */
static bool first_finding(const char *name, void *context)
{
	char *first = context;

	if (strncmp(name, "id:", 3) == 0 && (first[0] == '\0' || strcmp(name, first) < 0))
		(void)snprintf(first, NAME_MAX + 1, "%s", name);
	return false;
}

/* The instance's first crash, or else hang, or else crashing seed. */
static bool finding_of(const struct campaign *campaign, unsigned index, char path[LONG_PATH])
{
	static const char *const folder[] = { "crashes", "hangs" };
	char first[NAME_MAX + 1], name[NAME_MAX + 16];

	for (unsigned i = 0; i < 2; i++) {
		first[0] = '\0';
		path_of(campaign, index, folder[i], path);
		(void)afl_each_file(path, first_finding, first);
		if (first[0] == '\0')
			continue;
		(void)snprintf(name, sizeof name, "%s/%s", folder[i], first);
		path_of(campaign, index, name, path);
		return true;
	}
	(void)snprintf(name, sizeof name, "queue/%s", instance[index].seed);
	path_of(campaign, index, name, path);
	return instance[index].seed[0] != '\0';
}

static bool look(const struct campaign *campaign, struct job *job)
{
	unsigned index = index_of(campaign, job);
	char path[LONG_PATH];
	struct stat state;

	screen_of(campaign, index, path);
	read_seeds(path, index);
	if (instance[index].fuzzing && stat(path, &state) == 0 && state.st_size > SCREEN_MAX)
		(void)truncate(path, 0);
	read_figures(campaign, index, job);
	return finding_of(campaign, index, path);
}

/* ---- At the end ---------------------------------------------------------------------- */

static bool save_finding(const struct campaign *campaign, unsigned index, const char *from)
{
	char to[LONG_PATH], message[FILE_MESSAGE];
	const char *at = from;
	uint8_t *data;
	size_t size;
	bool good = file_read(from, &data, &size, message);

	if (good) {
		(void)snprintf(to, sizeof to, "%s/found-%u-afl", campaign->work, index);
		at = to;
		good = file_write(to, data, size, message);
		free(data);
	}
	if (!good)
		fprintf(stderr, "%s: %s\n", at, message);
	return good;
}

static bool finish(struct campaign *campaign)
{
	bool good = true;

	for (unsigned i = 0; good && i < campaign->jobs; i++) {
		struct job *job = &campaign->job[i];
		char path[LONG_PATH], tail[ENGINE_TAIL + 1];

		(void)look(campaign, job);
		path_of(campaign, i, "queue", path);
		afl_count_inputs(campaign, path, &instance[i].inputs);
		if (finding_of(campaign, i, path)) {
			good = save_finding(campaign, i, path);
		} else if (job->failed) {
			screen_of(campaign, i, path);
			engine_tail(path, tail);
			fprintf(stderr, "%s\nfaultline fuzz: afl-fuzz failed\n", tail);
			good = false;
		}
	}
	return good;
}

static const char *summary(const struct campaign *campaign)
{
	unsigned made = 0, by_mutator = 0, shared = 0;
	bool stable = true;

	for (unsigned i = 0; i < campaign->jobs; i++) {
		made += instance[i].inputs.made;
		by_mutator += instance[i].inputs.by_mutator;
		shared += instance[i].inputs.shared;
		stable = stable && instance[i].unstable == 0;
		printf("AFL++ %s: ", i == 0 ? "main" : "secondary");
		if (instance[i].measured)
			printf("stability %.2f %%\n", instance[i].stability);
		else
			printf("ended before it measured anything\n");
	}
	if (campaign->replay == NULL)
		printf("custom mutator: made %u of %u new inputs; ", by_mutator, made);
	else
		printf("%u new inputs; ", made);
	printf("%u with new edges went into the corpus\n", shared);
	if (!stable)
		return "NOT STABLE: one input covers different code from run to run; AFL++'s "
		       "queue/.state/variable_behavior names such inputs";
	if (campaign->replay == NULL && by_mutator != made)
		return "NOT MUTATED: AFL++ made inputs without the custom mutator";
	return NULL;
}

const struct engine engine_afl = { "afl", prepare, exec, look, finish, summary };
