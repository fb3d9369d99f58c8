# Everything that one does with ketluan begins here. Needs Python 3.11 or later with venv and pip, and GNU make.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && command -v $(name))))
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input
SERVICES := intake tasks notify

export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check faults bench pictures lock secrets clean

help: ## Say what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/installed-run ## Start everything on this machine: http://127.0.0.1:8080. NOTICE=path, ONCE=1.
	@$(BIN)/ketluan run

test: $(VENV)/installed-dev ## Run every test, or TESTS=path.
	@$(BIN)/pytest --numprocesses 2 $(TESTS)

check: $(VENV)/installed-dev ## Check format, lint, types, import contracts, and each service alone.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python .ci/each_service_alone.py $(SERVICES)

bench: $(VENV)/installed-dev ## Measure throughput and latency.
	@$(BIN)/python -m tests.benchmarks

faults: $(VENV)/installed-dev ## Inject faults, as root: FAULTS=name,… some of them, LONG=1 all at length, SEED=n the same again.
	@PATH="$(CURDIR)/$(BIN):$$PATH" FAULTS="$(FAULTS)" LONG="$(LONG)" SEED="$(SEED)" $(BIN)/python -m tests.faults

pictures: $(VENV)/installed-dev ## Take the README's pictures of the main screens, with the system's Chromium.
	@$(BIN)/python -m tests.pictures

lock: $(VENV)/installed-dev ## Make the locks anew from pyproject.toml; UPGRADE=--upgrade takes newer versions.
	@$(BIN)/python .ci/lock.py $(UPGRADE)

secrets: $(VENV)/installed-run ## Make the secrets of an installation in containers, once, in deploy/secrets or FOLDER=path.
	@$(BIN)/python -m deploy.containers.passwords $(FOLDER)

clean: ## Remove what was installed and cached; data stay.
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên có venv và pip. Needs Python 3.11 or later with venv and pip."; exit 2; }
	@echo "Tạo môi trường $(VENV) … (creating the environment)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed-run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Cài các thư viện đã khoá phiên bản … (installing the locked libraries)"
	@$(INSTALL) --require-hashes --requirement requirements/run.txt
	@$(INSTALL) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Cài các thư viện để kiểm thử … (installing the locked libraries for tests)"
	@$(INSTALL) --quiet --require-hashes --requirement requirements/dev.txt
	@$(INSTALL) --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/installed-run
