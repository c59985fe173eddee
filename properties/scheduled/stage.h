/* stage.h: the machine on which scenarios play: tiny, made once in a process and
 * reset before each execution, so that its words lie where they lay before. Pages
 * have short names; the stage remembers what the steps of a scenario gave. */
#ifndef STAGE_H
#define STAGE_H

#include "../../core/vm.h"

enum { STAGE_CPUS = 3, STAGE_STEPS = 3, STAGE_WORDS = 4, STAGE_LINKS = 4, STAGE_FRAMES = 32, STAGE_PAGEFILE = 16 };

/* Page n of the region that most scenarios use, and of one far away, under page
 * tables of its own. */
#define PAGE(n) (UINT64_C(0x100000) + (uint64_t)(n) * VMM_PAGE_SIZE)
#define FAR(n) (UINT64_C(0x7000100000) + (uint64_t)(n) * VMM_PAGE_SIZE)

/* What a step of a scenario came to. */
struct done {
	vmm_status status;
	uint64_t value;
	uint64_t called, returned; /* model_now */
};

struct stage {
	struct vmm *vm;
	struct done done[STAGE_CPUS][STAGE_STEPS];
	unsigned ended[STAGE_CPUS]; /* steps */
	/* What module steps hold or work on. */
	frame_t frame[STAGE_CPUS][STAGE_FRAMES];
	unsigned frames[STAGE_CPUS];
	uint64_t charged[STAGE_CPUS];
	uint32_t popped[STAGE_CPUS][STAGE_STEPS];
	unsigned pops[STAGE_CPUS];
	struct stack stack;
	struct atomic32 link[STAGE_LINKS];
	struct atomic64 word[STAGE_WORDS];
};

extern struct stage stage;

/* Once in a process. */
void stage_open(unsigned cpus);
/* The machine as it was made, nothing done. After an execution that was given up in
 * its middle there is no way back. */
void stage_reset(void);
/* Forgets what set-up steps have done. */
void stage_curtain(void);
/* Plain data that CPUs hand over, for the state cut-off. */
uint64_t stage_state(void *context);
/* All that programs can see of the machine at rest. */
uint64_t stage_digest(void);

#endif
