/* stack.h: the index free list that every CPU pops and pushes, with a tag in its
 * head or, as the well-known mistake has it, without. */
#ifndef STACK_H
#define STACK_H

#include "../../core/atomic.h"

enum { STACK_NODES = 4, STACK_NONE = 0xff };

struct stack {
	struct atomic64 head; /* tag << 8 | index */
	struct atomic64 next[STACK_NODES];
	bool tagged;
	/* How a compare-and-swap that fails reads the head. */
	enum atomic_order failure;
};

/* Node 0 on top, then 1, 2, ... */
static inline void stack_reset(struct stack *stack, bool tagged)
{
	stack->head.raw = 0;
	for (unsigned i = 0; i < STACK_NODES; i++)
		stack->next[i].raw = i + 1 < STACK_NODES ? i + 1 : STACK_NONE;
	stack->tagged = tagged;
	stack->failure = ORDER_ACQUIRE;
}

static inline uint64_t stack_head(const struct stack *stack, uint64_t before, uint64_t index)
{
	return (stack->tagged ? (before >> 8) + 1 : 0) << 8 | index;
}

static inline bool stack_cas(struct stack *stack, uint64_t *before, uint64_t index)
{
	return model_cas(&stack->head.raw, sizeof stack->head.raw, before,
	                 stack_head(stack, *before, index), ORDER_ACQ_REL, stack->failure);
}

/* STACK_NONE: it is empty. */
static inline uint64_t stack_pop(struct stack *stack)
{
	uint64_t before = atomic64_load_acquire(&stack->head);

	while ((before & 0xff) != STACK_NONE) {
		uint64_t next = atomic64_load_relaxed(&stack->next[before & 0xff]);
		uint64_t index = before & 0xff;

		if (stack_cas(stack, &before, next))
			return index;
	}
	return STACK_NONE;
}

static inline void stack_push(struct stack *stack, uint64_t index)
{
	uint64_t before = atomic64_load_acquire(&stack->head);

	do
		atomic64_store_relaxed(&stack->next[index], before & 0xff);
	while (!stack_cas(stack, &before, index));
}

/* Of the nodes on the stack as it lies in memory a bit each; 0: it does not end. */
static inline uint64_t stack_nodes(const struct stack *stack)
{
	uint64_t index = stack->head.raw & 0xff;
	uint64_t nodes = 0;

	for (; index != STACK_NONE; index = stack->next[index].raw) {
		if (index >= STACK_NODES || (nodes >> index & 1) != 0)
			return 0;
		nodes |= UINT64_C(1) << index;
	}
	return nodes;
}

#endif
