/* campaign.c: starting the jobs of a campaign and waiting for them. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "counts.h"
#include "engine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 250 };

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

void engine_tail(const char *path, char tail[ENGINE_TAIL + 1])
{
	int file = open(path, O_RDONLY);
	off_t end = file < 0 ? -1 : lseek(file, 0, SEEK_END);
	off_t from = end > ENGINE_TAIL ? end - ENGINE_TAIL : 0;
	ssize_t count = end < 0 ? -1 : pread(file, tail, ENGINE_TAIL, from);

	if (file >= 0)
		(void)close(file);
	tail[count < 0 ? 0 : count] = '\0';
}

/* A log is appended to, since an engine and its target may both write to it. */
_Noreturn static void become_engine(const struct campaign *campaign, unsigned index)
{
	char statistics[PATH_ROOM + 64];
	int log = open(campaign->job[index].log, O_WRONLY | O_CREAT | O_APPEND, 0644);

	(void)snprintf(statistics, sizeof statistics, "%s/statistics-%u", campaign->work, index);
	(void)setenv(STATISTICS_VARIABLE, statistics, 1);
	if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		_exit(3);
	campaign->engine->exec(campaign, index);
	fprintf(stderr, "cannot start %s for %s: %s\n", campaign->engine->name,
	        campaign->target, strerror(errno));
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
		become_engine(campaign, index);
	return job->pid > 0 || failed("fork");
}

/* ---- Watching ---------------------------------------------------------------------- */

void campaign_totals(const struct campaign *campaign, struct totals *totals)
{
	memset(totals, 0, sizeof *totals);
	for (unsigned i = 0; i < campaign->jobs; i++) {
		const struct job *job = &campaign->job[i];

		totals->executions += job->statistics->executions;
		totals->accepted += job->statistics->accepted;
		counts_add(&totals->counts, &job->statistics->counts);
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

/* Asks the jobs to end, once: an engine that is asked again may skip its last words. */
static void stop(struct campaign *campaign)
{
	if (!campaign->stopping)
		stop_jobs(campaign, SIGINT);
	campaign->stopping = true;
}

/* Collects jobs that have ended; how many still run. A job that found something
 * ends the others, as the user does. */
static unsigned collect(struct campaign *campaign)
{
	unsigned running = 0;
	bool found = false;

	if (interrupted != 0)
		stop(campaign);
	for (unsigned i = 0; i < campaign->jobs; i++) {
		struct job *job = &campaign->job[i];

		found |= campaign->engine->look(campaign, job);
		if (job->pid > 0 && waitpid(job->pid, &job->status, WNOHANG) == job->pid) {
			job->pid = 0;
			job->failed = job->status != 0 && !campaign->stopping;
			found |= job->failed;
		}
		running += job->pid > 0;
	}
	if (found)
		stop(campaign);
	return running;
}

static void watch(struct campaign *campaign)
{
	const struct timespec tick = { 0, TICK_MS * 1000000L };

	while (collect(campaign) > 0) {
		campaign->now = clock_seconds();
		progress_show(campaign, false);
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
	if (!campaign->engine->prepare(campaign))
		return false;
	campaign->started = campaign->now = clock_seconds();
	for (unsigned i = 0; i < campaign->jobs; i++) {
		if (!start_job(campaign, i)) {
			stop_jobs(campaign, SIGKILL);
			return false;
		}
	}
	watch(campaign);
	for (unsigned i = 0; i < campaign->jobs; i++) {
		const struct job *job = &campaign->job[i];
		char tail[ENGINE_TAIL + 1];

		if (!WIFEXITED(job->status) || WEXITSTATUS(job->status) != 3)
			continue;
		engine_tail(job->log, tail);
		fprintf(stderr, "%sfaultline fuzz: the target cannot be run: %s\n", tail,
		        campaign->target);
		return false;
	}
	return campaign->engine->finish(campaign);
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
