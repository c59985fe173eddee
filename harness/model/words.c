/* words.c: the operations of core/atomic.h in a model build. */
#include "words.h"

#include <stdlib.h>

/* ---- Memory as it is ------------------------------------------------------------- */

static uint64_t raw_load(const void *word, unsigned width)
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

static void raw_store(void *word, unsigned width, uint64_t value)
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

static uint64_t raw_word(const void *memory)
{
	return raw_load(simulation_word_of(memory), 8);
}

static uint64_t changed(uint64_t value, enum atomic_change change, uint64_t operand)
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

/* ---- Operations -------------------------------------------------------------------- */

static void step(void)
{
	if (simulation.runs)
		simulation_step();
}

static uint64_t has_read(const void *word, uint64_t value)
{
	if (simulation.runs)
		simulation_has_read(word, value, raw_word(word));
	return value;
}

static void write(void *word, unsigned width, uint64_t value)
{
	raw_store(word, width, value);
	if (simulation.runs)
		simulation_has_written(word, raw_word(word));
}

uint64_t model_load(const void *word, unsigned width, enum atomic_order order)
{
	(void)order;
	step();
	return has_read(word, raw_load(word, width));
}

void model_store(void *word, unsigned width, uint64_t value, enum atomic_order order)
{
	(void)order;
	step();
	write(word, width, value);
}

bool model_cas(void *word, unsigned width, uint64_t *expected, uint64_t desired,
               enum atomic_order success, enum atomic_order failure)
{
	uint64_t found;

	(void)success;
	(void)failure;
	step();
	found = has_read(word, raw_load(word, width));
	if (found != *expected) {
		*expected = found;
		return false;
	}
	write(word, width, desired);
	return true;
}

uint64_t model_change(void *word, unsigned width, enum atomic_change change, uint64_t operand,
                      enum atomic_order order)
{
	uint64_t found;

	(void)order;
	step();
	found = has_read(word, raw_load(word, width));
	write(word, width, changed(found, change, operand));
	return found;
}

void model_fence(enum atomic_order order)
{
	(void)order;
	step();
}

void model_zeroed(void *memory, size_t size)
{
	(void)memory;
	(void)size;
}

/* ---- For the scheduler ------------------------------------------------------------- */

void words_start(void)
{
}

void words_awake(const struct simulated_cpu *cpu)
{
	(void)cpu;
}

uint64_t words_state(void)
{
	return 0;
}
