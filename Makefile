# Every target does its own set-up. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
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

lock: .venv/bin/uv ## resolve the dependencies anew
	$(BIN)/uv pip compile pyproject.toml -o requirements.lock $(LOCK_OPTIONS)
	$(BIN)/uv pip compile pyproject.toml --group dev -o requirements-dev.lock $(LOCK_OPTIONS)

LOCK_OPTIONS := --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--python-version 3.11 --python-platform x86_64-manylinux_2_28

clean: ## remove the environment, caches and build results (never var/ and models/)
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis results *.egg-info

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Python 3.11 is needed; name one with PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { echo "installing python3-venv"; $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq python3-venv >/dev/null; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# One environment serves running and testing: what was set up for tests stays.
.venv/.ready: requirements.lock pyproject.toml | .venv/bin/uv
	@echo "building the environment (about a minute the first time)"
	@lock=requirements.lock; [ ! -e .venv/.ready-dev ] || lock=requirements-dev.lock; \
		$(call INSTALL,$$lock)
	@touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml | .venv/bin/uv
	@$(call INSTALL,requirements-dev.lock)
	@touch .venv/.ready $@

INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r $(1) \
	&& $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .

.venv/.browser: | .venv/bin/uv
	@command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'CJK' \
		|| { echo "installing chromium and Chinese fonts for the browser tests"; \
		     $(SUDO) apt-get update -qq; $(SUDO) apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; }
	@touch $@
