# Every target is one line that calls the command line `trial`; `make help` lists them.
# What is given to make reaches the program as text, in the environment (TRIAL_EXTRACT ...): no shell ever reads it.
VARIABLES := STUDY EXTRACT CUTOFF OUT FAIL_ON QUIET SINCE SENSITIVITY ENGINE SEED SIZE SIZES PYTHON
include .ci/variables.mk
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help tlf mock review submission wheelhouse validate verify conform test test-quick sensitivity mutants lint golden docs-specs docs lock pythons bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

tlf: .venv/ready ## from the extract to the tables, listings and figures (STUDY= EXTRACT= CUTOFF= OUT= FAIL_ON= SINCE= SENSITIVITY= ENGINE=)
	@$(BIN)/trial build

mock: .venv/ready ## every shell of the list before there are data, in output/mock (STUDY= OUT=)
	@$(BIN)/trial mock

review: .venv/ready ## where the review site of a build lies, which a browser opens from disk (STUDY= OUT=)
	@$(BIN)/trial review

submission: .venv/ready ## what an agency is handed, of a finished build: output/STUDY/submission, which checks itself (STUDY= OUT=)
	@$(BIN)/trial submission

wheelhouse: .venv/ready ## all wheels of this machine's Python in output/wheelhouse: installs without a network or an administrator
	@sh .ci/wheelhouse

validate: .venv/ready ## queries, report and site view of an extract (STUDY= EXTRACT= SINCE= OUT= FAIL_ON=)
	@$(BIN)/trial validate

conform: .venv/ready ## SDTM and ADaM of a finished build by the rules of their guides, with what explains issues (STUDY= OUT=)
	@$(BIN)/trial conform

verify: .venv/ready ## the endpoints of a finished build derived a second time, by SQL, and compared: OUT/verify (STUDY= OUT=)
	@$(BIN)/trial verify

sensitivity: .venv/ready ## which decision of the plan moves which headline result: output/sensitivity (STUDY= EXTRACT= CUTOFF=)
	@$(BIN)/trial sensitivity --save output/sensitivity

test: .venv/ready-dev ## run all tests
	@$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

test-quick: .venv/ready-dev ## the quick tests, under two minutes on two cores (without those of tests/slow.txt)
	@$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

mutants: .venv/ready-dev ## put small faults into the code, one at a time: the tests must notice (SEED= SIZE=)
	@$(BIN)/python tests/support/mutants.py

lint: .venv/ready-dev ## style, layers and types
	@$(BIN)/trial lint

golden: .venv/ready-dev ## write the texts that show how outputs look (tests/shells/golden); read what changed
	@TRIAL_GOLDEN=renew $(BIN)/python -m pytest -q tests/shells/test_golden.py

docs-specs: .venv/ready ## write the made parts of the manual of specs and its JSON schemas (docs/specs)
	@$(BIN)/python -m pipeline.manual

docs: .venv/ready-dev ## the site of the documentation in docs/site, which a browser opens from disk
	@$(BIN)/python -m pipeline.documentation

lock: .venv/ready-dev ## renew constraints.txt and the hashes of .ci/requirements*.txt after a change of dependencies
	@sh .ci/lock

pythons: .venv/ready ## try each other Python of 3.11, 3.12 and 3.13 that is found: environment, doctor, a table of the example
	@sh .ci/pythons

bench: .venv/ready ## time builds of synthetic studies, in yards: docs/benchmarks.md and output/bench.json (SIZES="60 300 1000")
	@$(BIN)/trial bench

clean: ## remove what was made (output/), keep the environment
	@rm -rf output

.venv/ready: pyproject.toml constraints.txt .ci/environment
	@sh .ci/environment runtime

.venv/ready-dev: pyproject.toml constraints.txt .ci/environment
	@sh .ci/environment dev
