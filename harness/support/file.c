/* file.c: see file.h. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

static bool fail(char message[FILE_MESSAGE], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, FILE_MESSAGE, format, arguments);
	va_end(arguments);
	return false;
}

static bool is_dash(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* ---- Reading ------------------------------------------------------------------- */

/* Up to `room` bytes, fewer only at the end of the file. Negative: errno. */
static ssize_t read_up_to(int descriptor, uint8_t *data, size_t room)
{
	size_t got = 0;
	while (got < room) {
		ssize_t part = read(descriptor, data + got, room - got);
		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return part;
		if (part == 0)
			break;
		got += (size_t)part;
	}
	return (ssize_t)got;
}

/* How much to read at first: a file says its size, a pipe does not. */
static bool first_room(int descriptor, size_t *room, char message[FILE_MESSAGE])
{
	struct stat state;
	if (fstat(descriptor, &state) != 0)
		return fail(message, "%s", strerror(errno));
	if (S_ISDIR(state.st_mode))
		return fail(message, "this is a directory");
	if (state.st_size > FILE_SIZE_MAX)
		return fail(message, "the file has more than %d MiB", FILE_SIZE_MAX >> 20);
	*room = S_ISREG(state.st_mode) ? (size_t)state.st_size + 1 : 4096;
	return true;
}

static bool read_all(int descriptor, uint8_t **data, size_t *size, char message[FILE_MESSAGE])
{
	size_t room = 0;
	*size = 0;
	if (!first_room(descriptor, &room, message))
		return false;
	/* One byte more than the size tells whether the file goes on. */
	for (;;) {
		*data = memory_resize(*data, room + 1);
		ssize_t got = read_up_to(descriptor, *data + *size, room - *size);
		if (got < 0)
			return fail(message, "%s", strerror(errno));
		*size += (size_t)got;
		if (*size > FILE_SIZE_MAX)
			return fail(message, "the file has more than %d MiB", FILE_SIZE_MAX >> 20);
		if (*size < room)
			break;
		room = 2 * room < FILE_SIZE_MAX + 1 ? 2 * room : FILE_SIZE_MAX + 1;
	}
	(*data)[*size] = 0;
	return true;
}

bool file_read(const char *path, uint8_t **data, size_t *size, char message[FILE_MESSAGE])
{
	*data = NULL;
	*size = 0;
	int descriptor = is_dash(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return fail(message, "%s", strerror(errno));
	bool good = read_all(descriptor, data, size, message);
	if (!is_dash(path))
		close(descriptor);
	if (good)
		return true;
	free(*data);
	*data = NULL;
	*size = 0;
	return false;
}

/* ---- Writing ------------------------------------------------------------------- */

static bool write_all(int descriptor, const uint8_t *data, size_t size)
{
	while (size > 0) {
		ssize_t part = write(descriptor, data, size);
		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return false;
		data += part;
		size -= (size_t)part;
	}
	return true;
}

/* The rights that open(2) would have given to a new file. */
static mode_t new_file_mode(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Writes to a new file beside path and gives it path's name. */
static bool replace(const char *path, const void *data, size_t size, mode_t mode,
                    char message[FILE_MESSAGE])
{
	static const char suffix[] = ".XXXXXX";
	size_t length = strlen(path);
	char *beside = memory_zeroed(length + sizeof suffix);
	memcpy(beside, path, length);
	memcpy(beside + length, suffix, sizeof suffix);
	int descriptor = mkstemp(beside);
	if (descriptor < 0) {
		free(beside);
		return fail(message, "%s", strerror(errno));
	}
	bool good = write_all(descriptor, data, size) && fchmod(descriptor, mode) == 0 &&
	            fsync(descriptor) == 0;
	int error = good ? 0 : errno;
	if (close(descriptor) != 0 && good) {
		good = false;
		error = errno;
	}
	if (good && rename(beside, path) != 0) {
		good = false;
		error = errno;
	}
	if (!good)
		unlink(beside);
	free(beside);
	return good || fail(message, "%s", strerror(error));
}

/* Forces the new name to the disk. Some file systems cannot, and the file is
 * whole then all the same, so an error here is none of the caller's. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
	char *folder = memory_zeroed(length + 1);
	memcpy(folder, slash == NULL ? "." : path, length);
	int descriptor = open(folder, O_RDONLY | O_CLOEXEC);
	if (descriptor >= 0) {
		fsync(descriptor);
		close(descriptor);
	}
	free(folder);
}

static bool write_directly(const char *path, const void *data, size_t size,
                           char message[FILE_MESSAGE])
{
	int descriptor = is_dash(path) ? STDOUT_FILENO : open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (descriptor < 0)
		return fail(message, "%s", strerror(errno));
	bool good = write_all(descriptor, data, size);
	int error = good ? 0 : errno;
	if (!is_dash(path) && close(descriptor) != 0 && good) {
		good = false;
		error = errno;
	}
	return good || fail(message, "%s", strerror(error));
}

bool file_write(const char *path, const void *data, size_t size, char message[FILE_MESSAGE])
{
	struct stat state;
	if (is_dash(path))
		return write_directly(path, data, size, message);
	bool exists = lstat(path, &state) == 0;
	if (exists && S_ISDIR(state.st_mode))
		return fail(message, "this is a directory");
	if (exists && !S_ISREG(state.st_mode))
		return write_directly(path, data, size, message);
	mode_t mode = exists ? state.st_mode & 07777 : new_file_mode();
	if (!replace(path, data, size, mode, message))
		return false;
	sync_folder(path);
	return true;
}
