/* oracle.h: one source for everything that a program does not decide. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ORACLE_CPUS_MAX = 8 };

enum oracle_kind {
	ORACLE_RANDOM,   /* a random walk */
	ORACLE_PCT,      /* random priorities and change points (Burckhardt et al. 2010) */
	ORACLE_REPLAY,   /* sparse entries: gap, CPU; between them the CPU runs on */
	ORACLE_EXHAUST   /* depth first, all of them */
};

/* A choice that is not the usual one. The usual one: the CPU runs on, or, where it
 * cannot, the next one that can; a load sees the newest store.
 *
 * After `gap` more schedule points CPU `cpu` runs, or the next after it that can;
 * or, value choices (which store a load sees): after `gap` more of them the load
 * sees the (choice - 1)-th newest store, or the oldest that it may. */
struct oracle_entry {
	uint16_t gap;   /* choices of its sort since the entry before of its sort */
	uint8_t cpu;    /* of a value choice: 0 */
	uint8_t choice; /* 0: a schedule entry; else a value choice, plus one */
};

struct oracle;

struct oracle *oracle_random(uint64_t seed);
/* depth: change points plus one; length: schedule points to spread them over. */
struct oracle *oracle_pct(uint64_t seed, unsigned depth, uint64_t length);
/* Any entries will do. They are copied. */
struct oracle *oracle_replay(const struct oracle_entry *entry, size_t count);
/* preemptions: at most so many, UINT_MAX = any number. cut_off: executions that
 * reach a state seen before are finished without further choices. */
struct oracle *oracle_exhaust(unsigned preemptions, bool cut_off);
void oracle_destroy(struct oracle *oracle);

/* Before each execution. EXHAUST: false when all have been made. */
bool oracle_next(struct oracle *oracle);
/* Executions made, and states seen with cut_off. */
void oracle_counts(const struct oracle *oracle, uint64_t *executions, uint64_t *states);
/* What was chosen in the last execution, as entries that ORACLE_REPLAY takes;
 * valid until the next. */
size_t oracle_entries(const struct oracle *oracle, const struct oracle_entry **entry);

/* ---- What the simulation asks --------------------------------------------------- */

struct oracle_point {
	uint32_t runnable; /* a bit for each CPU that can run; not 0 */
	unsigned current;  /* the CPU that ran last */
	bool goes_on;      /* it can run and does not wait: another one is a preemption */
};

/* The usual choice; no oracle is asked. */
unsigned oracle_usual(const struct oracle_point *point);
/* The CPU that runs next. */
unsigned oracle_schedule(struct oracle *oracle, const struct oracle_point *point);
/* One of `count` >= 1 values, 0 the usual one. */
unsigned oracle_value(struct oracle *oracle, unsigned count);
/* Whether executions are cut off by states at all. */
bool oracle_cuts_off(const struct oracle *oracle);
/* Before oracle_schedule(point): whether oracle_state must be told the state. */
bool oracle_asks_state(const struct oracle *oracle, const struct oracle_point *point);
void oracle_state(struct oracle *oracle, const struct oracle_point *point, uint64_t hash);

#endif
