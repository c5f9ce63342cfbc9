"""The policy questions for reporting: their form, their split, and that every gold provision exists."""

import gzip
import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.parsing import parse
from assistant.reading import read_file
from assistant.schema import Kind, Metadata, Parsed
from eval.law_data import DATA, LAWS, ROOT, load_laws

QUESTIONS = ROOT / "eval" / "questions"
POLICIES = "policy_documents.jsonl.gz"
FIELDS = ["id", "role", "question", "region", "gold", "need", "doc", "how"]
WAYS = (
    "situation first, then the document searched for who answers: ",
    "article read, put away, asked from memory as such a caller: ",
)
FOUNDING = {"gd-transfer-2025": "gd-transfer-2025.txt", "mfg-transfer-2021": "mfg-transfer-2021.txt"}
LONGEST_SHARED_RUN = 6
# Names of things, which a question cannot help sharing with the text.
NAMES = ("数字经济促进共同富裕", "智能制造先行区", "清洁生产审核", "工业数据分类分级", "工业互联网平台")


def _sources(split: str) -> list[dict[str, Any]]:
    path = QUESTIONS / f"policy_sources_{split}.toml"
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    return rows


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]


SOURCES = _sources("reporting")
ROWS = _lines("policy_reporting.jsonl")


def test_the_split_is_by_document() -> None:
    for source in SOURCES:
        reference = source.get("file") or source["row"]
        assert hashlib.sha256(reference.encode()).hexdigest()[0] in "abcdef", reference
        assert source["split"] == "reporting"
    other = {source.get("file") or source["row"] for source in _sources("tuning")}
    assert other.isdisjoint(source.get("file") or source["row"] for source in SOURCES)


def test_sources_are_named_and_placed() -> None:
    keys = [source["key"] for source in SOURCES]
    assert len(set(keys)) == len(keys) >= 12
    for source in SOURCES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", source["key"])  # sh-business, not SH_business
        assert re.fullmatch(r"\d{6}", source["jurisdiction"])  # 330200, not 宁波
        assert ("file" in source, source["archive"]) in {(True, LAWS), (False, POLICIES)}
        assert source["title"]


def test_form() -> None:
    keys = {source["key"] for source in SOURCES}
    held = keys | FOUNDING.keys() | {source["key"] for source in _sources("tuning")}
    for number, row in enumerate(ROWS, 1):
        assert list(row) == FIELDS, row
        assert row["id"] == f"pr{number:03}"
        assert row["question"] == row["question"].strip() and 6 <= len(row["question"]) <= 120, row["id"]
        assert row["region"] == "" or re.fullmatch(r"\d{6}", row["region"]), row["id"]
        assert row["doc"] in keys, row["id"]
        documents = [gold.split(":")[0] for gold in row["gold"]]
        assert documents[0] == row["doc"] and set(documents) <= held, row["id"]
        assert len(set(row["gold"])) == len(row["gold"]), row["id"]
        assert set(row["need"]) <= set(row["gold"]) and len(row["need"]) != 1, row["id"]
        assert row["how"].startswith(WAYS) and row["how"] not in WAYS, row["id"]


def test_a_local_question_says_where_or_carries_the_place() -> None:
    """Nothing else tells 山东's regulation from a sister province's."""
    places = {
        "31": "上海", "50": "重庆", "44": "广东|广州|深圳|佛山|东莞|中山|潮州|惠州|江门|汕头", "41": "郑州",
        "37": "山东|济南|青岛|枣庄|临沂|潍坊|德州|菏泽|泰安", "33": "浙江|宁波|杭州|温州|嘉兴|绍兴|北仑|鄞州|慈溪|象山",
    }  # fmt: skip
    where = {source["key"]: source["jurisdiction"][:2] for source in SOURCES}
    for row in ROWS:
        prefix = where[row["doc"]]
        if prefix != "00":
            assert re.search(places[prefix], row["question"]) or row["region"].startswith(prefix), row["id"]


def test_no_question_stands_twice() -> None:
    plain = [re.sub(r"[\W_]", "", row["question"]) for row in ROWS]
    assert len(set(plain)) == len(plain)
    for path in QUESTIONS.glob("*.jsonl"):
        if path.name != "policy_reporting.jsonl":
            others = {re.sub(r"[\W_]", "", row["question"]) for row in _lines(path.name)}
            assert others.isdisjoint(plain), path.name


def test_roles_lengths_and_documents_are_spread() -> None:
    assert len(ROWS) >= 100
    roles = Counter(row["role"] for row in ROWS)
    assert set(roles) == {"enterprise", "staff", "hotline"} and min(roles.values()) >= len(ROWS) / 5
    documents = Counter(row["doc"] for row in ROWS)
    assert set(documents) == {source["key"] for source in SOURCES} and min(documents.values()) >= 7
    lengths = sorted(len(row["question"]) for row in ROWS)
    assert lengths[4] <= 10 and lengths[-4] >= 80
    assert sum(len(row["need"]) > 1 for row in ROWS) >= 10


def _documents(folder: Path) -> Iterator[Parsed]:
    sources = [*SOURCES, *_sources("tuning")]
    keys = {source.get("file") or source["row"]: source["key"] for source in sources}
    for key, name in FOUNDING.items():
        kind = Kind.STATUTE if key.startswith("gd") else Kind.POLICY
        yield parse(read_file(ROOT / "corpus" / name, Metadata(key, key, kind)))
    for law in load_laws():
        if law.id in keys:
            path = folder / "law.md"
            path.write_bytes(law.data)
            yield parse(read_file(path, Metadata(keys[law.id], law.title, Kind.STATUTE)))
    with gzip.open(DATA / POLICIES, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            key = keys.get(f"{row['sheet']}/{row['No.']}")
            if key is not None:
                path = folder / "policy.txt"
                path.write_text(row["Policy Content"], encoding="utf-8")
                yield parse(read_file(path, Metadata(key, key, Kind.POLICY)))


@pytest.fixture(scope="module")
def provisions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Id → text of every provision of the documents that a gold may lie in."""
    for name in (LAWS, POLICIES):
        if not (DATA / name).is_file():
            pytest.skip(f"{name} is not on this machine (../shared/data)")
    folder = tmp_path_factory.mktemp("policy")
    return {item.id: item.text for parsed in _documents(folder) for item in parsed.provisions}


def test_every_gold_provision_exists(provisions: dict[str, str]) -> None:
    missing = [(row["id"], gold) for row in ROWS for gold in row["gold"] if gold not in provisions]
    assert not missing


def test_questions_are_not_copied_from_their_provisions(provisions: dict[str, str]) -> None:
    for row in ROWS:
        question = row["question"]
        for number, name in enumerate((*NAMES, *(source["title"] for source in SOURCES))):
            question = question.replace(name, chr(0xE000 + number))  # a private character, which no text contains
        size = LONGEST_SHARED_RUN + 1
        runs = [question[start : start + size] for start in range(len(question) - size + 1)]
        text = "".join(provisions[gold] for gold in row["gold"])
        assert not [run for run in runs if run in text], row["id"]
