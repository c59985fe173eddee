/* file.h: whole files, read within a bound and written all or nothing. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest input file, and room for what a function has to say. */
enum { FILE_SIZE_MAX = 16 << 20, FILE_MESSAGE = 300 };

/* Reads all of a file, a pipe or, for "-", standard input; *data is malloc'ed
 * and never NULL, and one NUL stands behind it. False: message says why, and
 * nothing is left behind: directories, files over FILE_SIZE_MAX, errors. */
bool file_read(const char *path, uint8_t **data, size_t *size, char message[FILE_MESSAGE]);

/* Makes path a file of just these bytes: written beside it, forced to the
 * disk, then renamed. False: message says why, path is as it was, and no other
 * file is left. "-" is standard output, which is written directly, as is a
 * path that is there and no ordinary file: a pipe, /dev/stdout, any link. */
bool file_write(const char *path, const void *data, size_t size, char message[FILE_MESSAGE]);

#endif
