# Everything a developer types. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up down status logs test check bench format

VENV := .venv/bin
ENVIRONMENT := .venv/.synced
TYPED := shared $(wildcard services/*/domain services/*/domain.py)

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run it
up: $(ENVIRONMENT) ## Start everything: servers, services, gateway; sample data the first time
	@$(VENV)/pelagic up

down: $(ENVIRONMENT) ## Stop what `make up` started; data stays
	@$(VENV)/pelagic down

status: $(ENVIRONMENT) ## What runs, and whether it is ready
	@$(VENV)/pelagic status

logs: $(ENVIRONMENT) ## Follow all logs (one service: .venv/bin/pelagic logs -f leads)
	@$(VENV)/pelagic logs --follow

##@ Work on it
test: $(ENVIRONMENT) ## Every ring of tests, on real servers (a part: make test ARGS="-m unit")
	@$(VENV)/python -m pytest $(ARGS)

check: $(ENVIRONMENT) ## Format, lint, types, import contracts, sizes
	@$(VENV)/ruff format --check --quiet . || { echo "format: run 'make format'"; exit 1; }
	@$(VENV)/ruff check --quiet .
	@$(VENV)/mypy $(TYPED)
	@$(VENV)/lint-imports --no-logo
	@$(VENV)/python -m infra.size_report

format: $(ENVIRONMENT) ## Bring the code into shape
	@$(VENV)/ruff format --quiet .
	@$(VENV)/ruff check --quiet --fix .

bench: $(ENVIRONMENT) ## Measure it; writes build/bench.json
	@$(VENV)/python -m bench

# The environment follows the lock file.
$(ENVIRONMENT): uv.lock pyproject.toml
	@infra/bootstrap.sh
