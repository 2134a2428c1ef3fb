# Everything you do with this repository starts here. `make` lists it.

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Passed on to the program behind a target: make test ARGS="-k ledger"
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.dev node_modules/.stamp ## install what is needed to run, check and test, in .venv and node_modules

.PHONY: demo
demo: .venv/.runtime ## run a shop, askfirst and a simulated WhatsApp, to try it
	$(BIN)/askfirst demo --product examples/shop $(ARGS)

.PHONY: check
check: setup ## formatting, lint, types, architecture, sizes, SQL, texts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	npx --no-install tsc -p .
	$(BIN)/lint-imports
	$(BIN)/python scripts/size_check.py
	$(BIN)/python scripts/house_check.py
	$(BIN)/python scripts/shard_check.py
	$(BIN)/python scripts/text_check.py
	$(BIN)/python scripts/house_picture.py --check

.PHONY: test
test: setup ## all tests; installs PostgreSQL and Chromium if it may
	scripts/system_packages.sh test
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile $(ARGS)

.PHONY: promise
promise: setup ## the promise at full size: races of 5,000 decisions a backend, 50 kills, every step of every task
	scripts/system_packages.sh test
	ASKFIRST_TEST_FULL=1 $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile $(ARGS) tests/promise

.PHONY: dryrun
dryrun: setup ## hold check to the gateway's verdicts over ten million pairs; other pairs: ASKFIRST_DRY_RUN_SEED=7 make dryrun
	ASKFIRST_DRY_RUN_PAIRS=$${ASKFIRST_DRY_RUN_PAIRS:-10000000} $(BIN)/python -m pytest -q --timeout=0 tests/properties/test_dry_run.py

.PHONY: fix
fix: setup ## format, and repair what the linter can repair
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: lock
lock: ## write requirements/*.txt anew (needs uv); newer versions: make lock ARGS=--upgrade
	for name in runtime dev; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile --quiet --no-config --universal \
	    --python-version 3.11 --generate-hashes $(ARGS) \
	    --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done

.PHONY: bench
bench: setup ## measure the hot paths on this machine: make bench ARGS="check --seconds 10"
	scripts/system_packages.sh bench
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: tour
tour: .venv/.runtime ## play the story of a refused send, a yes, a send and a STOP, step by step
	$(BIN)/askfirst tour $(ARGS)

.PHONY: products
products: setup ## run the real n8n against askfirst and a simulated WhatsApp (from the npm registry, 3 GB)
	scripts/system_packages.sh test
	$(BIN)/python examples/products/real_n8n.py build/n8n

.PHONY: bare
bare: ## prove both commands on a minimal Debian, in a folder: make bare ROOT=/tmp/bare (needs root and debootstrap)
	scripts/bare_machine.sh $(ROOT)

.PHONY: clean
clean: ## remove what these targets have made; a ledger in var/ stays
	rm -rf .venv node_modules build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	  .hypothesis .schemathesis test-results bench-results
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps, so that the demo does not wait for the test tools. Where the lock has not changed, neither needs a network.
.venv/.runtime: requirements/runtime.txt pyproject.toml
	PYTHON=$(PYTHON) scripts/system_packages.sh venv
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(PIP) check
	touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

# Only checks and tests need it: the elements are served as they are written.
node_modules/.stamp: package-lock.json
	scripts/system_packages.sh node
	npm ci --no-audit --no-fund
	touch $@
