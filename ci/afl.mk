# AFL++: `make afl`. The targets of make fuzz, the mutator as a library that
# afl-fuzz loads. Only what guides is compiled by afl-clang-fast, whose runtime
# the target then has. Without sanitizers, for speed: what they see, make fuzz
# sees, and AFL_USE_ASAN=1 AFL_USE_UBSAN=1 turns them on (after make clean).
AFL_CC ?= afl-clang-fast
afl_guided = $(filter $(1),$(GUIDED))
afl_compiler = $(if $(afl_guided),AFL_QUIET=1 $(AFL_CC),$(CLANG))
$(eval $(call compiled,guided,$$(call afl_compiler,$$<),-O2 -g))
$(eval $(call compiled,shared,$(CC),$(OPT) -g -fPIC -fvisibility=hidden))
MUTATOR := $(wildcard $(addprefix harness/,$(addsuffix /*.c,program generate support))) \
	harness/engine/afl_mutator.c

link_afl = $(SAY) "  LD $@"; AFL_QUIET=1 $(AFL_CC) -g -fsanitize=fuzzer $^ -o $@
build/afl-%: build/guided/harness/targets/%.o build/guided/harness/engine/afl.o \
		$(call objects,guided,$(HARNESS) $(CORE))
	@$(link_afl)

# Targets of bytes are guided by what reads and prints, as with libFuzzer.
$(eval $(call compiled,guided-bytes,AFL_QUIET=1 $(AFL_CC),-O2 -g))
$(BYTE_TARGETS:%=build/afl-%): build/afl-%: build/guided/harness/targets/%.o \
		build/guided/harness/engine/afl.o $(call objects,guided-bytes,$(READING)) \
		$(call objects,guided,$(filter-out $(READING),$(HARNESS)) $(CORE))
	@$(link_afl)

link_mutator = $(SAY) "  LD $@"; $(CC) -g -shared -Wl,-z,defs $^ -o $@
build/faultline-mutator.so: $(call objects,shared,$(MUTATOR))
	@$(link_mutator)

# A main and a secondary, unless JOBS says otherwise.
.PHONY: afl
afl: setup
	@ENGINE=afl ci/fuzz "$(TARGET)" "$(FUZZ_SECONDS)" \
		"$(if $(filter file,$(origin JOBS)),2,$(JOBS))" "$(MUTANT)"
