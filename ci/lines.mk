# make lines: the cache lines that CPUs share, by kind of operation (harness/lines/).
# The core is compiled as for TSan, and what the compiler then calls records.
LINES := $(wildcard harness/lines/*.c) $(CORE)
seen = $(if $(filter harness/lines/record.c harness/lines/names.c,$(1)),,-fsanitize=thread)
$(eval $(call compiled,lines,$(CLANG),-O2 -g $$(call seen,$$<)))

build/shared-lines: $(call objects,lines,$(LINES))
	@$(SAY) "  LD $@"; $(CLANG) -g $^ -Wl,--wrap=memset,--wrap=memcpy,--wrap=memmove -o $@

.PHONY: lines
lines: build/shared-lines
	@build/shared-lines
