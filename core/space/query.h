/* query.h: the run of equal pages, for the service and for inspection. */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include "process.h"

/* Fills everything but io->address from rules Q2 to Q7; address is at most HIGH. */
void query_run(const struct vmm *vm, const struct process *process, uint64_t address,
               struct vmm_query *io);

#endif
