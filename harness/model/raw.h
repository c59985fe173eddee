/* raw.h: words as they lie in memory, by their width in bytes: 1, 2, 4 or 8. For
 * harness/model alone. */
#ifndef RAW_H
#define RAW_H

#include <stdint.h>
#include <stdlib.h>

#include "../../core/atomic.h"

static inline uint64_t raw_load(const void *word, unsigned width)
{
	switch (width) {
	case 1:
		return __atomic_load_n((const uint8_t *)word, __ATOMIC_RELAXED);
	case 2:
		return __atomic_load_n((const uint16_t *)word, __ATOMIC_RELAXED);
	case 4:
		return __atomic_load_n((const uint32_t *)word, __ATOMIC_RELAXED);
	case 8:
		return __atomic_load_n((const uint64_t *)word, __ATOMIC_RELAXED);
	default:
		abort();
	}
}

static inline void raw_store(void *word, unsigned width, uint64_t value)
{
	switch (width) {
	case 1:
		__atomic_store_n((uint8_t *)word, (uint8_t)value, __ATOMIC_RELAXED);
		break;
	case 2:
		__atomic_store_n((uint16_t *)word, (uint16_t)value, __ATOMIC_RELAXED);
		break;
	case 4:
		__atomic_store_n((uint32_t *)word, (uint32_t)value, __ATOMIC_RELAXED);
		break;
	case 8:
		__atomic_store_n((uint64_t *)word, value, __ATOMIC_RELAXED);
		break;
	default:
		abort();
	}
}

static inline uint64_t raw_changed(uint64_t value, enum atomic_change change, uint64_t operand)
{
	switch (change) {
	case CHANGE_ADD:
		return value + operand;
	case CHANGE_SUB:
		return value - operand;
	case CHANGE_OR:
		return value | operand;
	case CHANGE_AND:
		return value & operand;
	case CHANGE_EXCHANGE:
		return operand;
	}
	abort();
}

/* ---- Parts of a word of 8 bytes ----------------------------------------------------- */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "parts are counted from the low end");

struct raw_part {
	unsigned shift; /* bits */
	uint64_t mask;  /* before the shift */
};

static inline uint64_t *raw_word_of(const void *memory)
{
	return (uint64_t *)((uintptr_t)memory & ~(uintptr_t)7);
}

static inline struct raw_part raw_part_of(const void *memory, unsigned width)
{
	return (struct raw_part){ 8 * (unsigned)((uintptr_t)memory & 7),
		                  ~UINT64_C(0) >> (64 - 8 * width) };
}

static inline uint64_t raw_part_get(struct raw_part part, uint64_t word)
{
	return word >> part.shift & part.mask;
}

static inline uint64_t raw_part_set(struct raw_part part, uint64_t word, uint64_t value)
{
	return (word & ~(part.mask << part.shift)) | (value & part.mask) << part.shift;
}

#endif
