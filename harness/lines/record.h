/* record.h: which CPU reads and writes which word of memory. The core is compiled
 * as for TSan, so that the compiler puts a call before each access, plain or
 * atomic; record.c is what is called in place of TSan's runtime. CPUs are simulated
 * one after another by one thread, which is enough: whether two of them meet at a
 * line is a matter of what they touch and not of when. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE = 64, WORD = 4, LINE_WORDS = LINE / WORD };

/* Accesses to [from, from + size) are not recorded; one such place (the pages'
 * contents), beside the stack. */
void record_leave_out(const void *from, size_t size);

/* From here on accesses are those of CPU `cpu`, 0..63. */
void record_start(unsigned cpu);
void record_stop(void);
void record_clear(void);

/* What was done to a word: a bit for each CPU. */
struct record_word {
	uint64_t readers, writers;
};
/* A line that one CPU wrote and another one read or wrote. */
struct record_line {
	uintptr_t at;
	struct record_word word[LINE_WORDS];
};
/* Calls visit for each of them, in order of address; returns how many. */
unsigned record_shared(void (*visit)(void *context, const struct record_line *line),
                       void *context);

#endif
