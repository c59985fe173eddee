/* digest.c: hashing the observable state. */
#include "digest.h"

#include "../../core/inspect.h"

/* A page that was never touched and one that holds zeros are the same. */
static uint64_t mix_page(uint64_t hash, const struct vmm *vm, uint32_t process, uint64_t page)
{
	struct vmm_page at;
	bool zero = true;

	vmm_inspect_page(vm, process, page, &at);
	hash = digest_mix(digest_mix(hash, page), at.protect + (at.watched ? 0x10000u : 0));
	for (unsigned i = 0; at.bytes != NULL && i < VMM_PAGE_SIZE; i++)
		zero &= at.bytes[i] == 0;
	for (unsigned i = 0; !zero && i < VMM_PAGE_SIZE; i++)
		hash = digest_mix(hash, at.bytes[i]);
	return hash;
}

static uint64_t mix_process(uint64_t hash, const struct vmm *vm, uint32_t process)
{
	struct vmm_query at = { .address = 0 };

	for (; at.address <= vmm_inspect_user_high(vm); at.address = at.base + at.size) {
		vmm_inspect_region(vm, process, &at);
		hash = digest_mix(digest_mix(hash, at.base), at.allocation_base);
		hash = digest_mix(digest_mix(hash, at.state), at.protect);
		hash = digest_mix(hash, at.allocation_protect);
	}
	for (uint64_t page = vmm_inspect_next_page(vm, process, 0); page != UINT64_MAX;
	     page = vmm_inspect_next_page(vm, process, page + 1))
		hash = mix_page(hash, vm, process, page);
	return hash;
}

uint64_t digest_state(const struct vmm *vm)
{
	uint64_t hash = DIGEST_START;

	for (uint32_t i = 0; i < vmm_inspect_process_count(vm); i++) {
		hash = digest_mix(hash, vmm_inspect_process_lives(vm, i));
		hash = digest_mix(hash, vmm_inspect_charge(vm, i));
		if (vmm_inspect_process_lives(vm, i))
			hash = mix_process(hash, vm, i);
	}
	return hash;
}
