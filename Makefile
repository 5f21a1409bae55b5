# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Each bootstraps its own environment in .venv from the hash-locked lists, and is quick when that exists.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
CONFIG ?= config.toml

# Where Python is told to keep no bytecode, every process of the tests would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo run test check lint types bench docs lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

$(VENV)/.runtime: requirements.lock pyproject.toml
	@echo "Setting up .venv (first time: a minute) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Setting up the test tools (first time: a minute) ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime ## the whole job in the terminal, against the sandbox (ARGS="--language zh")
	@$(BIN)/signpost demo $(ARGS)

run: $(VENV)/.runtime ## the bot itself (CONFIG=config.toml)
	@$(BIN)/signpost run --config $(CONFIG)

test: $(VENV)/.dev lint types ## set up, lint, check types, run every test
	@$(BIN)/python -m pytest -n 4 --dist load --maxschedchunk 2

check: $(VENV)/.dev lint types ## lint and types only

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

bench: $(VENV)/.dev ## the programs under benchmarks/, a table and JSON each
	@for program in benchmarks/bench_*.py; do $(BIN)/python $$program || exit 1; done

docs: $(VENV)/.dev ## write the generated parts of docs/ again
	@$(BIN)/python -m tests.write_docs

lock: ## compute both hash locks again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --group build --group dev -c requirements.lock \
		pyproject.toml -o requirements-dev.lock

clean: ## remove what was made
	rm -rf $(VENV) benchmarks/.venv .mypy_cache .ruff_cache .hypothesis .coverage
