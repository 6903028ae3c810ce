# Needs Python ≥ 3.11, make and a package index, nothing else.
#   make up     everything on this machine: Envoy, the service, simulated model pools
#   make test   every test, against real Envoy and real Redis
#   make lint   formatting, rules, types
#   make perf   what extproc adds to plain Envoy
#   make docs   the generated pages: command reference, policy schema
#   make lock   resolves requirements/*.in anew (needs uv)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := pyproject.toml hatch_build.py $(shell find protos -name '*.proto')

.PHONY: up test lint perf protos docs lock clean venv

# `exec`: signals reach the command itself, not a shell that waits for it.
up: $(VENV)/.local
	@exec $(BIN)/extproc up

test: $(VENV)/.dev
	@exec $(BIN)/python -m pytest -n 2

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

perf: $(VENV)/.dev
	@exec $(BIN)/python perf/overhead.py

protos: $(VENV)/.local
	@$(BIN)/python hatch_build.py

docs: $(VENV)/.dev
	@$(BIN)/python -m typer extproc.cli.main utils docs --name extproc --output docs/cli.md
	@$(BIN)/extproc policy schema > policies/schema.json

# Each set holds the ones before it at the same versions.
lock:
	@for set in runtime local dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url $$constraint requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	  constraint="-c requirements/$$set.txt"; \
	done

clean:
	rm -rf $(VENV) extproc/_protos dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

venv: $(VENV)/.dev

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "extproc needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; name another with: make PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Installed without dependencies and without fetching build tools: all of that is locked.
$(VENV)/.local: $(VENV)/.python requirements/local.txt $(SOURCES)
	@echo "installing extproc into $(VENV) …" >&2
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/local.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.local requirements/dev.txt
	@echo "installing the development tools into $(VENV) …" >&2
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@
