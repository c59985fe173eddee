/* format.h: one value as text, as the parser reads it. */
#ifndef FORMAT_H
#define FORMAT_H

#include "trace.h"

/* The longest: every word of ACCESS joined, or a name and an offset. */
enum { VALUE_TEXT = 256 };

/* A value of any kind but lists, bytes and schedules. `name` is the text of
 * its name, or NULL for none. */
void value_format(char text[VALUE_TEXT], enum kind kind, const char *name, uint64_t number);
/* The text of a name: name[ref-1], or r0, r1, ... when name is NULL; P0 for 0.
 * own has room for the latter. */
const char *name_text(name_ref ref, char *const *name, char own[16]);
/* The status's name, or its code in own. */
const char *status_text(vmm_status status, char own[16]);

#endif
