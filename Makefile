# `make demo` and `make test` are the two commands; both set up .venv by themselves.
SERVE ?= 1
BIN := .venv/bin
CATALOGUES := $(wildcard src/gebyar/*/locale/*/LC_MESSAGES/django.po)
JOBS ?= 2

.PHONY: demo serve test lint bench docs locks messages clean

demo: .venv/.runtime
	$(BIN)/gebyar demo $(if $(filter 0,$(SERVE)),--no-serve)

serve: .venv/.runtime
	$(BIN)/gebyar serve

test: lint
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python -m benchmarks

docs: .venv/.dev
	$(BIN)/python -m tools.reference

locks:
	printf 'uv\nhatchling\nbabel\neditables\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header --quiet --upgrade --output-file requirements/bootstrap.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet --upgrade --output-file requirements/runtime.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --quiet --upgrade --output-file requirements/dev.lock

messages: .venv/.dev
	$(BIN)/python -m tools.messages

clean:
	rm -rf .venv build dist

.venv/.runtime: pyproject.toml requirements/bootstrap.lock requirements/runtime.lock $(CATALOGUES)
	tools/setup.sh runtime

.venv/.dev: pyproject.toml requirements/bootstrap.lock requirements/dev.lock $(CATALOGUES)
	tools/setup.sh dev
