/* two.h: a second thread that does half of a run, on a CPU of its own, for rows about
 * two CPUs of one machine. */
#ifndef TWO_H
#define TWO_H

#include "bench.h"

/* The two halves: half(context[0]) by the measuring thread, half(context[1]) by the
 * other one, at the same time. */
struct two {
	void (*before)(void *context); /* of each half, not timed; NULL: nothing */
	void (*half)(void *context, uint64_t count);
	void *context[2];
	uint64_t count; /* of a half; 0: any number will do */
};

/* A side whose operations are shared out among the two; without a second CPU it has
 * no run. `two` must stay. */
struct bench_side two_side(const char *what, const struct two *two);
/* The first half alone. */
struct bench_side two_alone(const char *what, const struct two *two);
/* Two CPUs beside one: the goal is how many times as fast they are together. */
void two_row(const char *name, const struct two *two, struct goal goal);

/* For measure.c: how often the second thread was preempted while it was at work. */
long two_preemptions(void);

#endif
