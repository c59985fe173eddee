/* fuzz.c: `faultline fuzz`: the command around a campaign. */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "engine.h"

static const char usage[] =
	"usage: faultline fuzz --target PROGRAM [OPTION...]\n\n"
	"Runs a fuzz target, shows progress, and ends with a summary. What it finds is\n"
	"saved as a trace and reported on one screen; the exit status is then 1.\n\n"
	"  --target PROGRAM  the target, linked with the engine\n"
	"  --engine ENGINE   libfuzzer or afl, which is AFL++ (libfuzzer)\n"
	"  --seconds N       how long (60)\n"
	"  --jobs N          processes that share the corpus, 1 to 64 (1)\n"
	"  --seed N          of the engine; 0 = its own choice (0)\n"
	"  --corpus FOLDER   inputs, kept from campaign to campaign (build/corpus/ops)\n"
	"  --findings FOLDER what was found (build/findings)\n"
	"  --seeds FOLDER    traces to start from; up to 7 times\n"
	"  --bytes PROGRAM   inputs are bytes of any kind, not programs of operations;\n"
	"                    PROGRAM is the target without an engine. Findings are then\n"
	"                    saved as bytes, and seeds may be any files\n"
	"  --dictionary FILE words for the engine's own mutations, which --bytes uses\n"
	"  --mutator FILE    of afl: the custom mutator (build/faultline-mutator.so)\n"
	"  --output FOLDER   of afl: its own files of the last campaign (build/afl/ops)\n";

enum { OPTION_TARGET = 1, OPTION_SECONDS, OPTION_JOBS, OPTION_SEED, OPTION_CORPUS, OPTION_FINDINGS,
       OPTION_SEEDS, OPTION_ENGINE, OPTION_MUTATOR, OPTION_OUTPUT, OPTION_BYTES, OPTION_DICTIONARY,
       OPTION_HELP };

static const struct option long_options[] = {
	{ "target", required_argument, NULL, OPTION_TARGET },
	{ "seconds", required_argument, NULL, OPTION_SECONDS },
	{ "jobs", required_argument, NULL, OPTION_JOBS },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "corpus", required_argument, NULL, OPTION_CORPUS },
	{ "findings", required_argument, NULL, OPTION_FINDINGS },
	{ "seeds", required_argument, NULL, OPTION_SEEDS },
	{ "engine", required_argument, NULL, OPTION_ENGINE },
	{ "mutator", required_argument, NULL, OPTION_MUTATOR },
	{ "output", required_argument, NULL, OPTION_OUTPUT },
	{ "bytes", required_argument, NULL, OPTION_BYTES },
	{ "dictionary", required_argument, NULL, OPTION_DICTIONARY },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 }
};

static bool take_path(const char *option, const char **path)
{
	*path = optarg;
	if (optarg[0] != '\0' && strlen(optarg) < PATH_ROOM / 2)
		return true;
	fprintf(stderr, "faultline fuzz: %s takes a path of 1 to %d characters\n", option,
	        PATH_ROOM / 2 - 1);
	return false;
}

static bool take_seeds(const char *seeds[SEEDS_FROM_MAX])
{
	unsigned count = 0;

	while (seeds[count] != NULL)
		count++;
	if (count + 1 < SEEDS_FROM_MAX)
		return take_path("--seeds", &seeds[count]);
	fprintf(stderr, "faultline fuzz: --seeds is taken %d times at most\n",
	        SEEDS_FROM_MAX - 1);
	return false;
}

static bool take_engine(const struct engine **engine)
{
	static const struct engine *const engines[] = { &engine_libfuzzer, &engine_afl };

	for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++) {
		*engine = engines[i];
		if (strcmp(optarg, engines[i]->name) == 0)
			return true;
	}
	fprintf(stderr, "faultline fuzz: --engine takes libfuzzer or afl, not `%s`\n", optarg);
	return false;
}

static bool take_option(struct campaign *campaign, int option)
{
	switch (option) {
	case OPTION_TARGET:
		return take_path("--target", &campaign->target);
	case OPTION_SECONDS:
		return option_number("fuzz", "--seconds", optarg, 1, 10000000, &campaign->seconds);
	case OPTION_JOBS:
		return option_number("fuzz", "--jobs", optarg, 1, JOBS_MAX, &campaign->jobs);
	case OPTION_SEED:
		return option_number("fuzz", "--seed", optarg, 0, UINT32_MAX, &campaign->seed);
	case OPTION_CORPUS:
		return take_path("--corpus", &campaign->corpus);
	case OPTION_FINDINGS:
		return take_path("--findings", &campaign->findings);
	case OPTION_SEEDS:
		return take_seeds(campaign->seeds);
	case OPTION_ENGINE:
		return take_engine(&campaign->engine);
	case OPTION_MUTATOR:
		return take_path("--mutator", &campaign->mutator);
	case OPTION_OUTPUT:
		return take_path("--output", &campaign->output);
	case OPTION_BYTES:
		return take_path("--bytes", &campaign->replay);
	case OPTION_DICTIONARY:
		return take_path("--dictionary", &campaign->dictionary);
	default:
		return false; /* getopt has said why */
	}
}

/* A folder and those above it. */
static bool make_folder(const char *path)
{
	char part[PATH_ROOM];

	(void)snprintf(part, sizeof part, "%s", path);
	for (char *slash = part + 1;; slash++) {
		bool end = *slash == '\0';

		if (!end && *slash != '/')
			continue;
		*slash = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST) {
			fprintf(stderr, "%s: %s\n", part, strerror(errno));
			return false;
		}
		if (end)
			return true;
		*slash = '/';
	}
}

int command_fuzz(int argc, char **argv)
{
	static struct campaign campaign;
	const char *broken;
	int option, found;

	campaign = (struct campaign){ .engine = &engine_libfuzzer,
		                      .corpus = "build/corpus/ops",
		                      .findings = "build/findings",
		                      .mutator = "build/faultline-mutator.so",
		                      .output = "build/afl/ops",
		                      .seconds = 60,
		                      .jobs = 1 };
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			return CLI_GOOD;
		}
		if (!take_option(&campaign, option))
			return CLI_USAGE;
	}
	if (optind != argc || campaign.target == NULL) {
		fputs(usage, stderr);
		return CLI_USAGE;
	}
	if (!make_folder(campaign.corpus) || !make_folder(campaign.findings) ||
	    (campaign.engine == &engine_afl && !make_folder(campaign.output)))
		return CLI_MACHINE;
	if (!harvest_seeds(&campaign))
		return CLI_USAGE;
	if (!campaign_run(&campaign)) {
		campaign_clean(&campaign);
		return CLI_MACHINE;
	}
	progress_summary(&campaign);
	broken = campaign.engine->summary(&campaign);
	found = harvest(&campaign);
	campaign_clean(&campaign);
	if (broken != NULL)
		printf("%s\n", broken);
	return found < 0 ? CLI_MACHINE : found > 0 || broken != NULL ? CLI_DIFFERS : CLI_GOOD;
}
