/* views.c: see views.h. */
#include "views.h"

#include "model.h"
#include "seen.h"

/* Numbers of stores, one for each location in use. */
struct view {
	uint32_t at[LOCATIONS_MAX];
};

struct store {
	uint64_t value;
	unsigned size; /* of released: locations behind that were not there yet, so 0 */
	struct view released;
};

struct viewer {
	struct view now;      /* what it must see */
	struct view acquired; /* what it must see after an acquire fence; holds now */
	struct view released; /* what its relaxed stores release, by a fence before them */
};

static struct viewer viewer[MODEL_CPUS_MAX];
static struct view seq_cst; /* what every seq_cst operation must see */
static struct store store[LOCATIONS_MAX][LOCATION_STORES];
static unsigned viewers;
static bool hashes;
static uint64_t stores_hash; /* of all stores, whatever their order */

/* ---- Views ----------------------------------------------------------------------- */

static void join(struct view *view, const struct view *other, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		if (view->at[i] < other->at[i])
			view->at[i] = other->at[i];
}

static void copy(struct view *view, const struct view *other, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		view->at[i] = other->at[i];
}

static void raise(struct view *view, unsigned location, uint32_t number)
{
	if (view->at[location] < number)
		view->at[location] = number;
}

static uint64_t hash_of(const struct view *view, unsigned size)
{
	uint64_t hash = 0;

	for (unsigned i = 0; i < size; i++)
		if (view->at[i] > 0)
			hash += seen_mix((uintptr_t)locations.at[i].word, view->at[i]);
	return hash;
}

static bool acquires(enum atomic_order order)
{
	return order == ORDER_ACQUIRE || order == ORDER_ACQ_REL || order == ORDER_SEQ_CST;
}

static bool releases(enum atomic_order order)
{
	return order == ORDER_RELEASE || order == ORDER_ACQ_REL || order == ORDER_SEQ_CST;
}

/* ---- Stores ----------------------------------------------------------------------- */

static struct store *store_of(unsigned location, uint32_t number)
{
	return &store[location][number % LOCATION_STORES];
}

static struct store *new_store(unsigned location, uint64_t value)
{
	struct store *made = store_of(location, ++locations.at[location].last);

	locations.at[location].value = value;
	made->value = value;
	made->size = locations.count;
	return made;
}

static void note_store(unsigned location, const struct store *made)
{
	uint64_t hash;

	if (!hashes)
		return;
	hash = seen_mix((uintptr_t)locations.at[location].word, locations.at[location].last);
	hash = seen_mix(hash, made->value);
	stores_hash += seen_mix(hash, hash_of(&made->released, made->size));
}

void views_start(unsigned cpus, bool has_states)
{
	viewers = cpus;
	hashes = has_states;
	stores_hash = 0;
}

void views_add(unsigned location)
{
	for (unsigned i = 0; i < viewers; i++) {
		viewer[i].now.at[location] = 0;
		viewer[i].acquired.at[location] = 0;
		viewer[i].released.at[location] = 0;
	}
	seq_cst.at[location] = 0;
	store[location][0].value = locations.at[location].value;
	store[location][0].size = 0;
	note_store(location, &store[location][0]);
}

/* ---- Operations --------------------------------------------------------------------- */

unsigned views_visible(unsigned cpu, unsigned location, enum atomic_order order)
{
	uint32_t last = locations.at[location].last;
	uint32_t oldest = viewer[cpu].now.at[location];

	if (order == ORDER_SEQ_CST && oldest < seq_cst.at[location])
		oldest = seq_cst.at[location];
	return last - oldest < LOCATION_STORES ? last - oldest + 1 : LOCATION_STORES;
}

uint64_t views_peek(unsigned location, unsigned age)
{
	return store_of(location, locations.at[location].last - age)->value;
}

void views_read(unsigned cpu, unsigned location, unsigned age, enum atomic_order order)
{
	uint32_t number = locations.at[location].last - age;
	const struct store *seen = store_of(location, number);
	struct viewer *reader = &viewer[cpu];

	raise(&reader->now, location, number);
	raise(&reader->acquired, location, number);
	join(&reader->acquired, &seen->released, seen->size);
	if (acquires(order))
		join(&reader->now, &seen->released, seen->size);
}

void views_write(unsigned cpu, unsigned location, uint64_t value, enum atomic_order order,
                 bool continues)
{
	const struct store *before = store_of(location, locations.at[location].last);
	struct viewer *writer = &viewer[cpu];
	struct store *made = new_store(location, value);
	uint32_t number = locations.at[location].last;

	raise(&writer->now, location, number);
	raise(&writer->acquired, location, number);
	copy(&made->released, releases(order) ? &writer->now : &writer->released, made->size);
	made->released.at[location] = number;
	if (continues)
		join(&made->released, &before->released, before->size);
	if (order == ORDER_SEQ_CST)
		raise(&seq_cst, location, number);
	note_store(location, made);
}

void views_write_own(unsigned location, uint64_t value)
{
	struct store *made = new_store(location, value);

	made->size = 0;
	note_store(location, made);
}

void views_fence(unsigned cpu, enum atomic_order order)
{
	struct viewer *fencer = &viewer[cpu];
	unsigned size = locations.count;

	if (acquires(order))
		copy(&fencer->now, &fencer->acquired, size);
	if (order == ORDER_SEQ_CST) {
		join(&fencer->now, &seq_cst, size);
		copy(&seq_cst, &fencer->now, size);
		copy(&fencer->acquired, &fencer->now, size);
	}
	if (releases(order))
		copy(&fencer->released, &fencer->now, size);
}

void views_catch_up(unsigned cpu, unsigned location)
{
	raise(&viewer[cpu].now, location, locations.at[location].last);
	raise(&viewer[cpu].acquired, location, locations.at[location].last);
}

uint64_t views_state(void)
{
	uint64_t hash = seen_mix(stores_hash, hash_of(&seq_cst, locations.count));

	for (unsigned i = 0; i < viewers; i++) {
		hash = seen_mix(hash, hash_of(&viewer[i].now, locations.count));
		hash = seen_mix(hash, hash_of(&viewer[i].acquired, locations.count));
		hash = seen_mix(hash, hash_of(&viewer[i].released, locations.count));
	}
	return hash;
}
