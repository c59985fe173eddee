/* digest.h: the observable state of a machine in one number, to tell two runs of
 * a program apart, and the operation after which they parted. */
#ifndef DIGEST_H
#define DIGEST_H

#include "../../core/vmm.h"

/* Regions, pages, contents, guards, marks, charge and processes. Which page is
 * resident is no part of it. */
uint64_t digest_state(const struct vmm *vm);

/* FNV-1a, a word a step. */
static inline uint64_t digest_mix(uint64_t hash, uint64_t word)
{
	return (hash ^ word) * UINT64_C(0x100000001B3);
}

#define DIGEST_START UINT64_C(0xCBF29CE484222325)

#endif
