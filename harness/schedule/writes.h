/* writes.h: who wrote to each word, in which order, as one number: what the state
 * cut-off of a search over schedules is told of plain memory.
 *
 * Plain memory is handed over by words: a lock is taken and given back, and what
 * lies behind it has changed while the word is what it was. The order in which CPUs
 * wrote to each word decides all of it. That tells states apart that are the same,
 * which costs time and is never wrong. */
#ifndef WRITES_H
#define WRITES_H

#include <stddef.h>
#include <stdint.h>

struct writes {
	struct writes_word {
		const void *word; /* NULL: the place is empty */
		uint64_t order;   /* hash of the CPUs that wrote to it */
	} *place;
	size_t count, capacity; /* capacity: a power of two, or 0 */
	uint64_t state;
};

/* Zeroed, it is empty. */
void writes_clear(struct writes *writes);
void writes_destroy(struct writes *writes);
/* on_write and plain_state of struct model_options. */
void writes_note(void *context, unsigned cpu, const void *word);
uint64_t writes_state(void *context);

#endif
