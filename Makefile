# Everything below happens in .venv, which is made on first use and again when a lock has changed.
# A machine needs Python >= 3.11, make and git; nothing is installed outside this folder. Node.js for
# the plugins' tools comes from a wheel in requirements-dev.lock, whatever the machine has.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HUBSPOT_CARDS := integrations/hubspot/plugin/src/app/cards
SALESFORCE_PLUGIN := integrations/salesforce/plugin
CLIENTS := tests/clients/hubspot tests/clients/salesforce
# Finds .venv's own node and npm before the machine's.
TOOLS := PATH="$(CURDIR)/$(BIN):$$PATH"
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
# Tests in parallel: `make test JOBS=1` runs them one by one.
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test test-live test-plugins test-plugin-hubspot test-plugin-salesforce test-plugin-pages clients plugins quick lint types imports crash bench lock docs wheel ci clean

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Watch customers leave well, in both CRMs; about a minute.
	$(BIN)/aurevoir demo

test: $(READY) ## Run every test; browser tests only where there is a Chromium.
	$(TOOLS) $(BIN)/python -m pytest -q -n $(JOBS)

test-live: $(READY) ## Run the adapters' suite in a test portal and a test org, where AUREVOIR_LIVE_... has credentials.
	$(BIN)/python -m pytest -q -rs --live tests/contract/crm

test-plugins: test-plugin-salesforce test-plugin-hubspot test-plugin-pages ## Check both plugins; gets Node.js by itself.

test-plugin-hubspot: $(READY) $(HUBSPOT_CARDS)/node_modules/.ready ## Check HubSpot's cards: types, style, every state, fields, scopes.
	$(TOOLS) npm --prefix $(HUBSPOT_CARDS) run check
	$(BIN)/python -m pytest -q tests/plugins/test_hubspot_*.py

test-plugin-salesforce: $(READY) $(SALESFORCE_PLUGIN)/node_modules/.ready ## Check Salesforce's cards, and its metadata in every file.
	$(TOOLS) npm --prefix $(SALESFORCE_PLUGIN) run check
	$(TOOLS) AUREVOIR_PLUGINS=required $(BIN)/python -m pytest -q tests/plugins/test_salesforce_*.py

test-plugin-pages: $(READY) $(HUBSPOT_CARDS)/node_modules/.ready ## Check the card on the sandbox's pages; with axe where there is a Chromium.
	$(BIN)/python -m pytest -q tests/sandbox/test_card.py tests/plugins/test_preview.py

clients: $(CLIENTS:%=%/node_modules/.ready) ## Get other people's clients of both CRMs, for the tests that drive the sandbox with them.

plugins: $(READY) ## Write both plugins' fields and words again, from the default mapping.
	$(BIN)/python -m tools.salesforce_plugin
	$(BIN)/python -m tools.hubspot_plugin

quick: $(READY) ## Run the tests that take no time.
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not slow and not browser"

lint: $(READY) ## Hold the code against the rules of style.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## Check the types.
	$(BIN)/mypy

imports: $(READY) ## Check who may import whom, and the other rules of the house.
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/architecture

crash: $(READY) ## Crash at every named point, restart, and count what the CRM holds.
	$(BIN)/python -m tests.faults.crash

bench: $(READY) ## Measure 1,000 departures in each CRM: calls, seconds, memory.
	$(BIN)/python -m benchmarks.departures

lock: $(READY) ## Pin the newest versions of everything, with their hashes.
	rm -f requirements*.lock
	$(BIN)/pip-compile --extra postgresql --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --extra dev --extra postgresql --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml
	$(BIN)/pip-compile --only-build-deps --build-deps-for wheel --constraint requirements-dev.lock \
		--output-file requirements-build.lock pyproject.toml

docs: $(READY) ## Write again what is made from the code: mapping keys, commands, pictures.
	$(BIN)/python -m mappings.reference > docs/mapping.md
	$(BIN)/python -m mappings.law > docs/consent.md
	$(BIN)/python -m sync.cli.reference > docs/commands.md
	$(BIN)/python -m docs.images.make

wheel: $(READY) ## Build a wheel into dist/.
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

ci: ## Do everything that .ci/run does.
	bash .ci/run

clean: ## Remove everything that was made.
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $@

$(LOCKED): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Aurevoir needs Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV); this takes a minute or two, once."
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement requirements-dev.lock
	@touch $@

%/node_modules/.ready: %/package-lock.json | $(LOCKED)
	$(TOOLS) npm --prefix $* ci --ignore-scripts --no-audit --no-fund
	@touch $@
