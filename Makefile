# Everything a newcomer types. Needs Python 3.11 and make; all else goes to .venv/.
#
#   make run          gateway and simulated carrier, a demonstration, stays up
#   make run ONCE=1   the same, ends by itself; status 0 if all was delivered
#   make test         check + fast + real
#   make check        format, lint, types, layers, house rules
#   make bench        the benchmark scenarios
#   make bundle       installation without internet, x86_64 and aarch64, in build/bundle/
#   make bundle-check install this machine's bundle without any index, run its check
#   make clean        takes away .venv/ and everything built
#
# The console's styles and scripts come from npm (the machine's, else PyPI's).

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.installed
PYTEST := $(BIN)/python -m pytest -q

.DEFAULT_GOAL := help
.PHONY: help venv run test check fast real bench bundle bundle-check clean

help:
	@sed -n 's/^#   //p' Makefile

venv: $(STAMP)

$(STAMP): setup.py web/package-lock.json web/icons.txt
	@echo "preparing .venv (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv 2>/dev/null \
	  || $(PYTHON) -m venv --without-pip .venv
	@if test -x $(BIN)/pip; then set -- $(BIN)/python -m pip; \
	  else set -- $(PYTHON) -m pip --python $(BIN)/python; fi; \
	  "$$@" install --quiet --disable-pip-version-check \
	  --root-user-action=ignore --editable '.[test]'
	@$(BIN)/python web/build.py
	@$(BIN)/twistd --help >/dev/null 2>&1 || true
	@touch $(STAMP)

run: $(STAMP)
	@$(BIN)/smsgw demo $(if $(ONCE),--once)

test: check fast real

check: $(STAMP)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy -p smsgw --no-error-summary
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo >.venv/layers.txt 2>&1 || { cat .venv/layers.txt; exit 1; }
	@$(PYTEST) tests/test_house.py

fast: $(STAMP)
	@$(PYTEST) -m 'not real' --ignore=tests/test_house.py

real: $(STAMP)
	@$(PYTEST) -m real

bench: $(STAMP)
	@$(BIN)/python -m bench $(BENCH)

bundle: $(STAMP)
	@$(BIN)/python release/bundle.py

bundle-check:
	@rm -rf build/bundle-check && mkdir -p build/bundle-check
	@tar -xzf build/bundle/*-$$(uname -m).tar.gz -C build/bundle-check
	@PIP_NO_INDEX=1 sh build/bundle-check/smsgw-*/install.sh "$(CURDIR)/build/bundle-check/opt"
	@cd build/bundle-check && for one in tabler.css htmx.js echarts.js icons.svg; do \
	  test -s opt/.venv/lib/python3.11/site-packages/smsgw/admin/static/vendor/$$one || exit 1; done
	@build/bundle-check/opt/.venv/bin/smsgw check -c build/bundle-check/opt/etc/smsgw.toml

clean:
	@rm -rf .venv var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache .coverage htmlcov .tox \
	  web/node_modules smsgw/admin/static/vendor
