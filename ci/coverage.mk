# coverage.mk: what of the core the corpus reaches, by lines and branches, and with
# KEPT=build/corpus/ops what the inputs of campaigns reach beside it.
KEPT ?=
$(eval $(call compiled,coverage,$(CLANG),-O0 -g -fprofile-instr-generate -fcoverage-mapping))

build/faultline-coverage: $(call objects,coverage,$(CLI) $(HARNESS) $(CORE))
	@$(SAY) "  LD $@"; $(CLANG) -g -fprofile-instr-generate $^ -o $@

$(eval $(call compiled,schedule-coverage,$(CLANG),-O0 -g -DVMM_MODEL -fprofile-instr-generate \
	-fcoverage-mapping))

build/faultline-schedule-coverage: $(call objects,schedule-coverage,$(SCHEDULED_CLI) $(SCHEDULED))
	@$(SAY) "  LD $@"; $(CLANG) -g -fprofile-instr-generate $^ -o $@

.PHONY: coverage
coverage: setup build/faultline-coverage build/faultline-schedule-coverage
	@ci/coverage $(KEPT)
