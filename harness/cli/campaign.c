/* campaign.c: starting the jobs of a campaign and waiting for them. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "campaign.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 250, LOG_TAIL = 4096 };

/* The engine gets its own time limit; when it overstays by this much, it hangs. */
enum { OVERTIME_SECONDS = 30 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
	interrupted = signal_number;
}

static double clock_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool failed(const char *what)
{
	fprintf(stderr, "faultline fuzz: %s: %s\n", what, strerror(errno));
	return false;
}

/* ---- The engine ------------------------------------------------------------------ */

_Noreturn static void exec_engine(const struct campaign *campaign, unsigned index)
{
	char time_limit[64], artifacts[PATH_ROOM + 64], statistics[PATH_ROOM + 64], seed[64];
	int log = open(campaign->job[index].log, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	(void)snprintf(time_limit, sizeof time_limit, "-max_total_time=%" PRIu64, campaign->seconds);
	(void)snprintf(artifacts, sizeof artifacts, "-artifact_prefix=%s/found-%u-", campaign->work,
	               index);
	(void)snprintf(statistics, sizeof statistics, "%s/statistics-%u", campaign->work, index);
	(void)snprintf(seed, sizeof seed, "-seed=%" PRIu64,
	               campaign->seed == 0 ? 0 : campaign->seed + index);
	(void)setenv(STATISTICS_VARIABLE, statistics, 1);
	/* Our own defaults first; what the user has set comes behind and wins. The
	 * fake stack is off since nothing here returns addresses of locals, and it
	 * costs a third of the speed. */
	char options[1024];
	const char *user = getenv("ASAN_OPTIONS");

	(void)snprintf(options, sizeof options,
	               "detect_stack_use_after_return=0:handle_sigill=1:dedup_token_length=3:%s",
	               user != NULL ? user : "");
	(void)setenv("ASAN_OPTIONS", options, 1);
	if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		_exit(3);
	execl(campaign->target, campaign->target, time_limit, artifacts, seed, "-max_len=4096",
	      "-timeout=25", "-rss_limit_mb=2560", "-print_final_stats=1",
	      /* Alone there is nobody whose inputs could be read. */
	      campaign->jobs > 1 ? "-reload=5" : "-reload=0",
	      campaign->corpus, (char *)NULL);
	fprintf(stderr, "%s: %s\n", campaign->target, strerror(errno));
	_exit(3);
}

static bool start_job(struct campaign *campaign, unsigned index)
{
	struct job *job = &campaign->job[index];
	char path[PATH_ROOM + 64];

	(void)snprintf(path, sizeof path, "%s/statistics-%u", campaign->work, index);
	(void)snprintf(job->log, sizeof job->log, "%s/log-%u", campaign->work, index);
	job->statistics = statistics_create(path);
	if (job->statistics == NULL)
		return failed(path);
	job->pid = fork();
	if (job->pid == 0)
		exec_engine(campaign, index);
	return job->pid > 0 || failed("fork");
}

/* ---- Watching ---------------------------------------------------------------------- */

/* The number behind the last `key` in the text, or what it was. */
static void last_number(const char *text, const char *key, uint64_t *number)
{
	const char *at = text, *last = NULL;

	while ((at = strstr(at, key)) != NULL)
		last = at += strlen(key);
	if (last != NULL)
		*number = strtoull(last, NULL, 10);
}

static void read_log(struct job *job)
{
	char tail[LOG_TAIL + 1];
	int log = open(job->log, O_RDONLY);
	off_t end = log < 0 ? -1 : lseek(log, 0, SEEK_END);
	ssize_t count = end < 0 ? -1 : pread(log, tail, LOG_TAIL, end > LOG_TAIL ? end - LOG_TAIL : 0);

	if (log >= 0)
		(void)close(log);
	if (count <= 0)
		return;
	tail[count] = '\0';
	last_number(tail, " cov: ", &job->coverage);
	last_number(tail, " ft: ", &job->features);
	last_number(tail, " corp: ", &job->corpus);
}

static void add_counts(struct totals *totals, const struct statistics *statistics)
{
	const struct run_counts *from = &statistics->counts;
	struct run_counts *to = &totals->counts;

	totals->executions += statistics->executions;
	to->executed += from->executed;
	to->succeeded += from->succeeded;
	to->skipped += from->skipped;
	to->not_built += from->not_built;
	to->reference_ns += from->reference_ns;
	to->sampled_ns += from->sampled_ns;
	for (unsigned verb = 0; verb < OP_COUNT; verb++)
		for (unsigned i = 0; i < RUN_STATUSES_MAX; i++)
			to->status[verb][i] += from->status[verb][i];
}

void campaign_totals(const struct campaign *campaign, struct totals *totals)
{
	memset(totals, 0, sizeof *totals);
	for (unsigned i = 0; i < campaign->jobs; i++) {
		const struct job *job = &campaign->job[i];

		add_counts(totals, job->statistics);
		if (job->coverage > totals->coverage)
			totals->coverage = job->coverage;
		if (job->features > totals->features)
			totals->features = job->features;
		if (job->corpus > totals->corpus)
			totals->corpus = job->corpus;
	}
	for (unsigned verb = 0; verb < OP_COUNT; verb++)
		for (unsigned i = 0; i < RUN_STATUSES_MAX; i++)
			totals->reached += totals->counts.status[verb][i] != 0;
}

static void stop_jobs(struct campaign *campaign, int signal_number)
{
	for (unsigned i = 0; i < campaign->jobs; i++)
		if (campaign->job[i].pid > 0)
			(void)kill(campaign->job[i].pid, signal_number);
}

/* Collects jobs that have ended; how many still run. A job that found something
 * ends the others. */
static unsigned collect(struct campaign *campaign)
{
	unsigned running = 0;

	for (unsigned i = 0; i < campaign->jobs; i++) {
		struct job *job = &campaign->job[i];

		read_log(job);
		if (job->pid > 0 && waitpid(job->pid, &job->status, WNOHANG) == job->pid) {
			job->pid = 0;
			if (job->status != 0)
				stop_jobs(campaign, SIGINT);
		}
		running += job->pid > 0;
	}
	return running;
}

static void watch(struct campaign *campaign)
{
	const struct timespec tick = { 0, TICK_MS * 1000000L };
	bool stopping = false;

	while (collect(campaign) > 0) {
		campaign->now = clock_seconds();
		progress_show(campaign, false);
		if (interrupted != 0 && !stopping) {
			stop_jobs(campaign, SIGINT);
			stopping = true;
		}
		if (campaign->now - campaign->started > (double)campaign->seconds + OVERTIME_SECONDS)
			stop_jobs(campaign, SIGKILL);
		(void)nanosleep(&tick, NULL);
	}
	campaign->now = clock_seconds();
	progress_show(campaign, true);
}

bool campaign_run(struct campaign *campaign)
{
	struct sigaction action;
	const char *temporary = getenv("TMPDIR");

	memset(&action, 0, sizeof action);
	action.sa_handler = on_interrupt;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)snprintf(campaign->work, sizeof campaign->work, "%s/faultline-XXXXXX",
	               temporary != NULL && strlen(temporary) < PATH_ROOM / 2 ? temporary : "/tmp");
	if (mkdtemp(campaign->work) == NULL) {
		campaign->work[0] = '\0';
		return failed("a folder for logs");
	}
	campaign->started = campaign->now = clock_seconds();
	for (unsigned i = 0; i < campaign->jobs; i++) {
		if (!start_job(campaign, i)) {
			stop_jobs(campaign, SIGKILL);
			return false;
		}
	}
	watch(campaign);
	for (unsigned i = 0; i < campaign->jobs; i++) {
		if (WIFEXITED(campaign->job[i].status) && WEXITSTATUS(campaign->job[i].status) == 3) {
			fprintf(stderr, "faultline fuzz: the target cannot be run: %s\n",
			        campaign->target);
			return false;
		}
	}
	return true;
}

void campaign_clean(struct campaign *campaign)
{
	DIR *folder = campaign->work[0] == '\0' ? NULL : opendir(campaign->work);
	const struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
	(void)rmdir(campaign->work);
}
