/* watched.c: pages that both threads use, in four ways whose books must balance:
 *
 *   counters  one thread counts in a page, the other reads. Nobody sees it fall. The
 *             counting thread makes the page read-only at times: no store of its
 *             own goes through then, on any of its CPUs.
 *   guards    both threads arm, touch and disarm. Each arming is met by one
 *             GUARD_PAGE_VIOLATION, or seen by the call that replaces it (`old`),
 *             or still there at rest.
 *   curtain   both threads protect all of its pages in one call, one way or the other.
 *             Nobody sees half of a change.
 *   marks     one thread stores to a page, both collect marks. A page that was
 *             stored to has been shown, or is marked at rest; none is shown more
 *             often than it was stored to. */
#include "../../core/inspect.h"
#include "stress.h"

static uint64_t page_at(uint64_t base, unsigned page)
{
	return base + page * VMM_PAGE_SIZE;
}

/* A page's one writer. */
static bool is_mine(const struct worker *worker, unsigned page)
{
	return page % THREADS == worker->index;
}

/* All are committed, and counters have their frame, which may else be missing. */
void watched_make(struct worker *worker)
{
	static const uint64_t base[] = { COUNTER_BASE, GUARD_BASE, MARK_BASE, CURTAIN_BASE };

	for (unsigned i = 0; i < 4; i++) {
		uint32_t watch = base[i] == MARK_BASE ? VMM_MEM_WRITE_WATCH : 0;

		MUST(worker,
		     call_allocate(worker, 0, 0, base[i], BOOK_PAGES,
		                   VMM_MEM_RESERVE | VMM_MEM_COMMIT | watch,
		                   VMM_PAGE_READWRITE) == VMM_SUCCESS,
		     "no room for the pages of both threads");
	}
	for (unsigned i = 0; i < 2 * BOOK_PAGES; i++) {
		struct access load = {
			.verb = VERB_LOAD,
			.va = page_at(i < BOOK_PAGES ? COUNTER_BASE : MARK_BASE, i % BOOK_PAGES)
		};

		MUST(worker, call_access(worker, 0, &load) == VMM_SUCCESS,
		     "no frame for the pages of both threads");
	}
}

/* ---- Counters ------------------------------------------------------------------- */

static void count(struct worker *worker, unsigned page)
{
	uint64_t *counter = &worker->books.counter[page];
	bool *closed = &worker->books.closed[page];
	struct access store = { .verb = VERB_STORE,
		                .va = page_at(COUNTER_BASE, page),
		                .value = *counter + 1 };
	uint32_t old, was = *closed ? VMM_PAGE_READONLY : VMM_PAGE_READWRITE;

	if (prng_chance(&worker->prng, 1, 8)) {
		MUST(worker,
		     call_protect(worker, any_cpu(worker), 0, page_at(COUNTER_BASE, page), 1,
		                  *closed ? VMM_PAGE_READWRITE : VMM_PAGE_READONLY,
		                  &old) == VMM_SUCCESS &&
		             old == was,
		     "protect of counter %u", page);
		*closed = !*closed;
	}
	(void)call_access(worker, any_cpu(worker), &store);
	MUST(worker, store.status == (*closed ? VMM_ACCESS_VIOLATION : VMM_SUCCESS),
	     "a store to counter %u, which is %s: %s", page, *closed ? "read-only" : "writable",
	     vmm_status_name(store.status));
	*counter += !*closed;
}

static void look(struct worker *worker, unsigned page)
{
	uint64_t *counter = &worker->books.counter[page];
	struct access load = { .verb = VERB_LOAD, .va = page_at(COUNTER_BASE, page) };

	MUST(worker, call_access(worker, any_cpu(worker), &load) == VMM_SUCCESS,
	     "a load of counter %u: %s", page, vmm_status_name(load.status));
	MUST(worker, is_mine(worker, page) ? load.value == *counter : load.value >= *counter,
	     "counter %u is %llu after %llu", page, (unsigned long long)load.value,
	     (unsigned long long)*counter);
	*counter = load.value;
}

static void step_counter(struct worker *worker, unsigned page)
{
	if (is_mine(worker, page) && prng_chance(&worker->prng, 3, 4))
		count(worker, page);
	else
		look(worker, page);
}

/* ---- Guards ----------------------------------------------------------------------- */

/* All pages in a row, so that the threads meet at some. */
static void touch_guards(struct worker *worker)
{
	struct access touch[BOOK_PAGES];
	enum verb verb = prng_chance(&worker->prng, 1, 2) ? VERB_LOAD : VERB_STORE;

	for (unsigned page = 0; page < BOOK_PAGES; page++)
		touch[page] = (struct access){ .verb = verb, .va = page_at(GUARD_BASE, page) };
	call_accesses(worker, any_cpu(worker), touch, BOOK_PAGES,
	              prng_chance(&worker->prng, 1, 2));
	for (unsigned page = 0; page < BOOK_PAGES; page++) {
		MUST(worker, touch[page].status != VMM_ACCESS_VIOLATION, "a guard page refuses");
		worker->books.raised[page] += touch[page].status == VMM_GUARD_PAGE_VIOLATION;
	}
}

static void set_guard(struct worker *worker, unsigned page, bool arms)
{
	uint32_t old;

	MUST(worker,
	     call_protect(worker, any_cpu(worker), 0, page_at(GUARD_BASE, page), 1,
	                  VMM_PAGE_READWRITE | (arms ? VMM_PAGE_GUARD : 0), &old) == VMM_SUCCESS,
	     "protect of guard page %u", page);
	worker->books.disarmed[page] += (old & VMM_PAGE_GUARD) != 0;
	worker->books.armed[page] += arms;
}

static void step_guard(struct worker *worker, unsigned page)
{
	if (prng_chance(&worker->prng, 3, 4)) {
		touch_guards(worker);
		return;
	}
	if (prng_chance(&worker->prng, 1, 4)) {
		set_guard(worker, page, false);
		return;
	}
	for (page = 0; page < BOOK_PAGES; page++)
		set_guard(worker, page, true);
}

/* ---- The curtain ------------------------------------------------------------------- */

static void step_curtain(struct worker *worker, unsigned page)
{
	struct vmm_query io = { .address = page_at(CURTAIN_BASE, page) };
	uint32_t old, protect = prng_chance(&worker->prng, 1, 2) ? VMM_PAGE_READWRITE
	                                                         : VMM_PAGE_READONLY;

	if (prng_chance(&worker->prng, 1, 2)) {
		MUST(worker,
		     call_protect(worker, any_cpu(worker), 0, CURTAIN_BASE, BOOK_PAGES, protect,
		                  &old) == VMM_SUCCESS,
		     "protect of the curtain");
		return;
	}
	(void)call_query(worker, any_cpu(worker), 0, &io);
	MUST(worker, io.size == (BOOK_PAGES - page) * VMM_PAGE_SIZE,
	     "half of a protect is seen: from page %u on 0x%llx bytes are alike", page,
	     (unsigned long long)io.size);
}

/* ---- Marks -------------------------------------------------------------------------- */

static void collect(struct worker *worker)
{
	uint64_t list[BOOK_PAGES], room = 1 + prng_below(&worker->prng, BOOK_PAGES), count;
	bool reset = prng_chance(&worker->prng, 1, 2);

	MUST(worker,
	     call_getwatch(worker, any_cpu(worker), 0, MARK_BASE, BOOK_PAGES, reset, list, room,
	                   &count) == VMM_SUCCESS,
	     "getwatch of the marked pages");
	MUST(worker, count <= room, "getwatch returns more pages than there is room for");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t page = (list[i] - MARK_BASE) / VMM_PAGE_SIZE;

		MUST(worker, page < BOOK_PAGES && (i == 0 || list[i] > list[i - 1]),
		     "getwatch returns 0x%llx", (unsigned long long)list[i]);
		worker->books.reported[page] += reset;
	}
}

static void step_mark(struct worker *worker, unsigned page)
{
	struct access store = { .verb = VERB_STORE,
		                .va = page_at(MARK_BASE, page),
		                .value = worker->books.stored[page] };

	if (!is_mine(worker, page) || prng_chance(&worker->prng, 1, 2)) {
		collect(worker);
		return;
	}
	MUST(worker, call_access(worker, any_cpu(worker), &store) == VMM_SUCCESS,
	     "a store to the marked page %u: %s", page, vmm_status_name(store.status));
	worker->books.stored[page]++;
}

void watched_step(struct worker *worker)
{
	static void (*const steps[])(struct worker *worker, unsigned page) = {
		step_counter, step_guard, step_curtain, step_mark
	};
	unsigned page = (unsigned)prng_below(&worker->prng, BOOK_PAGES);

	steps[prng_below(&worker->prng, 4)](worker, page);
}

/* ---- At rest ------------------------------------------------------------------------- */

/* The books of all threads, added up; a counter is its writer's. */
static struct books add_up(const struct worker workers[THREADS])
{
	struct books sum = { .counter = { 0 } };

	for (unsigned page = 0; page < BOOK_PAGES; page++) {
		for (unsigned i = 0; i < THREADS; i++) {
			const struct books *books = &workers[i].books;

			if (is_mine(&workers[i], page))
				sum.counter[page] = books->counter[page];
			sum.armed[page] += books->armed[page];
			sum.raised[page] += books->raised[page];
			sum.disarmed[page] += books->disarmed[page];
			sum.stored[page] += books->stored[page];
			sum.reported[page] += books->reported[page];
		}
	}
	return sum;
}

static struct vmm_page page_in(const struct worker *worker, uint64_t base, unsigned page)
{
	struct vmm_page is;

	vmm_inspect_page(worker->vm, 0, page_at(base, page) / VMM_PAGE_SIZE, &is);
	return is;
}

void watched_check(struct worker workers[THREADS])
{
	const struct worker *worker = &workers[0];
	const struct books sum = add_up(workers);

	for (unsigned page = 0; page < BOOK_PAGES; page++) {
		struct vmm_page counter = page_in(worker, COUNTER_BASE, page);
		bool armed = (page_in(worker, GUARD_BASE, page).protect & VMM_PAGE_GUARD) != 0;
		bool marked = page_in(worker, MARK_BASE, page).watched;

		MUST(worker,
		     *(const uint64_t *)(const void *)counter.bytes == sum.counter[page],
		     "at rest counter %u is not what was counted", page);
		MUST(worker, sum.armed[page] == sum.raised[page] + sum.disarmed[page] + armed,
		     "guard page %u: armed %llu times, raised %llu, disarmed %llu, at rest %d",
		     page, (unsigned long long)sum.armed[page],
		     (unsigned long long)sum.raised[page],
		     (unsigned long long)sum.disarmed[page], armed);
		MUST(worker,
		     sum.reported[page] + marked <= sum.stored[page] &&
		             (sum.stored[page] == 0 || sum.reported[page] != 0 || marked),
		     "marked page %u: stored to %llu times, shown %llu times, marked at rest %d",
		     page, (unsigned long long)sum.stored[page],
		     (unsigned long long)sum.reported[page], marked);
	}
}
