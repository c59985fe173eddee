/* fiber.h: stacks that one thread runs by turns.
 *
 * A schedule of simulated CPUs changes stacks at every other step, so a switch
 * must cost nanoseconds: it is written by hand for x86-64, and elsewhere, or with
 * -DFIBER_UCONTEXT, it is swapcontext, which asks the kernel each time. The
 * sanitizers are told of each switch; they would take one stack's frames for
 * another's. */
#ifndef FIBER_H
#define FIBER_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a stack. Below it lies a page that cannot be touched. */
enum { FIBER_STACK = 64 << 10 };

struct fiber;

struct fiber *fiber_create(void);
void fiber_destroy(struct fiber *fiber);

/* The next switch to it calls body(argument), which must not return. What the
 * fiber was doing before, if it was given up half-way, is forgotten. */
void fiber_prepare(struct fiber *fiber, void (*body)(void *argument), void *argument);

/* Goes on where `to` was left, and returns when somebody switches back; NULL is the
 * stack that fibers were first started from. Only to other than the running one. */
void fiber_switch(struct fiber *to);
/* The same from a fiber that has ended: nobody switches back. */
_Noreturn void fiber_leave(struct fiber *to);

/* On the main stack, after a fiber has ended or was given up: what it did has
 * happened before what comes now. */
void fiber_join(struct fiber *fiber);

/* What is done between is no access of the running fiber to a race detector: memory
 * of the scheduler itself, which all fibers share by turns. */
void fiber_unseen_begin(void);
void fiber_unseen_end(void);

#endif
