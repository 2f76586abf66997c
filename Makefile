# Each target works on a fresh machine: it makes .venv and installs the package into it first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: quickstart test test-all test-extras test-gpu lint bench clean

quickstart: $(INSTALLED)
	$(BIN)/detaux run quickstart --report

# A process a core, with one thread each: tests are many and small.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test: $(INSTALLED)
	$(PYTEST)

test-all: $(INSTALLED)
	$(PYTEST) -m "not gpu"

# The weighting whose solver is an extra.
test-extras: $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[dev,cagrad]'
	$(PYTEST) tests/learn

test-gpu: $(INSTALLED)
	$(BIN)/python -m pytest -m gpu

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(INSTALLED)
	$(BIN)/python -m pytest benchmarks -o addopts="" --benchmark-columns=median,min,max,rounds \
		--benchmark-json=benchmarks/measured.json

# The stamp is written last, so that an install that was cut off is done again.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make PYTHON=python3.11 ...")'
	@echo "Installing into $(VENV) (several GB with a CUDA build of torch; a few minutes) ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
