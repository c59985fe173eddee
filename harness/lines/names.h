/* names.h: what of the core lies at an address. */
#ifndef NAMES_H
#define NAMES_H

#include <stdint.h>

struct vmm;

/* Such as "cpu[].credit", without the index; "?" outside of the machine. */
const char *name_of(const struct vmm *vm, uintptr_t at);

#endif
