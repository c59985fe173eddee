/* measure.h: taking times on a machine that is shared and noisy. */
#ifndef MEASURE_H
#define MEASURE_H

#include "bench.h"

struct measured {
	double median, lowest, highest; /* ns an operation */
	unsigned samples;
	unsigned rejected; /* samples taken again, because the thread was preempted */
};

/* Once, before anything is measured: makes the process multi-threaded, pins the
 * thread to a CPU, and touches memory that the hypervisor would have to find. */
void measure_start(void);

/* Samples the two sides in turns, so that a quarter of a second in which the
 * machine is slow is slow for both. A peer without run is not measured. */
void measure_pair(const struct bench_side *ours, const struct bench_side *peer,
                  struct measured *of_ours, struct measured *of_peer);

/* A second thread of the process, on another CPU, which calls `step` over and
 * over until measure_alone. While it is there a sample counts only if that
 * thread really ran. False: there is no second CPU. */
bool measure_beside(void (*step)(void *context), void *context);
void measure_alone(void);

/* For threads beside the measuring one: the CPU that it is not on, if there is one,
 * and how often the calling thread was preempted. */
bool measure_has_other(void);
void measure_pin_other(void);
long measure_preemptions(void);

#endif
