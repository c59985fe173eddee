# make stats: how fast a campaign is beside a loop over the same bytes, and where its
# time goes. Part of no test. STATS_SECONDS=30 is the length of the campaign.
STATS_SECONDS ?= 30
BYTE_LOOP := build/fuzz/harness/bench/floor/byte_loop.o
# An engine refuses a target whose coverage it cannot see.
GUIDED += harness/bench/floor/byte_loop.c

build/byte-loop: $(BYTE_LOOP)
	@$(SAY) "  LD $@"; $(CLANG) -g $(SANITIZE) -fsanitize=fuzzer $^ -o $@

# The whole of a fuzz target but what it does.
build/byte-loop-programs: $(BYTE_LOOP) build/fuzz/harness/engine/libfuzzer.o \
		$(call objects,fuzz,$(HARNESS) $(CORE))
	@$(SAY) "  LD $@"; $(CLANG) -g $(SANITIZE) -fsanitize=fuzzer $^ -o $@

.PHONY: stats
stats: setup
	@$(MAKE) -s build/faultline build/fuzz-ops build/byte-loop build/byte-loop-programs
	@ci/stats $(STATS_SECONDS)
