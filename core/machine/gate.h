/* gate.h: the lock of the machine's shape, which is its processes and the range
 * trees. Services that only look at the shape are inside, any number at once;
 * one that changes it (reserve, release, create, exit) closes the gate and waits
 * until nobody is inside. Accesses and faults do not look at the shape and do not
 * care.
 *
 * A "big reader" lock: each CPU says in a word of its own that it is inside, so
 * entering writes no shared line. Who enters and who closes decide by a Dekker
 * handshake:
 *
 *   enter                                close
 *   1 inside := 1                        a writer := this CPU
 *   2 fence                              b fence
 *   3 writer == 0, else back out         c wait until every other inside is 0
 *
 * The later of the two fences sees what was written before the other one.
 *
 *   may run beside        inside     closed   (on other CPUs)
 *   inside                 yes         no
 *   closed                  no         no
 *
 * Lock order: gate, range, shootdown; central charge, credits. Nobody waits for
 * the gate inside a batch of accesses. */
#ifndef CORE_GATE_H
#define CORE_GATE_H

#include "../atomic.h"
#include "../base.h"

struct vmm;

struct gate {
	struct atomic64 writer; /* CPU that closed it, plus one; 0 = open */
};

void gate_enter(struct vmm *vm, unsigned cpu);
void gate_leave(struct vmm *vm, unsigned cpu);
void gate_close(struct vmm *vm, unsigned cpu);
void gate_open(struct vmm *vm, unsigned cpu);

#endif
