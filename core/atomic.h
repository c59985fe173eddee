/* atomic.h: the only place of atomic operations, and the schedule points.
 *
 * The order is part of each name, and there is no default. Words are wrapped in
 * structs so that nobody reads one by accident. Compiler builtins are used in
 * place of <stdatomic.h> because vmm_inline.h, which C++ includes, needs the
 * same words. At every acquire, release and fence a comment says what it pairs
 * with; docs/CONCURRENCY.md collects them. */
#ifndef CORE_ATOMIC_H
#define CORE_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct atomic64 {
	uint64_t raw;
};
struct atomic32 {
	uint32_t raw;
};

/* ---- Three ways to build ------------------------------------------------------
 *
 * Production: the compiler's builtins and nothing else.
 * VMM_MODEL: every operation is a call of the harness, which may run another
 *   CPU first and then answers under a memory model of its choice.
 * VMM_FIBERS: the harness may run another CPU first; then the builtin, so that
 *   a race detector sees the real orders. */
enum atomic_order { ORDER_RELAXED, ORDER_ACQUIRE, ORDER_RELEASE, ORDER_ACQ_REL, ORDER_SEQ_CST };
enum atomic_change { CHANGE_ADD, CHANGE_SUB, CHANGE_OR, CHANGE_AND, CHANGE_EXCHANGE };

#if defined VMM_MODEL || defined VMM_FIBERS
#define VMM_SCHEDULED 1
#ifdef __cplusplus
extern "C" {
#endif
/* width: bytes of the word, 1, 2, 4 or 8. */
uint64_t model_load(const void *word, unsigned width, enum atomic_order order);
void model_store(void *word, unsigned width, uint64_t value, enum atomic_order order);
bool model_cas(void *word, unsigned width, uint64_t *expected, uint64_t desired,
               enum atomic_order success, enum atomic_order failure);
uint64_t model_change(void *word, unsigned width, enum atomic_change change, uint64_t operand,
                      enum atomic_order order);
void model_fence(enum atomic_order order);
/* The memory became zero by plain stores. */
void model_zeroed(void *memory, size_t size);
/* VMM_FIBERS: another CPU may run here. */
void model_yield(void);
/* What the running CPU does next has a name, for reports. */
void model_point(unsigned cpu, unsigned point);
#ifdef __cplusplus
}
#endif
#endif

#ifdef VMM_MODEL
#define ATOMIC_LOAD(word, order) model_load(word, sizeof *(word), ORDER_##order)
#define ATOMIC_STORE(word, value, order) model_store(word, sizeof *(word), value, ORDER_##order)
#define ATOMIC_CAS(word, expected, desired, success, failure)                                    \
	model_cas(word, sizeof *(word), expected, desired, ORDER_##success, ORDER_##failure)
#define ATOMIC_CHANGE(CHANGE, builtin, word, operand, order)                                     \
	model_change(word, sizeof *(word), CHANGE_##CHANGE, operand, ORDER_##order)
#define ATOMIC_FENCE(order) model_fence(ORDER_##order)
#else
#ifdef VMM_FIBERS
#define ATOMIC_YIELD() model_yield()
#else
#define ATOMIC_YIELD() ((void)0)
#endif
#define ATOMIC_LOAD(word, order) (ATOMIC_YIELD(), __atomic_load_n(word, __ATOMIC_##order))
#define ATOMIC_STORE(word, value, order)                                                         \
	(ATOMIC_YIELD(), __atomic_store_n(word, value, __ATOMIC_##order))
#define ATOMIC_CAS(word, expected, desired, success, failure)                                    \
	(ATOMIC_YIELD(), __atomic_compare_exchange_n(word, expected, desired, false,             \
	                                             __ATOMIC_##success, __ATOMIC_##failure))
#define ATOMIC_CHANGE(CHANGE, builtin, word, operand, order)                                     \
	(ATOMIC_YIELD(), builtin(word, operand, __ATOMIC_##order))
#define ATOMIC_FENCE(order) (ATOMIC_YIELD(), __atomic_thread_fence(__ATOMIC_##order))
#endif

/* ---- Words ---------------------------------------------------------------------- */

static inline uint64_t atomic64_load_relaxed(const struct atomic64 *word)
{
	return ATOMIC_LOAD(&word->raw, RELAXED);
}

static inline uint64_t atomic64_load_acquire(const struct atomic64 *word)
{
	return ATOMIC_LOAD(&word->raw, ACQUIRE);
}

static inline void atomic64_store_relaxed(struct atomic64 *word, uint64_t value)
{
	ATOMIC_STORE(&word->raw, value, RELAXED);
}

static inline void atomic64_store_release(struct atomic64 *word, uint64_t value)
{
	ATOMIC_STORE(&word->raw, value, RELEASE);
}

/* Of a word that nobody else writes, or nobody else reads while we may run: no
 * schedule point, since no other CPU could tell the difference. */
static inline uint64_t atomic64_load_own(const struct atomic64 *word)
{
	return __atomic_load_n(&word->raw, __ATOMIC_RELAXED);
}

static inline void atomic64_store_own(struct atomic64 *word, uint64_t value)
{
	__atomic_store_n(&word->raw, value, __ATOMIC_RELAXED);
}

/* On failure *expected becomes what was there, read with acquire: callers
 * decide anew on it. */
static inline bool atomic64_cas_acq_rel(struct atomic64 *word, uint64_t *expected, uint64_t desired)
{
	return ATOMIC_CAS(&word->raw, expected, desired, ACQ_REL, ACQUIRE);
}

/* To take a lock; *expected is not looked at after a failure. */
static inline bool atomic64_cas_acquire(struct atomic64 *word, uint64_t *expected, uint64_t desired)
{
	return ATOMIC_CAS(&word->raw, expected, desired, ACQUIRE, RELAXED);
}

static inline bool atomic64_cas_relaxed(struct atomic64 *word, uint64_t *expected, uint64_t desired)
{
	return ATOMIC_CAS(&word->raw, expected, desired, RELAXED, RELAXED);
}

static inline uint64_t atomic64_fetch_add_relaxed(struct atomic64 *word, uint64_t value)
{
	return ATOMIC_CHANGE(ADD, __atomic_fetch_add, &word->raw, value, RELAXED);
}

static inline uint64_t atomic64_fetch_sub_relaxed(struct atomic64 *word, uint64_t value)
{
	return ATOMIC_CHANGE(SUB, __atomic_fetch_sub, &word->raw, value, RELAXED);
}

static inline void atomic64_or_acq_rel(struct atomic64 *word, uint64_t bits)
{
	(void)ATOMIC_CHANGE(OR, __atomic_fetch_or, &word->raw, bits, ACQ_REL);
}

static inline void atomic64_or_relaxed(struct atomic64 *word, uint64_t bits)
{
	(void)ATOMIC_CHANGE(OR, __atomic_fetch_or, &word->raw, bits, RELAXED);
}

static inline void atomic64_and_acq_rel(struct atomic64 *word, uint64_t bits)
{
	(void)ATOMIC_CHANGE(AND, __atomic_fetch_and, &word->raw, bits, ACQ_REL);
}

static inline uint32_t atomic32_load_relaxed(const struct atomic32 *word)
{
	return (uint32_t)ATOMIC_LOAD(&word->raw, RELAXED);
}

static inline void atomic32_store_relaxed(struct atomic32 *word, uint32_t value)
{
	ATOMIC_STORE(&word->raw, value, RELAXED);
}

static inline void atomic_fence_seq_cst(void)
{
	ATOMIC_FENCE(SEQ_CST);
}

/* Guest memory: CPUs of the guest may race on it as real CPUs do, so every
 * access is a relaxed atomic of its width. */
#define ATOMIC_GUEST(BITS)                                                                       \
	static inline uint##BITS##_t atomic_guest_load_u##BITS(const void *byte)                 \
	{                                                                                        \
		return (uint##BITS##_t)ATOMIC_LOAD((const uint##BITS##_t *)byte, RELAXED);       \
	}                                                                                        \
	static inline void atomic_guest_store_u##BITS(void *byte, uint##BITS##_t value)          \
	{                                                                                        \
		ATOMIC_STORE((uint##BITS##_t *)byte, value, RELAXED);                            \
	}
ATOMIC_GUEST(8)
ATOMIC_GUEST(16)
ATOMIC_GUEST(32)
ATOMIC_GUEST(64)
#undef ATOMIC_GUEST

/* ---- Schedule points ------------------------------------------------------ */

enum vmm_point {
#define POINT(NAME, meaning) POINT_##NAME,
#include "points.def"
#undef POINT
	POINT_COUNT
};

/* A label for reports; nothing in production. */
#ifdef VMM_SCHEDULED
#define VMM_POINT(cpu, NAME) model_point(cpu, POINT_##NAME)
#else
#define VMM_POINT(cpu, NAME) ((void)(cpu))
#endif

#endif
