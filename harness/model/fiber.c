/* fiber.c: see fiber.h.
 *
 * Of TSan's ways to switch, fibers among them use the one that orders nothing: a
 * switch must not hide a race between two simulated CPUs. From and to the main
 * stack it does order, since what the program does there comes before or after
 * the run. Where TSan watches, this folder is compiled without it (-DFIBER_TSAN),
 * since the scheduler's own words would be races. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#include "fiber.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../support/memory.h"

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define FIBER_ASAN
#endif
#endif
#if defined __SANITIZE_ADDRESS__ && !defined FIBER_ASAN
#define FIBER_ASAN
#endif

#ifdef FIBER_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FIBER_TSAN
#include <sanitizer/tsan_interface.h>
/* The runtime has them; its header of today does not. */
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);
#endif

#if !defined __x86_64__ && !defined FIBER_UCONTEXT
#define FIBER_UCONTEXT
#endif
#ifdef FIBER_UCONTEXT
#include <ucontext.h>
#endif

enum { GUARD = 4096 };

struct fiber {
#ifdef FIBER_UCONTEXT
	ucontext_t place; /* where it goes on */
#else
	void *place; /* its stack pointer: where it goes on */
#endif
	const void *stack; /* the lowest byte; the main stack's is ASan's to say */
	size_t stack_size;
	void (*body)(void *argument);
	void *argument;
	void *tsan; /* TSan's name for it; NULL: it has none */
};

static struct fiber main_fiber;
static struct fiber *running = &main_fiber;
/* The fiber that the last switch left, for the first moment of the next one. */
static struct fiber *left;

/* ---- The switch ---------------------------------------------------------------- */

static void begin(void);

#ifdef FIBER_UCONTEXT

static void change_stack(struct fiber *from, struct fiber *to)
{
	if (swapcontext(&from->place, &to->place) != 0)
		abort();
}

static void lay_out(struct fiber *fiber)
{
	if (getcontext(&fiber->place) != 0)
		abort();
	fiber->place.uc_stack.ss_sp = (void *)(uintptr_t)fiber->stack;
	fiber->place.uc_stack.ss_size = fiber->stack_size;
	fiber->place.uc_link = NULL;
	makecontext(&fiber->place, begin, 0);
}

#else

/* Saves what a called function must keep, and the stack pointer in *save. The
 * control words of the floating point units are the same on all fibers. */
void fiber_change_stack(void **save, void *load);
__asm__(".text\n"
        ".globl fiber_change_stack\n"
        ".type fiber_change_stack, @function\n"
        "fiber_change_stack:\n"
        "	pushq %rbp\n"
        "	pushq %rbx\n"
        "	pushq %r12\n"
        "	pushq %r13\n"
        "	pushq %r14\n"
        "	pushq %r15\n"
        "	movq %rsp, (%rdi)\n"
        "	movq %rsi, %rsp\n"
        "	popq %r15\n"
        "	popq %r14\n"
        "	popq %r13\n"
        "	popq %r12\n"
        "	popq %rbx\n"
        "	popq %rbp\n"
        "	ret\n"
        ".size fiber_change_stack, . - fiber_change_stack\n");

static void change_stack(struct fiber *from, struct fiber *to)
{
	fiber_change_stack(&from->place, to->place);
}

/* As fiber_change_stack leaves a stack: six registers, and begin to return to. The
 * word above is where begin's own return address would be. */
static void lay_out(struct fiber *fiber)
{
	enum { REGISTERS = 6 };
	void (*entry)(void) = begin;
	char *top = (char *)(uintptr_t)fiber->stack + fiber->stack_size;
	char *place = top - (REGISTERS + 2) * sizeof(void *);

	memset(place, 0, (REGISTERS + 2) * sizeof(void *));
	memcpy(place + REGISTERS * sizeof(void *), &entry, sizeof entry);
	fiber->place = place;
}

#endif

/* ---- What the sanitizers are told ------------------------------------------------- */

/* The first moment on a stack; `fake` is what ASan kept when it was left. */
static void arrived(void *fake)
{
#ifdef FIBER_ASAN
	__sanitizer_finish_switch_fiber(fake, &left->stack, &left->stack_size);
#else
	(void)fake;
#endif
}

/* ends: ASan may forget the frames of the stack that is left. */
static void change(struct fiber *to, bool ends)
{
	struct fiber *from = running;
	void *fake = NULL;

#ifdef FIBER_TSAN
	__tsan_switch_to_fiber(to->tsan, from == &main_fiber || to == &main_fiber ?
	                                         0 : __tsan_switch_to_fiber_no_sync);
#endif
#ifdef FIBER_ASAN
	__sanitizer_start_switch_fiber(ends ? NULL : &fake, to->stack, to->stack_size);
#else
	(void)ends;
#endif
	left = from;
	running = to;
	change_stack(from, to);
	arrived(fake);
}

static void begin(void)
{
	arrived(NULL);
	running->body(running->argument);
	abort();
}

void fiber_switch(struct fiber *to)
{
	change(to == NULL ? &main_fiber : to, false);
}

_Noreturn void fiber_leave(struct fiber *to)
{
	change(to == NULL ? &main_fiber : to, true);
	abort();
}

/* ---- Their lives -------------------------------------------------------------------- */

struct fiber *fiber_create(void)
{
	struct fiber *fiber = memory_zeroed(sizeof *fiber);
	char *memory = mmap(NULL, GUARD + FIBER_STACK, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED || mprotect(memory, GUARD, PROT_NONE) != 0)
		memory_exhausted();
	fiber->stack = memory + GUARD;
	fiber->stack_size = FIBER_STACK;
	return fiber;
}

void fiber_destroy(struct fiber *fiber)
{
	if (fiber == NULL)
		return;
	fiber_join(fiber);
	(void)munmap((char *)(uintptr_t)fiber->stack - GUARD, GUARD + FIBER_STACK);
	free(fiber);
}

void fiber_prepare(struct fiber *fiber, void (*body)(void *argument), void *argument)
{
	fiber->body = body;
	fiber->argument = argument;
#ifdef FIBER_ASAN
	/* Frames that were given up have left their red zones. */
	__asan_unpoison_memory_region(fiber->stack, fiber->stack_size);
#endif
	lay_out(fiber);
#ifdef FIBER_TSAN
	if (main_fiber.tsan == NULL)
		main_fiber.tsan = __tsan_get_current_fiber();
	fiber->tsan = __tsan_create_fiber(0);
#endif
}

/* TSan orders by a switch that says so: one as if the fiber, which runs no more,
 * went over to the main stack. */
void fiber_join(struct fiber *fiber)
{
#ifdef FIBER_TSAN
	if (fiber->tsan == NULL)
		return;
	__tsan_switch_to_fiber(fiber->tsan, __tsan_switch_to_fiber_no_sync);
	__tsan_switch_to_fiber(main_fiber.tsan, 0);
	__tsan_destroy_fiber(fiber->tsan);
	fiber->tsan = NULL;
#else
	(void)fiber;
#endif
}

void fiber_unseen_begin(void)
{
#ifdef FIBER_TSAN
	__tsan_ignore_thread_begin();
#endif
}

void fiber_unseen_end(void)
{
#ifdef FIBER_TSAN
	__tsan_ignore_thread_end();
#endif
}
