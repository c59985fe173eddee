# Faultline. `make fuzz` runs a campaign, `make test` everything; both install
# what is missing first (ci/setup). All output goes below build/.
#
#   make            libvmm, the command line tool, replay drivers (gcc alone)
#   make fuzz       FUZZ_SECONDS=60 TARGET=ops JOBS=1 MUTANT=name
#   make afl        the same with AFL++
#   make test       everything, ends with `N passed, N failed`
#   make smoke      the quick part of it
#   make pairs      every pair of verbs on two CPUs, JOBS=2
#   make scenarios  every schedule of small programs on the core: a table of counts
#   make histories  HISTORIES=1000000 random ones, JOBS=2
#   make mutants    a table of the planted bugs and what finds them
#   make asan, ubsan, msan, tsan: properties and corpus under that one
#   make stress     real threads on one machine, STRESS_SECONDS=10 (ci/stress.mk)
#   make lines      cache lines that CPUs share, by kind of operation (ci/lines.mk)
#   make coverage   what of core the corpus reaches (ci/coverage.mk)
#   make bench      libvmm beside its peers, ROWS=part/part (ci/bench.mk)
#   make stats      what a campaign's time goes into (ci/stats.mk)
#   make replay FILE=...
#   make clean      keeps build/corpus and build/findings; distclean does not

CC ?= gcc
CLANG ?= clang
FUZZ_SECONDS ?= 60
HISTORIES ?= 1000000
TARGET ?= ops
JOBS ?= 1
MUTANT ?=
PREFIX ?= /usr/local
OPT ?= -O2
# Lines of progress; `make -s` says nothing.
SAY := $(if $(findstring s,$(firstword -$(MAKEFLAGS))),:,echo)

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum -Werror
STANDARD := -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

CORE := $(wildcard core/*.c core/*/*.c)
HARNESS := $(wildcard $(addprefix harness/,$(addsuffix /*.c,program language generate run reference support)))
CLI := $(wildcard harness/cli/*.c)
# With simulated CPUs (ci/scheduled.mk); their commands are elsewhere.c in the usual build.
SCHEDULED := $(HARNESS) $(CORE) $(wildcard harness/model/*.c harness/schedule/*.c)
SCHEDULED_CLI := $(CLI) $(wildcard harness/cli/scheduled/*.c)
TARGETS := $(patsubst harness/targets/%.c,%,$(wildcard harness/targets/*.c))
# Inputs of a target are programs, unless it stands here: then they are bytes of
# any kind, which the engines mutate by themselves and campaigns keep as they are.
BYTE_TARGETS := trace
# Inputs of these are concurrent programs (ci/scheduled.mk).
SCHEDULED_TARGETS := schedule
PROPERTIES := $(wildcard properties/*.c)

.PHONY: all inputs fuzz test smoke pairs histories mutants replay properties fuzz-targets clean distclean install setup docs
.DELETE_ON_ERROR:
.SECONDARY:
all: build/libvmm.a build/faultline build/faultline-schedule $(TARGETS:%=build/replay-%)

# ---- One folder of objects for each way of compiling -------------------------
# $(1) folder, $(2) compiler, $(3) flags
define compiled
build/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@$(SAY) "  CC $(1) $$<"; $(2) $(STANDARD) $(3) -MMD -MP -c $$< -o $$@
endef
$(eval $(call compiled,release,$(CC),$(OPT) -g))
# Coverage of core and reference guides the engine; that of the harness would
# only distract it. The mutator never asks for compared values, whose tracing
# would cost two thirds of the speed.
GUIDED := $(filter-out core/check.c core/inspect.c,$(CORE)) $(wildcard harness/reference/*.c)
guide = $(if $(filter $(1),$(GUIDED)),-fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp)
$(eval $(call compiled,fuzz,$(CLANG),-O2 -g $(SANITIZE) $$(call guide,$$<)))
# Targets of bytes are guided by what reads and prints; there the engine asks for
# compared values, too.
READING := $(wildcard harness/language/*.c harness/program/*.c)
$(eval $(call compiled,bytes,$(CLANG),-O2 -g $(SANITIZE) -fsanitize=fuzzer-no-link))
$(eval $(call compiled,check,$(CLANG),-O1 -g $(SANITIZE)))
objects = $(patsubst %.c,build/$(1)/%.o,$(2))

# Tools that have a page of rules of their own.
include $(wildcard ci/*.mk)
# Not those of the trees below build/ (planted bugs, other commits), which are many.
-include $(shell find build -path build/mutants -prune -o -path build/compare -prune -o -name '*.d' -print 2>/dev/null)

build/libvmm.a: $(call objects,release,$(CORE))
	@$(SAY) "  AR $@"; rm -f $@; $(AR) rcs $@ $^

build/faultline: $(call objects,release,$(CLI) $(HARNESS)) build/libvmm.a
	@$(SAY) "  LD $@"; $(CC) $(OPT) -g $^ -o $@

build/replay-%: build/release/harness/targets/%.o build/release/harness/engine/replay.o \
		$(call objects,release,$(HARNESS)) build/libvmm.a
	@$(SAY) "  LD $@"; $(CC) $(OPT) -g $^ -o $@

link_fuzz = $(SAY) "  LD $@"; $(CLANG) -g $(SANITIZE) -fsanitize=fuzzer $^ -o $@
build/fuzz-%: build/fuzz/harness/targets/%.o build/fuzz/harness/engine/libfuzzer.o \
		$(call objects,fuzz,$(HARNESS) $(CORE))
	@$(link_fuzz)

$(BYTE_TARGETS:%=build/fuzz-%): build/fuzz-%: build/fuzz/harness/targets/%.o \
		$(call objects,bytes,$(READING)) \
		$(call objects,fuzz,$(filter-out $(READING),$(HARNESS)) $(CORE))
	@$(link_fuzz)

# Words of the trace language, for engines that mutate bytes.
build/trace.dict: build/faultline
	@$(SAY) "  $@"; build/faultline ops --dictionary > $@

build/properties: $(call objects,check,$(PROPERTIES) $(HARNESS) $(CORE))
	@$(SAY) "  LD $@"; $(CLANG) -g $(SANITIZE) $^ -lcriterion -o $@

# What the inputs of TARGET are, for scripts.
inputs:
	@echo $(if $(filter $(TARGET),$(BYTE_TARGETS)),bytes,$(if \
		$(filter $(TARGET),$(SCHEDULED_TARGETS)),concurrent,programs))

# ---- What people type ----------------------------------------------------------
setup:
	@ci/setup

fuzz: setup
	@ci/fuzz "$(TARGET)" "$(FUZZ_SECONDS)" "$(JOBS)" "$(MUTANT)"

test: setup
	@ci/test

mutants: setup
	@make -s build/faultline build/fuzz-ops
	@ci/mutants

smoke: setup
	@ci/smoke

scenarios: setup
	@make -s build/properties-model
	@ci/scenarios

histories:
	@JOBS=$(JOBS) ci/histories "$(HISTORIES)"

pairs: build/faultline build/faultline-schedule
	build/faultline pairs --jobs $(JOBS)

replay: build/faultline build/faultline-schedule
	@test -n "$(FILE)" || { echo "usage: make replay FILE=trace.vmt" >&2; exit 2; }
	build/faultline replay $(FILE)

properties: build/properties
fuzz-targets: $(TARGETS:%=build/fuzz-%)

docs: build/faultline
	build/faultline ops > docs/OPS.md

install: all
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/pkgconfig" \
		"$(DESTDIR)$(PREFIX)/include/faultline" "$(DESTDIR)$(PREFIX)/share/man/man1"
	install -m 755 build/faultline build/faultline-schedule "$(DESTDIR)$(PREFIX)/bin/"
	install -m 644 build/libvmm.a "$(DESTDIR)$(PREFIX)/lib/"
	install -m 644 core/vmm.h core/vmm_inline.h core/atomic.h core/status.def core/points.def \
		"$(DESTDIR)$(PREFIX)/include/faultline/"
	sed 's|@PREFIX@|$(PREFIX)|' ci/libvmm.pc.in > build/libvmm.pc
	install -m 644 build/libvmm.pc "$(DESTDIR)$(PREFIX)/lib/pkgconfig/"
	install -m 644 docs/faultline.1 "$(DESTDIR)$(PREFIX)/share/man/man1/"

clean:
	@test ! -d build || find build -mindepth 1 -maxdepth 1 ! -name corpus ! -name findings \
		-exec rm -rf {} +

distclean:
	rm -rf build
