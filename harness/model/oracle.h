/* oracle.h: one source for everything that a program does not decide. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum oracle_kind {
	ORACLE_RANDOM,   /* a random walk */
	ORACLE_PCT,      /* random priorities and change points (Burckhardt et al. 2010) */
	ORACLE_REPLAY,   /* sparse entries: gap, CPU; between them the CPU runs on */
	ORACLE_EXHAUST   /* depth first, all of them */
};

/* After `gap` more schedule points CPU `cpu` runs; or, value choices (which store
 * a load sees): the gap-th choice from the last one on is `choice`. */
struct oracle_entry {
	uint16_t gap;
	uint8_t cpu;
	uint8_t choice; /* 0: a schedule entry; else a value choice, plus one, and cpu is 0 */
};

struct oracle;

struct oracle *oracle_random(uint64_t seed);
/* depth: change points plus one; length: schedule points to spread them over. */
struct oracle *oracle_pct(uint64_t seed, unsigned depth, uint64_t length);
struct oracle *oracle_replay(const struct oracle_entry *entry, size_t count);
/* preemptions: at most so many, UINT_MAX = any number. cut_off: executions that
 * reach a state seen before are finished without further choices. */
struct oracle *oracle_exhaust(unsigned preemptions, bool cut_off);
void oracle_destroy(struct oracle *oracle);

/* Before each execution. EXHAUST: false when all have been made. */
bool oracle_next(struct oracle *oracle);
/* EXHAUST: executions made and states seen. */
void oracle_counts(const struct oracle *oracle, uint64_t *executions, uint64_t *states);
/* What was chosen in the last execution, as entries that ORACLE_REPLAY takes;
 * valid until the next. */
size_t oracle_entries(const struct oracle *oracle, const struct oracle_entry **entry);

#endif
