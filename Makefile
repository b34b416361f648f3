# `make brief` builds every brief into out/, `make test` tests the project. Both first set up what
# is missing, and both work on a machine that has nothing but make and Python 3.11 or newer.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help brief test soak setup office lock previews bench clean

VENV := .venv
BIN := $(VENV)/bin

# The Python that the environment was made with, or the first on PATH that is new enough: whatever
# else a shell has activated, nothing is set up again. To take another: make PYTHON=/path/to/python brief
NEW_ENOUGH := -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
ifndef PYTHON
PYTHON := $(shell for name in $(BIN)/python python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name $(NEW_ENOUGH) && echo $$name && break; done)
endif

# What happens to be set in a shell must not change what is installed or run. Only where packages
# come from, and how they are reached, is the machine's to say.
unexport $(filter-out \
	PIP_CACHE_DIR PIP_CERT PIP_CLIENT_CERT PIP_CONFIG_FILE PIP_DEFAULT_TIMEOUT PIP_EXTRA_INDEX_URL \
	PIP_FIND_LINKS PIP_INDEX_URL PIP_KEYRING_PROVIDER PIP_NO_CACHE_DIR PIP_NO_INDEX PIP_PROXY \
	PIP_RETRIES PIP_TIMEOUT PIP_TRUSTED_HOST, \
	$(filter PIP_% PYTHON% VIRTUAL_ENV,$(.VARIABLES)))

# Half of the tests for each core, in order, so that they share what modules make; who is done first
# takes from the others.
PARALLEL := --numprocesses auto --dist worksteal

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

brief: setup ## build every brief of every article into out/
	$(BIN)/brief build

test: setup ## check style and types, hold the coverage, run the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest $(PARALLEL) --cov -m 'not slow and not soak'
	$(BIN)/pytest $(PARALLEL) -m 'slow and not soak'

soak: setup ## run the long tests: thousands of random and combined cases
	$(BIN)/pytest $(PARALLEL) -m soak

setup: ## set up the system libraries and the environment, if need be
	@$(PYTHON) $(NEW_ENOUGH) || { echo "brief needs Python 3.11 or newer.\
	 Install it (apt-get install python3.11, dnf install python3.11, brew install python@3.13),\
	 or name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) .ci/prepare.py $(if $(filter test soak,$(MAKECMDGOALS)),--tests)

office: setup ## bring LibreOffice and a validator, for the tests of DOCX that need them
	@$(PYTHON) .ci/prepare.py --office

lock: setup ## write requirements.lock anew; UV_FLAGS=--upgrade takes newer versions
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --quiet \
		--custom-compile-command 'make lock' --output-file requirements.lock $(UV_FLAGS)

previews: setup ## picture each template's first page anew; needs pdftoppm
	folder=$$(mktemp -d) && $(BIN)/brief build --format pdf --paper a4 --out $$folder && \
	for template in templates/[a-z]*; do \
		pdftoppm -r 55 -l 1 -png -singlefile $$folder/*/*-$${template##*/}.pdf $$template/preview; \
	done && rm -r $$folder

bench: setup ## measure builds beside other tools, into README.md; BENCH=--full takes half an hour
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pypandoc_binary typst docxtpl
	$(BIN)/python .ci/bench.py --into README.md $(BENCH)

clean: ## remove the environment, the caches and everything in out/
	rm -rf $(VENV) dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find out -mindepth 1 ! -path out/.gitignore ! -path out/README.md -delete
	find pipeline tests .ci -name __pycache__ -prune -exec rm -rf {} +
