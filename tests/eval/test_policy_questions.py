"""The form of the policy questions: fields, the split by document, and that every gold provision is there.

A failure names questions by id only, so that nobody reads a reporting question in a test's output.
"""

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.policy import load_sources, policy_documents

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "eval" / "questions"
DATA = ROOT.parent / "shared" / "data"
SPLITS = ("tuning", "reporting")
FIELDS = {"id", "role", "question", "region", "gold", "need", "doc", "how"}
FOUNDING = {"gd-transfer-2025", "mfg-transfer-2021"}
# Matches "sd-private:a31", "jinan-science:n2.h7" and "mfg-transfer-2021:n9"; refuses "a31" and "sd-private:第三条".
PROVISION = re.compile(r"[a-z0-9-]+:[a-z]+[0-9]*(\.[a-z]+[0-9]+)*")
FIRST_DIGITS = {"tuning": set("0123456789"), "reporting": set("abcdef")}
LONGEST_SHARED_RUN = 6

Row = dict[str, Any]


def _read(name: str) -> list[Row]:
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]


def _sources() -> dict[str, Row]:
    rows: list[Row] = []
    for path in sorted(QUESTIONS.glob("policy_sources*.toml")):
        rows += tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    assert len({row["key"] for row in rows}) == len(rows)
    return {row["key"]: row for row in rows}


POLICY_FILES = sorted(path.name for path in QUESTIONS.glob("policy_*.jsonl"))


def test_the_files_are_there() -> None:
    assert set(POLICY_FILES) >= {"policy_tuning.jsonl", "policy_training.jsonl"}


@pytest.mark.parametrize("name", POLICY_FILES)
def test_fields(name: str) -> None:
    rows = _read(name)
    assert [row["id"] for row in rows if set(row) != FIELDS] == []
    for row in rows:
        which = row["id"]
        gold, need = row["gold"], row["need"]
        assert row["role"] in {"enterprise", "staff", "hotline"}, which
        assert 6 <= len(row["question"].strip()) <= 200, which
        assert gold and len(set(gold)) == len(gold) and all(PROVISION.fullmatch(unit) for unit in gold), which
        assert set(need) <= set(gold) and len(need) != 1, which
        assert row["doc"] in {unit.split(":")[0] for unit in gold}, which
        assert re.fullmatch(r"([0-9]{6})?", row["region"]), which
        assert row["how"].strip(), which


def test_ids_and_questions_are_unique() -> None:
    names = Counter(row["id"] for name in POLICY_FILES for row in _read(name))
    assert [name for name, count in names.items() if count > 1] == []
    asked: dict[str, list[str]] = {}
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for row in _read(path.name):
            whole = "".join([*row.get("turns", []), row["question"]])  # a last turn may be as short as 那呢
            asked.setdefault(re.sub(r"\W", "", whole), []).append(f"{path.name} {row['id']}")
    assert [where for where in asked.values() if len(where) > 1] == []


@pytest.mark.parametrize("name", POLICY_FILES)
def test_every_role_asks(name: str) -> None:
    rows = _read(name)
    roles = Counter(row["role"] for row in rows)
    assert min(roles[role] for role in ("enterprise", "staff", "hotline")) >= len(rows) / 10


@pytest.mark.parametrize("split", SPLITS)
def test_split_is_by_document(split: str) -> None:
    sources = _sources()
    own = {key for key, source in sources.items() if source["split"] == split}
    named = [sources[key].get("file") or sources[key]["row"] for key in own]
    assert {hashlib.sha256(name.encode()).hexdigest()[0] for name in named} <= FIRST_DIGITS[split]
    assert len(set(named)) == len(named)
    for row in _read(f"policy_{split}.jsonl"):
        assert row["doc"] in own, row["id"]
        # What answers equally may stand in a document of the other split: both lie in the one corpus that is searched.
        assert {unit.split(":")[0] for unit in row["gold"]} <= set(sources) | FOUNDING, row["id"]
        assert all(unit.split(":")[0] in own | FOUNDING for unit in row["need"]), row["id"]


def test_tuning_asks_every_document_in_many_ways() -> None:
    rows = _read("policy_tuning.jsonl")
    asked = Counter(row["doc"] for row in rows)
    tuning = {key for key, source in _sources().items() if source["split"] == "tuning"}
    assert set(asked) == tuning and len(tuning) == 24
    assert min(asked.values()) >= 8
    assert sum(bool(row["need"]) for row in rows) >= 20  # two questions in one
    lengths = [len(row["question"]) for row in rows]
    assert sum(length <= 15 for length in lengths) >= 8 and sum(length >= 60 for length in lengths) >= 10
    assert len({row["how"] for row in rows}) >= 6
    jurisdictions = {source["jurisdiction"] for source in _sources().values()}
    assert {row["region"][:2] for row in rows if row["region"]} <= {code[:2] for code in jurisdictions}


def test_training_covers_both_founding_documents_and_no_other() -> None:
    rows = _read("policy_training.jsonl")
    gold = Counter(unit for row in rows for unit in row["gold"])
    wanted = {f"gd-transfer-2025:a{number}" for number in range(1, 40)}
    wanted |= {f"mfg-transfer-2021:n{number}" for number in range(1, 10)} | {"mfg-transfer-2021:closing"}
    assert set(gold) == wanted
    assert min(gold.values()) >= 4
    assert len(rows) >= 250


@pytest.fixture(scope="module")
def texts() -> Mapping[str, str]:
    """Every provision of the founding documents and of the sources, by id."""
    if not (DATA / "laws.tar.gz").is_file():
        pytest.skip("the laws and policy documents are not on this machine (../shared/data)")
    found: dict[str, str] = {}
    for parsed in policy_documents(load_sources(QUESTIONS), DATA):
        found.update((provision.id, provision.text) for provision in parsed.provisions)
    return found


@pytest.mark.parametrize("name", POLICY_FILES)
def test_gold_provisions_exist(name: str, texts: Mapping[str, str]) -> None:
    assert [(row["id"], unit) for row in _read(name) for unit in row["gold"] if unit not in texts] == []


@pytest.mark.parametrize("name", ["policy_tuning.jsonl", "policy_training.jsonl"])
def test_questions_are_not_copied_from_their_provisions(name: str, texts: Mapping[str, str]) -> None:
    # A caller who names the document cannot help sharing its title with the text.
    titles = [source["title"] for source in _sources().values()]
    size = LONGEST_SHARED_RUN + 1
    copied = set()
    for row in _read(name):
        question = row["question"]
        for title in titles:
            question = question.replace(title, "\n")
        runs = {question[start : start + size] for start in range(len(question) - size + 1)}
        if any(run in texts[unit] for unit in row["gold"] for run in runs):
            copied.add(row["id"])
    assert copied == set()
