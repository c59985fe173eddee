# make bench: libvmm beside its peers (docs/PERFORMANCE.md). ROWS= names parts of
# the rows that are wanted, as in ROWS=protect/range_find; nothing: all. Part of no test.
#   BENCH_SAMPLES=15   samples of each side of a row     BENCH_CPU=  where to run
ROWS ?=

# Aligned, since where a loop of ten instructions lies moves its time.
$(eval $(call compiled,bench,$(CC),-O3 -g -falign-functions=64 -falign-loops=64))

# No folder of harness/ is linked in: it would only be in the way of a profile.
build/bench-vmm: $(call objects,bench,$(wildcard harness/bench/*.c) $(CORE))
	@$(SAY) "  LD $@"; $(CC) -O3 -g $^ -pthread -ldl -o $@

.PHONY: bench
bench:
	@ci/setup bench || echo "make bench: goes on without the peers that are missing" >&2
	@$(MAKE) -s build/bench-vmm
	@ci/bench "$(ROWS)"
