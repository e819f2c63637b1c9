# Every target sets up what it needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DOCS_READY := $(VENV)/.ready-docs
FIGURES := $(patsubst w2s_theory/experiments/figures/figure%.py,%,\
	$(wildcard w2s_theory/experiments/figures/figure[0-9]*.py))
PROFILE ?= quick
RUNS ?= 200
MODE ?= quick
COUNT ?= 60
SDIST ?= tests/docs tests/commands tests/regression tests/ledger
SEED ?= 0
# The first Python of at least 3.11 on the path; `make PYTHON=...` overrides.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && { echo $$p; break; }; done)

# Installs the package with one of its optional groups.
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--constraint constraints.txt --editable '.[$(1)]' || { \
	echo "make: installing failed; is the package registry within reach?" >&2; exit 1; }

FAST := tests/certify tests/ledger tests/text tests/commands
# Installs the package into build/NAME with the versions that pip's options ask for, tests it, and
# says which versions they were.
against = $(PYTHON) -m venv --clear build/$(1) && build/$(1)/bin/python -m pip install --quiet \
	--disable-pip-version-check $(2) --editable '.[files,site]' pytest-xdist && \
	build/$(1)/bin/python -m pytest -q -p no:cacheprovider -n auto $(FAST) && \
	build/$(1)/bin/python -m pytest -q -p no:cacheprovider -n auto checks --mutants without && \
	build/$(1)/bin/python -m pip --disable-pip-version-check freeze --exclude-editable

.PHONY: help checks test slow mutants lowest newest wheel power mutate evidence fuzz lint format types formal audit docs site browser figures latex tables regenerate clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ]; then \
		echo "make: Python 3.11 or newer is needed and none was found; install it or set PYTHON=" >&2; \
		exit 1; fi
	@echo "make: installing into $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { echo "make: $(PYTHON) has no working venv module" >&2; exit 1; }
	@$(call install,dev)
	@touch $@

$(DOCS_READY): $(READY)
	@echo "make: installing what the documentation needs"
	@$(call install,docs)
	@touch $@

checks: $(READY) ## the theorem regression: pytest checks/ (PROFILE=quick or full)
	@echo "make: theorem regression, $(PROFILE) profile"
	@$(BIN)/python -m pytest checks/ -n auto --profile $(PROFILE) --junitxml=checks-report.xml

power: $(READY) ## how often the sampled checks fail in RUNS runs, from SEED on (docs/evidence.md)
	@mkdir -p build
	@$(BIN)/python -m benchmarks.power --runs $(RUNS) --seed $(SEED) --json build/power.json

mutants: $(READY) ## only the mutants: the checks must refute every one
	@$(BIN)/python -m pytest checks/ --mutants only

# A file in one process: what its tests share is made once.
test: $(READY) ## the tests of the code: pytest tests/, and the examples in docstrings
	@echo "make: tests of the code"
	@$(BIN)/python -m pytest tests/ w2s_theory/ --doctest-modules -n auto --dist loadfile -q

slow: $(READY) ## tests that start other runs, kill them, carry out recipes, or take long
	@W2S_SLOW=1 $(BIN)/python -m pytest tests/ -m slow -n auto -q

lowest: ## the fast tests with the lowest versions that pyproject.toml declares
	@$(call against,$@,--constraint constraints-lowest.txt)

newest: ## the fast tests with the newest versions that there are
	@$(call against,$@,--upgrade)

wheel: ## build wheel and sdist, and use them away from the tree (SDIST= for what of its tests)
	@bash tests/wheel.sh $(PYTHON) $(SDIST)

fuzz: $(READY) ## the parser on 10^6 random texts, the printers on 10^5 (half an hour)
	@$(BIN)/python -m tests.text.fuzz hostile 1000000
	@$(BIN)/python -m tests.text.fuzz round-trip 100000

mutate: $(READY) ## mutants of the code: a sample against the nearest tests (COUNT=60 SEED=0)
	@mkdir -p build
	@$(BIN)/python -m tests.mutate --count $(COUNT) --seed $(SEED) --minutes 9 \
		--json build/code-mutants.json

evidence: $(READY) ## rewrite the tables of docs/evidence.md from what the targets above left
	@$(BIN)/python -m benchmarks.evidence_tables

lint: $(READY) ## ruff check and format check; the arrows between the rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo --no-cache

format: $(READY) ## format the sources
	@$(BIN)/ruff format .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

formal: $(READY) ## build the Coq proofs, collect their axioms, compare with the ledger
	@$(MAKE) --no-print-directory -C proofs/coq all correspondence test \
		PYTHON=$(abspath $(BIN))/python

audit: $(READY) ## the constants against the audit that is kept
	@$(BIN)/w2s audit --against audit.json

# Always from nothing: what is kept from the last build would keep its warnings to itself.
docs: $(DOCS_READY) ## build documentation and site into build/docs; any warning fails
	@rm -rf docs/api build/docs
	@mkdir -p build
	@$(BIN)/python -m sphinx -W --keep-going -n -q docs build/docs
	@$(BIN)/python -m proofs.steps build/proof-steps.json
	@$(BIN)/w2s export html --out build/docs/theory --docs .. --steps build/proof-steps.json \
		$$(ls build/figures/figure*.[ps][nv]g >/dev/null 2>&1 && echo --figures build/figures)
	@echo "make: the documentation is in build/docs/index.html, the site in build/docs/theory"

figures: $(READY) ## draw the figures into build/figures (MODE=quick or full)
	@mkdir -p build
	@for n in $(FIGURES); do for format in pdf svg; do \
		store=$$([[ $$n == [2-6] ]] && echo --store build/results.db); \
		$(BIN)/w2s figure $$n --$(MODE) --format $$format --out build/figures $$store \
		|| exit 1; done; done

latex: figures ## export the report with its figures and compile it; any warning fails
	@bash tests/export/compile.sh build/figures

site: docs ## build them and open the site of the theory
	@$(BIN)/python -m webbrowser -t "file://$(abspath build/docs/theory/index.html)" || true

browser: docs ## the site and the documentation in a real browser (Chromium of the system)
	@$(BIN)/python -m pytest -q tests/export/browser.py
	@$(BIN)/python -m pytest -q tests/docs/built.py

tables: $(READY) ## rewrite the tables of simulations in the documents; costs what build/ lacks
	@mkdir -p build
	@$(BIN)/python -m benchmarks.simulation_tables --store build/results.db

# Through build/: a failure leaves what is kept as it was.
regenerate: $(READY) ## rewrite audit.json, docs/audit.md and the figures of the documents (minutes)
	@mkdir -p build/kept
	@$(BIN)/w2s audit --json >build/kept/audit.json
	@$(BIN)/w2s audit --markdown >build/kept/audit.md
	@$(BIN)/w2s figure 2 --full --format svg --out build/kept --store build/results.db
	@$(BIN)/w2s figure 7 --full --format svg --out build/kept
	@$(BIN)/python benchmarks/spectra_accuracy.py build/kept/spectra-accuracy.png
	@cp build/kept/audit.json audit.json
	@cp build/kept/audit.md docs/audit.md
	@cp build/kept/figure[27].svg build/kept/figure2-fits.csv build/kept/spectra-accuracy.png docs/figures/

clean: ## remove the virtual environment and everything built
	@rm -rf $(VENV) build docs/api *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@$(MAKE) --no-print-directory -C proofs/coq clean
