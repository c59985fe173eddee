# make asan, ubsan, msan, tsan: properties and corpus under one sanitizer alone,
# after its canaries have failed (ci/sanitize). Everything that is linked is
# instrumented, so the runner is properties/plain/.

SANITIZERS := asan ubsan msan tsan
sanitize_asan := -fsanitize=address
sanitize_ubsan := -fsanitize=undefined
sanitize_msan := -fsanitize=memory -fsanitize-memory-track-origins
sanitize_tsan := -fsanitize=thread
# A finding ends the process: what goes on after one can end well.
sanitized = $(sanitize_$(1)) -fno-sanitize-recover=all -fno-omit-frame-pointer

define sanitizer
$(call compiled,$(1),$(CLANG),-O1 -g $(call sanitized,$(1)) -DCLAIM_PLAIN_RUNNER)

build/$(1)/claims: $(call objects,$(1),$(PROPERTIES) properties/plain/runner.c $(HARNESS) $(CORE))
	@$$(SAY) "  LD $$@"; $$(CLANG) -g $(call sanitized,$(1)) $$^ -o $$@

build/$(1)/canary-%: build/$(1)/properties/canaries/%.o build/$(1)/properties/plain/runner.o
	@$$(SAY) "  LD $$@"; $$(CLANG) -g $(call sanitized,$(1)) $$^ -o $$@

build/$(1)/faultline: $(call objects,$(1),$(CLI) $(HARNESS) $(CORE))
	@$$(SAY) "  LD $$@"; $$(CLANG) -g $(call sanitized,$(1)) $$^ -o $$@

.PHONY: $(1)
$(1): setup
	@ci/sanitize $(1)
endef
$(foreach name,$(SANITIZERS),$(eval $(call sanitizer,$(name))))

# The canaries of ci/check-holes: Criterion, compiled as build/properties is; and one
# whose finding does not end the process.
$(eval $(call compiled,recover,$(CLANG),-O1 -g -fsanitize=undefined -fsanitize-recover=all))

build/canaries/recoverable: build/recover/properties/canaries/signed_overflow.o
	@mkdir -p $(@D); $(CLANG) -g -fsanitize=undefined $^ -lcriterion -o $@

build/canaries/%: build/check/properties/canaries/%.o
	@mkdir -p $(@D); $(CLANG) -g $(SANITIZE) $^ -lcriterion -o $@
