/* options.c: values of options. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

bool option_number(const char *command, const char *option, const char *text, uint64_t first,
                   uint64_t last, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number >= first &&
	    *number <= last)
		return true;
	fprintf(stderr, "faultline %s: %s takes a whole number from %" PRIu64 " to %" PRIu64
	                ", not `%s`\n",
	        command, option, first, last, text);
	return false;
}

bool option_memory(const char *command, const char *text, bool *views)
{
	*views = strcmp(text, "views") == 0;
	if (*views || strcmp(text, "sequential") == 0)
		return true;
	fprintf(stderr, "faultline %s: --memory takes sequential or views, not `%s`\n", command,
	        text);
	return false;
}
