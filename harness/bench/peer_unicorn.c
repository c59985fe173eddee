/* peer_unicorn.c: Unicorn as a guest memory manager, and the load of a program
 * that it emulates (QEMU's software TLB, inline in translated code).
 *
 * The numbers below are those of Unicorn 2's headers, which are part of its ABI;
 * the library is opened at run time. */
#include "peers.h"
#include "stream.h"

#include <dlfcn.h>
#include <string.h>

enum { ARCH_X86 = 4, MODE_64 = 8, PROT_R = 1, PROT_W = 2, PROT_RWX = 7 };
enum { REG_RCX = 38, REG_RSI = 43 };

#define REGION UINT64_C(0x10000)
#define BASE UINT64_C(0x10000000)
#define CODE UINT64_C(0x1000000)
#define SPARE UINT64_C(0x20000000)

static struct {
	int (*open)(int arch, int mode, void **engine);
	int (*mem_map)(void *engine, uint64_t address, size_t size, uint32_t protect);
	int (*mem_unmap)(void *engine, uint64_t address, size_t size);
	int (*mem_protect)(void *engine, uint64_t address, size_t size, uint32_t protect);
	int (*mem_read)(void *engine, uint64_t address, void *bytes, size_t size);
	int (*mem_write)(void *engine, uint64_t address, const void *bytes, size_t size);
	int (*reg_write)(void *engine, int number, const void *value);
	int (*emu_start)(void *engine, uint64_t begin, uint64_t until, uint64_t timeout,
	                 size_t count);
} uc;

/* ISO C has no cast from a data pointer to a function's; POSIX says that the
 * bytes are the same. */
static bool find(void *library, const char *name, void *function)
{
	void *symbol = dlsym(library, name);

	memcpy(function, &symbol, sizeof symbol);
	return symbol != NULL;
}

static bool find_all(void *library)
{
	return find(library, "uc_open", &uc.open) && find(library, "uc_mem_map", &uc.mem_map) &&
	       find(library, "uc_mem_unmap", &uc.mem_unmap) &&
	       find(library, "uc_mem_protect", &uc.mem_protect) &&
	       find(library, "uc_mem_read", &uc.mem_read) &&
	       find(library, "uc_mem_write", &uc.mem_write) &&
	       find(library, "uc_reg_write", &uc.reg_write) &&
	       find(library, "uc_emu_start", &uc.emu_start);
}

/* The one engine, with one region that stays; NULL: Unicorn is not there. */
static void *engine_of(void)
{
	static void *engine;
	static bool tried;
	void *library;

	if (tried)
		return engine;
	tried = true;
	library = dlopen("libunicorn.so.2", RTLD_NOW | RTLD_LOCAL);
	if (library == NULL || !find_all(library))
		return NULL;
	bench_must(uc.open(ARCH_X86, MODE_64, &engine) == 0, "uc_open");
	bench_must(uc.mem_map(engine, BASE, REGION, PROT_R | PROT_W) == 0, "uc_mem_map");
	return engine;
}

static struct bench_side side(const char *what, void (*run)(void *context, uint64_t count))
{
	void *engine = engine_of();

	return (struct bench_side){ .what = what, .run = engine == NULL ? NULL : run,
		                    .context = engine };
}

static void read8(void *context, uint64_t count)
{
	static uint64_t stream = STREAM_SEED;
	uint64_t value, state = stream, sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = BASE + (stream_next(&state) & (REGION - 8) & ~UINT64_C(7));

		bench_must(uc.mem_read(context, at, &value, sizeof value) == 0, "uc_mem_read");
		sum += value;
	}
	stream = state;
	bench_keep(sum);
}

struct bench_side peer_unicorn_read(void)
{
	return side("Unicorn uc_mem_read", read8);
}

static void map_unmap(void *context, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		bench_must(uc.mem_map(context, SPARE, REGION, PROT_R | PROT_W) == 0, "uc_mem_map");
		bench_must(uc.mem_unmap(context, SPARE, REGION) == 0, "uc_mem_unmap");
	}
}

struct bench_side peer_unicorn_map_unmap(void)
{
	return side("Unicorn map, unmap", map_unmap);
}

static void flip(void *context, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		bench_must(uc.mem_protect(context, BASE, REGION,
		                          (i & 1) != 0 ? PROT_R | PROT_W : PROT_R) == 0,
		           "uc_mem_protect");
	bench_must(uc.mem_protect(context, BASE, REGION, PROT_R | PROT_W) == 0, "uc_mem_protect");
}

struct bench_side peer_unicorn_protect(void)
{
	return side("Unicorn uc_mem_protect", flip);
}

/* ---- A program that loads -------------------------------------------------------- */

/* 16 times mov rax, [rsi + 8 * i]; add rsi, 128; and rsi, 0x1000ff80, which stays
 * in the region; dec rcx; jnz to the start. Returns the length. */
static uint64_t write_program(void *engine)
{
	static const uint8_t tail[] = { 0x48, 0x81, 0xc6, 0x80, 0x00, 0x00, 0x00, 0x48, 0x81,
		                        0xe6, 0x80, 0xff, 0x00, 0x10, 0x48, 0xff, 0xc9, 0x75 };
	uint8_t code[128];
	unsigned length = 0;

	for (unsigned i = 0; i < 16; i++) {
		const uint8_t load[4] = { 0x48, 0x8b, 0x46, (uint8_t)(i * 8) };

		memcpy(code + length, load, sizeof load);
		length += (unsigned)sizeof load;
	}
	memcpy(code + length, tail, sizeof tail);
	length += (unsigned)sizeof tail;
	code[length] = (uint8_t)(0x100 - (length + 1));
	length++;
	bench_must(uc.mem_write(engine, CODE, code, length) == 0, "uc_mem_write");
	return length;
}

static uint64_t program_length;

static void emulate(void *context, uint64_t count)
{
	uint64_t rounds = count / 16 + 1, from = BASE;

	bench_must(uc.reg_write(context, REG_RCX, &rounds) == 0, "uc_reg_write");
	bench_must(uc.reg_write(context, REG_RSI, &from) == 0, "uc_reg_write");
	bench_must(uc.emu_start(context, CODE, CODE + program_length, 0, 0) == 0, "uc_emu_start");
}

struct bench_side peer_unicorn_guest(void)
{
	struct bench_side guest = side("Unicorn, emulated load", emulate);

	if (guest.run == NULL || program_length != 0)
		return guest;
	bench_must(uc.mem_map(guest.context, CODE, 0x1000, PROT_RWX) == 0, "uc_mem_map");
	program_length = write_program(guest.context);
	return guest;
}
