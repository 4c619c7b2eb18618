# make setup | run | test | ui | check | bench | test-long: needs python3 (3.11 to 3.13) with venv, make, and the package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PADAN := $(BIN)/padan

# An unpacked bundle brings its packages along, and asks no registry.
FROM := $(if $(wildcard wheels),--no-index --find-links wheels,)
BUNDLE := build/padan

.PHONY: setup run test ui check check-python check-sql bench test-long bundle audit

setup: $(VENV)/ready

# One stamp: nothing is installed again until the lock file or the package table changes.
$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps $(FROM) --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps $(FROM) --no-build-isolation --editable .
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

# Python and SQL side by side: mypy keeps one core busy for half of the time.
check: setup
	$(MAKE) --no-print-directory --jobs=2 check-python check-sql

check-python:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-sql:
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models dbt_project/tests

bench: setup
	$(BIN)/pip install --quiet --no-deps --require-hashes -r bench/requirements.lock
	$(BIN)/python -m bench

# Code, seeds and packages in one archive, for a machine of this kind (same Python, same processor) that reaches no registry.
bundle: setup
	rm -rf $(BUNDLE) && mkdir -p $(BUNDLE)/wheels
	git archive HEAD | tar -x -C $(BUNDLE)
	$(BIN)/pip download --quiet --no-deps --require-hashes --dest $(BUNDLE)/wheels -r requirements.lock
	tar -czf build/padan-$$(git rev-parse --short HEAD).tar.gz -C build padan
	@ls -sh build/padan-*.tar.gz

# Known faults of the pinned packages; asks a service, so it runs where there is a network, and not in the night. A package that the
# service does not know fails it (--strict): unknown is not sound.
audit: setup
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet pip-audit==2.10.1
	build/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock
