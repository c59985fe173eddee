/* campaign.h: a fuzz campaign: jobs of an engine over one corpus, watched while
 * they run. */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include <sys/types.h>

#include "../run/statistics.h"

enum { JOBS_MAX = 64, SEEDS_FROM_MAX = 8, PATH_ROOM = 1024 };

struct job {
	pid_t pid; /* 0 once it has ended */
	int status; /* as wait gave it */
	bool failed; /* it ended other than well, and was not asked to end */
	struct statistics *statistics;
	char log[PATH_ROOM + 32];
	/* what the engine said last; 0: it does not count such things */
	uint64_t coverage, features, corpus;
};

struct campaign {
	/* options */
	const struct engine *engine; /* engine.h */
	const char *target, *corpus, *findings;
	const char *seeds[SEEDS_FROM_MAX]; /* folders; NULL behind the last */
	const char *mutator, *output;      /* AFL++'s */
	/* Of a target whose inputs are bytes: the program that runs it on a file.
	 * NULL: inputs are programs of operations. */
	const char *replay;
	const char *dictionary; /* for the engine's own mutations; NULL: none */
	uint64_t seconds, jobs, seed;
	/* state */
	bool stopping; /* the jobs have been asked to end */
	char work[PATH_ROOM]; /* a folder of its own for logs, artifacts, statistics */
	struct job job[JOBS_MAX];
	double started, now; /* seconds of a clock that only goes forward */
};

/* What all jobs have done together. */
struct totals {
	uint64_t executions, accepted;
	struct run_counts counts;
	uint64_t coverage, features, corpus; /* the best job's */
	unsigned reached;                    /* verb x status pairs */
};
void campaign_totals(const struct campaign *campaign, struct totals *totals);

/* Runs to the end; false: it could not be run, a message is on standard error. */
bool campaign_run(struct campaign *campaign);
/* Removes the work folder. */
void campaign_clean(struct campaign *campaign);

/* progress.c */
void progress_show(const struct campaign *campaign, bool last);
void progress_summary(const struct campaign *campaign);

/* harvest.c: saves and reports what the jobs found; how many, or -1: the machine
 * failed. */
int harvest(const struct campaign *campaign);
/* Puts the seeds into the corpus: compiled, or as bytes and compiled. */
bool harvest_seeds(const struct campaign *campaign);
/* Tells inputs apart, for names of files. */
uint32_t harvest_fingerprint(const uint8_t *data, size_t size);

/* What an engine found, and all that its log says; a NUL stands behind each. */
struct found {
	const uint8_t *data;
	size_t size;
	const char *log;
	size_t log_size;
};
/* Saves STEM.suffix, and the end of the log as STEM.log. False: said why. */
bool harvest_save(const char *stem, const char *suffix, const void *data, size_t size);
bool harvest_save_log(const char *stem, const struct found *found);
/* harvest_bytes.c: the same for a target of bytes. False: the machine failed. */
bool harvest_bytes(const struct campaign *campaign, const struct found *found);

#endif
