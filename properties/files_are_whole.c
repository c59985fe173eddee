/* Claim: a file is read whole or not at all, with a message; and a file is
 * written whole or the old one stays, with no other file beside it.
 *
 * Not covered: a machine that loses its power. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../harness/support/file.h"
#include "../harness/support/memory.h"
#include "claim.h"

static char folder[] = "/tmp/faultline-XXXXXX";

static void make_folder(void)
{
	cr_assert_not_null(mkdtemp(folder));
}

static unsigned files_in(const char *path)
{
	unsigned count = 0;
	DIR *entries = opendir(path);
	cr_assert_not_null(entries);
	for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
		count += entry->d_name[0] != '.';
	closedir(entries);
	return count;
}

static void holds(const char *path, const char *text)
{
	char message[FILE_MESSAGE];
	uint8_t *data;
	size_t size;
	cr_assert(file_read(path, &data, &size, message), "%s", message);
	cr_assert_eq(size, strlen(text));
	cr_assert_str_eq((char *)data, text);
	free(data);
}

Test(files_are_whole, written_and_read, .init = make_folder)
{
	char path[64], message[FILE_MESSAGE] = "";
	snprintf(path, sizeof path, "%s/file", folder);
	cr_assert(file_write(path, "", 0, message), "%s", message);
	holds(path, "");
	cr_assert_eq(chmod(path, 0640), 0);
	cr_assert(file_write(path, "more", 4, message), "%s", message);
	holds(path, "more");
	struct stat state;
	cr_assert_eq(stat(path, &state), 0);
	cr_assert_eq(state.st_mode & 0777, 0640);
	cr_assert_eq(files_in(folder), 1);
	unlink(path);
	rmdir(folder);
}

Test(files_are_whole, refusals, .init = make_folder)
{
	char path[64], message[FILE_MESSAGE] = "";
	uint8_t *data;
	size_t size;
	cr_assert_not(file_write(folder, "more", 4, message));
	cr_assert_str_eq(message, "this is a directory");
	cr_assert_not(file_read(folder, &data, &size, message));
	cr_assert_str_eq(message, "this is a directory");
	snprintf(path, sizeof path, "%s/none/file", folder);
	cr_assert_not(file_write(path, "more", 4, message));
	cr_assert_str_eq(message, "No such file or directory");
	cr_assert_not(file_read(path, &data, &size, message));
	cr_assert_str_eq(message, "No such file or directory");
	cr_assert_null(data);
	cr_assert_eq(files_in(folder), 0);
	cr_assert_not(file_write("/dev/full", "more", 4, message));
	cr_assert_str_eq(message, "No space left on device");
	rmdir(folder);
}

Test(files_are_whole, bound, .init = make_folder)
{
	char path[64], message[FILE_MESSAGE] = "";
	uint8_t *data, *large = memory_zeroed(FILE_SIZE_MAX + 1);
	size_t size;
	snprintf(path, sizeof path, "%s/large", folder);
	cr_assert(file_write(path, large, FILE_SIZE_MAX, message), "%s", message);
	cr_assert(file_read(path, &data, &size, message), "%s", message);
	cr_assert_eq(size, FILE_SIZE_MAX);
	free(data);
	cr_assert(file_write(path, large, FILE_SIZE_MAX + 1, message), "%s", message);
	cr_assert_not(file_read(path, &data, &size, message));
	cr_assert_str_eq(message, "the file has more than 16 MiB");
	cr_assert_not(file_read("/dev/zero", &data, &size, message));
	cr_assert_str_eq(message, "the file has more than 16 MiB");
	free(large);
	unlink(path);
	rmdir(folder);
}
