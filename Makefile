# Needs Python 3.11, 3.12 or 3.13, make and a package index, nothing else.
#   make up     everything on this machine: Envoy, the service, simulated model pools
#   make test   every test, against real Envoy and real Redis
#   make lint   formatting, rules, types
#   make perf   what extproc adds to plain Envoy
#   make docs   the generated pages: command reference, policy schema
#   make lock   resolves requirements/*.in anew (needs uv)

# The newest of those for which all that is locked has wheels.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
  $(name) -c 'import sys; print("$(name)" if (3, 11) <= sys.version_info < (3, 14) else "")' 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := pyproject.toml hatch_build.py $(shell find protos -name '*.proto')

.PHONY: up test lint perf protos docs lock clean venv

# `exec`: signals reach the command itself, not a shell that waits for it.
up: $(VENV)/.local
	@exec $(BIN)/extproc up

test: $(VENV)/.dev
	@exec $(BIN)/python -m pytest -n 2 --dist loadgroup

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
	@$(BIN)/extproc render envoy --policies policies --out envoy

# Each set holds the ones before it at the same versions.
lock:
	@for set in runtime presidio local dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url $$constraint requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	  constraint="-c requirements/$$set.txt"; \
	done
	@uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-deps \
	  --no-emit-index-url requirements/redis.in -o requirements/redis.txt

clean:
	rm -rf $(VENV) extproc/_protos dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

venv: $(VENV)/.dev

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "extproc needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Installed without dependencies and without fetching build tools: all of that is locked.
$(VENV)/.local: $(VENV)/.python requirements/local.txt $(SOURCES)
	@echo "installing extproc into $(VENV) …" >&2
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/local.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.local requirements/dev.txt requirements/redis.txt
	@echo "installing the development tools into $(VENV) …" >&2
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(PIP) install --require-hashes --only-binary :all: --no-deps --upgrade \
	  --implementation cp --python-version 3.11 --abi cp311 -r requirements/redis.txt \
	  --target "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	@touch $@
