# `make help` lists what can be done. Everything needs only make and Python 3.11 or newer with venv.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(name))))
BIN := .venv/bin
INSTALLED := .venv/.installed
DISTRIBUTIONS := . $(patsubst %/pyproject.toml,./%,$(wildcard plugins/*/pyproject.toml))
# mypy finds a new plug-in without being told of it
MYPYPATH := $(subst $() ,:,$(wildcard plugins/*/src))

.DEFAULT_GOAL := help
.PHONY: help install demo run test check peers soak bench screenshots lock reference translations

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install into .venv; quick when nothing changed

$(INSTALLED): requirements-dev.lock pyproject.toml $(wildcard plugins/*/pyproject.toml)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Name it: make install PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || { echo "1/3  Making .venv with $(PYTHON)"; $(PYTHON) -m venv .venv; }
	@echo "2/3  Installing what requirements-dev.lock names (a minute or two the first time)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@echo "3/3  Installing Portico and its plug-ins"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation $(addprefix -e ,$(DISTRIBUTIONS))
	@touch $@

demo: install ## Run a seeded demo: the gateway, a stand-in for Auth0, an app, three customers
	@$(BIN)/python -m app.demo

run: install ## Serve the gateway at http://127.0.0.1:8000, on SQLite in instance/
	@$(BIN)/portico serve

test: install ## Run the whole test suite; what a missing optional peer skips is named at its end
	$(BIN)/pytest -q -n auto

check: install ## What CI runs: lint, types, import contracts, docs, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=$(MYPYPATH) $(BIN)/mypy app wsgi.py bench $(wildcard plugins/*/src)
	$(BIN)/lint-imports
	$(BIN)/python -m app.cli.reference --check
	$(BIN)/pytest -q -n auto

peers: ## Install the Node.js programs that some tests log in with
	cd tests/peers && npm ci --no-fund --no-audit

SOAKED := tests/security/test_concurrency.py tests/contract/test_a8_used_once.py tests/contract/test_rotation_under_load.py tests/flows/test_rotation.py tests/flows/test_auth0_proof.py
soak: install ## Run the races at the sizes that the issues name, on both databases, and report (half an hour)
	PORTICO_SOAK=1 $(BIN)/pytest -q $(SOAKED)

bench: install ## Measure whole logins (make bench SIZE=--full for the figures in the issues)
	$(BIN)/python -m bench $(SIZE)

screenshots: install ## Take a picture of every page and every step of the wizards, in both themes and two widths, into instance/screenshots
	$(BIN)/python -m tests.browser.screenshots
	$(BIN)/pytest -q tests/browser/test_portal_pages.py tests/browser/test_portal_features.py tests/browser/test_portal_wizard.py tests/browser/test_console_pages.py -k "test_40_every_page or (link_to_login and not without_scripts)" --keep-pictures

reference: install ## Write docs/reference from the code
	$(BIN)/python -m app.cli.reference

translations: install ## Find what pages and mails say, and update the catalogues of translations
	$(BIN)/python -m app.cli.translations

lock: ## Write both locks anew: universal, with hashes, without addresses (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra adapters --extra build -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --all-extras -o requirements-dev.lock pyproject.toml
