# make stress: real threads on one machine (harness/stress/), checked while they run
# and at rest. STRESS_SECONDS, STRESS_SEED.
#
#   build/stress              gcc, no sanitizer: as quick as can be
#   build/stress-tsan         TSan, the whole program
#   build/stress-tsan-canary  the same with every release of the core made relaxed:
#                             TSan must report a race
STRESS_SECONDS ?= 10
STRESS_SEED ?= 1
STRESS := $(wildcard harness/stress/*.c) $(CORE)

build/stress: $(call objects,release,$(STRESS))
	@$(SAY) "  LD $@"; $(CC) $(OPT) -g $^ -pthread -o $@

build/stress-tsan: $(call objects,tsan,$(STRESS))
	@$(SAY) "  LD $@"; $(CLANG) -g $(call sanitized,tsan) $^ -pthread -o $@

relaxed := -Wno-builtin-macro-redefined -U__ATOMIC_RELEASE -D__ATOMIC_RELEASE=__ATOMIC_RELAXED
$(eval $(call compiled,tsan-canary,$(CLANG),-O1 -g $(call sanitized,tsan) $(relaxed)))

build/stress-tsan-canary: $(call objects,tsan-canary,$(STRESS))
	@$(SAY) "  LD $@"; $(CLANG) -g $(call sanitized,tsan) $^ -pthread -o $@

.PHONY: stress
stress: build/stress
	@build/stress $(STRESS_SECONDS) $(STRESS_SEED)
