# make demo    reconcile a sample and leave a workbook
# make test    everything that must hold before a change lands
# make bench   figures at 100,000 and 1,000,000 orders (minutes; never part of make test)
# make quality how good the matching is on generated sets, and how fast (many minutes)
# make months  how good the classifier of breaks is on generated months (many minutes)
# make folders files dropped, cut, doubled or misnumbered in generated folders: one finding each (half an hour)
# make fuzz    generated cases with many seeds
# make mutants changes of the matching kernels that their tests do not see (an hour or more; POSIX)
# make lock    renew requirements.lock (needs uv)
#
# Needs python3 (3.11 or later, with venv), make and git. All else is installed into .venv, locked by hash.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench quality folders months fuzz mutants lock clean

help:
	@sed -n 's/^# make /make /p' Makefile

setup: $(STAMP)

# The stamp is written last: a setup that was interrupted is done again.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "recon needs Python 3.11 or later; name one: make PYTHON=/path/to/python3.11 setup" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup
	$(BIN)/recon match samples/cases/taobao-alipay-bank/inbox --out build/demo

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# All cases are checked by tests/test_readme.py; the last line asks the command as it is installed.
test: lint
	$(BIN)/python -m pytest -n logical --dist loadfile --cov --cov-report=term
	$(BIN)/recon check samples/cases/own-shop

bench: setup
	$(BIN)/python tests/benchmarks/run.py $(ARGS)

quality: setup
	$(BIN)/python -m tests.benchmarks.matching_quality $(ARGS)

months: setup
	$(BIN)/python -m tests.benchmarks.months_quality $(ARGS)

folders: setup
	$(BIN)/python -m tests.benchmarks.folders $(ARGS)

fuzz: setup
	$(BIN)/python tests/benchmarks/fuzz.py $(ARGS)

mutants: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
	  --target build/mutants/cosmic-ray --requirement tests/benchmarks/mutants.lock
	PYTHONPATH=build/mutants/cosmic-ray $(BIN)/python tests/benchmarks/mutants.py $(ARGS)

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --extra dev --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean:
	rm -rf build dist .hypothesis
