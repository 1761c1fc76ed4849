# make demo    run the main job on an example
# make test    everything that must hold: ruff, mypy, import layers, pytest (with the live conformance run where Kamailio is installed)
# make record  record expectations from the real Kamailio: make record [CASE="tests/spec/x/y.cfg ..."]
# make docs    make anew what is generated: README blocks, coverage.md, the picture of the REPL
# make bench   time sroute against the real Kamailio

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
DEMO := examples/dictionary-attack
JOBS ?= auto

# $(call timed,NAME,COMMAND): run it and say how long it took.
timed = @begin=$$(date +%s); $(2); status=$$?; awk "BEGIN { printf \"-- $(1): %.1f min\n\", ($$(date +%s) - $$begin) / 60 }"; exit $$status

.PHONY: demo test record docs bench ruff mypy layers pytest venv clean

demo: $(STAMP)
	$(BIN)/sroute run $(DEMO)/kamailio.cfg $(DEMO)/messages/[1-5]*.sip --advance 5m $(DEMO)/messages/6*.sip --advance 10m $(DEMO)/messages/[78]*.sip

test: venv ruff mypy layers pytest

venv:
	$(call timed,environment,$(MAKE) --no-print-directory $(STAMP))

# Made anew only when the declared dependencies or the build change.
$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP)

ruff: venv
	$(call timed,ruff,$(BIN)/ruff check . && $(BIN)/ruff format --check -q .)

mypy: venv
	$(call timed,mypy,$(BIN)/mypy)

layers: venv
	$(call timed,import layers,$(BIN)/lint-imports)

# Last, so that the output ends with its summary line, which has its time too.
pytest: venv
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup $(TESTS)

record: $(STAMP)
	$(BIN)/python -m tests.live.record $(CASE)

docs: $(STAMP)
	$(BIN)/python -m tests.live.coverage
	$(BIN)/python -m tools.repl_picture
	$(BIN)/python -m tests.readme

bench: $(STAMP)
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
