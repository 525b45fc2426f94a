# make demo    run the checker on a sample report        make test   run all tests   (demo also writes into build/demo)
# make lint    ruff            make types   mypy          make packs  the rule packs' own tests
# make bench   the benchmarks  make docs    generated pages  make lock  renew requirements/*.lock  make clean
#
# Everything is installed into .venv from requirements/dev.lock (hashes checked). Variables:
#   PYTHON=python3.12          which Python (3.11 or newer) makes .venv
#   VENV=/some/dir             another place for it
#   WHEELHOUSE=dir             install offline, from the wheels in dir (docs/offline-install.md)
#   PYTEST_ARGS='-k 名称 -x'   passed on to pytest

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV ?= .venv
WHEELHOUSE ?=
PYTEST_ARGS ?= -n auto

BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check
OFFLINE := $(if $(WHEELHOUSE),--no-index --find-links $(abspath $(WHEELHOUSE)))
READY := $(VENV)/.ready
DEMO := fixtures/辽宁省云岫市数据服务局-2023-有误.txt


.PHONY: setup demo test lint types packs bench docs screenshots lock clean wheelhouse gbk
.DEFAULT_GOAL := demo

$(READY): requirements/dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo '没有找到带 venv 的 Python 3.11 或更新版本（Debian：apt install python3-venv）'; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '需要 Python 3.11 或更新版本：make PYTHON=python3.12 …'; exit 2; }
	"$(PYTHON)" -m venv --clear "$(VENV)"
	$(PIP) install --quiet $(OFFLINE) --require-hashes --only-binary :all: -r requirements/dev.lock
	$(PIP) install --quiet --no-deps --no-index --no-build-isolation --editable .
	@touch $@

setup: $(READY)

demo: $(READY)  ## exit code 1 means "findings": for the damaged sample that is the right result
	@mkdir -p build/demo
	@echo '另写  build/demo/结果.html（网页）  build/demo/底稿.xlsx（底稿）'; echo
	@$(BIN)/juesuan-rules eval '$(DEMO)' --html build/demo/结果.html --xlsx build/demo/底稿.xlsx || test $$? -eq 1

test: $(READY)  ## many tests start the program anew: compiled beforehand it starts three times as fast
	@$(BIN)/python -m compileall -q src
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

packs: $(READY)
	@code=0; for pack in rules/*/; do \
	  echo "-- $$pack"; $(BIN)/juesuan-rules check "$$pack" && $(BIN)/juesuan-rules fmt --check "$$pack" && $(BIN)/juesuan-rules test "$$pack" || code=1; \
	done; exit $$code

gbk: $(READY)  ## a Chinese Windows console: nothing we print may be outside GBK
	PYTHONIOENCODING=gbk $(BIN)/juesuan-rules eval --list-all '$(DEMO)' > /dev/null || test $$? -eq 1

bench: $(READY)
	$(BIN)/python benchmarks/rules/run.py
	$(BIN)/python benchmarks/damage/run.py

wheelhouse: $(READY)  ## collect the wheels an offline machine with the same system and Python needs
	$(PIP) download --only-binary :all: --require-hashes -r requirements/dev.lock -d $(or $(WHEELHOUSE),wheelhouse)

lock:  ## needs uv; hashes of every published wheel, for all systems and Pythons from 3.11
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra serve -c requirements/run.lock -o requirements/serve.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --all-extras --group dev -c requirements/run.lock -o requirements/dev.lock

docs: $(READY)  ## generated pages, and the output shown in examples, as they are now
	$(BIN)/python tools/make_reference.py
	$(BIN)/python tools/make_gallery.py
	$(BIN)/python tools/make_lint_pages.py
	$(BIN)/python tools/console_blocks.py --write

screenshots: $(READY)  ## docs/images; needs chromium and soffice; look at each afterwards
	$(BIN)/python tools/make_screenshots.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
