/* step.h: what a CPU of a scenario does: a call of the public interface, or of one
 * module. A step is a row in a table. In a set-up the same steps are called at
 * once, by `set_up`. */
#ifndef STEP_H
#define STEP_H

#include "stage.h"

struct step {
	void (*run)(unsigned cpu, const struct step *step, struct done *done);
	uint64_t at, count, what;
};

/* Runs a step; in an execution it is one operation. */
void step_run(unsigned cpu, const struct step *step);
/* Runs it now, and ends the process when its status is another one. */
void set_up(unsigned cpu, struct step step, vmm_status status);
/* At the end, when nothing runs: what module steps hold goes back where it was. */
void step_give_back(void);

#define NONE VMM_PAGE_NOACCESS
#define RO VMM_PAGE_READONLY
#define RW VMM_PAGE_READWRITE
#define GUARDED (VMM_PAGE_READWRITE | VMM_PAGE_GUARD)

/* ---- Accesses: a byte in a batch of its own ------------------------------------------ */

#define STORE(page, value) { step_store, page, 1, value }
/* Two bytes, the last of the page before and the first of `page`. */
#define STORE_ACROSS(page, value) { step_store, (page) - 1, 2, value }
#define LOAD(page) { step_load, page, 1, 0 }
/* Two in one batch, through vmm_inline.h; value: second << 8 | first; status: of the
 * first, or else of the second. */
#define LOAD_BOTH(first, second) { step_load_both, first, 0, second }
#define STORE_THEN_LOAD(first, second, value) { step_store_then_load, first, value, second }

void step_store(unsigned cpu, const struct step *step, struct done *done);
void step_load(unsigned cpu, const struct step *step, struct done *done);
void step_load_both(unsigned cpu, const struct step *step, struct done *done);
void step_store_then_load(unsigned cpu, const struct step *step, struct done *done);

/* ---- Services, on the process in which the CPU runs ------------------------------------- */

#define RESERVE(page, pages, type) { step_reserve, page, pages, type }
#define COMMIT(page, pages, protect) { step_commit, page, pages, protect }
#define DECOMMIT(page, pages) { step_free, page, pages, VMM_MEM_DECOMMIT }
#define RELEASE(page) { step_free, page, 0, VMM_MEM_RELEASE }
#define PROTECT(page, pages, protect) { step_protect, page, pages, protect }
/* value: the size of the run in pages, its state and protection */
#define QUERY(page) { step_query, page, 0, 0 }
/* value: a bit for each marked page, from the base on */
#define GET_WATCH(page, pages) { step_get_watch, page, pages, 0 }
#define TAKE_WATCH(page, pages) { step_get_watch, page, pages, 1 }
#define CREATE() { step_create, 0, 0, 0 }
#define ATTACH(process) { step_attach, 0, 0, process }
/* Ends `process`, from outside. */
#define EXIT(process) { step_exit, 0, 0, process }

void step_reserve(unsigned cpu, const struct step *step, struct done *done);
void step_commit(unsigned cpu, const struct step *step, struct done *done);
void step_free(unsigned cpu, const struct step *step, struct done *done);
void step_protect(unsigned cpu, const struct step *step, struct done *done);
void step_query(unsigned cpu, const struct step *step, struct done *done);
void step_get_watch(unsigned cpu, const struct step *step, struct done *done);
void step_create(unsigned cpu, const struct step *step, struct done *done);
void step_attach(unsigned cpu, const struct step *step, struct done *done);
void step_exit(unsigned cpu, const struct step *step, struct done *done);

/* ---- Modules --------------------------------------------------------------------------- */

/* stack.h, over stage.link. An index names a word, which counts its pushes; value of
 * a pop: ten times that, and the index; or -1. PUSH_BACK: the index that the CPU has
 * popped first; value: how many it has. */
#define PUSH(index) { step_push, 0, 0, index }
#define PUSH_BACK() { step_push_back, 0, 0, 0 }
#define POP() { step_pop, 0, 0, 0 }
/* charge.h */
#define CHARGE(pages) { step_charge, 0, pages, 0 }
#define UNCHARGE(pages) { step_uncharge, 0, pages, 0 }
/* gate.h, guarding stage.word by relaxed loads and stores, as a lock may. Inside,
 * CPUs 0 and 1 count in words 0 and 1, and find words 2 and 3 equal; who has closed
 * counts in all four. value: words 3, 2, 1 and 0 as a number of that many digits, of
 * which one who is inside knows his own and the upper two. */
#define INSIDE() { step_inside, 0, 0, 0 }
#define CLOSED() { step_closed, 0, 0, 0 }
/* frame_pool.h, in a batch: value: whether there was one. */
#define TAKE() { step_take, 0, 0, 0 }
#define GIVE() { step_give, 0, 0, 0 }
/* pagetable.h, with the gate closed. */
#define PRUNE() { step_prune, 0, 0, 0 }

void step_push(unsigned cpu, const struct step *step, struct done *done);
void step_push_back(unsigned cpu, const struct step *step, struct done *done);
void step_pop(unsigned cpu, const struct step *step, struct done *done);
void step_charge(unsigned cpu, const struct step *step, struct done *done);
void step_uncharge(unsigned cpu, const struct step *step, struct done *done);
void step_inside(unsigned cpu, const struct step *step, struct done *done);
void step_closed(unsigned cpu, const struct step *step, struct done *done);
void step_take(unsigned cpu, const struct step *step, struct done *done);
void step_give(unsigned cpu, const struct step *step, struct done *done);
void step_prune(unsigned cpu, const struct step *step, struct done *done);

#endif
