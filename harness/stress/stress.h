/* stress.h: two real threads on one machine, each driving CPUs of its own, with
 * what can be checked while they run: there is no model of the whole, but
 *
 *   own.c      ranges that one thread alone works on: every outcome is known
 *   watched.c  pages of both threads whose books must balance: counters that
 *              rise, guards that fire once, marks of write watch that are neither
 *              lost nor made up
 *   chaos.c    the rest, where anything goes: a status that the verb has, and no
 *              page ever shows what was stored to another one
 *
 * and at rest every invariant, and that everything comes back (stress.c). Threads
 * run as they like, so a seed repeats the choices and not the run. */
#ifndef STRESS_H
#define STRESS_H

#include "../../core/vmm_inline.h"
#include "../generate/prng.h"

enum { THREADS = 2, CPUS_MOST = 8 };

/* ---- Verbs and statuses ---------------------------------------------------------- */

enum verb {
#define VERB(NAME, STATUSES) VERB_##NAME,
#include "verbs.def"
#undef VERB
	VERBS
};

enum status_number { /* of status.def */
#define STATUS(NAME, CODE, MEANING) NUMBER_##NAME,
#include "../../core/status.def"
#undef STATUS
	STATUSES
};

/* ---- What the checks remember ------------------------------------------------------- */

enum { OWN_RANGES = 4, OWN_PAGES = 16 };

/* A page of a range that one thread works on; own.c. */
struct own_page {
	bool committed, marked;
	bool resident, perhaps_resident; /* has its frame */
	uint32_t protect; /* with GUARD */
	uint32_t head, tail;
	uint64_t body;
};
struct own_range {
	bool reserved, watch;
	struct own_page page[OWN_PAGES];
};

enum { BOOK_PAGES = 8 };

/* What one thread has done to the pages of both; watched.c adds the threads up. */
struct books {
	uint64_t counter[BOOK_PAGES]; /* last written, or last seen */
	bool closed[BOOK_PAGES];      /* its writer has made it read-only */
	uint64_t armed[BOOK_PAGES], raised[BOOK_PAGES], disarmed[BOOK_PAGES];
	uint64_t stored[BOOK_PAGES], reported[BOOK_PAGES];
};

/* ---- A run ---------------------------------------------------------------------------- */

struct shape {
	const char *name;
	uint32_t cpus, frames, pagefile, ranges, tlb;
	bool tiny;
};

enum { PROCESSES = 128 };

struct worker {
	struct vmm *vm;
	const struct shape *shape;
	unsigned index; /* of the thread */
	uint64_t seed;
	struct prng prng;
	unsigned cpu[CPUS_MOST], cpus; /* those it drives */
	uint64_t enough;               /* operations of this round */
	struct own_range own[OWN_RANGES];
	struct books books;
	uint64_t values; /* stored to own pages: each another one */
	uint64_t tally[VERBS][STATUSES];
	/* read by the watch for threads that hang */
	_Alignas(64) struct atomic64 operations;
	struct atomic64 doing; /* enum verb */
};

/* Prints what is wrong, the seed and the last verbs, and ends the program with 1. */
_Noreturn void finding(const struct worker *worker, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same unless `good`. */
#define MUST(worker, good, ...) ((good) ? (void)0 : finding(worker, __VA_ARGS__))

/* ---- calls.c: verbs, counted ------------------------------------------------------------ */

unsigned any_cpu(struct worker *worker);
/* Counts an outcome; one that the verb does not have is a finding. */
vmm_status counted(struct worker *worker, enum verb verb, vmm_status status);
const char *verb_name(enum verb verb);

vmm_status call_allocate(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                         uint64_t pages, uint32_t type, uint32_t protect);
vmm_status call_free(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                     uint64_t pages, uint32_t type);
vmm_status call_protect(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                        uint64_t pages, uint32_t protect, uint32_t *old);
vmm_status call_query(struct worker *worker, unsigned cpu, vmm_process process,
                      struct vmm_query *io);
/* list has room for `room` addresses; *count is how many there are. */
vmm_status call_getwatch(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                         uint64_t pages, bool reset, uint64_t *list, uint64_t room,
                         uint64_t *count);
vmm_status call_resetwatch(struct worker *worker, unsigned cpu, vmm_process process, uint64_t base,
                           uint64_t pages);

/* Accesses of 8 bytes, or a fetch. A run of them is one batch, by way of
 * vmm_inline.h, where `batch` is set. */
struct access {
	enum verb verb; /* LOAD, STORE, EXEC */
	uint64_t va, value;
	vmm_status status; /* out */
};
void call_accesses(struct worker *worker, unsigned cpu, struct access access[], unsigned count,
                   bool batch);
vmm_status call_access(struct worker *worker, unsigned cpu, struct access *access);

/* ---- The places ---------------------------------------------------------------------------- */

/* Before the threads start, on CPU 0; one operation of a thread; and at rest. */
void own_reset(struct worker *worker);
void own_step(struct worker *worker);
void own_check(struct worker *worker);

void watched_make(struct worker *worker);
void watched_step(struct worker *worker);
void watched_check(struct worker workers[THREADS]);

void chaos_step(struct worker *worker);
/* A visit of a CPU to another process. */
void chaos_visit(struct worker *worker);

/* Where they lie. The ranges of the threads are neighbours, so that their PTEs
 * share a table; what differs is the thread's alone. */
#define OWN_BASE(index, range)                                                                   \
	(UINT64_C(0x1000000) + ((uint64_t)(range) * THREADS + (index)) * VMM_GRANULARITY)
#define COUNTER_BASE UINT64_C(0x2000000)
#define GUARD_BASE UINT64_C(0x2010000)
#define MARK_BASE UINT64_C(0x2020000)
#define CURTAIN_BASE UINT64_C(0x2030000)
#define CHAOS_BASE UINT64_C(0x3000000)

#endif
