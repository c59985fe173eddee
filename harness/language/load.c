/* load.c: reading inputs in either form, and refusing what is neither. */
#define _DEFAULT_SOURCE /* alphasort and scandir */
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../support/file.h"
#include "../support/memory.h"

static bool refuse(const char *path, const struct place *place)
{
	if (place->line != 0)
		fprintf(stderr, "%s:%zu:%zu: %s\n", path, place->line, place->column,
		        place->message);
	else
		fprintf(stderr, "%s: byte %zu: %s\n", path, place->column, place->message);
	return false;
}

static bool load_program(const char *path, const uint8_t *data, size_t size, bool raw,
                         struct trace *trace)
{
	struct program program;
	struct place place;
	bool good = true;

	program_init(&program);
	if (raw)
		program_decode_any(&program, data, size, SIZE_MAX);
	else
		good = program_decode_file(&program, data, size, &place);
	if (good)
		trace_of_program(trace, &program);
	program_destroy(&program);
	return good || refuse(path, &place);
}

bool load_bytes(const char *path, const uint8_t *data, size_t size, bool raw, struct trace *trace)
{
	struct place place;

	if (raw || program_is_compiled(data, size))
		return load_program(path, data, size, raw, trace);
	if (size < 4 || memcmp(data, "vmt ", 4) != 0) {
		place = (struct place){ .line = 1, .column = 1 };
		(void)snprintf(place.message, sizeof place.message,
		               "neither a trace (it would start `vmt 1`) nor a compiled program");
		return refuse(path, &place);
	}
	return trace_parse(trace, (const char *)data, size, &place) || refuse(path, &place);
}

bool load(const char *path, bool raw, struct trace *trace)
{
	char message[FILE_MESSAGE];
	uint8_t *data;
	size_t size;
	bool good;

	if (!file_read(path, &data, &size, message)) {
		fprintf(stderr, "%s: %s\n", path, message);
		return false;
	}
	good = load_bytes(path, data, size, raw, trace);
	free(data);
	return good;
}

/* ---- Lists of files ------------------------------------------------------------- */

void paths_add(struct paths *paths, const char *folder, const char *name)
{
	size_t length = strlen(folder) + strlen(name) + 2;
	char *path = memory_resize(NULL, length);

	(void)snprintf(path, length, "%s%s%s", folder, folder[0] != '\0' ? "/" : "", name);
	paths->path = memory_grow(paths->path, &paths->capacity, paths->count + 1,
	                          sizeof paths->path[0]);
	paths->path[paths->count++] = path;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Replaces the folder at `at` by what is in it, in order: traces and folders, or,
 * when all is wanted, everything. */
static bool open_folder(struct paths *paths, size_t at, bool all)
{
	char *folder = paths->path[at];
	struct dirent **entry;
	int count = scandir(folder, &entry, NULL, alphasort);

	if (count < 0) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return false;
	}
	for (int i = 0; i < count; i++) {
		const char *name = entry[i]->d_name;
		size_t length = strlen(name);
		bool text = length > 4 && strcmp(name + length - 4, ".vmt") == 0;

		if (name[0] != '.' && (all || text || strchr(name, '.') == NULL))
			paths_add(paths, folder, name);
		free(entry[i]);
	}
	free(entry);
	free(folder);
	memmove(&paths->path[at], &paths->path[at + 1],
	        (--paths->count - at) * sizeof paths->path[0]);
	return true;
}

static bool collect(struct paths *paths, char **from, int count, bool all)
{
	for (int i = 0; i < count; i++)
		paths_add(paths, "", from[i]);
	/* A folder's files join the end, so folders in folders are opened in turn. */
	for (size_t at = 0; at < paths->count;) {
		if (!is_folder(paths->path[at]))
			at++;
		else if (!open_folder(paths, at, all))
			return false;
	}
	return true;
}

bool paths_collect(struct paths *paths, char **from, int count)
{
	return collect(paths, from, count, false);
}

bool paths_collect_all(struct paths *paths, char **from, int count)
{
	return collect(paths, from, count, true);
}

void paths_destroy(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->path[i]);
	free(paths->path);
	*paths = (struct paths){ NULL, 0, 0 };
}
