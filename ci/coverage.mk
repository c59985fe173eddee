# coverage.mk: what of the core the corpus reaches, by lines and branches.
$(eval $(call compiled,coverage,$(CLANG),-O0 -g -fprofile-instr-generate -fcoverage-mapping))

build/faultline-coverage: $(call objects,coverage,$(CLI) $(HARNESS) $(CORE))
	@$(SAY) "  LD $@"; $(CLANG) -g -fprofile-instr-generate $^ -o $@

.PHONY: coverage
coverage: setup build/faultline-coverage
	@ci/coverage
