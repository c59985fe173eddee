/* check.c: one function an invariant. relaxed throughout: nothing runs. */
#include "check.h"

#include <string.h>

#include "inspect.h"
#include "space/pages.h"
#include "vm.h"

/* ---- Walking what the invariants speak of ---------------------------------------- */

static pte_t pte_of(const struct vmm *vm, const struct process *process, uint64_t page)
{
	const struct atomic64 *slot = pagetable_find(&vm->tables, process->root, page);

	return slot == NULL ? PTE_ZERO : atomic64_load_relaxed(slot);
}

/* Every PTE of a process, anywhere below 2^36. */
static struct pagetable_walk walk_all(const struct vmm *vm, const struct process *process)
{
	return pagetable_walk(&vm->tables, process->root, 0, (UINT64_C(1) << PAGE_BITS_MAX) - 1);
}

/* Calls check for every PTE of every living process; false as soon as one is. */
static bool every_pte(const struct vmm *vm,
                      bool (*check)(const struct vmm *vm, const struct process *process,
                                    uint64_t page, pte_t pte))
{
	for (uint32_t i = 0; i < vm->process_count; i++) {
		const struct process *process = &vm->process[i];
		struct pagetable_walk walk = walk_all(vm, process);
		struct atomic64 *slot;
		uint64_t page;

		while (process_lives(process) && pagetable_walk_next(&walk, &page, &slot))
			if (!check(vm, process, page, atomic64_load_relaxed(slot)))
				return false;
	}
	return true;
}

/* ---- Ranges ---------------------------------------------------------------------- */

static bool ranges_of_process(const struct vmm *vm, const struct process *process, uint32_t *count)
{
	uint64_t lowest = page_of(vm->layout.low);
	const struct range *range = range_at_or_above(&vm->ranges, &process->tree, 0);

	while (range != NULL) {
		if (range->first < lowest || range->last < range->first ||
		    range->last > page_of(vm->layout.high))
			return false;
		(*count)++;
		lowest = range->last + 1;
		range = range_at_or_above(&vm->ranges, &process->tree, lowest);
	}
	return true;
}

static bool inv_01_ranges_are_disjoint(const struct vmm *vm)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < vm->process_count; i++)
		if (process_lives(&vm->process[i]) && !ranges_of_process(vm, &vm->process[i], &count))
			return false;
	return count == vm->ranges.range_used;
}

/* One node against its entry in the parent, and its entries against the ranges. */
static bool node_describes_itself(const struct vmm *vm, const struct range_node *node,
                                  const struct range_node *parent, uint32_t i)
{
	uint64_t gap = 0;

	if (node->count == 0 || node->count > vm->ranges.entries)
		return false;
	for (uint32_t k = 0; k < node->count; k++) {
		const struct range *range = &vm->ranges.range[node->child[k]];
		uint64_t before = k == 0 ? 0 : range_gap(node->last[k - 1], node->first[k]);
		uint64_t inside = node->leaf ? 0 : node->gap[k];

		if (node->leaf && (range->first != node->first[k] || range->last != node->last[k]))
			return false;
		gap = before > gap ? before : gap;
		gap = inside > gap ? inside : gap;
	}
	return parent == NULL ||
	       (parent->first[i] == node->first[0] &&
	        parent->last[i] == node->last[node->count - 1] && parent->gap[i] == gap);
}

/* Every node of a tree, depth first, without recursion. */
static bool tree_describes_itself(const struct vmm *vm, const struct range_tree *tree,
                                  uint32_t *nodes)
{
	uint32_t node[NODE_DEPTH_MAX], next[NODE_DEPTH_MAX];
	uint32_t level = 0;

	if (tree->depth == 0)
		return true;
	node[0] = tree->root;
	next[0] = 0;
	(*nodes)++;
	if (!node_describes_itself(vm, &vm->ranges.node[tree->root], NULL, 0))
		return false;
	for (;;) {
		const struct range_node *here = &vm->ranges.node[node[level]];

		if (here->leaf != (level + 1 == tree->depth))
			return false;
		if (here->leaf || next[level] == here->count) {
			if (level == 0)
				return true;
			level--;
			continue;
		}
		uint32_t i = next[level]++;

		(*nodes)++;
		if (!node_describes_itself(vm, &vm->ranges.node[here->child[i]], here, i))
			return false;
		level++;
		node[level] = here->child[i];
		next[level] = 0;
	}
}

static bool inv_02_tree_describes_itself(const struct vmm *vm)
{
	uint32_t nodes = 0;

	for (uint32_t i = 0; i < vm->process_count; i++)
		if (process_lives(&vm->process[i]) &&
		    !tree_describes_itself(vm, &vm->process[i].tree, &nodes))
			return false;
	return nodes == vm->ranges.node_used;
}

/* ---- Committed pages --------------------------------------------------------------- */

static bool pte_is_reserved(const struct vmm *vm, const struct process *process, uint64_t page,
                            pte_t pte)
{
	const struct range *range = range_find(&vm->ranges, &process->tree, page);

	return range != NULL && (range->flags & (RANGE_PLACEHOLDER | RANGE_PHYSICAL)) == 0 &&
	       ((range->flags & RANGE_WRITE_WATCH) != 0) == ((pte & PTE_WATCH) != 0);
}

static bool inv_03_committed_is_reserved(const struct vmm *vm)
{
	return every_pte(vm, pte_is_reserved);
}

/* Every range counts its own, and together they are what is charged. */
static bool inv_04_charge_is_counted(const struct vmm *vm)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < vm->process_count; i++) {
		const struct process *process = &vm->process[i];
		const struct range *range = NULL;

		if (process_lives(process))
			range = range_at_or_above(&vm->ranges, &process->tree, 0);
		while (range != NULL) {
			if (pages_committed(vm, process, range->first, range->last) !=
			    range->committed)
				return false;
			total += range->committed;
			range = range_at_or_above(&vm->ranges, &process->tree, range->last + 1);
		}
	}
	return total == charge_total(vm);
}

/* ---- Frames ------------------------------------------------------------------------ */

struct census {
	const struct vmm *vm;
	bool sound; /* every listed frame was in the free state */
	uint32_t listed;
};

static void visit_free(void *context, frame_t frame)
{
	struct census *census = context;

	census->listed++;
	if (frame_state(&census->vm->frames, frame) == FRAME_ACTIVE)
		census->sound = false;
}

/* A frame on two lists makes the lists longer than the states that are not active. */
static bool inv_05_frames_are_conserved(const struct vmm *vm)
{
	struct census census = { vm, true, 0 };
	uint32_t free_listed = frame_pool_count(vm, visit_free, &census);
	uint32_t used = (uint32_t)atomic64_load_relaxed(&vm->pool.fresh_frame);
	uint32_t active = 0;

	for (frame_t frame = 0; frame < used; frame++)
		active += frame_state(&vm->frames, frame) == FRAME_ACTIVE;
	return census.sound && free_listed + active == vm->frames.count;
}

static bool inv_10_zeroed_frames_are_zero(const struct vmm *vm)
{
	static const uint8_t zeros[VMM_PAGE_SIZE];
	uint32_t used = (uint32_t)atomic64_load_relaxed(&vm->pool.fresh_frame);

	for (frame_t frame = 0; frame < used; frame++)
		if (frame_state(&vm->frames, frame) == FRAME_ZEROED &&
		    memcmp(frame_bytes(&vm->frames, frame), zeros, sizeof zeros) != 0)
			return false;
	return true;
}

static bool pte_owns_its_frame(const struct vmm *vm, const struct process *process, uint64_t page,
                               pte_t pte)
{
	frame_t frame = pte_frame(pte);

	if (!pte_has_frame(pte))
		return frame == 0;
	return frame < vm->frames.count &&
	       frame_is_owned(&vm->frames, frame, frame_owner(process->number, page));
}

/* The owner is one page, so two PTEs cannot share a frame. That no active frame
 * is without a PTE follows from the count. */
static bool inv_06_frames_have_one_owner(const struct vmm *vm)
{
	uint32_t active = 0, mapped = 0;

	if (!every_pte(vm, pte_owns_its_frame))
		return false;
	for (frame_t frame = 0; frame < (frame_t)atomic64_load_relaxed(&vm->pool.fresh_frame); frame++)
		active += frame_state(&vm->frames, frame) == FRAME_ACTIVE;
	for (uint32_t i = 0; i < vm->process_count; i++) {
		const struct process *process = &vm->process[i];
		struct pagetable_walk walk = walk_all(vm, process);
		struct atomic64 *slot;
		uint64_t page;

		while (process_lives(process) && pagetable_walk_next(&walk, &page, &slot))
			mapped += pte_has_frame(atomic64_load_relaxed(slot));
	}
	return active == mapped;
}

/* ---- TLBs and tables ----------------------------------------------------------------- */

static bool entry_agrees(const struct vmm *vm, const struct vmm_cpu *cpu, uint64_t entry)
{
	pte_t pte = process_lives(cpu->process)
	                    ? pte_of(vm, cpu->process, entry >> TLB_TAG_SHIFT)
	                    : PTE_ZERO;
	uint64_t rights = entry & (TLB_R | TLB_W | TLB_X | TLB_U);

	return pte_kind(pte) == PTE_VALID &&
	       (entry >> TLB_FRAME_SHIFT & 0xFFFFFF) == pte_frame(pte) &&
	       (rights & ~tlb_rights(pte)) == 0;
}

static bool inv_07_tlb_agrees_with_ptes(const struct vmm *vm)
{
	for (uint32_t i = 0; i < vm->config.cpus; i++) {
		const struct vmm_cpu *cpu = &vm->cpu[i];

		if (atomic64_load_relaxed(cpu->head.generation) !=
		    atomic64_load_relaxed(&cpu->head.seen))
			continue; /* it will apply the records before it uses an entry */
		for (uint64_t set = 0; set <= cpu->head.tlb_mask; set++) {
			uint64_t entry = atomic64_load_relaxed(&cpu->head.tlb[set]);

			if (entry != 0 && !entry_agrees(vm, cpu, entry))
				return false;
		}
	}
	return true;
}

static bool lines_are_noted(const struct tables *tables, uint32_t table)
{
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		if (atomic64_load_relaxed(&tables->table[table].entry[i]) != 0 &&
		    (atomic64_load_relaxed(&tables->lines[table]) >> i / 8 & 1) == 0)
			return false;
	return true;
}

static bool inv_08_tables_are_reached(const struct vmm *vm)
{
	uint32_t fresh = (uint32_t)atomic64_load_relaxed(&vm->tables.fresh), reached = 0;

	for (uint32_t table = 1; table < fresh; table++)
		if (!lines_are_noted(&vm->tables, table))
			return false;
	for (uint32_t i = 0; i < vm->process_count; i++)
		if (process_lives(&vm->process[i]))
			reached += pagetable_count(&vm->tables, vm->process[i].root);
	return reached == atomic64_load_relaxed(&vm->tables.used);
}

static bool pte_is_well_formed(const struct vmm *vm, const struct process *process, uint64_t page,
                               pte_t pte)
{
	(void)vm;
	(void)process;
	(void)page;
	if ((pte & PTE_BUSY) != 0)
		return false;
	if (pte_kind(pte) == PTE_VALID && ((pte & PTE_GUARD) != 0 || pte_rights(pte) == 0))
		return false;
	if ((pte & PTE_MARK) != 0 && (pte & PTE_WATCH) == 0)
		return false;
	return pte_has_frame(pte) || (pte & (PTE_DIRTY | PTE_MARK)) == 0;
}

static bool inv_09_ptes_are_well_formed(const struct vmm *vm)
{
	return every_pte(vm, pte_is_well_formed);
}

/* ---- All of them ------------------------------------------------------------------------ */

/* The table's two digits make the names; a 1 before them keeps 08 from being
 * read as octal. */
#define INVARIANT_VALUE(number) (1##number - 100)

unsigned vmm_check(const struct vmm *vm)
{
#define INVARIANT(number, name, sentence)                                                        \
	if (!inv_##number##_##name(vm))                                                          \
		return INVARIANT_VALUE(number);
#include "invariants.def"
#undef INVARIANT
	return 0;
}

const char *vmm_invariant_text(unsigned number)
{
	switch (number) {
#define INVARIANT(number, name, sentence)                                                        \
	case INVARIANT_VALUE(number):                                                            \
		return "INV-" #number " " #name ": " sentence;
#include "invariants.def"
#undef INVARIANT
	default:
		return NULL;
	}
}
