/* engine_afl_inputs.c: from the corpus into AFL++'s queue, and from there into the
 * corpus, which all engines share. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/file.h"
#include "../support/memory.h"
#include "engine_afl.h"

/* afl-fuzz runs each seed several times before it starts, which for a corpus of
 * many campaigns takes longer than a short one. */
enum { SEEDS_MAX = 1000 };

/* ---- Files ----------------------------------------------------------------------------- */

void afl_each_file(const char *folder, bool (*visit)(const char *name, void *context),
                   void *context)
{
	DIR *open_folder = opendir(folder);
	const struct dirent *entry;
	bool taken = false;

	while (open_folder != NULL && !taken && (entry = readdir(open_folder)) != NULL)
		taken = entry->d_name[0] != '.' && visit(entry->d_name, context);
	if (open_folder != NULL)
		(void)closedir(open_folder);
}

static int remove_entry(const char *path, const struct stat *state, int kind, struct FTW *walk)
{
	(void)state;
	(void)kind;
	(void)walk;
	return remove(path);
}

static bool failed(const char *path, const char *why)
{
	fprintf(stderr, "faultline fuzz: %s: %s\n", path, why);
	return false;
}

bool afl_remove(const char *folder)
{
	return nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT ||
	       failed(folder, strerror(errno));
}

/* One file under two names, or a copy where the two are on different disks. */
static bool put(const char *from, const char *to)
{
	char message[FILE_MESSAGE];
	uint8_t *data;
	size_t size;
	bool good;

	if (link(from, to) == 0)
		return true;
	if (!file_read(from, &data, &size, message))
		return failed(from, message);
	good = file_write(to, data, size, message) || failed(to, message);
	free(data);
	return good;
}

/* ---- Into the queue -------------------------------------------------------------------- */

struct candidate {
	struct timespec written;
	char name[NAME_MAX + 1];
};

struct candidates {
	const char *folder;
	struct candidate *candidate;
	size_t count, capacity;
};

static bool add_candidate(const char *name, void *context)
{
	struct candidates *all = context;
	char path[LONG_PATH];
	struct stat state;

	(void)snprintf(path, sizeof path, "%s/%s", all->folder, name);
	if (stat(path, &state) != 0 || !S_ISREG(state.st_mode) || state.st_size == 0)
		return false;
	all->candidate = memory_grow(all->candidate, &all->capacity, all->count + 1,
	                             sizeof all->candidate[0]);
	all->candidate[all->count].written = state.st_mtim;
	(void)snprintf(all->candidate[all->count].name, NAME_MAX + 1, "%s", name);
	all->count++;
	return false;
}

static int newer_first(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->written.tv_sec != b->written.tv_sec)
		return a->written.tv_sec > b->written.tv_sec ? -1 : 1;
	if (a->written.tv_nsec != b->written.tv_nsec)
		return a->written.tv_nsec > b->written.tv_nsec ? -1 : 1;
	return strcmp(a->name, b->name);
}

void afl_seeds(const struct campaign *campaign, char path[LONG_PATH])
{
	(void)snprintf(path, LONG_PATH, "%s/seeds", campaign->output);
}

/* The newest: what engines wrote last is most likely still of use. afl-fuzz does
 * not start from nothing, so nothing becomes an input. */
bool afl_choose_seeds(const struct campaign *campaign)
{
	struct candidates all = { campaign->corpus, NULL, 0, 0 };
	char seeds[LONG_PATH], from[LONG_PATH], to[LONG_PATH + NAME_MAX + 2], message[FILE_MESSAGE];
	bool good;

	afl_seeds(campaign, seeds);
	if (!afl_remove(seeds))
		return false;
	good = mkdir(seeds, 0777) == 0 || failed(seeds, strerror(errno));
	afl_each_file(campaign->corpus, add_candidate, &all);
	if (all.count > 0)
		qsort(all.candidate, all.count, sizeof all.candidate[0], newer_first);
	for (size_t i = 0; good && i < all.count && i < SEEDS_MAX; i++) {
		(void)snprintf(from, sizeof from, "%s/%s", campaign->corpus, all.candidate[i].name);
		(void)snprintf(to, sizeof to, "%s/%s", seeds, all.candidate[i].name);
		good = put(from, to);
	}
	if (good && all.count == 0) {
		(void)snprintf(to, sizeof to, "%s/nothing", seeds);
		good = file_write(to, "\n", 1, message) || failed(to, message);
	}
	free(all.candidate);
	return good;
}

/* ---- Out of the queue ------------------------------------------------------------------ */

struct harvested {
	const struct campaign *campaign;
	const char *queue;
	struct afl_inputs *inputs;
};

/* An input that reached a new edge serves every engine. */
static void share(const struct harvested *to, const char *name)
{
	char from[LONG_PATH + NAME_MAX], path[LONG_PATH], message[FILE_MESSAGE];
	uint8_t *data;
	size_t size;

	(void)snprintf(from, sizeof from, "%s/%s", to->queue, name);
	if (!file_read(from, &data, &size, message))
		return;
	(void)snprintf(path, sizeof path, "%s/afl-%08x", to->campaign->corpus,
	               harvest_fingerprint(data, size));
	free(data);
	if (access(path, F_OK) != 0)
		to->inputs->shared += put(from, path);
}

/* The name says where an input comes from, and how it was made. */
static bool count_input(const char *name, void *context)
{
	const struct harvested *to = context;

	if (strstr(name, ",src:") == NULL || strstr(name, ",sync:") != NULL)
		return false;
	to->inputs->made++;
	to->inputs->by_mutator += strstr(name, ",faultline-") != NULL;
	if (strstr(name, ",+cov") != NULL)
		share(to, name);
	return false;
}

void afl_count_inputs(const struct campaign *campaign, const char *queue,
                      struct afl_inputs *inputs)
{
	struct harvested to = { campaign, queue, inputs };

	afl_each_file(queue, count_input, &to);
}
