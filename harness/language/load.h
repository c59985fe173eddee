/* load.h: reading inputs in either form, one or a folder of them. */
#ifndef LOAD_H
#define LOAD_H

#include "trace.h"

/* Reads a file in either form into *trace, initialised by the caller; raw: any
 * bytes, as an engine feeds them. False: the reason, with its place, is on
 * standard error. */
bool load(const char *path, bool raw, struct trace *trace);
/* The same for bytes that are in memory. */
bool load_bytes(const char *path, const uint8_t *data, size_t size, bool raw, struct trace *trace);

/* The files of a list of files and folders, folders in order of name: of a folder
 * the traces (*.vmt) and the files without an extension. False: a message is on
 * standard error. */
struct paths {
	char **path;
	size_t count, capacity;
};
bool paths_collect(struct paths *paths, char **from, int count);
/* FOLDER/NAME, or NAME where the folder is "". */
void paths_add(struct paths *paths, const char *folder, const char *name);
/* The same, of a folder all files. */
bool paths_collect_all(struct paths *paths, char **from, int count);
void paths_destroy(struct paths *paths);

#endif
