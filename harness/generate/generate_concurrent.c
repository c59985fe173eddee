/* generate_concurrent.c: a concurrent program from its machine to its probes. */
#include "concurrent.h"

#include "../../core/vmm.h"
#include "hot.h"

/* The names of the programs: what is hot, its process, and what uses up the rest. */
enum { NAME_HOT = 1, NAME_PROCESS, NAME_FILLER, NAME_FRESH };
/* A machine of FEW frames and no pagefile may commit COMMIT pages. */
enum { FRAMES_FEW = 32, COMMIT_FEW = 24, FILLER_FEW = 31 };

/* What the machine is short of. */
enum shortage { SHORT_NOTHING, SHORT_FRAMES, SHORT_COMMIT };

struct maker {
	struct prng prng;
	struct program *program;
	struct hot hot;
	enum shortage shortage;
	unsigned cpus, committed, touched; /* pages of the hot ones */
};

static uint64_t below(struct maker *maker, uint64_t n)
{
	return prng_below(&maker->prng, n);
}

static bool chance(struct maker *maker, unsigned numerator, unsigned denominator)
{
	return prng_chance(&maker->prng, numerator, denominator);
}

static unsigned any_cpu(struct maker *maker)
{
	return (unsigned)below(maker, maker->cpus);
}

/* ---- The machine ------------------------------------------------------------------ */

static void make_machine(struct maker *maker)
{
	static const unsigned cpus[] = { 2, 2, 2, 2, 2, 3, 3, 4 };
	struct machine machine = machine_default();

	maker->cpus = machine.cpus = cpus[below(maker, 8)];
	machine.seed = below(maker, 2);
	switch (below(maker, 8)) {
	case 0:
	case 1:
		maker->shortage = SHORT_FRAMES;
		machine.frames = FRAMES_FEW;
		break;
	case 2:
		maker->shortage = SHORT_COMMIT;
		machine.frames = FRAMES_FEW;
		machine.pagefile = 0;
		break;
	case 3:
		machine.layout = (uint32_t)below(maker, VMM_LAYOUT_WIN9X + 1);
		break;
	default:
		break;
	}
	maker->program->machine = machine;
}

/* ---- Before the part ---------------------------------------------------------------- */

static struct op *add(struct maker *maker, enum verb verb, unsigned cpu)
{
	struct op *op = program_append(maker->program);

	op->verb = (uint8_t)verb;
	op->cpu = (uint8_t)cpu;
	op->subject = maker->hot.process;
	return op;
}

static void allocate(struct maker *maker, name_ref name, uint64_t pages, uint32_t type)
{
	struct op *op = add(maker, OP_ALLOC, 0);

	op->result = name;
	op->number[ALLOC_IN_size] = pages * VMM_PAGE_SIZE;
	op->number[ALLOC_IN_type] = type;
	op->number[ALLOC_IN_protect] = VMM_PAGE_READWRITE;
}

static void store(struct maker *maker, name_ref name, uint64_t page, unsigned cpu)
{
	struct op *op = add(maker, OP_STORE, cpu);

	op->name[STORE_IN_address] = name;
	op->number[STORE_IN_address] = page * VMM_PAGE_SIZE;
	op->number[STORE_IN_width] = 4;
	op->number[STORE_IN_value] = 1 + below(maker, 9);
}

static void commit(struct maker *maker, uint64_t pages)
{
	struct op *op = add(maker, OP_ALLOC, 0);

	op->name[ALLOC_IN_addr] = NAME_HOT;
	op->number[ALLOC_IN_size] = pages * VMM_PAGE_SIZE;
	op->number[ALLOC_IN_type] = VMM_MEM_COMMIT;
	op->number[ALLOC_IN_protect] = VMM_PAGE_READWRITE;
}

static void make_hot_pages(struct maker *maker)
{
	unsigned pages = 1 + (unsigned)below(maker, 4);
	bool watched = chance(maker, 1, 4), reserved = !watched && chance(maker, 1, 4);
	name_ref process = 0;

	/* There must be pages that still want a frame, or to be committed. */
	if (maker->shortage != SHORT_NOTHING)
		pages = 4;
	if (maker->shortage == SHORT_COMMIT)
		watched = !(reserved = true);

	if (chance(maker, 1, 8)) {
		add(maker, OP_PROCESS, 0)->result = NAME_PROCESS;
		process = NAME_PROCESS;
	}
	hot_start(&maker->hot, &maker->prng, process, NAME_HOT, pages, watched);
	maker->hot.fresh = NAME_FRESH;
	maker->committed = pages;
	if (!watched && !reserved) {
		allocate(maker, NAME_HOT, pages, VMM_MEM_RESERVE | VMM_MEM_COMMIT);
		return;
	}
	allocate(maker, NAME_HOT, pages, VMM_MEM_RESERVE | (watched ? VMM_MEM_WRITE_WATCH : 0));
	maker->committed = watched ? pages : (unsigned)below(maker, pages + 1);
	if (maker->committed > 0)
		commit(maker, maker->committed);
}

/* Leaves a frame or two, or a page or two of commit. The frames come from all CPUs, so
 * that some lie in the magazines of each. */
static void use_up(struct maker *maker)
{
	uint64_t left = below(maker, 3), pages = FILLER_FEW;

	if (maker->shortage == SHORT_NOTHING)
		return;
	if (maker->shortage == SHORT_COMMIT)
		pages = COMMIT_FEW - maker->committed - left;
	allocate(maker, NAME_FILLER, pages, VMM_MEM_RESERVE | VMM_MEM_COMMIT);
	if (maker->shortage == SHORT_COMMIT)
		return;
	for (uint64_t page = 0; page < FRAMES_FEW - maker->touched - left; page++)
		store(maker, NAME_FILLER, page, any_cpu(maker));
}

/* Frames and TLB entries for the hot pages, on some CPUs. */
static void touch(struct maker *maker)
{
	for (unsigned page = 0; page < maker->committed; page++) {
		size_t before = maker->program->count;

		if (maker->shortage == SHORT_FRAMES && chance(maker, 1, 2))
			continue;
		for (unsigned cpu = 0; cpu < maker->cpus; cpu++) {
			struct op *op;

			if (chance(maker, 1, 2))
				continue;
			if (chance(maker, 1, 2)) {
				store(maker, NAME_HOT, page, cpu);
				continue;
			}
			op = add(maker, OP_LOAD, cpu);
			op->name[LOAD_IN_address] = NAME_HOT;
			op->number[LOAD_IN_address] = page * VMM_PAGE_SIZE;
			op->number[LOAD_IN_width] = 4;
		}
		maker->touched += maker->program->count > before;
	}
}

static void set_up(struct maker *maker)
{
	make_hot_pages(maker);
	touch(maker);
	use_up(maker);
	while (chance(maker, 1, 3)) {
		unsigned cpu = any_cpu(maker);

		hot_do(&maker->hot, program_append(maker->program), cpu,
		       chance(maker, 2, 3) ? HOT_protect : HOT_decommit);
	}
}

/* ---- The part --------------------------------------------------------------------------- */

void generate_entry(uint8_t bytes[SCHEDULE_ENTRY], uint32_t cpus, struct prng *prng, bool choice)
{
	/* An operation takes about 20 steps, a service with a shootdown 100. */
	static const unsigned gaps[] = { 4, 12, 24, 48, 48, 96, 200 };
	unsigned longest = gaps[prng_below(prng, sizeof gaps / sizeof gaps[0])];
	uint64_t gap = prng_below(prng, longest);

	bytes[SCHEDULE_GAP] = (uint8_t)gap;
	bytes[SCHEDULE_GAP + 1] = 0;
	bytes[SCHEDULE_CPU] = choice ? 0 : (uint8_t)prng_below(prng, cpus);
	bytes[SCHEDULE_CHOICE] = choice ? (uint8_t)(2 + prng_below(prng, 3)) : 0;
}

void generate_schedule(struct program *program, size_t parallel, struct prng *prng, bool choices)
{
	uint8_t bytes[CONCURRENT_ENTRIES_MAX * SCHEDULE_ENTRY];
	size_t count = 1 + (size_t)prng_below(prng, CONCURRENT_ENTRIES_MAX);
	struct op *op = &program->op[parallel];

	for (size_t i = 0; i < count; i++) {
		bool choice = choices && prng_chance(prng, 1, 2);

		generate_entry(bytes + i * SCHEDULE_ENTRY, program->machine.cpus, prng, choice);
	}
	op->bytes = program_add_bytes(program, bytes, count * SCHEDULE_ENTRY);
	op->number[PARALLEL_IN_schedule] = count * SCHEDULE_ENTRY;
}

/* Two to twelve operations, mostly few: an order of few has fewer explanations. */
static void make_part(struct maker *maker)
{
	unsigned most = chance(maker, 1, 2) ? 4 : CONCURRENT_OPS_MAX;
	unsigned count = 2 + (unsigned)below(maker, most - 1);

	add(maker, OP_PARALLEL, 0)->subject = 0;
	for (unsigned i = 0; i < count; i++) {
		/* Every CPU works, if there are enough operations. */
		unsigned cpu = i < maker->cpus ? i : any_cpu(maker);

		hot_op(&maker->hot, program_append(maker->program), cpu);
	}
	add(maker, OP_JOIN, 0)->subject = 0;
}

/* ---- Behind it ---------------------------------------------------------------------------- */

/* What each CPU sees now: the first looks are those of TLBs that may be stale. */
static void probe(struct maker *maker)
{
	unsigned count = (unsigned)below(maker, 5);

	for (unsigned i = 0; i < maker->cpus * maker->hot.pages && i < 6; i++) {
		struct op *op = add(maker, OP_LOAD, i % maker->cpus);

		op->name[LOAD_IN_address] = NAME_HOT;
		op->number[LOAD_IN_address] = i / maker->cpus * VMM_PAGE_SIZE;
		op->number[LOAD_IN_width] = 4;
	}
	for (unsigned i = 0; i < count; i++) {
		unsigned cpu = any_cpu(maker);

		hot_op(&maker->hot, program_append(maker->program), cpu);
	}
}

void generate_concurrent(struct program *program, uint64_t seed, bool scheduled)
{
	struct maker maker = { .program = program };
	size_t parallel;

	prng_seed(&maker.prng, seed);
	program_clear(program);
	program->name_count = PROGRAM_SLOTS;
	make_machine(&maker);
	set_up(&maker);
	parallel = program->count;
	make_part(&maker);
	probe(&maker);
	if (scheduled) {
		bool choices = chance(&maker, 1, 4);

		generate_schedule(program, parallel, &maker.prng, choices);
	}
}
