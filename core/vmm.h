/* vmm.h: the public interface of libvmm, a user-space virtual memory manager
 * modelled on the Windows NT memory manager.
 *
 * A machine (struct vmm) has frames of physical memory, a pagefile, CPUs and
 * processes. Services take the machine, the executing CPU, the calling process
 * and a handle to the process that is acted on, and an in/out block that is
 * left exactly as it was when the service refuses. Addresses and sizes are in
 * bytes; they are given as the caller has them, rounding is the machine's.
 *
 * Calls of different CPUs may overlap in time, and each takes place at one moment
 * between its call and its return; a CPU makes one call at a time. A service that
 * takes rights away, and an access that needs the last free frame, wait until the
 * other CPUs have ended their batches of accesses: whoever drives several CPUs
 * from one thread ends all batches first (docs/CONCURRENCY.md). Making, resetting
 * and destroying a machine overlap with nothing. Nothing is allocated after
 * vmm_create. */
#ifndef VMM_H
#define VMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Statuses ---------------------------------------------------------- */

/* An NTSTATUS: not negative is a success (NT_SUCCESS), negative a refusal or
 * a fault. */
typedef int32_t vmm_status;

enum {
#define STATUS(NAME, CODE, MEANING) VMM_##NAME = (vmm_status)CODE,
#include "status.def"
#undef STATUS
};

#define VMM_OK(status) ((status) >= 0)

/* The status's name without STATUS_, or NULL when it is none of status.def. */
const char *vmm_status_name(vmm_status status);

/* ---- Units and flags (values of the Windows headers) -------------------- */

#define VMM_PAGE_SIZE UINT64_C(0x1000)
#define VMM_GRANULARITY UINT64_C(0x10000) /* of reservations: 64 KiB */
#define VMM_LARGE_PAGE_SIZE UINT64_C(0x200000)

/* Protection of a page: one base value, and modifiers. */
#define VMM_PAGE_NOACCESS 0x001u
#define VMM_PAGE_READONLY 0x002u
#define VMM_PAGE_READWRITE 0x004u
#define VMM_PAGE_WRITECOPY 0x008u
#define VMM_PAGE_EXECUTE 0x010u
#define VMM_PAGE_EXECUTE_READ 0x020u
#define VMM_PAGE_EXECUTE_READWRITE 0x040u
#define VMM_PAGE_EXECUTE_WRITECOPY 0x080u
#define VMM_PAGE_GUARD 0x100u
#define VMM_PAGE_NOCACHE 0x200u
#define VMM_PAGE_WRITECOMBINE 0x400u

/* Types of allocation and of freeing; states and types of a region. */
#define VMM_MEM_COALESCE_PLACEHOLDERS 0x00000001u
#define VMM_MEM_PRESERVE_PLACEHOLDER 0x00000002u
#define VMM_MEM_COMMIT 0x00001000u
#define VMM_MEM_RESERVE 0x00002000u
#define VMM_MEM_DECOMMIT 0x00004000u
#define VMM_MEM_REPLACE_PLACEHOLDER 0x00004000u
#define VMM_MEM_RELEASE 0x00008000u
#define VMM_MEM_FREE 0x00010000u
#define VMM_MEM_PRIVATE 0x00020000u
#define VMM_MEM_MAPPED 0x00040000u
#define VMM_MEM_RESERVE_PLACEHOLDER 0x00040000u
#define VMM_MEM_RESET 0x00080000u
#define VMM_MEM_TOP_DOWN 0x00100000u
#define VMM_MEM_WRITE_WATCH 0x00200000u
#define VMM_MEM_PHYSICAL 0x00400000u
#define VMM_MEM_IMAGE 0x01000000u
#define VMM_MEM_RESET_UNDO 0x01000000u
#define VMM_MEM_LARGE_PAGES 0x20000000u

/* Where user space lies; docs/NT_SEMANTICS.md has the table. */
enum vmm_layout {
	VMM_LAYOUT_NT32,     /* 2 GB */
	VMM_LAYOUT_NT32_3GB, /* 3 GB, or user_mib */
	VMM_LAYOUT_NT64,     /* 128 TB */
	VMM_LAYOUT_NT64_8TB, /* 8 TB */
	VMM_LAYOUT_XP_IA64,  /* 7152 GB */
	VMM_LAYOUT_WIN9X     /* 4 MB to 2 GB; the system half is open */
};

/* ---- The machine -------------------------------------------------------- */

struct vmm;     /* a machine */
struct vmm_cpu; /* one of its CPUs; the layout of its head is vmm_inline.h's */

struct vmm_config {
	enum vmm_layout layout;
	uint32_t user_mib;      /* NT32_3GB only: user space in MiB, 2048..3072; 0 = 3072 */
	uint32_t frames;        /* physical pages, 32..2^24 */
	uint32_t pagefile;      /* pagefile pages, 0..2^24 */
	uint32_t cpus;          /* 1..VMM_CPUS_MAX */
	uint32_t processes_max; /* processes made between two resets, P0 included; 1..2^18 */
	uint32_t ranges_max;    /* allocations alive at once, 1..2^24 */
	uint32_t tlb_entries;   /* of each CPU, a power of two, 2..65536; 0 = no TLB */
	bool tiny;              /* small nodes, magazines and rings, for tests: nothing that
	                           a caller could see changes, but rare paths are common */
};

#define VMM_ANY_CPU (~0u)

/* What the machine takes from its host. Every member must be set. */
struct vmm_host {
	void *context;
	/* size bytes of zeroed memory, page aligned, or NULL; physical memory may
	 * be given lazily, since most of it is never touched. */
	void *(*map)(void *context, size_t size);
	void (*unmap)(void *context, void *memory, size_t size);
	/* CPU `cpu` cannot go on before CPU `other` (or any: VMM_ANY_CPU) has; called
	 * again and again, turn 0, 1, 2, ..., until it has. point says what for
	 * (enum vmm_point). The caller holds nothing that the other needs. */
	void (*wait)(void *context, unsigned cpu, unsigned other, unsigned point, uint64_t turn);
};

extern const struct vmm_host vmm_host_posix; /* anonymous mmap */

/* The usual machine: nt64, 256 frames, 1024 pagefile pages, 1 CPU. */
struct vmm_config vmm_config_default(void);

/* Makes a machine with one process, number 0, in which every CPU runs.
 * INVALID_PARAMETER: a member of config is out of its range; INSUFFICIENT_RESOURCES:
 * the host has no memory. *vm is set on success only. */
vmm_status vmm_create(const struct vmm_config *config, const struct vmm_host *host,
                      struct vmm **vm);

/* Back to the machine that vmm_create made, at the cost of what was touched.
 * No batch of accesses may be open. */
void vmm_reset(struct vmm *vm);
void vmm_destroy(struct vmm *vm);

/* The machine's CPU `index`, 0..cpus-1. */
struct vmm_cpu *vmm_cpu(struct vmm *vm, unsigned index);

/* ---- Processes ----------------------------------------------------------- */

typedef uint32_t vmm_process; /* a process's number, from 0 */
typedef uint64_t vmm_handle;  /* names a process for a caller */

/* NtCurrentProcess: the caller itself, with every right. It is the only handle
 * there is; any other, or a caller that was never made, is INVALID_HANDLE. */
#define VMM_CURRENT_PROCESS (~(vmm_handle)0)

/* NtCreateProcess: an empty address space; the caller is its parent.
 * PROCESS_IS_TERMINATING: the caller has exited; INSUFFICIENT_RESOURCES:
 * processes_max are there. *process is set on success only. */
vmm_status vmm_create_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                              vmm_process *process);

/* NtTerminateProcess: gives back everything that the process holds. Its
 * number stays taken, and every service on it is PROCESS_IS_TERMINATING. */
vmm_status vmm_terminate_process(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_handle handle);

/* The CPU runs in `process` from now on; its TLB is flushed when that is
 * another one. INVALID_HANDLE: no such process. */
vmm_status vmm_attach(struct vmm_cpu *cpu, vmm_process process);

/* ---- Services ------------------------------------------------------------ */

/* NtAllocateVirtualMemory(Ex). base, size: in as given, out rounded. */
struct vmm_allocate {
	uint64_t base, size;
	uint32_t type, protect;
	uint64_t zero_bits;
	uint64_t lowest, highest, align; /* 0 = no such requirement */
};
vmm_status vmm_allocate(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                        struct vmm_allocate *io);

/* NtFreeVirtualMemory. */
struct vmm_free {
	uint64_t base, size;
	uint32_t type;
};
vmm_status vmm_free(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                    struct vmm_free *io);

/* NtProtectVirtualMemory. old: the first page's protection before. */
struct vmm_protect {
	uint64_t base, size;
	uint32_t protect;
	uint32_t old;
};
vmm_status vmm_protect(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                       struct vmm_protect *io);

/* NtQueryVirtualMemory, MemoryBasicInformation. */
struct vmm_query {
	uint64_t address;         /* in */
	uint64_t base, size;      /* out: the page of address; to the end of the run */
	uint64_t allocation_base; /* 0 where free */
	uint32_t allocation_protect;
	uint32_t state;   /* VMM_MEM_COMMIT, _RESERVE or _FREE */
	uint32_t protect; /* 0 where reserved, NOACCESS where free */
	uint32_t type;    /* VMM_MEM_PRIVATE; 0 where free */
};
vmm_status vmm_query(struct vmm *vm, unsigned cpu, vmm_process caller, vmm_handle handle,
                     struct vmm_query *io);

/* NtGetWriteWatch, NtResetWriteWatch: pages of [base, base+size) stored to
 * since they were last reset, rising; reset 0 or 1; count in: room in pages[],
 * out: pages written there. */
struct vmm_get_write_watch {
	uint64_t base, size;
	uint64_t reset;
	uint64_t count;
	uint64_t *pages;
};
vmm_status vmm_get_write_watch(struct vmm *vm, unsigned cpu, vmm_process caller,
                               vmm_handle handle, struct vmm_get_write_watch *io);
struct vmm_reset_write_watch {
	uint64_t base, size;
};
vmm_status vmm_reset_write_watch(struct vmm *vm, unsigned cpu, vmm_process caller,
                                 vmm_handle handle, const struct vmm_reset_write_watch *in);

/* ---- Accesses ------------------------------------------------------------ */

enum vmm_mode { VMM_MODE_USER, VMM_MODE_KERNEL };
enum vmm_irql { VMM_IRQL_PASSIVE = 0, VMM_IRQL_APC = 1, VMM_IRQL_DISPATCH = 2 };

/* A batch: between begin and end the CPU's accesses share one fence, and a
 * shootdown by another CPU waits for the end. Keep it short; call no service
 * inside. Batches do not nest. */
void vmm_access_begin(struct vmm_cpu *cpu);
void vmm_access_end(struct vmm_cpu *cpu);

/* One access as a batch of its own. width: 1, 2, 4 or 8 bytes, little-endian.
 * A naturally aligned one is a single access; any other is its bytes, and over
 * two pages nothing happens unless both allow it. ACCESS_VIOLATION,
 * GUARD_PAGE_VIOLATION, NO_MEMORY (no frame is left), IRQL_NOT_LESS_OR_EQUAL;
 * *value is set on success only. */
vmm_status vmm_load(struct vmm_cpu *cpu, uint64_t va, unsigned width, enum vmm_mode mode,
                    enum vmm_irql irql, uint64_t *value);
vmm_status vmm_store(struct vmm_cpu *cpu, uint64_t va, unsigned width, enum vmm_mode mode,
                     enum vmm_irql irql, uint64_t value);
/* The fetch of an instruction's first byte. */
vmm_status vmm_fetch(struct vmm_cpu *cpu, uint64_t va, enum vmm_mode mode, enum vmm_irql irql);

#ifdef __cplusplus
}
#endif
#endif
