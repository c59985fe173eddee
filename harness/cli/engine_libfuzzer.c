/* engine_libfuzzer.c: campaigns of a target that is linked with libFuzzer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h"

/* The fake stack is off since nothing here returns addresses of locals, and it
 * costs a third of the speed. */
void engine_set_sanitizers(void)
{
	const char *user = getenv("ASAN_OPTIONS");
	char options[1024];

	(void)snprintf(options, sizeof options,
	               "detect_stack_use_after_return=0:handle_sigill=1:dedup_token_length=3:%s",
	               user != NULL ? user : "");
	(void)setenv("ASAN_OPTIONS", options, 1);
}

static void exec(const struct campaign *campaign, unsigned index)
{
	char time_limit[64], artifacts[PATH_ROOM + 64], seed[64], dictionary[PATH_ROOM + 64];

	(void)snprintf(time_limit, sizeof time_limit, "-max_total_time=%" PRIu64,
	               campaign->seconds);
	(void)snprintf(artifacts, sizeof artifacts, "-artifact_prefix=%s/found-%u-", campaign->work,
	               index);
	(void)snprintf(seed, sizeof seed, "-seed=%" PRIu64,
	               campaign->seed == 0 ? 0 : campaign->seed + index);
	(void)snprintf(dictionary, sizeof dictionary, "-dict=%s",
	               campaign->dictionary != NULL ? campaign->dictionary : "");
	engine_set_sanitizers();
	execl(campaign->target, campaign->target, time_limit, artifacts, seed, "-max_len=4096",
	      "-timeout=25", "-rss_limit_mb=2560", "-print_final_stats=1",
	      /* Alone there is nobody whose inputs could be read. */
	      campaign->jobs > 1 ? "-reload=5" : "-reload=0",
	      campaign->corpus, campaign->dictionary != NULL ? dictionary : (char *)NULL,
	      (char *)NULL);
}

/* The number behind the last `key` in the text, or what it was. */
static void last_number(const char *text, const char *key, uint64_t *number)
{
	const char *at = text, *last = NULL;

	while ((at = strstr(at, key)) != NULL)
		last = at += strlen(key);
	if (last != NULL)
		*number = strtoull(last, NULL, 10);
}

/* It stops by itself when it finds something. */
static bool look(const struct campaign *campaign, struct job *job)
{
	char tail[ENGINE_TAIL + 1];

	(void)campaign;
	engine_tail(job->log, tail);
	last_number(tail, " cov: ", &job->coverage);
	last_number(tail, " ft: ", &job->features);
	last_number(tail, " corp: ", &job->corpus);
	return false;
}

/* Seeds it reads itself, and artifacts it puts where they should be. */
static bool prepare(const struct campaign *campaign)
{
	(void)campaign;
	return true;
}

static bool finish(struct campaign *campaign)
{
	(void)campaign;
	return true;
}

static const char *summary(const struct campaign *campaign)
{
	(void)campaign;
	return NULL;
}

const struct engine engine_libfuzzer = { "libfuzzer", prepare, exec, look, finish, summary };
