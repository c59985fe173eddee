/* lines.c: counts the cache lines that one CPU writes and another one accesses, for
 * each kind of operation, with each CPU at work in a range of its own of one address
 * space, in the steady state. A shared line costs about as much as all the rest of
 * a quick operation, so this says what scales without a clock, and for more CPUs
 * than there are.
 *
 *   lines
 *
 * Exit status 1: hits, or faults with warm pools, share a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/vm.h"
#include "names.h"
#include "record.h"

/* Of a range: the faults take more frames than one magazine has, and fewer than the
 * two of a CPU; and ranges are neighbours in one page table. */
enum { PAGES = 48 };
enum { WARM = 3, ROUNDS = 4, COUNTS = 6, NAMES_MAX = 512 };

#define BASE UINT64_C(0x10000000)
#define SIZE (PAGES * VMM_PAGE_SIZE)

_Static_assert(PAGES * VMM_PAGE_SIZE % VMM_GRANULARITY == 0, "ranges are reserved side by side");
_Static_assert(PAGES > (int)FRAME_MAGAZINE && PAGES < 2 * (int)FRAME_MAGAZINE, "warm pools");

static const unsigned cpu_counts[COUNTS] = { 2, 4, 8, 16, 32, 64 };

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "lines: %s failed\n", what);
	exit(3);
}

/* ---- What a CPU does in its range --------------------------------------------------- */

static uint64_t range_of(unsigned cpu)
{
	return BASE + cpu * SIZE;
}

static void allocate(struct vmm *vm, unsigned cpu, uint32_t type)
{
	struct vmm_allocate io = { .base = range_of(cpu),
		                   .size = SIZE,
		                   .type = type,
		                   .protect = VMM_PAGE_READWRITE };

	must(vmm_allocate(vm, cpu, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS, "allocate");
}

static void free_range(struct vmm *vm, unsigned cpu, uint32_t type)
{
	struct vmm_free io = { .base = range_of(cpu), .size = SIZE, .type = type };

	must(vmm_free(vm, cpu, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS, "free");
}

static void set_protection(struct vmm *vm, unsigned cpu, uint32_t protect)
{
	struct vmm_protect io = { .base = range_of(cpu),
		                  .size = SIZE,
		                  .protect = protect };

	must(vmm_protect(vm, cpu, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS, "protect");
}

static void touch(struct vmm *vm, unsigned cpu)
{
	struct vmm_cpu *runs = vmm_cpu(vm, cpu);
	uint64_t value;

	vmm_access_begin(runs);
	for (unsigned i = 0; i < PAGES; i++) {
		uint64_t va = range_of(cpu) + i * VMM_PAGE_SIZE;

		must(vmm_store_u64(runs, va, i) == VMM_SUCCESS, "store");
		must(vmm_load_u64(runs, va, &value) == VMM_SUCCESS, "load");
	}
	vmm_access_end(runs);
}

static void look(struct vmm *vm, unsigned cpu)
{
	struct vmm_query io = { .address = range_of(cpu) };

	must(vmm_query(vm, cpu, 0, VMM_CURRENT_PROCESS, &io) == VMM_SUCCESS, "query");
}

static void nothing(struct vmm *vm, unsigned cpu)
{
	(void)vm;
	(void)cpu;
}

static void reserve(struct vmm *vm, unsigned cpu)
{
	allocate(vm, cpu, VMM_MEM_RESERVE);
}

static void commit(struct vmm *vm, unsigned cpu)
{
	allocate(vm, cpu, VMM_MEM_COMMIT);
}

static void decommit(struct vmm *vm, unsigned cpu)
{
	free_range(vm, cpu, VMM_MEM_DECOMMIT);
}

static void decommit_commit(struct vmm *vm, unsigned cpu)
{
	decommit(vm, cpu);
	commit(vm, cpu);
}

static void commit_touch(struct vmm *vm, unsigned cpu)
{
	commit(vm, cpu);
	touch(vm, cpu);
}

static void release(struct vmm *vm, unsigned cpu)
{
	free_range(vm, cpu, VMM_MEM_RELEASE);
}

static void open_touch(struct vmm *vm, unsigned cpu)
{
	set_protection(vm, cpu, VMM_PAGE_READWRITE);
	touch(vm, cpu);
}

static void open_pages(struct vmm *vm, unsigned cpu)
{
	set_protection(vm, cpu, VMM_PAGE_READWRITE);
}

static void close_pages(struct vmm *vm, unsigned cpu)
{
	set_protection(vm, cpu, VMM_PAGE_READONLY);
}

/* What is recorded, and what every CPU does before, so that it can be done again. */
struct kind {
	const char *name;
	void (*before)(struct vmm *vm, unsigned cpu);
	void (*recorded)(struct vmm *vm, unsigned cpu);
	bool from_nothing; /* the range is not there before; else it is touched */
	bool alone;        /* shares nothing, or the program fails */
	bool quick;        /* is looked at beside all that are not */
};

static const struct kind kinds[] = {
	{ "hits, a batch", nothing, touch, false, true, true },
	{ "faults, warm pools", decommit_commit, touch, false, true, true },
	{ "query", nothing, look, false, false, true },
	{ "commit", decommit, commit, false, false, false },
	{ "decommit, untouched", commit, decommit, false, false, false },
	{ "decommit, touched", commit_touch, decommit, false, false, false },
	{ "protect, more rights", close_pages, open_pages, false, false, false },
	{ "protect, fewer rights", open_touch, close_pages, false, false, false },
	{ "reserve", release, reserve, false, false, false },
	{ "release", nothing, release, true, false, false },
};

/* ---- Measuring ------------------------------------------------------------------------ */

static void all_do(struct vmm *vm, void (*what)(struct vmm *vm, unsigned cpu))
{
	for (unsigned cpu = 0; cpu < vm->config.cpus; cpu++)
		what(vm, cpu);
}

static void prepare(struct vmm *vm, unsigned cpu, const struct kind *kind, bool first)
{
	if (kind->from_nothing && !first)
		reserve(vm, cpu);
	kind->before(vm, cpu);
}

static struct vmm *make_machine(unsigned cpus)
{
	struct vmm_config config = vmm_config_default();
	struct vmm *vm;

	config.frames = 8192;
	config.pagefile = 8192;
	config.cpus = cpus;
	config.processes_max = 1;
	must(vmm_create(&config, &vmm_host_posix, &vm) == VMM_SUCCESS, "create");
	record_leave_out(vm->frames.memory, (size_t)config.frames * VMM_PAGE_SIZE);
	all_do(vm, reserve);
	all_do(vm, commit_touch);
	return vm;
}

/* The ranges are the same in every round, so that nothing is for the first time. */
static void run(struct vmm *vm, const struct kind *kind, const struct kind *beside)
{
	for (unsigned round = 0; round < WARM + ROUNDS; round++) {
		for (unsigned cpu = 0; cpu < vm->config.cpus; cpu++)
			prepare(vm, cpu, cpu == 0 ? kind : beside, round == 0);
		for (unsigned cpu = 0; cpu < vm->config.cpus; cpu++) {
			if (round >= WARM)
				record_start(cpu);
			(cpu == 0 ? kind : beside)->recorded(vm, cpu);
			record_stop();
		}
	}
}

/* ---- Names of what is shared -------------------------------------------------------------- */

struct names {
	const struct vmm *vm;
	char text[NAMES_MAX]; /* of one line, separated by ", " */
	char last[NAMES_MAX]; /* of the line before: lines that are alike are printed once */
	unsigned alike;
};

static bool is_shared(const struct record_word *word)
{
	uint64_t all = word->readers | word->writers;

	return word->writers != 0 && (all & (all - 1)) != 0;
}

static void add(struct names *names, const char *name)
{
	const char *at = strstr(names->text, name);

	if (at != NULL && (at[strlen(name)] == ',' || at[strlen(name)] == '\0'))
		return;
	(void)snprintf(names->text + strlen(names->text), NAMES_MAX - strlen(names->text), "%s%s",
	               names->text[0] == '\0' ? "" : ", ", name);
}

static void print_last(struct names *names)
{
	if (names->alike != 0)
		printf("  %4u %s\n", names->alike, names->last);
	names->alike = 0;
}

/* Where no word of the line is shared, its neighbours are what is wrong. */
static void name_line(void *context, const struct record_line *line)
{
	struct names *names = context;
	bool truly = false;

	for (unsigned i = 0; i < LINE_WORDS; i++)
		truly |= is_shared(&line->word[i]);
	names->text[0] = '\0';
	for (unsigned i = 0; i < LINE_WORDS; i++)
		if (truly ? is_shared(&line->word[i])
		          : (line->word[i].readers | line->word[i].writers) != 0)
			add(names, name_of(names->vm, line->at + i * WORD));
	if (!truly)
		(void)snprintf(names->text + strlen(names->text),
		               NAMES_MAX - strlen(names->text), " (neighbours)");
	if (strcmp(names->text, names->last) != 0)
		print_last(names);
	memcpy(names->last, names->text, NAMES_MAX);
	names->alike++;
}

static void ignore(void *context, const struct record_line *line)
{
	(void)context;
	(void)line;
}

/* How many; with `names`, which: the lines at so many CPUs, all of which do the one
 * kind, or CPU 0 does that and the others do what stands beside it. */
static unsigned measure(const struct kind *kind, const struct kind *beside, unsigned cpus,
                        bool names)
{
	struct vmm *vm = make_machine(cpus);
	struct names context = { .vm = vm };
	unsigned count;

	record_clear();
	run(vm, kind, beside);
	count = record_shared(names ? name_line : ignore, &context);
	print_last(&context);
	vmm_destroy(vm);
	return count;
}

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* False: a kind that must share nothing does. */
static bool print_counts(void)
{
	bool good = true;

	printf("cache lines that one CPU writes and another one reads or writes, by CPUs\n%-24s",
	       "operation");
	for (unsigned i = 0; i < COUNTS; i++)
		printf(" %5u", cpu_counts[i]);
	for (unsigned k = 0; k < KINDS; k++) {
		printf("\n%-24s", kinds[k].name);
		for (unsigned i = 0; i < COUNTS; i++) {
			unsigned count = measure(&kinds[k], &kinds[k], cpu_counts[i], false);

			printf(" %5u", count);
			good &= count == 0 || !kinds[k].alone;
		}
	}
	printf("\n\n");
	return good;
}

static void print_names(unsigned cpus)
{
	printf("which, at %u CPUs: lines, and what in them is shared\n", cpus);
	for (unsigned k = 0; k < KINDS; k++) {
		printf("%s\n", kinds[k].name);
		(void)measure(&kinds[k], &kinds[k], cpus, true);
	}
}

static void print_beside(void)
{
	printf("\nwhich, where CPU 0 does the first and CPU 1 the second\n");
	for (unsigned k = 0; k < KINDS; k++)
		for (unsigned i = 0; i < KINDS; i++) {
			if (!kinds[k].quick || kinds[i].quick)
				continue;
			printf("%s; %s\n", kinds[k].name, kinds[i].name);
			(void)measure(&kinds[k], &kinds[i], 2, true);
		}
}

int main(void)
{
	bool good = print_counts();

	print_names(cpu_counts[COUNTS - 1]);
	print_beside();
	if (!good)
		printf("\nhits, and faults with warm pools, must share none\n");
	return good ? 0 : 1;
}
