# make setup | run | test | ui | check | bench | test-long: needs python3 (3.11 to 3.13) with venv, make, and the package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PADAN := $(BIN)/padan

.PHONY: setup run test ui check bench test-long

setup: $(VENV)/ready

# One stamp: nothing is installed again until the lock file or the package table changes.
$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

run: setup
	$(PADAN) demo

# A night keeps one core busy, so two processes share the tests; tests/conftest.py says which tests stay together.
test: setup check
	$(BIN)/pytest -m "not long" -n 2 --dist loadscope --no-loadscope-reorder tests

test-long: setup
	$(BIN)/pytest -m "long"

ui: setup
	$(PADAN) ui

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models dbt_project/tests

bench: setup
	$(BIN)/pip install --quiet --no-deps --require-hashes -r bench/requirements.lock
	$(BIN)/python -m bench
