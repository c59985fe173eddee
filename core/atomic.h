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
#include <stdint.h>

struct atomic64 {
	uint64_t raw;
};
struct atomic32 {
	uint32_t raw;
};

static inline uint64_t atomic64_load_relaxed(const struct atomic64 *word)
{
	return __atomic_load_n(&word->raw, __ATOMIC_RELAXED);
}

static inline uint64_t atomic64_load_acquire(const struct atomic64 *word)
{
	return __atomic_load_n(&word->raw, __ATOMIC_ACQUIRE);
}

static inline void atomic64_store_relaxed(struct atomic64 *word, uint64_t value)
{
	__atomic_store_n(&word->raw, value, __ATOMIC_RELAXED);
}

static inline void atomic64_store_release(struct atomic64 *word, uint64_t value)
{
	__atomic_store_n(&word->raw, value, __ATOMIC_RELEASE);
}

/* On failure *expected becomes what was there, read with acquire: callers
 * decide anew on it. */
static inline bool atomic64_cas_acq_rel(struct atomic64 *word, uint64_t *expected, uint64_t desired)
{
	return __atomic_compare_exchange_n(&word->raw, expected, desired, false, __ATOMIC_ACQ_REL,
	                                   __ATOMIC_ACQUIRE);
}

static inline uint64_t atomic64_fetch_add_seq_cst(struct atomic64 *word, uint64_t value)
{
	return __atomic_fetch_add(&word->raw, value, __ATOMIC_SEQ_CST);
}

static inline uint64_t atomic64_fetch_sub_acq_rel(struct atomic64 *word, uint64_t value)
{
	return __atomic_fetch_sub(&word->raw, value, __ATOMIC_ACQ_REL);
}

static inline void atomic64_or_acq_rel(struct atomic64 *word, uint64_t bits)
{
	(void)__atomic_fetch_or(&word->raw, bits, __ATOMIC_ACQ_REL);
}

static inline void atomic64_and_acq_rel(struct atomic64 *word, uint64_t bits)
{
	(void)__atomic_fetch_and(&word->raw, bits, __ATOMIC_ACQ_REL);
}

static inline uint32_t atomic32_load_relaxed(const struct atomic32 *word)
{
	return __atomic_load_n(&word->raw, __ATOMIC_RELAXED);
}

static inline void atomic32_store_relaxed(struct atomic32 *word, uint32_t value)
{
	__atomic_store_n(&word->raw, value, __ATOMIC_RELAXED);
}

static inline void atomic_fence_seq_cst(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Guest memory: CPUs of the guest may race on it as real CPUs do, so every
 * access is a relaxed atomic of its width. */
static inline uint8_t atomic_guest_load_u8(const void *byte)
{
	return __atomic_load_n((const uint8_t *)byte, __ATOMIC_RELAXED);
}

static inline uint16_t atomic_guest_load_u16(const void *byte)
{
	return __atomic_load_n((const uint16_t *)byte, __ATOMIC_RELAXED);
}

static inline uint32_t atomic_guest_load_u32(const void *byte)
{
	return __atomic_load_n((const uint32_t *)byte, __ATOMIC_RELAXED);
}

static inline uint64_t atomic_guest_load_u64(const void *byte)
{
	return __atomic_load_n((const uint64_t *)byte, __ATOMIC_RELAXED);
}

static inline void atomic_guest_store_u8(void *byte, uint8_t value)
{
	__atomic_store_n((uint8_t *)byte, value, __ATOMIC_RELAXED);
}

static inline void atomic_guest_store_u16(void *byte, uint16_t value)
{
	__atomic_store_n((uint16_t *)byte, value, __ATOMIC_RELAXED);
}

static inline void atomic_guest_store_u32(void *byte, uint32_t value)
{
	__atomic_store_n((uint32_t *)byte, value, __ATOMIC_RELAXED);
}

static inline void atomic_guest_store_u64(void *byte, uint64_t value)
{
	__atomic_store_n((uint64_t *)byte, value, __ATOMIC_RELAXED);
}

/* ---- Schedule points ------------------------------------------------------ */

enum vmm_point {
#define POINT(NAME, meaning) POINT_##NAME,
#include "points.def"
#undef POINT
	POINT_COUNT
};

/* Nothing in production; a build with VMM_SCHEDULE_POINTS calls the host,
 * which may run another CPU there. */
#ifdef VMM_SCHEDULE_POINTS
#define VMM_POINT(vm, cpu, NAME) (vm)->host.point((vm)->host.context, (cpu), POINT_##NAME)
#else
#define VMM_POINT(vm, cpu, NAME) ((void)(vm), (void)(cpu))
#endif

#endif
