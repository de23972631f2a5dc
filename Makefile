# Profiles of the embedded scenarios, by the names that people know. Everything is written to
# `target/profile`; nothing in the plans changes.
#
#   make profile            the shipped plan: cache probe and scaling series, judged
#   make profile-daily      50 assets by the day        (also -hourly, -minute)
#   make profile-all        every scenario in examples/plans
#   make profile-compare    the faulty backtest against its mended twin, function by function
#
# BUILD= is a build without optimisation; OPTIONS=--adaptive spares the sizes that would tell nothing new.

BUILD = --release
OPTIONS =
OUT = target/profile
TOOL = cargo run --quiet --locked $(BUILD) --bin
PLANS = $(notdir $(basename $(wildcard examples/plans/*.json)))

.PHONY: profile profile-daily profile-hourly profile-minute profile-all profile-compare $(PLANS:%=scenario-%)

profile:
	$(TOOL) superlinear -- all --plan profiling_plan.json --into $(OUT)/shipped $(OPTIONS)

profile-daily: scenario-daily

profile-hourly: scenario-hourly

profile-minute: scenario-minute

profile-all: $(PLANS:%=scenario-%)

$(PLANS:%=scenario-%): scenario-%:
	$(TOOL) superlinear -- all --plan examples/plans/$*.json --into $(OUT)/$* $(OPTIONS)

# BEFORE and AFTER name other folders of profiles, or of plans that were run.
BEFORE = $(OUT)/before
AFTER = $(OUT)/after

profile-compare:
	@if [ "$(BEFORE)" = "$(OUT)/before" ]; then \
	    $(TOOL) runner -- --plan examples/compare/before.json --into $(BEFORE) --all && \
	    $(TOOL) runner -- --plan examples/compare/after.json --into $(AFTER) --all; \
	fi
	$(TOOL) analyzer -- --before $(BEFORE) --after $(AFTER) --format text
