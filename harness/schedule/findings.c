/* findings.c: traces of findings. */
#include "findings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../support/file.h"

static char *text_of(const struct trace *trace, const struct explore_result *result,
                     const char *said, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (out == NULL)
		return NULL;
	trace_print_head(out, &trace->program.machine);
	fprintf(out, "# %s: %s\n", result->token, said);
	for (size_t i = 0; i < trace->program.count; i++) {
		trace_print_op(out, &trace->program, i, trace->name);
		fputc('\n', out);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* FNV-1a. */
static uint32_t fingerprint(const char *text, size_t size)
{
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)text[i]) * UINT32_C(16777619);
	return hash;
}

/* The folder and those above it. */
static void make_folder(const char *folder)
{
	char path[FINDINGS_PATH];

	(void)snprintf(path, sizeof path, "%s", folder);
	for (char *at = path + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		(void)mkdir(path, 0777);
		*at = '/';
	}
	(void)mkdir(path, 0777); /* if it fails, so does the file */
}

bool findings_save(const char *folder, struct trace *trace, const struct explore_result *result,
                   const char *said, char path[FINDINGS_PATH])
{
	char message[FILE_MESSAGE] = "no memory";
	size_t size = 0;
	char *text;
	bool good;

	if (result->scheduled)
		schedule_write(&trace->program, result->parallel, result->entry, result->count);
	text = text_of(trace, result, said, &size);
	make_folder(folder);
	(void)snprintf(path, FINDINGS_PATH, "%s/%s-%08x.vmt", folder, result->token,
	               text == NULL ? 0u : fingerprint(text, size));
	good = text != NULL && file_write(path, text, size, message);
	if (!good)
		fprintf(stderr, "%s: %s\n", path, message);
	free(text);
	return good;
}
