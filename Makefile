# make run            environment, installation, index (if there is none), page
# make run MODELS=1   the same with the extra [models] and a sentence-transformers model: MODEL=folder of the model
# make test           environment, installation, the whole default test suite
# make lint           ruff and mypy
# make proof          every law of the data folder parsed and checked, every printed label found again by the citation
#                     checker; writes eval/reports/proof.* and citations_round_trip.*
# make citations      the citation checker measured on true and corrupted citations; writes eval/reports/citations.*
# make eval           questions answered and scored; writes eval/reports/
# make retrieval      one benchmark of retrieval (BENCHMARK=stard, policy or founding); writes eval/reports/

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
MODEL ?= ../shared/models/statute-embed-zh
ARGS ?=
BENCHMARK ?= policy

ifdef MODELS
  VENV ?= .venv-models
  EXTRA = [models]
  export YIJU_EMBEDDER ?= sentence-transformers:$(MODEL)
  export YIJU_INDEX ?= .yiju/index-models
else
  VENV ?= .venv
  EXTRA =
endif

BIN = $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test lint proof citations eval retrieval clean
run: $(VENV)/.installed
	$(BIN)/python ui.py --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

proof: $(VENV)/.installed-test
	$(BIN)/python -m eval.proof
	$(BIN)/python -m eval.citations round-trip

citations: $(VENV)/.installed-test
	$(BIN)/python -m eval.citations $(ARGS)

eval: $(VENV)/.installed-test
	$(BIN)/python -m eval.run --questions eval/questions/tuning.jsonl --name tuning
	$(BIN)/python -m eval.run --questions eval/questions/reporting.jsonl --name reporting

retrieval: $(VENV)/.installed-test
	$(BIN)/python -m eval.retrieval --benchmark $(BENCHMARK) $(ARGS)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "正在安装，首次需要几分钟……"
	$(INSTALL) -e ".$(EXTRA)"
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) -e ".$(if $(EXTRA),[models$(comma)test],[test])"
	@touch $@

comma := ,

clean:
	rm -rf .venv .venv-models .yiju build *.egg-info
