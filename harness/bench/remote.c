/* remote.c: the ring. A slot is its own flag, so the ends share no counter. */
#include "remote.h"

#include <stddef.h>

static uintptr_t load(const uintptr_t *slot)
{
	return __atomic_load_n(slot, __ATOMIC_ACQUIRE);
}

static void store(uintptr_t *slot, uintptr_t thing)
{
	__atomic_store_n(slot, thing, __ATOMIC_RELEASE);
}

static void call(void (*around)(void *context), void *context)
{
	if (around != NULL)
		around(context);
}

/* Nothing waits between begin and end of either. */
static void take_all(struct remote *remote, uint64_t count)
{
	uintptr_t thing[REMOTE_BATCH];

	for (uint64_t i = 0; i < count; i += REMOTE_BATCH) {
		unsigned some = count - i < REMOTE_BATCH ? (unsigned)(count - i) : REMOTE_BATCH;

		call(remote->take_begin, remote->context);
		for (unsigned k = 0; k < some; k++)
			thing[k] = remote->take(remote->context, i);
		call(remote->take_end, remote->context);
		for (unsigned k = 0; k < some; k++) {
			uintptr_t *slot = &remote->ring[(i + k) % REMOTE_RING];

			while (load(slot) != 0)
				;
			store(slot, thing[k]);
		}
	}
}

static void give_all(struct remote *remote, uint64_t count)
{
	for (uint64_t i = 0; i < count;) {
		unsigned some = 0;

		while (load(&remote->ring[i % REMOTE_RING]) == 0)
			;
		call(remote->give_begin, remote->context);
		for (; some < REMOTE_BATCH && i < count; some++, i++) {
			uintptr_t *slot = &remote->ring[i % REMOTE_RING], thing = load(slot);

			if (thing == 0)
				break;
			store(slot, 0);
			remote->give(remote->context, thing);
		}
		call(remote->give_end, remote->context);
	}
}

/* An operation has two ends, so half of the operations are as many takes, or gives, as
 * there are operations. */
static void half(void *context, uint64_t count)
{
	const struct remote_end *end = context;

	(end->takes ? take_all : give_all)(end->remote, 2 * count);
}

struct bench_side remote_side(const char *what, struct remote *remote)
{
	remote->end[0] = (struct remote_end){ remote, true };
	remote->end[1] = (struct remote_end){ remote, false };
	remote->two = (struct two){ .half = half,
		                    .context = { &remote->end[0], &remote->end[1] } };
	return two_side(what, &remote->two);
}
