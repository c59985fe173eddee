/* harvest_bytes.c: what comes out of a campaign whose inputs are bytes: a finding
 * is kept as the bytes that are left of it when all that can go is gone. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../run/isolate.h"
#include "cli.h"
#include "campaign.h"
#include "cut.h"

/* Which program shows the finding: the one without an engine, when it fails as the
 * target did or hangs, since it starts quicker and replays anywhere; else the
 * target, whose sanitizers may have seen what nobody else sees. An empty token:
 * neither. */
static bool choose(struct cutter *cutter, const struct campaign *campaign,
                   const struct found *found, struct trial *trial)
{
	char token[64];

	isolated_crash_token(found->log, token);
	cutter->program = campaign->replay;
	if (!cut_try(cutter, found->data, found->size, trial))
		return false;
	if (strcmp(trial->token, token) == 0 || strcmp(trial->token, "hang") == 0)
		return true;
	cutter->program = campaign->target;
	return cut_try(cutter, found->data, found->size, trial);
}

static void tell(const struct campaign *campaign, const struct cutter *cutter,
                 const struct found *left, const struct trial *trial, const char *stem)
{
	char path[2 * PATH_ROOM + 8];

	(void)snprintf(path, sizeof path, "%s.bin", stem);
	printf("\n");
	if (trial->token[0] == '\0')
		printf("UNREPEATED: the target stopped, but runs clean on the input here; what it "
		       "said is in %s.log: %s %s\n",
		       stem, campaign->target, path);
	else
		report_bytes_print(stdout, left->data, left->size, trial->token, trial->said,
		                   cutter->program, path);
}

static bool keep(const struct campaign *campaign, struct cutter *cutter, const struct found *found,
                 uint8_t *data)
{
	struct found left = *found;
	char token[64], stem[2 * PATH_ROOM];
	struct trial trial;

	memcpy(data, found->data, found->size);
	left.data = data;
	if (!choose(cutter, campaign, found, &trial) ||
	    (trial.token[0] != '\0' && !cut(cutter, data, &left.size, &trial))) {
		fprintf(stderr, "faultline fuzz: %s: %s\n", cutter->program, strerror(errno));
		return false;
	}
	memcpy(token, trial.token, sizeof token);
	if (token[0] == '\0')
		isolated_crash_token(found->log, token);
	else
		printf("%s: cut from %zu bytes to %zu in %u runs\n", token, found->size, left.size,
		       cutter->runs);
	(void)snprintf(stem, sizeof stem, "%s/%s-%08x", campaign->findings, token,
	               harvest_fingerprint(found->data, found->size));
	if (!harvest_save(stem, "bin", left.data, left.size) || !harvest_save_log(stem, found))
		return false;
	tell(campaign, cutter, &left, &trial, stem);
	return true;
}

bool harvest_bytes(const struct campaign *campaign, const struct found *found)
{
	char scratch[PATH_ROOM + 64];
	struct cutter cutter = { .scratch = scratch };
	uint8_t *data = malloc(found->size + 1);
	bool good = data != NULL;

	(void)snprintf(scratch, sizeof scratch, "%s/candidate", campaign->work);
	good = good && keep(campaign, &cutter, found, data);
	free(data);
	return good;
}
