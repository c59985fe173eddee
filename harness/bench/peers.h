/* peers.h: the other sides. Each function gives a side ready to be measured.
 *
 * Packages are opened at run time (dlopen), so the program builds with gcc alone;
 * a side whose package is not there has no run, and its row says so. */
#ifndef PEERS_H
#define PEERS_H

#include "bench.h"

/* ---- peer_stlb.c: the plainest software TLB there can be, in this program ---- */
struct bench_side peer_stlb_hit(uint64_t pages);
struct bench_side peer_stlb_next(uint64_t pages);
struct bench_side peer_stlb_refill(uint64_t pages);

/* ---- peer_kernel.c: the operating system's own calls --------------------------- */
struct bench_side peer_kernel_cycle(void);         /* mmap, mprotect, munmap; 64 KiB */
struct bench_side peer_kernel_map_unmap(void);     /* mmap, munmap; 64 KiB */
struct bench_side peer_kernel_cycle_touched(void); /* with 16 pages touched, protected */
struct bench_side peer_kernel_protect(void);       /* 16 resident pages, to and fro */
/* Faults, a page each. `drop`: giving the pages back is timed, too. */
struct bench_side peer_kernel_fault(uint64_t pages, bool drop);
struct bench_side peer_kernel_sigsegv(void);
/* Makes so many other mappings stay, or as many as the system allows. */
uint32_t peer_kernel_live(uint32_t count);

/* ---- peer_unicorn.c: Unicorn as a guest memory manager ------------------------- */
struct bench_side peer_unicorn_read(void);      /* uc_mem_read, 8 bytes */
struct bench_side peer_unicorn_guest(void);     /* a load of the emulated program */
struct bench_side peer_unicorn_map_unmap(void); /* 64 KiB */
struct bench_side peer_unicorn_protect(void);   /* 64 KiB */

/* ---- peer_malloc.c: pages from an allocator ------------------------------------ */
enum peer_malloc { PEER_TCMALLOC, PEER_MIMALLOC };
struct bench_side peer_malloc_pair(enum peer_malloc which);
struct bench_side peer_malloc_batch(enum peer_malloc which); /* of PEER_BATCH */
enum { PEER_BATCH = 512 };
/* Taken by one thread, freed by the other. */
struct bench_side peer_malloc_remote(enum peer_malloc which);

/* ---- peer_table.c: a lock-free hash table, liburcu's --------------------------- */
struct bench_side peer_table_find(uint64_t keys);

/* ---- peer_tree.c: a balanced binary tree of ranges, in this program ------------ */
void peer_tree_build(uint64_t count, uint64_t base, uint64_t stride);
struct bench_side peer_tree_random(void);
struct bench_side peer_tree_local(void);

#endif
