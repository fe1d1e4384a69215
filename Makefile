# Everything here makes its own environment from nothing but Python 3.11+, make and the package registries.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
AIOGRAM := .venv-aiogram
AIOGRAM_READY := $(AIOGRAM)/.ready
BENCH := .venv-bench
BENCH_READY := $(BENCH)/.ready
SCHEMATHESIS := .venv-schemathesis
SCHEMATHESIS_READY := $(SCHEMATHESIS)/.ready
# Tests wait more than they compute: three at once on two cores.
AT_ONCE ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test chaos bench lint migration clean python

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(READY) ## The whole system on this machine: bot, local Bot API and a phone page (ARGS="--port 0")
	@$(BIN)/a486 demo $(ARGS)

test: $(READY) $(AIOGRAM_READY) $(SCHEMATHESIS_READY) ## Everything that proves the product works (ARGS="tests/cli" for a part)
	@$(BIN)/python -m pytest -n $(AT_ONCE) --dist worksteal $(ARGS)

chaos: $(READY) ## Let everything go wrong that can (KILLS=1000 SEED=486 UPDATES=100000 TICKETS=500)
	@$(BIN)/python -m pytest -m chaos tests/crash tests/staff_group $(ARGS)

bench: $(READY) $(BENCH_READY) ## The figures of the README, beside peers in the same run (SUPPLIES=32000000: a register of that size too; ARGS="bulk" for a part; ROUNDS=1 to try)
	@$(BIN)/python -m benchmarks $(ARGS)

lint: $(READY) ## Style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

migration: $(READY) ## Write the next migration from the models (NAME="add tickets")
	@$(BIN)/python -m tools.new_migration $(NAME)

clean: ## Remove the environments and everything made by running
	rm -rf $(VENV) $(AIOGRAM) $(BENCH) $(SCHEMATHESIS) var build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed (make PYTHON=python3.11)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing (on Debian and Ubuntu: apt-get install python3-venv)"; exit 1; }

$(READY): pyproject.toml constraints.txt | python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# aiogram reads the local Bot API as a second, independent client; its own versions must not bend ours.
$(AIOGRAM_READY): tests/aiogram/constraints.txt | python
	$(PYTHON) -m venv $(AIOGRAM)
	$(AIOGRAM)/bin/python -m pip install --quiet --disable-pip-version-check -c tests/aiogram/constraints.txt aiogram
	@touch $@

# The same aiogram with what a bot with a database needs, apart so that `make test` need not wait for that.
$(BENCH_READY): tests/aiogram/constraints.txt benchmarks/constraints.txt | python
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c tests/aiogram/constraints.txt -c benchmarks/constraints.txt aiogram 'sqlalchemy[asyncio]' aiosqlite asyncpg
	@touch $@

# schemathesis checks the contract of the central system; the plugin that it brings must not enter our pytest.
$(SCHEMATHESIS_READY): tests/central/constraints.txt | python
	$(PYTHON) -m venv $(SCHEMATHESIS)
	$(SCHEMATHESIS)/bin/python -m pip install --quiet --disable-pip-version-check -c tests/central/constraints.txt schemathesis
	@touch $@
