# The verbs of this repository. `make` alone lists them. Each is one command under scripts/ or one tool of the environment.

SHELL := /bin/bash
PY := .venv/bin/python
KIT := $(HOME)/.cache/localcluster/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export NEXT_TELEMETRY_DISABLED := 1
# The longest first.
TESTS ?= tests/e2e tests/loop tests/backend tests/chaos tests/hostile tests/chart
ARGS ?=
# One more than there are cores: many tests wait for what they started.
WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

.DEFAULT_GOAL := help
.PHONY: help install up down logs status test test-frontend test-cluster test-tilt fuzz chaos soak bench doctor smoke seed replay screenshots sbom audit package lint format lock

help: ## list the verbs
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## install the locked Python and Node packages (every verb does it when needed)
	@python3 scripts/bootstrap.py

up: ## run the application the best way that works here (MODE=cluster|hybrid|local, PORT=8080)
	@UP_STARTED=$$(date +%s.%N); export UP_STARTED; python3 scripts/bootstrap.py && exec $(PY) -m scripts.up $(ARGS)

down: ## stop what `make up` started, in every mode
	@python3 scripts/bootstrap.py python && $(PY) -m scripts.down

logs: ## follow the logs of local mode (PART=backend)
	@tail -n 50 -F .data/logs/$(or $(PART),*).log

status: ## what runs, in every mode (ARGS=--json for tools)
	@python3 scripts/bootstrap.py python && $(PY) -m scripts.status $(ARGS)

# What pytest compiles of itself, its plugins and the tests is kept, whatever the shell says.
test: install test-frontend ## every test that needs no cluster
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS) $(ARGS)

test-frontend: install
	@cd frontend && npm run --silent test

test-cluster: install ## the images and the chart in the current cluster, under load and through a browser
	@$(PY) -m pytest tests/cluster $(ARGS)

test-tilt: install ## the Tilt loop on the current cluster (needs tilt)
	@$(PY) -m pytest tests/tilt $(ARGS)

fuzz: install ## hostile input by schemathesis, on both databases, and to every reader of strangers' bytes (CASES=2000)
	@FUZZ_CASES=$(or $(CASES),2000) FUZZ_EXAMPLES=$(or $(CASES),2000) \
	$(PY) -m pytest tests/backend/operations/test_fuzz.py tests/hostile $(ARGS)

chaos: install ## kills, full disks, saves and requests in any order (KILLS=200 WRITES=1000 SAVES=1000 EXAMPLES=200 SLOW=2 CROWD=10000 SEED=)
	@CHAOS_KILLS=$(or $(KILLS),200) CHAOS_WRITES=$(or $(WRITES),1000) CHAOS_SAVES=$(or $(SAVES),1000) \
	CHAOS_EXAMPLES=$(or $(EXAMPLES),200) CHAOS_STEPS=50 CHAOS_SLOW=$(or $(SLOW),2) \
	CHAOS_CROWD=$(or $(CROWD),10000) CHAOS_RELOADS=500 CHAOS_FAULTS=all \
	CHAOS_SEED=$(or $(SEED),$$RANDOM) $(PY) -m pytest tests/chaos tests/loop/test_warm_reload.py tests/loop/test_warm_affected.py $(ARGS)

soak: install ## load on the deployed application: the highest steady rates, then MINUTES=30 at half of them (needs a cluster)
	@$(PY) -m tests.soak --minutes $(or $(MINUTES),30) $(ARGS)

bench: install ## measure every promise against its named peer; fails past scripts/budgets.toml
	@$(PY) -m scripts.bench $(ARGS)

doctor: ## what is wrong on this machine, with a remedy a line (ARGS=--json)
	@python3 scripts/bootstrap.py python && $(PY) -m scripts.doctor $(ARGS)

smoke: ## ask the running application the questions that matter (URL=http://localhost:8080)
	@python3 scripts/bootstrap.py python && $(PY) -m scripts.smoke --url $(or $(URL),http://localhost:8080)

seed: ## put example tasks into the running application (URL=http://localhost:8080)
	@python3 scripts/bootstrap.py python && $(PY) -m scripts.seed --url $(or $(URL),http://localhost:8080) $(ARGS)

replay: install ## what the running application makes of recorded chats (URL=http://localhost:8080 ARGS=--scripted)
	@$(PY) -m scripts.tilt_replay --url $(or $(URL),http://localhost:8080) $(ARGS)

screenshots: install ## take every view's picture for docs/
	@$(PY) -m scripts.screenshots $(ARGS)

sbom: install ## a software bill of materials of both images
	@$(PY) -m scripts.sbom $(ARGS)

audit: install ## known holes in everything that is locked (asks services outside)
	@$(PY) -m scripts.audit

package: install ## the chart as one file, the same bytes each time (ARGS="--to FOLDER", or what `helm package` takes)
	@$(PY) -m scripts.package_chart $(ARGS)

lint: install ## every linter, on everything
	@$(PY) -m scripts.lint $(ARGS)

format: install ## write Python and TypeScript the way the linters want it
	@ruff format -q . && ruff check -q --fix . && cd frontend && npm run --silent format

lock: ## compile the Python lock files from the two pyproject.toml
	@python3 scripts/bootstrap.py python
	@compile() { uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header $(ARGS) "$$@"; }; \
	compile -o backend/requirements.txt backend/pyproject.toml && \
	compile -c backend/requirements.txt --group backend/pyproject.toml:warm -o backend/requirements-warm.txt && \
	compile -c backend/requirements.txt -o requirements-dev.txt pyproject.toml backend/pyproject.toml
