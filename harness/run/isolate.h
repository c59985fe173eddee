/* isolate.h: a run in a process of its own, since a broken core may stop the
 * process, loop, or write where it should not. */
#ifndef ISOLATE_H
#define ISOLATE_H

#include "run.h"

enum isolated_end {
	ISOLATED_PASS,
	ISOLATED_FAIL,  /* finding says what is wrong */
	ISOLATED_CRASH, /* the process stopped at finding.op */
	ISOLATED_HANG   /* it ran past its time at finding.op */
};

struct isolated {
	enum isolated_end end;
	struct finding finding;
	char token[64]; /* what the failure is grouped by; "" for a pass */
	/* When asked for: the state after each operation, to see where two runs of
	 * one trace part. digest is malloc'ed. */
	size_t digest_count;
	uint64_t *digest;
};

/* Runs the trace, expectations and all, on core and reference with the state
 * compared after every operation. False: no process could be made; errno says
 * why. `digests`: fills digest. */
bool isolated_run(const struct trace *trace, bool digests, struct isolated *result);
void isolated_clear(struct isolated *result);

/* What a crash is grouped by, from what the process wrote to standard error:
 * "DEDUP_TOKEN: assert-..." or the kind of a sanitizer's error, cut to what can be
 * part of a file's name. */
void isolated_crash_token(const char *error, char token[64]);

#endif
