/* program.c: see program.h. */
#include "program.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../core/vmm.h"
#include "../support/memory.h"

/* ---- The machine ----------------------------------------------------------- */

enum { USERVA_MIN = 2048, USERVA_MAX = 3072 };

struct machine machine_default(void)
{
	return (struct machine){
		.layout = VMM_LAYOUT_NT64, .frames = 256, .pagefile = 1024, .cpus = 1
	};
}

bool machine_set(struct machine *machine, const uint64_t number[MACHINE_INPUTS], unsigned given,
                 unsigned *wrong, char *message, size_t message_size)
{
	const struct machine usual = machine_default();
	uint64_t value[MACHINE_INPUTS] = { usual.layout, usual.frames, usual.pagefile,
	                                   usual.cpus,   usual.seed,   usual.userva };
	const struct {
		uint64_t low, high;
	} bound[MACHINE_INPUTS] = {
		[MACHINE_IN_layout] = { 0, kind_words(KIND_LAYOUT)->count - 1 },
		[MACHINE_IN_frames] = { MACHINE_FRAMES_MIN, MACHINE_FRAMES_MAX },
		[MACHINE_IN_pagefile] = { 0, MACHINE_PAGEFILE_MAX },
		[MACHINE_IN_cpus] = { 1, MACHINE_CPUS_MAX },
		[MACHINE_IN_seed] = { 0, UINT64_MAX },
		[MACHINE_IN_userva] = { 0, USERVA_MAX },
	};
	for (unsigned i = 0; i < MACHINE_INPUTS; i++) {
		if ((given & 1u << i) != 0)
			value[i] = number[i];
		if (value[i] >= bound[i].low && value[i] <= bound[i].high)
			continue;
		*wrong = i;
		snprintf(message, message_size,
		         "a machine cannot have %s=%" PRIu64 ": it is %" PRIu64 " to %" PRIu64,
		         ops_table[OP_MACHINE].input[i].key, value[i], bound[i].low, bound[i].high);
		return false;
	}
	if (value[MACHINE_IN_userva] != 0 &&
	    (value[MACHINE_IN_userva] < USERVA_MIN ||
	     value[MACHINE_IN_layout] != VMM_LAYOUT_NT32_3GB)) {
		*wrong = MACHINE_IN_userva;
		snprintf(message, message_size,
		         "`userva` is %d to %d (MiB), and for layout=nt32-3gb alone", USERVA_MIN,
		         USERVA_MAX);
		return false;
	}
	*machine = (struct machine){ .layout = (uint32_t)value[MACHINE_IN_layout],
		                     .frames = (uint32_t)value[MACHINE_IN_frames],
		                     .pagefile = (uint32_t)value[MACHINE_IN_pagefile],
		                     .cpus = (uint32_t)value[MACHINE_IN_cpus],
		                     .seed = value[MACHINE_IN_seed],
		                     .userva = (uint32_t)value[MACHINE_IN_userva] };
	return true;
}

/* ---- The program ----------------------------------------------------------- */

void program_init(struct program *program)
{
	*program = (struct program){ .machine = machine_default() };
}

void program_clear(struct program *program)
{
	program->machine = machine_default();
	program->count = 0;
	program->name_count = 0;
	program->bytes_count = 0;
}

void program_destroy(struct program *program)
{
	free(program->op);
	free(program->bytes);
	program_init(program);
}

struct op *program_append(struct program *program)
{
	program->op = memory_grow(program->op, &program->capacity, program->count + 1,
	                          sizeof *program->op);
	struct op *op = &program->op[program->count++];
	memset(op, 0, sizeof *op);
	return op;
}

void program_reserve(struct program *program, size_t count, size_t bytes)
{
	if (count > program->capacity) {
		program->op = memory_resize(program->op, count * sizeof *program->op);
		program->capacity = count;
	}
	if (bytes > program->bytes_capacity) {
		program->bytes = memory_resize(program->bytes, bytes);
		program->bytes_capacity = bytes;
	}
}

uint32_t program_add_bytes(struct program *program, const uint8_t *bytes, size_t count)
{
	if (count > UINT32_MAX - program->bytes_count)
		memory_exhausted(); /* a place is 32 bits; no file comes near */
	uint32_t place = (uint32_t)program->bytes_count;
	if (count == 0)
		return place;
	program->bytes = memory_grow(program->bytes, &program->bytes_capacity, place + count, 1);
	memcpy(program->bytes + place, bytes, count);
	program->bytes_count += count;
	return place;
}
