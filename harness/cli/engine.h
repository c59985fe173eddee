/* engine.h: what a campaign asks of an engine. Each has a file engine_NAME.c. */
#ifndef ENGINE_H
#define ENGINE_H

#include "campaign.h"

struct engine {
	const char *name;
	/* Before the first job starts. False: it cannot be run, and why was said. */
	bool (*prepare)(const struct campaign *campaign);
	/* In the job's own process, whose output goes to its log: becomes the
	 * engine. Returns when it cannot, with errno. */
	void (*exec)(const struct campaign *campaign, unsigned index);
	/* Several times a second: takes in what the engine says of itself. True: it
	 * has found something, and would go on all the same. */
	bool (*look)(const struct campaign *campaign, struct job *job);
	/* After the last job: each finding becomes a file found-INDEX-... in the
	 * work folder. False: the engine failed, and why was said. */
	bool (*finish)(struct campaign *campaign);
	/* Prints the engine's own lines of the summary. NULL, or what should hold of
	 * every campaign and does not. */
	const char *(*summary)(const struct campaign *campaign);
};

extern const struct engine engine_libfuzzer, engine_afl;

/* The sanitizers' options, for a target that is about to be started: our own
 * defaults first, what the user has set behind them, which wins. */
void engine_set_sanitizers(void);

/* The end of a file as text; empty where there is none. */
enum { ENGINE_TAIL = 4096 };
void engine_tail(const char *path, char tail[ENGINE_TAIL + 1]);

#endif
