/* views.h: C11's memory model, by views.
 *
 * Each location keeps its last stores in order. A CPU has a view: for each location
 * the oldest store that it may still see. A load chooses one that is not older. A
 * store carries the view of what its CPU has released, and who acquires it joins
 * that to his own. What the model leaves out is in docs/CONCURRENCY.md.
 *
 * Words are whole locations here, by number. For harness/model alone. */
#ifndef VIEWS_H
#define VIEWS_H

#include "locations.h"

/* Before an execution; has_states: views_state will be asked for. */
void views_start(unsigned cpus, bool has_states);
/* The location is new: everybody sees its value. */
void views_add(unsigned location);

/* How many stores, from the newest on, the CPU may see. */
unsigned views_visible(unsigned cpu, unsigned location, enum atomic_order order);
/* The value of the age-th newest store, 0 the newest. */
uint64_t views_peek(unsigned location, unsigned age);
/* The CPU reads that store. */
void views_read(unsigned cpu, unsigned location, unsigned age, enum atomic_order order);
/* A new store. continues: of a read-modify-write, which belongs to the release
 * sequence of the store that it has read. */
void views_write(unsigned cpu, unsigned location, uint64_t value, enum atomic_order order,
                 bool continues);
/* A store behind the program's back: seen by whom it may concern, ordering nothing. */
void views_write_own(unsigned location, uint64_t value);
void views_fence(unsigned cpu, enum atomic_order order);
/* The CPU sees nothing older than the newest store. */
void views_catch_up(unsigned cpu, unsigned location);

/* All stores and all views, as a hash. */
uint64_t views_state(void);

#endif
