# Everything a fresh machine needs is set up in .venv by the first target that is asked for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
PIP_INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra charts

# Byte code is kept: each process that a test starts would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test quick coverage mutate lint types bench prove score lock clean

run: $(READY)
	@if [ -n "$$TELEGRAM_BOT_TOKEN$$ZALO_BOT_TOKEN" ] || grep -Eqs '^(TELEGRAM|ZALO)_BOT_TOKEN=.+' .env; \
		then $(BIN)/python -m bot run; else $(BIN)/python -m bot chat --admin --web; fi

test: $(READY_DEV) lint types
	$(BIN)/python -m pytest -n auto --dist worksteal

# The inner loop: what needs no database server, no process of its own, no browser and little time.
quick: $(READY_DEV) lint types
	$(BIN)/python -m pytest -n auto --dist worksteal -m unit

# All tests with branch coverage; slower, so apart from `make test`.
coverage: $(READY_DEV)
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

# Small changes at random: which do the tests notice? (some 20 minutes)
mutate: $(READY_DEV)
	$(BIN)/python -m tests.mutate

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV)
	$(BIN)/mypy

bench: $(READY_DEV)
	$(BIN)/python -m tests.bench

prove: $(READY_DEV)
	$(BIN)/python -m pytest tests/prove -m prove -s

score: $(READY_DEV)
	$(BIN)/python -m tests.score

# Exact versions with hashes, without addresses; run after changing the dependencies.
lock: $(READY_DEV)
	$(COMPILE) --upgrade -o requirements.lock
	$(COMPILE) --upgrade --extra dev -c requirements.lock -o requirements-dev.lock

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Setting up .venv (some minutes, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP_INSTALL) -r requirements.lock
	@$(PIP_INSTALL) --no-deps -e .
	@touch $(READY)

$(READY_DEV): $(READY) requirements-dev.lock
	@echo "Adding what tests need ..."
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $(READY_DEV)

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache
