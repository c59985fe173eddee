/* search.h: executions of a scenario in a process of their own, since a broken core
 * may stop the process, or loop. */
#ifndef SEARCH_H
#define SEARCH_H

#include "scenario.h"

enum { SEARCH_ENTRIES_MAX = 4096, SEARCH_ENTRIES_FEW = 4 };

struct search {
	const struct scenario *scenario;
	enum model_memory memory;
	enum oracle_kind kind;
	bool sparse; /* REPLAY: of random schedules of a few entries, like the given ones */
	unsigned preemptions; /* EXHAUST; UINT_MAX: any number */
	bool cut_off;         /* EXHAUST */
	uint64_t seed;        /* RANDOM, sparse */
	const struct oracle_entry *entry; /* REPLAY */
	size_t entries;
	uint64_t most;  /* executions */
	bool to_the_end; /* goes on after failures */
};

struct search_result {
	bool ended;          /* all executions were made, or as many as was asked for */
	bool exhausted;      /* no other is left */
	bool stopped;        /* the process was, in an execution */
	uint64_t failures;
	uint64_t executions, states;
	double seconds;      /* of processor time */
	uint64_t outcomes;   /* different ones */
	uint64_t outcomes_hash;
	/* Of the first of the failures with the fewest entries. */
	char why[480];
	size_t entries;
	struct oracle_entry entry[SEARCH_ENTRIES_MAX];
};

/* Ends the test when no process can be made. */
void search_run(const struct search *search, struct search_result *result);

#endif
