# Every target does its own set-up. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
UV := .uv/bin/uv
UV_VERSION := 0.13.9
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
# Bytecode halves the start; some machines switch it off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint unit bench lock format clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.ready ## set up what is missing and start the desk with its simulator
	@$(BIN)/banshi serve --prepare

test: lint unit ## everything CI runs: linters, types, import rules, all tests

lint: .venv/.ready-dev ## linters, types and import rules alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: .venv/.ready-dev .venv/.browser ## all tests alone (SQLite, PostgreSQL, Redis, conversations, browser)
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

bench: .venv/.ready-dev ## measure (docs/benchmarks.md); results in results/
	$(BIN)/python -m benchmarks

format: .venv/.ready-dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(UV) ## resolve the dependencies anew
	$(UV) pip compile pyproject.toml -o requirements.lock $(LOCK_OPTIONS)
	$(UV) pip compile pyproject.toml --group dev -o requirements-dev.lock $(LOCK_OPTIONS)

LOCK_OPTIONS := --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--python-version 3.11 --python-platform x86_64-manylinux_2_28

clean: ## remove the environment, caches and build results (never var/ and models/)
	rm -rf .venv .uv .mypy_cache .ruff_cache .hypothesis results *.egg-info

# uv lives beside the environment, so that the environment holds what the lock names and nothing else.
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Python 3.11 is needed; name one with PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { echo "installing python3-venv"; $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq python3-venv >/dev/null; }
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# One environment serves running and testing: what was set up for tests stays.
.venv/.ready: requirements.lock pyproject.toml | $(UV)
	@echo "building the environment (about a minute the first time)"
	@lock=requirements.lock; [ ! -e .venv/.ready-dev ] || lock=requirements-dev.lock; \
		$(call INSTALL,$$lock)
	@touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml | $(UV)
	@$(call INSTALL,requirements-dev.lock)
	@touch .venv/.ready $@

# The project itself is put on the path, not built: nothing is fetched or compiled for that.
INSTALL = { [ -x $(BIN)/python ] || $(UV) venv --quiet --python $(PYTHON) .venv; } \
	&& $(UV) pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode $(1) \
	&& pwd > .venv/lib/python3.11/site-packages/banshi.pth \
	&& printf '\#!%s/.venv/bin/python\nfrom server import main\n\nif __name__ == "__main__":\n    main()\n' "$$PWD" > $(BIN)/banshi \
	&& chmod +x $(BIN)/banshi

.venv/.browser: | .venv/.ready-dev
	@command -v chromium >/dev/null && [ -n "$$(fc-list :lang=zh 2>/dev/null)" ] \
		|| { echo "installing chromium and Chinese fonts for the browser tests"; \
		     $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; }
	@touch $@
