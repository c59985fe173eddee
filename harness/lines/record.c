/* record.c: the calls that clang's -fsanitize=thread puts into the core, and the
 * table that they fill. This file is not compiled so itself. */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { LINES_MAX = 1 << 16 };

static struct record_line table[LINES_MAX]; /* open addressing; at 0 is free */
static unsigned used;
static unsigned running;
static bool records;
static uintptr_t out_from, out_end;     /* left out */
static uintptr_t stack_from, stack_end; /* likewise: the stack stands for all CPUs' */

/* ---- The table ------------------------------------------------------------------ */

void record_leave_out(const void *from, size_t size)
{
	struct rlimit stack = { 0, 0 };

	out_from = (uintptr_t)from;
	out_end = out_from + size;
	/* What the caller's frame lies in, to a page or two; below it, all there is. */
	(void)getrlimit(RLIMIT_STACK, &stack);
	stack_end = (uintptr_t)__builtin_frame_address(0) + 0x100000;
	stack_from = stack_end - 0x100000 -
	             (stack.rlim_cur == RLIM_INFINITY ? 8u << 20 : (uintptr_t)stack.rlim_cur);
}

static struct record_line *line_of(uintptr_t at)
{
	uintptr_t base = at & ~(uintptr_t)(LINE - 1);
	unsigned i = (unsigned)(base / LINE * UINT64_C(0x9E3779B97F4A7C15) >> 48);

	while (table[i].at != base && table[i].at != 0)
		i = (i + 1) % LINES_MAX;
	if (table[i].at == 0) {
		if (++used > LINES_MAX / 2) {
			fprintf(stderr, "lines: the table is full\n");
			exit(3);
		}
		table[i].at = base;
	}
	return &table[i];
}

static void record(const volatile void *address, size_t size, bool writes)
{
	uintptr_t at = (uintptr_t)address, end = at + size;

	if (!records || (at >= out_from && at < out_end) || (at >= stack_from && at < stack_end))
		return;
	for (at &= ~(uintptr_t)(WORD - 1); at < end; at += WORD) {
		struct record_word *word = &line_of(at)->word[at % LINE / WORD];

		*(writes ? &word->writers : &word->readers) |= UINT64_C(1) << running;
	}
}

void record_start(unsigned cpu)
{
	running = cpu;
	records = true;
}

void record_stop(void)
{
	records = false;
}

void record_clear(void)
{
	memset(table, 0, sizeof table);
	used = 0;
}

/* ---- What is shared ---------------------------------------------------------------- */

static bool is_shared(const struct record_line *line)
{
	uint64_t readers = 0, writers = 0, all;

	for (unsigned i = 0; i < LINE_WORDS; i++) {
		readers |= line->word[i].readers;
		writers |= line->word[i].writers;
	}
	all = readers | writers;
	return writers != 0 && (all & (all - 1)) != 0;
}

static int by_address(const void *a, const void *b)
{
	uintptr_t left = ((const struct record_line *)a)->at;
	uintptr_t right = ((const struct record_line *)b)->at;

	return left < right ? -1 : left > right;
}

unsigned record_shared(void (*visit)(void *context, const struct record_line *line), void *context)
{
	static struct record_line shared[LINES_MAX / 2];
	unsigned count = 0;

	for (unsigned i = 0; i < LINES_MAX; i++)
		if (table[i].at != 0 && is_shared(&table[i]))
			shared[count++] = table[i];
	qsort(shared, count, sizeof shared[0], by_address);
	for (unsigned i = 0; i < count; i++)
		visit(context, &shared[i]);
	return count;
}

/* ---- What the compiler calls ---------------------------------------------------------- */

/* The names are its choice; a prototype is asked for by nobody else. */
void __tsan_init(void);
void __tsan_init(void)
{
}
void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
	(void)caller;
}
void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

#define PLAIN(SIZE)                                                                              \
	void __tsan_read##SIZE(void *at);                                                        \
	void __tsan_read##SIZE(void *at)                                                         \
	{                                                                                        \
		record(at, SIZE, false);                                                         \
	}                                                                                        \
	void __tsan_write##SIZE(void *at);                                                       \
	void __tsan_write##SIZE(void *at)                                                        \
	{                                                                                        \
		record(at, SIZE, true);                                                          \
	}                                                                                        \
	void __tsan_unaligned_read##SIZE(void *at);                                              \
	void __tsan_unaligned_read##SIZE(void *at)                                               \
	{                                                                                        \
		record(at, SIZE, false);                                                         \
	}                                                                                        \
	void __tsan_unaligned_write##SIZE(void *at);                                             \
	void __tsan_unaligned_write##SIZE(void *at)                                              \
	{                                                                                        \
		record(at, SIZE, true);                                                          \
	}                                                                                        \
	void __tsan_read_write##SIZE(void *at);                                                  \
	void __tsan_read_write##SIZE(void *at)                                                   \
	{                                                                                        \
		record(at, SIZE, false);                                                         \
		record(at, SIZE, true);                                                          \
	}
PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

/* A CAS that fails takes the line from the others all the same. */
#define ATOMIC(BITS)                                                                             \
	uint##BITS##_t __tsan_atomic##BITS##_load(const volatile uint##BITS##_t *at, int order); \
	uint##BITS##_t __tsan_atomic##BITS##_load(const volatile uint##BITS##_t *at, int order)  \
	{                                                                                        \
		(void)order;                                                                     \
		record(at, BITS / 8, false);                                                     \
		return *at;                                                                      \
	}                                                                                        \
	void __tsan_atomic##BITS##_store(volatile uint##BITS##_t *at, uint##BITS##_t value,      \
	                                 int order);                                             \
	void __tsan_atomic##BITS##_store(volatile uint##BITS##_t *at, uint##BITS##_t value,      \
	                                 int order)                                              \
	{                                                                                        \
		(void)order;                                                                     \
		record(at, BITS / 8, true);                                                      \
		*at = value;                                                                     \
	}                                                                                        \
	int __tsan_atomic##BITS##_compare_exchange_strong(volatile uint##BITS##_t *at,           \
	                                                  uint##BITS##_t *expected,              \
	                                                  uint##BITS##_t desired, int success,   \
	                                                  int failure);                          \
	int __tsan_atomic##BITS##_compare_exchange_strong(volatile uint##BITS##_t *at,           \
	                                                  uint##BITS##_t *expected,              \
	                                                  uint##BITS##_t desired, int success,   \
	                                                  int failure)                           \
	{                                                                                        \
		uint##BITS##_t old = *at;                                                        \
		bool same = old == *expected;                                                    \
                                                                                                 \
		(void)success;                                                                   \
		(void)failure;                                                                   \
		record(at, BITS / 8, true);                                                      \
		*at = same ? desired : old;                                                      \
		*expected = old;                                                                 \
		return same;                                                                     \
	}                                                                                        \
	uint##BITS##_t __tsan_atomic##BITS##_compare_exchange_val(volatile uint##BITS##_t *at,   \
	                                                          uint##BITS##_t expected,       \
	                                                          uint##BITS##_t desired,        \
	                                                          int success, int failure);     \
	uint##BITS##_t __tsan_atomic##BITS##_compare_exchange_val(volatile uint##BITS##_t *at,   \
	                                                          uint##BITS##_t expected,       \
	                                                          uint##BITS##_t desired,        \
	                                                          int success, int failure)      \
	{                                                                                        \
		(void)__tsan_atomic##BITS##_compare_exchange_strong(at, &expected, desired,      \
		                                                    success, failure);           \
		return expected;                                                                 \
	}                                                                                        \
	CHANGE(BITS, fetch_add, old + operand)                                                   \
	CHANGE(BITS, fetch_sub, old - operand)                                                   \
	CHANGE(BITS, fetch_or, old | operand)                                                    \
	CHANGE(BITS, fetch_and, old &operand)                                                    \
	CHANGE(BITS, exchange, operand)
#define CHANGE(BITS, NAME, NEW)                                                                  \
	uint##BITS##_t __tsan_atomic##BITS##_##NAME(volatile uint##BITS##_t *at,                 \
	                                            uint##BITS##_t operand, int order);          \
	uint##BITS##_t __tsan_atomic##BITS##_##NAME(volatile uint##BITS##_t *at,                 \
	                                            uint##BITS##_t operand, int order)           \
	{                                                                                        \
		uint##BITS##_t old = *at;                                                        \
                                                                                                 \
		(void)order;                                                                     \
		record(at, BITS / 8, true);                                                      \
		*at = (uint##BITS##_t)(NEW);                                                     \
		return old;                                                                      \
	}
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	(void)order;
}

/* The linker sends the core's own calls here (--wrap), those that the compiler makes
 * of copied structs too. */
void *__real_memset(void *to, int byte, size_t size);
void *__wrap_memset(void *to, int byte, size_t size);
void *__wrap_memset(void *to, int byte, size_t size)
{
	record(to, size, true);
	return __real_memset(to, byte, size);
}
void *__real_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size)
{
	record(from, size, false);
	record(to, size, true);
	return __real_memmove(to, from, size);
}
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	return __wrap_memmove(to, from, size);
}
