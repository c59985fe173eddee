/* finding.h: what a run found wrong, and how it is told. */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum check {
#define CHECK(NAME, token, claim) CHECK_##NAME,
#include "checks.def"
#undef CHECK
	CHECK_COUNT
};

struct finding {
	enum check check;
	unsigned invariant; /* CHECK_INVARIANT: its number */
	size_t op;          /* the operation after which it was seen */
	char rule[48];      /* the rule that is broken; empty: no rule says it */
	char expected[240], actual[240];
	char history[1800]; /* what the CPUs of a concurrent part did, in lines; or empty */
};

/* What findings are grouped by: "page-bytes", "inv-07", ... `room` of 64 is
 * enough. Two findings with one token are taken for the same bug. */
void finding_token(const struct finding *finding, char *token, size_t room);
/* "core and reference give an operation the same status", ... */
const char *finding_claim(const struct finding *finding);

/* Prints DEDUP_TOKEN: and traps, in a function of the check's own; for a fuzz
 * target, whose engine saves the input then. */
_Noreturn void finding_trap(const struct finding *finding);

#endif
