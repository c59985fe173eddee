/* layout.h: where user space lies in each layout (rule group 15). */
#ifndef CORE_LAYOUT_H
#define CORE_LAYOUT_H

#include "../base.h"

struct layout {
	uint64_t low;  /* the lowest address that can be allocated */
	uint64_t high; /* HIGH: the last byte below the upper no-access edge */
	bool wide;     /* 64-bit addresses: zero_bits above 31 are a mask (A1) */
};

/* False: user_mib is out of range, or given for a layout without one. */
bool layout_of(const struct vmm_config *config, struct layout *layout);

#endif
