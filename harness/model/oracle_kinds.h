/* oracle_kinds.h: what the sources of an oracle share. For oracle*.c alone. */
#ifndef ORACLE_KINDS_H
#define ORACLE_KINDS_H

#include "../generate/prng.h"
#include "oracle.h"
#include "seen.h"

enum { ORACLE_CHANGES_MAX = 16 };

/* A branch of the depth-first search: all choices below `next` are done. */
struct oracle_branch {
	uint8_t next, count;
};

/* Choices of one sort, schedule or value, on their way to or from entries. */
struct oracle_sort {
	uint32_t gap; /* choices since the last entry */
	size_t next;  /* REPLAY: index into given[] of the next entry of this sort */
};

struct oracle {
	enum oracle_kind kind;
	struct prng prng;
	uint64_t executions;

	/* The choices of this execution. */
	struct oracle_entry *made;
	size_t made_count, made_capacity;
	struct oracle_sort schedule, value;

	/* REPLAY. */
	struct oracle_entry *given;
	size_t given_count;

	/* PCT. */
	unsigned changes; /* change points */
	uint64_t length, passed;
	uint64_t change_at[ORACLE_CHANGES_MAX];
	unsigned priority[ORACLE_CPUS_MAX]; /* the highest one runs */

	/* EXHAUST. */
	unsigned preemptions_max, preemptions;
	bool cut_off, is_cut; /* is_cut: this execution has reached a known state */
	bool has_values;      /* the program has value choices: it may branch at any step */
	struct oracle_branch *branch;
	size_t depth, branches, branch_capacity;
	struct seen seen;
};

/* The i-th of the CPUs that may run at a point; the 0th is the usual one. */
unsigned oracle_candidate(const struct oracle_point *point, unsigned index);
unsigned oracle_candidates(const struct oracle_point *point);

void oracle_pct_start(struct oracle *oracle);
unsigned oracle_pct_schedule(struct oracle *oracle, const struct oracle_point *point);

/* False: all executions have been made. */
bool oracle_exhaust_start(struct oracle *oracle);
unsigned oracle_exhaust_schedule(struct oracle *oracle, const struct oracle_point *point);
unsigned oracle_exhaust_value(struct oracle *oracle, unsigned count);

#endif
