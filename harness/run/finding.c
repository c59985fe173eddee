/* finding.c: naming a finding, and ending a fuzz target's run on it. */
#include "finding.h"

#include <inttypes.h>
#include <stdio.h>

#include "../../core/check.h"

static const struct {
	const char *token, *claim;
} checks[CHECK_COUNT] = {
#define CHECK(NAME, token, claim) { #token, claim },
#include "checks.def"
#undef CHECK
};

void finding_token(const struct finding *finding, char *token, size_t room)
{
	if (finding->check == CHECK_INVARIANT)
		(void)snprintf(token, room, "inv-%02u", finding->invariant);
	else
		(void)snprintf(token, room, "%s", checks[finding->check].token);
}

const char *finding_claim(const struct finding *finding)
{
	const char *invariant = vmm_invariant_text(finding->invariant);

	if (finding->check == CHECK_INVARIANT && invariant != NULL)
		return invariant;
	return checks[finding->check].claim;
}

/* The token goes out before the trap, since the first such line of a crash is
 * what engines group by; the trap stands in the check's own function, since
 * others group by the top frames. */
static void tell(const struct finding *finding)
{
	char token[64];

	finding_token(finding, token, sizeof token);
	fprintf(stderr, "faultline: operation %zu: %s\n", finding->op, finding_claim(finding));
	if (finding->rule[0] != '\0')
		fprintf(stderr, "  rule     %s\n", finding->rule);
	fprintf(stderr, "  expected %s\n  actual   %s\n", finding->expected, finding->actual);
	fprintf(stderr, "%s", finding->history);
	fprintf(stderr, "DEDUP_TOKEN: %s\n", token);
	fflush(stderr);
}

#define CHECK(NAME, token, claim)                                                                \
	_Noreturn static __attribute__((noinline)) void fail_##NAME(const struct finding *finding) \
	{                                                                                        \
		tell(finding);                                                                   \
		__builtin_trap();                                                                \
	}
#include "checks.def"
#undef CHECK

_Noreturn void finding_trap(const struct finding *finding)
{
	switch (finding->check) {
#define CHECK(NAME, token, claim)                                                                \
	case CHECK_##NAME:                                                                       \
		fail_##NAME(finding);
#include "checks.def"
#undef CHECK
	case CHECK_COUNT:
		break;
	}
	__builtin_trap();
}
