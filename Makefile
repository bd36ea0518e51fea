# Every verb sets up its own environment once; all it needs is Python 3.11 to 3.13 (with venv) and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_VERSION := 0.13.9
UPGRADE ?=

.PHONY: help demo app test slow check format bench golden docs figure package newest lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Kyoten needs Python 3.11 to 3.13; found: $$($(PYTHON) --version). Set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || { echo "This Python has no venv. On Debian: apt-get install python3.11-venv"; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## run configs/headline.yaml, compare its policies, write the report (minutes)
	$(BIN)/kyoten run configs/headline.yaml --out runs/headline --resume
	$(BIN)/kyoten compare runs/headline --policy as_enacted --against no_tariffs_since_2018
	$(BIN)/kyoten report runs/headline --against no_tariffs_since_2018

app: $(READY) ## the runs in a browser, from this machine alone
	$(BIN)/kyoten app

test: $(READY) ## the fast tests and the examples in docstrings, on all cores
	$(BIN)/python -m pytest -n auto

slow: $(READY) ## the tests that take minutes
	$(BIN)/python -m pytest -n auto -m slow

check: $(READY) ## what a change must pass besides the tests: ruff, mypy, the layers of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## time one replication against a plain Mesa loop of the same month
	$(BIN)/python -m benchmarks

golden: $(READY) ## refresh the golden results; commit the difference on purpose
	$(BIN)/python -m tests.golden

docs: $(READY) ## renew the parts of documents that are made from the code, and configs/schema.json
	$(BIN)/kyoten schema
	$(BIN)/python -m tests.generated

figure: $(READY) ## redraw the README's figure from runs/headline (needs chromium)
	$(BIN)/kyoten plot runs/headline answer_map --policy as_enacted --out docs/figures/headline.png

package: $(READY) ## build sdist and wheel, install the wheel in a clean environment, try it there
	PYTHON=$(PYTHON) BIN=$(BIN) .ci/package

newest: $(READY) ## short tests with the newest dependencies that pyproject.toml allows
	PYTHON=$(PYTHON) .ci/newest

lock: $(READY) ## rewrite requirements.lock: versions and hashes, no address (UPGRADE=--upgrade: newest)
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	cp requirements.lock build/requirements.lock
	build/lock/bin/uv pip compile --quiet pyproject.toml --extra test --extra calibrate --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11 --python-platform linux \
	  $(UPGRADE) --output-file build/requirements.lock
	{ echo "# Written by \`make lock\`: what \`make\` installs, by version and hash."; \
	  grep -v '^# Written by' build/requirements.lock; } > requirements.lock

clean: ## remove the environment, caches and builds; runs/ stays
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -exec rm -rf {} +
