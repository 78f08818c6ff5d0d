# Everything a fresh machine needs is set up in .venv by the first target that is asked for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint types bench prove score lock clean

run: $(READY)
	@if [ -n "$$TELEGRAM_BOT_TOKEN" ] || grep -Eqs '^TELEGRAM_BOT_TOKEN=.+' .env; \
		then $(BIN)/python -m bot run; else $(BIN)/python -m bot chat --admin; fi

test: $(READY) lint types
	$(BIN)/python -m pytest -n auto

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench

prove: $(READY)
	$(BIN)/python -m pytest tests/prove -m prove -s

score: $(READY)
	$(BIN)/python -m tests.score

# Exact versions of everything, without download addresses; run after changing the dependencies.
lock: $(READY)
	$(BIN)/pip install -q -U -e '.[dev]'
	$(BIN)/pip freeze --exclude-editable > requirements.lock

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Setting up .venv (a minute, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $(READY)

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache
