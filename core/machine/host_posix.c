/* host_posix.c: a host that takes memory from anonymous mappings. They are
 * zeroed, and physical only where touched, so that a machine may be laid out for
 * its worst case. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#include "../vmm.h"

#include <sched.h>
#include <sys/mman.h>

static void *posix_map(void *context, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)context;
	return memory == MAP_FAILED ? NULL : memory;
}

static void posix_unmap(void *context, void *memory, size_t size)
{
	(void)context;
	(void)munmap(memory, size);
}

/* Waits are short (a batch, a few PTEs), so the first turns spin; then the other
 * CPU's thread may want this one's processor. */
static void posix_wait(void *context, unsigned cpu, unsigned other, unsigned point, uint64_t turn)
{
	enum { SPINS = 64 };

	(void)context;
	(void)cpu;
	(void)other;
	(void)point;
	if (turn >= SPINS)
		(void)sched_yield();
#if defined __x86_64__ || defined __i386__
	else
		__builtin_ia32_pause();
#endif
}

const struct vmm_host vmm_host_posix = {
	.context = NULL, .map = posix_map, .unmap = posix_unmap, .wait = posix_wait
};
