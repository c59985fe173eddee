/* search.c: see search.h. The child writes its result into shared memory, so that it
 * is there when the child is stopped in the middle. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "search.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../harness/generate/prng.h"
#include "../../harness/model/seen.h"
#include "../claim.h"
#include "play.h"

#ifdef CLAIM_SEES_LEAKS
#include <sanitizer/common_interface_defs.h>
#endif

enum { SECONDS_MAX = 900 };

/* The child's. */
static struct search_result *told;
static struct oracle *asked;
static int errors;

static double processor_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell_failure(const char *why)
{
	const struct oracle_entry *entry;
	size_t count = oracle_entries(asked, &entry);

	if (count > SEARCH_ENTRIES_MAX)
		count = SEARCH_ENTRIES_MAX;
	told->failures++;
	if (told->failures != 1 && count >= told->entries)
		return;
	(void)snprintf(told->why, sizeof told->why, "%s", why);
	told->entries = count;
	if (count > 0)
		memcpy(told->entry, entry, count * sizeof *entry);
}

static void tell_counts(void)
{
	oracle_counts(asked, &told->executions, &told->states);
	told->seconds = processor_seconds();
}

/* ---- A process that is stopped -------------------------------------------------------- */

/* What it said last, which names the assertion. */
static void tell_stop(void)
{
	char line[400] = "the process was stopped";
	ssize_t count = pread(errors, line, sizeof line - 1, 0);

	if (count > 0)
		line[count] = '\0';
	line[strcspn(line, "\n")] = '\0';
	told->stopped = true;
	tell_failure(line);
	tell_counts();
}

static void on_signal(int number)
{
	if (asked != NULL)
		tell_stop();
	_exit(number);
}

static void watch_stops(void)
{
	static const int number[] = { SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGALRM };
	struct sigaction action;
	char name[] = "/tmp/scenario-XXXXXX";

	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	for (unsigned i = 0; i < sizeof number / sizeof *number; i++)
		(void)sigaction(number[i], &action, NULL);
#ifdef CLAIM_SEES_LEAKS
	__sanitizer_set_death_callback(tell_stop);
#endif
	errors = mkstemp(name);
	(void)unlink(name);
	(void)dup2(errors, STDERR_FILENO);
	(void)alarm(SECONDS_MAX);
}

/* ---- The child ---------------------------------------------------------------------------- */

static struct oracle *make_oracle(const struct search *search)
{
	switch (search->kind) {
	case ORACLE_EXHAUST:
		return oracle_exhaust(search->preemptions, search->cut_off);
	case ORACLE_RANDOM:
		return oracle_random(search->seed);
	case ORACLE_REPLAY:
		return oracle_replay(search->entry, search->entries);
	case ORACLE_PCT:
		break;
	}
	abort();
}

/* Small gaps are as likely as large ones; one entry in three makes a load see an old
 * value. */
static struct oracle_entry random_entry(struct prng *prng)
{
	bool value = prng_chance(prng, 1, 3);
	uint64_t below = UINT64_C(1) << prng_below(prng, value ? 5 : 8);

	return (struct oracle_entry){
		.gap = (uint16_t)prng_below(prng, below),
		.cpu = value ? 0 : (uint8_t)prng_below(prng, STAGE_CPUS),
		.choice = value ? (uint8_t)(2 + prng_below(prng, 2)) : 0,
	};
}

/* A few entries: those of the search where they are, or a little off, and others. */
static struct oracle *make_sparse(const struct search *search, struct prng *prng)
{
	struct oracle_entry entry[SEARCH_ENTRIES_FEW];
	unsigned most = 1 + (unsigned)prng_below(prng, SEARCH_ENTRIES_FEW), count = 0;
	unsigned skipped[2] = { 0, 0 }; /* choices of each sort since the last entry */

	for (size_t i = 0; i < search->entries && count < most; i++) {
		unsigned *since = &skipped[search->entry[i].choice != 0];

		*since += search->entry[i].gap;
		if (prng_below(prng, search->entries) < most) {
			entry[count] = search->entry[i];
			*since += prng_chance(prng, 1, 4) ? (unsigned)prng_below(prng, 4) : 0;
			entry[count++].gap = (uint16_t)(*since < UINT16_MAX ? *since : UINT16_MAX);
			*since = 0;
		} else {
			(*since)++;
		}
	}
	while (count < most)
		entry[count++] = random_entry(prng);
	return oracle_replay(entry, count);
}

static void run(const struct search *search)
{
	struct seen outcomes = { NULL, 0, 0 };
	struct prng prng;

	prng_seed(&prng, search->seed);
	for (uint64_t i = 0; i < search->most; i++) {
		const char *why;

		if (search->sparse) {
			oracle_destroy(asked);
			asked = make_sparse(search, &prng);
		}

		if (!oracle_next(asked)) {
			told->exhausted = true;
			break;
		}
		why = play(search->memory, asked);
		if (why != NULL)
			tell_failure(why);
		if (why != NULL && (!search->to_the_end || !play_may_go_on()))
			break;
		if (why == NULL && seen_add(&outcomes, play_outcome()))
			told->outcomes_hash += play_outcome();
	}
	told->outcomes = outcomes.count;
	told->ended = true;
	tell_counts();
	seen_destroy(&outcomes);
}

_Noreturn static void live(const struct search *search)
{
	watch_stops();
	play_open(search->scenario);
	asked = make_oracle(search);
	run(search);
	_exit(0);
}

void search_run(const struct search *search, struct search_result *result)
{
	struct search_result *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t child;

	cr_assert(shared != MAP_FAILED);
	told = shared;
	(void)fflush(NULL);
	child = fork();
	cr_assert(child >= 0);
	if (child == 0)
		live(search);
	cr_assert_eq(waitpid(child, &status, 0), child);
	*result = *shared;
	(void)munmap(shared, sizeof *shared);
	cr_assert(result->ended || result->stopped, "%s: no result, wait status %#x",
	          search->scenario->name, (unsigned)status);
}
