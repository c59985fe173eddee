/* layout.c: the address layouts. */
#include "layout.h"

#define MIB UINT64_C(0x100000)
#define EDGE UINT64_C(0x10000) /* the no-access 64 KiB at either end */

bool layout_of(const struct vmm_config *config, struct layout *layout)
{
	uint64_t end = 0; /* of user space, upper edge included */

	if (config->user_mib != 0 &&
	    (config->layout != VMM_LAYOUT_NT32_3GB || config->user_mib < 2048 ||
	     config->user_mib > 3072))
		return false;
	layout->low = EDGE;
	layout->wide = false;
	switch (config->layout) {
	case VMM_LAYOUT_NT32:
		end = 2048 * MIB;
		break;
	case VMM_LAYOUT_NT32_3GB:
		end = (config->user_mib != 0 ? config->user_mib : 3072) * MIB;
		break;
	case VMM_LAYOUT_NT64:
		end = UINT64_C(1) << 47;
		layout->wide = true;
		break;
	case VMM_LAYOUT_NT64_8TB:
		end = UINT64_C(1) << 43;
		layout->wide = true;
		break;
	case VMM_LAYOUT_XP_IA64:
		end = UINT64_C(0x6FC00000000);
		layout->wide = true;
		break;
	case VMM_LAYOUT_WIN9X:
		/* The low 4 MB belong to DOS; there is no upper edge below the arena. */
		layout->low = 4 * MIB;
		layout->high = 2048 * MIB - 1;
		return true;
	}
	if (end == 0)
		return false;
	layout->high = end - EDGE - 1;
	return true;
}
