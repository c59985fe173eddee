/* peer_kernel.c: the kernel's memory manager. Its calls change real page tables
 * and isolate processes, which libvmm's do not: a scale, not a contest. Regions
 * stand at fixed places far from the kernel's own choices. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, MAP_FIXED_NOREPLACE, madvise */
#include "peers.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 0x1000, REGION = 16 * PAGE, STRIDE = 2 * REGION, SEGV_PAGES = 256 };
/* Mappings left to everybody else in the process; sigsegv makes one a page. */
enum { SPARE_MAPPINGS = 2000 };

#define PLAYGROUND ((char *)UINT64_C(0x100000000000))
#define LIVE ((char *)UINT64_C(0x120000000000))

static void map(char *at, size_t size, int protect)
{
	bench_must(mmap(at, size, protect,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
	                0) == at,
	           "mmap");
}

static void protect(char *at, size_t size, int protection)
{
	bench_must(mprotect(at, size, protection) == 0, "mprotect");
}

static void unmap(char *at, size_t size)
{
	bench_must(munmap(at, size) == 0, "munmap");
}

static void touch(char *at, size_t size)
{
	for (size_t i = 0; i < size; i += PAGE)
		*(volatile char *)(at + i) = 1;
}

/* A region of 4 KiB pages that stays, each side its own. */
static char *region(size_t size)
{
	static char *next = PLAYGROUND + (UINT64_C(1) << 32);
	char *at = next;

	next += size + STRIDE;
	map(at, size, PROT_READ | PROT_WRITE);
	(void)madvise(at, size, MADV_NOHUGEPAGE);
	return at;
}

/* ---- Reserve, commit, free ------------------------------------------------------- */

static void cycle(void *context, uint64_t count)
{
	(void)context;
	for (uint64_t i = 0; i < count; i++) {
		map(PLAYGROUND, REGION, PROT_NONE);
		protect(PLAYGROUND, REGION, PROT_READ | PROT_WRITE);
		unmap(PLAYGROUND, REGION);
	}
}

struct bench_side peer_kernel_cycle(void)
{
	return (struct bench_side){ .what = "mmap, mprotect, munmap", .run = cycle };
}

static void map_unmap(void *context, uint64_t count)
{
	(void)context;
	for (uint64_t i = 0; i < count; i++) {
		map(PLAYGROUND, REGION, PROT_READ | PROT_WRITE);
		unmap(PLAYGROUND, REGION);
	}
}

struct bench_side peer_kernel_map_unmap(void)
{
	return (struct bench_side){ .what = "mmap, munmap", .run = map_unmap };
}

static void cycle_touched(void *context, uint64_t count)
{
	(void)context;
	for (uint64_t i = 0; i < count; i++) {
		map(PLAYGROUND, REGION, PROT_NONE);
		protect(PLAYGROUND, REGION, PROT_READ | PROT_WRITE);
		touch(PLAYGROUND, REGION);
		protect(PLAYGROUND, REGION, PROT_READ);
		unmap(PLAYGROUND, REGION);
	}
}

struct bench_side peer_kernel_cycle_touched(void)
{
	return (struct bench_side){ .what = "the kernel's calls", .run = cycle_touched };
}

uint32_t peer_kernel_live(uint32_t count)
{
	static uint32_t live;
	uint32_t most = 65530; /* the usual vm.max_map_count */
	FILE *file = fopen("/proc/sys/vm/max_map_count", "r");

	if (file != NULL) {
		if (fscanf(file, "%u", &most) != 1)
			most = 65530;
		(void)fclose(file);
	}
	most -= most < 2 * SPARE_MAPPINGS ? most : SPARE_MAPPINGS;
	if (count > most)
		count = most;
	for (; live < count; live++)
		map(LIVE + (size_t)live * STRIDE, REGION, PROT_READ | PROT_WRITE);
	for (; live > count; live--)
		unmap(LIVE + (size_t)(live - 1) * STRIDE, REGION);
	return live;
}

/* ---- Protect --------------------------------------------------------------------- */

static void flip(void *context, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		protect(context, REGION, (i & 1) != 0 ? PROT_READ | PROT_WRITE : PROT_READ);
}

struct bench_side peer_kernel_protect(void)
{
	char *at = region(REGION);

	touch(at, REGION);
	return (struct bench_side){ .what = "mprotect", .run = flip, .context = at };
}

/* ---- Faults ---------------------------------------------------------------------- */

struct fault {
	char *at;
	size_t size;
};

static void fault_drop(void *context)
{
	const struct fault *fault = context;

	bench_must(madvise(fault->at, fault->size, MADV_DONTNEED) == 0, "madvise");
}

static void fault_run(void *context, uint64_t count)
{
	const struct fault *fault = context;

	(void)count;
	touch(fault->at, fault->size);
}

static void fault_and_drop(void *context, uint64_t count)
{
	fault_drop(context);
	fault_run(context, count);
}

struct bench_side peer_kernel_fault(uint64_t pages, bool drop)
{
	struct fault *fault = malloc(sizeof *fault);

	bench_must(fault != NULL, "malloc");
	*fault = (struct fault){ region(pages * PAGE), pages * PAGE };
	return (struct bench_side){ .what = drop ? "MADV_DONTNEED, touch" : "touch",
		                    .prepare = drop ? NULL : fault_drop,
		                    .run = drop ? fault_and_drop : fault_run,
		                    .context = fault,
		                    .count = pages };
}

static void on_segv(int number, siginfo_t *info, void *context)
{
	char *page = (char *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1));

	(void)number;
	(void)context;
	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE) != 0)
		_exit(1);
}

static void segv_prepare(void *context)
{
	struct sigaction action = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_NODEFER };

	protect(context, SEGV_PAGES * PAGE, PROT_NONE);
	(void)sigaction(SIGSEGV, &action, NULL);
}

static void segv_run(void *context, uint64_t count)
{
	touch(context, count * PAGE);
	(void)signal(SIGSEGV, SIG_DFL);
}

struct bench_side peer_kernel_sigsegv(void)
{
	return (struct bench_side){ .what = "SIGSEGV, mprotect",
		                    .prepare = segv_prepare,
		                    .run = segv_run,
		                    .context = region(SEGV_PAGES * PAGE),
		                    .count = SEGV_PAGES };
}
