/* step.c: see step.h. */
#include "step.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../core/inspect.h"
#include "../../core/translate/batch.h"
#include "../../harness/model/model.h"

void step_run(unsigned cpu, const struct step *step)
{
	struct done *done = &stage.done[cpu][stage.ended[cpu]];

	model_operation();
	done->called = model_now();
	step->run(cpu, step, done);
	done->returned = model_now();
	stage.ended[cpu]++;
}

void set_up(unsigned cpu, struct step step, vmm_status status)
{
	struct done done = { .status = VMM_SUCCESS };

	step.run(cpu, &step, &done);
	if (done.status == status)
		return;
	fprintf(stderr, "a set-up step at %#llx is %s\n", (unsigned long long)step.at,
	        vmm_status_name(done.status));
	abort();
}

void step_give_back(void)
{
	const struct step give = GIVE();

	for (unsigned i = 0; i < stage.vm->config.cpus; i++) {
		charge_give(stage.vm, i, stage.charged[i]);
		while (stage.frames[i] != 0)
			step_give(i, &give, NULL);
	}
}

static vmm_process process_of(unsigned cpu)
{
	return stage.vm->cpu[cpu].process->number;
}

/* ---- Accesses ------------------------------------------------------------------------ */

void step_store(unsigned cpu, const struct step *step, struct done *done)
{
	done->status = vmm_store(vmm_cpu(stage.vm, cpu), step->at, (unsigned)step->count,
	                         VMM_MODE_USER, VMM_IRQL_PASSIVE, step->what);
}

void step_load(unsigned cpu, const struct step *step, struct done *done)
{
	done->status = vmm_load(vmm_cpu(stage.vm, cpu), step->at, 1, VMM_MODE_USER,
	                        VMM_IRQL_PASSIVE, &done->value);
}

void step_load_both(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_cpu *self = vmm_cpu(stage.vm, cpu);
	uint8_t first = 0, second = 0;

	vmm_access_begin(self);
	done->status = vmm_load_u8(self, step->at, &first);
	if (done->status == VMM_SUCCESS)
		done->status = vmm_load_u8(self, step->what, &second);
	vmm_access_end(self);
	done->value = (uint64_t)second << 8 | first;
}

void step_store_then_load(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_cpu *self = vmm_cpu(stage.vm, cpu);
	uint8_t value = 0;

	vmm_access_begin(self);
	done->status = vmm_store_u8(self, step->at, (uint8_t)step->count);
	if (done->status == VMM_SUCCESS)
		done->status = vmm_load_u8(self, step->what, &value);
	vmm_access_end(self);
	done->value = value;
}

/* ---- Services -------------------------------------------------------------------------- */

static void allocate(unsigned cpu, const struct step *step, struct done *done, uint32_t type,
                     uint32_t protect)
{
	struct vmm_allocate io = { .base = step->at,
		                   .size = step->count * VMM_PAGE_SIZE,
		                   .type = type,
		                   .protect = protect };

	done->status = vmm_allocate(stage.vm, cpu, process_of(cpu), VMM_CURRENT_PROCESS, &io);
	done->value = io.base;
}

void step_reserve(unsigned cpu, const struct step *step, struct done *done)
{
	allocate(cpu, step, done, VMM_MEM_RESERVE | (uint32_t)step->what, VMM_PAGE_READWRITE);
}

void step_commit(unsigned cpu, const struct step *step, struct done *done)
{
	allocate(cpu, step, done, VMM_MEM_COMMIT, (uint32_t)step->what);
}

void step_free(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_free io = { .base = step->at,
		               .size = step->count * VMM_PAGE_SIZE,
		               .type = (uint32_t)step->what };

	done->status = vmm_free(stage.vm, cpu, process_of(cpu), VMM_CURRENT_PROCESS, &io);
	done->value = io.size;
}

void step_protect(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_protect io = { .base = step->at,
		                  .size = step->count * VMM_PAGE_SIZE,
		                  .protect = (uint32_t)step->what };

	done->status = vmm_protect(stage.vm, cpu, process_of(cpu), VMM_CURRENT_PROCESS, &io);
	done->value = io.old;
}

void step_query(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_query io = { .address = step->at };

	done->status = vmm_query(stage.vm, cpu, process_of(cpu), VMM_CURRENT_PROCESS, &io);
	done->value = page_of(io.size) << 32 | io.state << 12 | io.protect;
}

void step_get_watch(unsigned cpu, const struct step *step, struct done *done)
{
	uint64_t pages[8];
	struct vmm_get_write_watch io = { .base = step->at,
		                          .size = step->count * VMM_PAGE_SIZE,
		                          .reset = step->what,
		                          .count = sizeof pages / sizeof pages[0],
		                          .pages = pages };

	done->status =
		vmm_get_write_watch(stage.vm, cpu, process_of(cpu), VMM_CURRENT_PROCESS, &io);
	for (uint64_t i = 0; done->status == VMM_SUCCESS && i < io.count; i++)
		done->value |= UINT64_C(1) << page_of(pages[i] - step->at);
}

void step_create(unsigned cpu, const struct step *step, struct done *done)
{
	vmm_process process = 0;

	(void)step;
	done->status = vmm_create_process(stage.vm, cpu, process_of(cpu), &process);
	done->value = process;
}

void step_attach(unsigned cpu, const struct step *step, struct done *done)
{
	done->status = vmm_attach(vmm_cpu(stage.vm, cpu), (vmm_process)step->what);
}

void step_exit(unsigned cpu, const struct step *step, struct done *done)
{
	done->status = vmm_terminate_process(stage.vm, cpu, (vmm_process)step->what,
	                                     VMM_CURRENT_PROCESS);
}

/* ---- Stack and charge ------------------------------------------------------------------- */

/* What an index names, which the pop must find as the push left it. */
static void push(unsigned cpu, uint32_t index)
{
	struct atomic64 *word = &stage.word[index];

	atomic64_store_relaxed(word, atomic64_load_relaxed(word) + 1);
	stack_push(&stage.stack, stage.link, cpu, index);
}

void step_push(unsigned cpu, const struct step *step, struct done *done)
{
	(void)done;
	push(cpu, (uint32_t)step->what);
}

void step_push_back(unsigned cpu, const struct step *step, struct done *done)
{
	(void)step;
	done->value = stage.pops[cpu];
	if (stage.pops[cpu] != 0)
		push(cpu, stage.popped[cpu][0]);
}

void step_pop(unsigned cpu, const struct step *step, struct done *done)
{
	uint32_t index;

	(void)step;
	done->value = UINT64_MAX;
	if (!stack_pop(&stage.stack, stage.link, cpu, &index))
		return;
	stage.popped[cpu][stage.pops[cpu]++] = index;
	done->value = 10 * atomic64_load_relaxed(&stage.word[index]) + index;
}

void step_charge(unsigned cpu, const struct step *step, struct done *done)
{
	done->value = charge_take(stage.vm, cpu, step->count);
	stage.charged[cpu] += done->value == 0 ? 0 : step->count;
}

void step_uncharge(unsigned cpu, const struct step *step, struct done *done)
{
	(void)done;
	charge_give(stage.vm, cpu, step->count);
	stage.charged[cpu] -= step->count;
}

/* ---- Gate --------------------------------------------------------------------------------- */

static uint64_t count_word(unsigned word)
{
	uint64_t value = atomic64_load_relaxed(&stage.word[word]);

	atomic64_store_relaxed(&stage.word[word], value + 1);
	return value;
}

void step_inside(unsigned cpu, const struct step *step, struct done *done)
{
	(void)step;
	gate_enter(stage.vm, cpu);
	done->value = count_word(cpu);
	done->value += 10 * atomic64_load_relaxed(&stage.word[2]);
	done->value += 100 * atomic64_load_relaxed(&stage.word[3]);
	gate_leave(stage.vm, cpu);
}

void step_closed(unsigned cpu, const struct step *step, struct done *done)
{
	(void)step;
	gate_close(stage.vm, cpu);
	for (unsigned i = 0; i < STAGE_WORDS; i++)
		done->value = 10 * done->value + count_word(i);
	gate_open(stage.vm, cpu);
}

/* ---- Frames and tables ---------------------------------------------------------------------- */

void step_take(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_cpu *self = vmm_cpu(stage.vm, cpu);
	frame_t frame;

	(void)step;
	vmm_access_begin(self);
	frame = frame_pool_take(stage.vm, cpu);
	done->value = frame != FRAME_NONE;
	if (frame != FRAME_NONE) {
		(void)frame_activate(&stage.vm->frames, frame, frame_owner(0, frame));
		stage.frame[cpu][stage.frames[cpu]++] = frame;
	}
	vmm_access_end(self);
}

void step_give(unsigned cpu, const struct step *step, struct done *done)
{
	struct vmm_cpu *self = vmm_cpu(stage.vm, cpu);
	frame_t frame;

	(void)step;
	(void)done;
	if (stage.frames[cpu] == 0)
		return;
	vmm_access_begin(self);
	frame = stage.frame[cpu][--stage.frames[cpu]];
	frame_deactivate(&stage.vm->frames, frame);
	frame_pool_give(stage.vm, cpu, frame);
	vmm_access_end(self);
}

void step_prune(unsigned cpu, const struct step *step, struct done *done)
{
	(void)step;
	(void)done;
	gate_close(stage.vm, cpu);
	pagetable_prune(stage.vm, cpu);
	gate_open(stage.vm, cpu);
}
