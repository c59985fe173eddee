# The builds in which CPUs are simulated (core/atomic.h, harness/model/): what they
# link is compiled as they are, harness and core too.
#
#   build/faultline-schedule   the command line tool, VMM_MODEL
#   build/fuzz-schedule, build/afl-schedule, build/replay-schedule
#                              the targets that need them, SCHEDULED_TARGETS
#   build/properties-model     properties/scheduled/, VMM_MODEL, ASan and UBSan
#   build/fibers/              as for a sanitizer alone (ci/sanitizers.mk), VMM_FIBERS
#                              and TSan; the claims are properties/fibers/

$(eval $(call compiled,schedule,$(CC),$(OPT) -g -DVMM_MODEL))
# ASan would make a second stack for each simulated CPU in each execution.
$(eval $(call compiled,model,$(CLANG),-O1 -g $(SANITIZE) -fsanitize-address-use-after-return=never \
	-DVMM_MODEL))

build/faultline-schedule: $(call objects,schedule,$(SCHEDULED_CLI) $(SCHEDULED))
	@$(SAY) "  LD $@"; $(CC) $(OPT) -g $^ -o $@

# Targets of concurrent programs. What guides is what guides the others; the mutator
# knows by VMM_MODEL that every program has to be concurrent. ASan: see above.
$(eval $(call compiled,hunt,$(CLANG),-O2 -g $(SANITIZE) -fsanitize-address-use-after-return=never \
	-DVMM_MODEL $$(call guide,$$<)))
$(eval $(call compiled,guided-hunt,$$(call afl_compiler,$$<),-O2 -g -DVMM_MODEL))
$(eval $(call compiled,shared-hunt,$(CC),$(OPT) -g -fPIC -fvisibility=hidden -DVMM_MODEL))

$(SCHEDULED_TARGETS:%=build/fuzz-%): build/fuzz-%: build/hunt/harness/targets/%.o \
		build/hunt/harness/engine/libfuzzer.o $(call objects,hunt,$(SCHEDULED))
	@$(link_fuzz)

$(SCHEDULED_TARGETS:%=build/replay-%): build/replay-%: build/schedule/harness/targets/%.o \
		build/schedule/harness/engine/replay.o $(call objects,schedule,$(SCHEDULED))
	@$(SAY) "  LD $@"; $(CC) $(OPT) -g $^ -o $@

$(SCHEDULED_TARGETS:%=build/afl-%): build/afl-%: build/guided-hunt/harness/targets/%.o \
		build/guided-hunt/harness/engine/afl.o $(call objects,guided-hunt,$(SCHEDULED))
	@$(link_afl)

build/faultline-mutator-concurrent.so: $(call objects,shared-hunt,$(MUTATOR))
	@$(link_mutator)

build/properties-model: $(call objects,model,$(wildcard properties/scheduled/*.c) $(SCHEDULED))
	@$(SAY) "  LD $@"; $(CLANG) -g $(SANITIZE) $^ -lcriterion -o $@

# The scheduler's own words, and what it counts, are written by all CPUs by turns, and
# a switch must not order what the CPUs do: to TSan they would be races. So it does not
# see them; it sees all that the CPUs do.
watched = $(if $(filter harness/model/% harness/schedule/switch_coverage.c,$(1)),-DFIBER_TSAN,$\
	$(call sanitized,tsan))
$(eval $(call compiled,fibers,$(CLANG),-O1 -g -DVMM_FIBERS -DCLAIM_PLAIN_RUNNER \
	$$(call watched,$$<)))

build/fibers/faultline: $(call objects,fibers,$(SCHEDULED_CLI) $(SCHEDULED))
	@$(SAY) "  LD $@"; $(CLANG) -g $(call sanitized,tsan) $^ -o $@

build/fibers/claims: $(call objects,fibers,$(wildcard properties/fibers/*.c) \
		properties/plain/runner.c $(SCHEDULED))
	@$(SAY) "  LD $@"; $(CLANG) -g $(call sanitized,tsan) $^ -o $@

build/fibers/canary-%: build/fibers/properties/canaries/%.o build/fibers/properties/plain/runner.o \
		$(call objects,fibers,$(SCHEDULED))
	@$(SAY) "  LD $@"; $(CLANG) -g $(call sanitized,tsan) $^ -o $@

.PHONY: fibers
fibers: setup
	@ci/sanitize fibers
