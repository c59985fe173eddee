/* words.c: the operations of core/atomic.h in a model build. Memory itself always
 * holds the newest value, so that plain readers after the run, and CPUs outside of
 * one, find it there. */
#include "words.h"

#include "locations.h"
#include "raw.h"
#include "seen.h"
#include "views.h"

/* An execution that uses more words than there are locations goes on as one of
 * interleavings: what it does is possible on C11, too. */
static bool has_locations;

static bool with_views(void)
{
	return simulation.options->memory == MODEL_VIEWS && has_locations;
}

/* Before an operation, which uses one new word at most. */
static void step(void)
{
	simulation_step();
	has_locations &= simulation.has_states || locations.count < LOCATIONS_MAX;
}

/* The location of a word, as memory has it: a store by atomic64_store_own or by
 * plain code was not seen here when it happened. */
static unsigned locate(const void *memory)
{
	bool is_new;
	unsigned number = locations_find(memory, &is_new);
	uint64_t value = raw_load(locations.at[number].word, sizeof value);

	if (is_new && with_views())
		views_add(number);
	else if (value != locations.at[number].value && with_views())
		views_write_own(number, value);
	else if (value != locations.at[number].value)
		locations_set(number, value);
	return number;
}

/* ---- Interleavings alone ------------------------------------------------------------ */

/* Only a search that is cut off by states needs to know the words. */
static void note_word(const void *memory)
{
	if (simulation.has_states)
		(void)locate(memory);
}

static uint64_t plain_read(const void *memory, unsigned width)
{
	uint64_t value = raw_load(memory, width);

	note_word(memory);
	simulation_has_read(memory, value, raw_load(raw_word_of(memory), sizeof(uint64_t)));
	return value;
}

static void plain_write(void *memory, unsigned width, uint64_t value)
{
	note_word(memory);
	raw_store(memory, width, value);
	note_word(memory);
	simulation_has_written(memory, raw_load(raw_word_of(memory), sizeof(uint64_t)));
}

/* ---- Views ---------------------------------------------------------------------------- */

/* A fair schedule is one in which stores arrive, too. */
static unsigned choose(unsigned count)
{
	return simulation.is_fair ? 0 : oracle_value(simulation.options->oracle, count);
}

static uint64_t view_read(const void *memory, unsigned width, unsigned age, enum atomic_order order)
{
	unsigned number = locate(memory);
	uint64_t whole = views_peek(number, age);
	uint64_t value = raw_part_get(raw_part_of(memory, width), whole);

	views_read(simulation.current, number, age, order);
	simulation_has_read(memory, value, whole);
	return value;
}

static uint64_t view_load(const void *memory, unsigned width, enum atomic_order order)
{
	unsigned visible = views_visible(simulation.current, locate(memory), order);

	return view_read(memory, width, choose(visible), order);
}

/* A narrow store hands on what the store before it released, or the other parts of
 * the word would lose their release. */
static void view_write(void *memory, unsigned width, uint64_t value, enum atomic_order order,
                       bool continues)
{
	unsigned number = locate(memory);
	uint64_t whole = raw_part_set(raw_part_of(memory, width), locations.at[number].value, value);

	raw_store(memory, width, value);
	views_write(simulation.current, number, whole, order,
	            continues || width < sizeof(uint64_t));
	simulation_has_written(memory, whole);
}

/* The age of the store that a compare-and-swap reads. It changes the newest or
 * none; but it may fail by an older one that is not as expected. */
static unsigned view_cas_age(const void *memory, unsigned width, uint64_t expected,
                             enum atomic_order failure)
{
	unsigned number = locate(memory);
	unsigned visible = views_visible(simulation.current, number, failure);
	const struct raw_part part = raw_part_of(memory, width);
	unsigned age[LOCATION_STORES] = { 0 };
	unsigned count = 1;

	for (unsigned i = 1; i < visible; i++)
		if (raw_part_get(part, views_peek(number, i)) != expected)
			age[count++] = i;
	return age[choose(count)];
}

/* ---- Of both ---------------------------------------------------------------------------- */

static uint64_t read(const void *memory, unsigned width, enum atomic_order order)
{
	return with_views() ? view_read(memory, width, 0, order) : plain_read(memory, width);
}

static void write(void *memory, unsigned width, uint64_t value, enum atomic_order order,
                  bool continues)
{
	if (with_views())
		view_write(memory, width, value, order, continues);
	else
		plain_write(memory, width, value);
}

static bool is_expected(const void *memory, unsigned width, uint64_t expected, unsigned age)
{
	return age == 0 && raw_load(memory, width) == expected;
}

static bool cas(void *memory, unsigned width, uint64_t *expected, uint64_t desired,
                enum atomic_order success, enum atomic_order failure)
{
	unsigned age = with_views() ? view_cas_age(memory, width, *expected, failure) : 0;

	if (is_expected(memory, width, *expected, age)) {
		(void)read(memory, width, success);
		write(memory, width, desired, success, true);
		return true;
	}
	*expected = with_views() ? view_read(memory, width, age, failure)
	                         : plain_read(memory, width);
	return false;
}

/* ---- core/atomic.h ----------------------------------------------------------------------- */

uint64_t model_load(const void *word, unsigned width, enum atomic_order order)
{
	if (!simulation.runs)
		return raw_load(word, width);
	step();
	return with_views() ? view_load(word, width, order) : plain_read(word, width);
}

void model_store(void *word, unsigned width, uint64_t value, enum atomic_order order)
{
	if (!simulation.runs) {
		raw_store(word, width, value);
		return;
	}
	step();
	write(word, width, value, order, false);
}

bool model_cas(void *word, unsigned width, uint64_t *expected, uint64_t desired,
               enum atomic_order success, enum atomic_order failure)
{
	if (simulation.runs) {
		step();
		return cas(word, width, expected, desired, success, failure);
	}
	if (is_expected(word, width, *expected, 0)) {
		raw_store(word, width, desired);
		return true;
	}
	*expected = raw_load(word, width);
	return false;
}

uint64_t model_change(void *word, unsigned width, enum atomic_change change, uint64_t operand,
                      enum atomic_order order)
{
	uint64_t value;

	if (simulation.runs) {
		step();
		value = read(word, width, order);
		write(word, width, raw_changed(value, change, operand), order, true);
		return value;
	}
	value = raw_load(word, width);
	raw_store(word, width, raw_changed(value, change, operand));
	return value;
}

void model_fence(enum atomic_order order)
{
	if (!simulation.runs)
		return;
	step();
	if (with_views())
		views_fence(simulation.current, order);
	simulation_has_passed();
}

/* No schedule point, which would come too late. */
void model_zeroed(void *memory, size_t size)
{
	uintptr_t first = (uintptr_t)memory;

	if (!simulation.runs)
		return;
	for (unsigned i = 0; i < locations.count; i++) {
		if ((uintptr_t)locations.at[i].word - first >= size)
			continue;
		if (with_views())
			views_write(simulation.current, i, 0, ORDER_RELAXED, false);
		else
			locations_set(i, 0);
	}
	simulation_has_passed();
}

/* ---- For the scheduler -------------------------------------------------------------------- */

void words_start(void)
{
	locations_start();
	has_locations = true;
	views_start(simulation.count, simulation.has_states);
}

/* Coherence alone: it has read these words again, in no order to others. */
void words_awake(const struct simulated_cpu *cpu)
{
	if (!with_views())
		return;
	for (unsigned i = 0; i < cpu->awaited_count; i++)
		views_catch_up(simulation.current, locate(cpu->awaited[i].word));
	for (unsigned i = 0; cpu->awaits_any && i < locations.count; i++)
		views_catch_up(simulation.current, i);
}

uint64_t words_state(void)
{
	return with_views() ? views_state() : locations.hash;
}
