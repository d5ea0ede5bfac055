# `make demo` and `make test` do all of their own set-up; the other targets are for developers.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RENDERS := $(VENV)/.renders
SITE := $(VENV)/.site

.PHONY: help demo test check format coverage mutation wheel quality gate samples train footage speed clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    analyze the sample clip into demo-out/"
	@echo "make test    run the tests"
	@echo "make check   linter, types and architecture rules"
	@echo "make docs    the documentation as a site, in build/site/"
	@echo "make format  format the code"
	@echo "make coverage  how much of the logic the tests reach (ten minutes)"
	@echo "make mutation  whether they notice when the arithmetic changes (half an hour)"
	@echo "make wheel      what is published, tried in an empty environment (PYTHON=python3.13)"
	@echo "make quality how good it is, on rendered people (an hour or so the first time)"
	@echo "make gate    whether it has become worse, on recordings of them"
	@echo "make samples the sample clips, again"
	@echo "make train   the angle refiner, again (hours)"
	@echo "make footage FOLDER=dir   counts on a folder of real clips with known counts"
	@echo "make speed   pipeline against the raw pose model"
	@echo "make clean   remove what make made (not the cached pose model)"

$(READY): pyproject.toml formcheck/_version.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "formcheck needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up the virtual environment in $(VENV) (a minute or two, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(READY)

demo: $(READY)
	@echo "Making sure that the pose model is there (fetched once, 9 MB kept in your cache)"
	@$(BIN)/formcheck model fetch
	@$(BIN)/formcheck demo --out demo-out

test: $(READY)
	@echo "Making sure that the pose model is there (fetched once, 9 MB kept in your cache)"
	@$(BIN)/formcheck model fetch
	@echo "Running the tests"
	@$(BIN)/python -m pytest

check: $(READY)
	@echo "Linter"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: run 'make format'"; exit 1; }
	@echo "Types"
	@$(BIN)/mypy
	@echo "Architecture rules"
	@$(BIN)/python -m pytest --quiet tests/test_architecture.py

$(SITE): $(READY)
	@echo "Installing what builds the documentation (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@touch $(SITE)

.PHONY: docs
# Strict: a link that leads nowhere or a page that is missing stops it.
docs: $(SITE)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Open build/site/index.html"

format: $(READY)
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

# What tests the logic: levels 1 to 3 of tests/test_architecture.py.
LOGIC := analyzer angles atomic bridge coaching_choosing coaching_readiness coaching_session \
  coaching_words cores criteria crossings doubts exercises feedback following geometry holds hostile_input \
  in_position invariants levels lunge measures \
  measures_hold measures_resting nerve_glide observing own_exercises people pose posture recognize refine \
  refine_learned repeating reps series sides smoothing stirring view

coverage: $(READY)
	@$(BIN)/python -m pytest --quiet -m "not model and not footage" --cov --cov-branch \
	  --cov-report=json:$(VENV)/coverage.json $(LOGIC:%=tests/test_%.py) tests/test_docs.py
	@$(BIN)/python -m benchmarks.branches $(VENV)/coverage.json

mutation: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutation
	@$(BIN)/python -m benchmarks.mutation $(ARGS)

# Tried from a folder where there is no source code, by whichever Python is named.
wheel: $(READY)
	@rm -rf dist $(VENV)/try
	@$(BIN)/python -m hatchling build -d dist
	@$(PYTHON) -m venv $(VENV)/try
	@echo "Installing the wheel into an empty environment"
	@$(VENV)/try/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	@cd $(VENV)/try && bin/formcheck demo && bin/formcheck doctor

# Rendering brings PyTorch; its build for processors alone is a tenth of the size.
$(RENDERS): $(READY)
	@$(BIN)/python -c 'import torch' 2>/dev/null || { \
	  echo "Installing what renders people (PyTorch and others, once)"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 'torch>=2.6' \
	    --extra-index-url https://download.pytorch.org/whl/cpu; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[quality]'
	@$(BIN)/formcheck model fetch
	@touch $(RENDERS)

quality: $(RENDERS)
	@$(BIN)/python -m benchmarks.quality $(ARGS)

samples: $(RENDERS)
	@$(BIN)/python -m benchmarks.rendering.samples $(ARGS)

train: $(RENDERS)
	@$(BIN)/python -m benchmarks.training $(ARGS)

gate: $(READY)
	@$(BIN)/python -m benchmarks.quality.gate

footage: $(READY)
	@$(BIN)/python -m benchmarks.footage $(FOLDER)

speed: $(READY)
	@$(BIN)/python -m benchmarks.speed

clean:
	rm -rf $(VENV) demo-out build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
