/* cut.h: the fewest bytes on which a program still fails in the same way.
 *
 * The same way is the same token (crash_token). Runs of bytes go, lines, words and
 * single bytes, until nothing more can go or time is up. Every candidate is a run
 * of the program, so a sanitizer may judge it. */
#ifndef CUT_H
#define CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trial {
	char token[64];  /* what the failure is grouped by; empty: it ended well */
	char said[4096]; /* the first of what it wrote to standard error */
};

struct cutter {
	const char *program; /* takes a file's path */
	const char *scratch; /* a path for candidates */
	unsigned runs;
};

/* Runs the program once. False: the machine failed, errno says how. */
bool cut_try(struct cutter *cutter, const uint8_t *data, size_t size, struct trial *trial);
/* Cuts data in place, on which the program fails as *trial says; *trial becomes
 * that of what is left. False: the machine failed, errno says how. */
bool cut(struct cutter *cutter, uint8_t *data, size_t *size, struct trial *trial);

#endif
