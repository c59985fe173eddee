/* stack.h: a lock-free stack of indices (Treiber 1986). The links stand in an
 * array beside the things; a link of 0 is the end, k is index k-1. The head
 * carries a tag that every change advances, so that a CAS cannot mistake a top
 * that left and came back for one that stayed (ABA): a pop would have to sleep
 * through as many changes as there are tags, and find the same top.
 *
 *   may run beside   push   pop   (of other CPUs)
 *   push, pop         yes   yes */
#ifndef CORE_STACK_H
#define CORE_STACK_H

#include "../atomic.h"

/* Few tags in the model, so that a search gets round them; and all stacks start
 * just before the first one again. */
#ifdef VMM_MODEL
#define STACK_TAGS UINT64_C(16)
#else
#define STACK_TAGS (UINT64_C(1) << 32)
#endif

struct stack {
	struct atomic64 head; /* tag in the high half; the top's index, plus one, in the low */
};

static inline void stack_reset(struct stack *stack)
{
	/* relaxed: reset runs alone, the caller orders it. */
	atomic64_store_relaxed(&stack->head, (STACK_TAGS - 1) << 32);
}

static inline uint64_t stack_next_head(uint64_t head, uint32_t top)
{
	return (((head >> 32) + 1) & (STACK_TAGS - 1)) << 32 | top;
}

/* False: the stack is empty. */
static inline bool stack_pop(struct stack *stack, struct atomic32 *link, unsigned cpu,
                             uint32_t *index)
{
	/* acquire: pairs with the CAS of stack_push; without it the link, and what
	 * the index names, could be read as they were before the push. */
	uint64_t head = atomic64_load_acquire(&stack->head);

	for (;;) {
		uint32_t top = (uint32_t)head;

		if (top == 0)
			return false;
		/* relaxed: a stale link is caught by the tag in the CAS. */
		uint32_t next = atomic32_load_relaxed(&link[top - 1]);

		VMM_POINT(cpu, STACK_BEFORE_CAS);
		/* A failed CAS reads the new head with acquire: the link below it is
		 * read afresh, and must not be older than that head. The release half
		 * hands on what the pushes below published (a release sequence would do,
		 * if every change were an RMW; this says so without counting on it). */
		if (atomic64_cas_acq_rel(&stack->head, &head, stack_next_head(head, next))) {
			*index = top - 1;
			return true;
		}
	}
}

static inline void stack_push(struct stack *stack, struct atomic32 *link, unsigned cpu,
                              uint32_t index)
{
	/* relaxed: only the word is needed; what it names is not looked into. */
	uint64_t head = atomic64_load_relaxed(&stack->head);

	do {
		atomic32_store_relaxed(&link[index], (uint32_t)head);
		VMM_POINT(cpu, STACK_BEFORE_CAS);
		/* release half: publishes the link and what the index names to
		 * stack_pop; without it a pop hands out a magazine with old contents. */
	} while (!atomic64_cas_acq_rel(&stack->head, &head, stack_next_head(head, index + 1)));
}

/* The top's index, plus one; 0: empty. For inspection at rest. */
static inline uint32_t stack_top(const struct stack *stack)
{
	return (uint32_t)atomic64_load_relaxed(&stack->head);
}

#endif
