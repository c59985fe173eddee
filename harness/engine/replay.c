/* replay.c: a fuzz target without an engine: runs it once on each file named. */
#include <stdio.h>
#include <stdlib.h>

#include "../support/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\nRuns the fuzz target once on each file.\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		char message[FILE_MESSAGE];
		uint8_t *data;
		size_t size;

		if (!file_read(argv[i], &data, &size, message)) {
			fprintf(stderr, "%s: %s\n", argv[i], message);
			return 2;
		}
		(void)LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	printf("%d inputs, nothing found\n", argc - 1);
	return 0;
}
