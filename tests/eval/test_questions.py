"""The form of every question file, and that questions are not copied from their provisions."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# These have another form: test_policy_questions.py, test_answers_questions.py
OTHERS = ("policy_", "answers_")
FILES = [path for path in sorted((ROOT / "eval" / "questions").glob("*.jsonl")) if not path.name.startswith(OTHERS)]
FIELDS = {"id", "role", "question", "gold", "also", "expect", "missing", "kind", "note"}
UNITS = (
    {f"gd-transfer-2025:a{number}" for number in range(1, 40)}
    | {f"mfg-transfer-2021:n{number}" for number in range(1, 10)}
    | {"mfg-transfer-2021:closing"}
)
EXPECTS = {"answered", "partial", "abstained"}
TRAPS = {
    "fact_missing", "off_topic", "false_premise", "instruction", "place", "time", "no_such_article", "not_held",
}  # fmt: skip
KINDS = {"plain", "lookup", "multi", *TRAPS}
LONGEST_SHARED_RUN = 6
# Names of things, which a question cannot help sharing with the text.
NAMES = (
    "承接产业有序转移主平台",
    "促进产业有序转移条例",
    "海关信用等级",
    "产业有序转移",
    "综合保税区",
)


def _read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _texts() -> dict[str, str]:
    """Article or part → its sentences, from the labelled sentences of both documents."""
    texts: dict[str, str] = {}
    labels = ROOT / "tests" / "parsing" / "force_labels.jsonl"
    for line in labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        unit = f"{label['document']}:{label['locator'].split('.')[0]}"
        texts[unit] = texts.get(unit, "") + label["sentence"]
    return texts


def _shared_runs(question: str, text: str) -> list[str]:
    """Runs of the question, one character too long, that the text contains too."""
    size = LONGEST_SHARED_RUN + 1
    for number, name in enumerate(NAMES):
        question = question.replace(name, chr(0xE000 + number))  # a private character, which no text contains
    runs = (question[start : start + size] for start in range(len(question) - size + 1))
    return [run for run in runs if run in text]


def test_both_files_are_there() -> None:
    assert {path.name for path in FILES} >= {"tuning.jsonl"}
    assert set(_texts()) == UNITS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_fields(path: Path) -> None:
    questions = _read(path)
    assert [row["id"] for row in questions if set(row) != FIELDS] == []
    assert [name for name, count in Counter(row["id"] for row in questions).items() if count > 1] == []
    for row in questions:
        name = row["id"]
        gold, also, missing = row["gold"], row["also"], row["missing"]
        assert isinstance(gold, list) and isinstance(also, list) and isinstance(missing, list), name
        assert row["role"] in {"enterprise", "staff", "hotline"}, name
        assert row["kind"] in KINDS, name
        assert row["expect"] in EXPECTS, name
        assert str(row["question"]).strip(), name
        assert {*gold, *also} <= UNITS, name
        assert len({*gold, *also}) == len(gold) + len(also), name
        assert all(isinstance(fact, str) and fact.strip() for fact in missing), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_gold_and_missing_fit_what_is_expected(path: Path) -> None:
    for row in _read(path):
        assert bool(row["gold"]) == (row["expect"] != "abstained"), row["id"]
        assert bool(row["missing"]) == (row["expect"] != "answered"), row["id"]
        if row["kind"] == "off_topic":
            assert row["expect"] == "abstained", row["id"]
        if row["kind"] in {"fact_missing", "no_such_article", "not_held"}:
            assert row["expect"] != "answered", row["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_questions_are_not_copied_from_their_provisions(path: Path) -> None:
    texts = _texts()
    copied = {
        row["id"]: runs
        for row in _read(path)
        for unit in row["gold"]
        if (runs := _shared_runs(row["question"], texts[unit]))
    }
    assert copied == {}


@pytest.mark.parametrize("name", ["tuning.jsonl", "reporting.jsonl"])
def test_shares(name: str) -> None:
    questions = _read(ROOT / "eval" / "questions" / name)
    assert len(questions) >= 120
    assert sum(row["kind"] in TRAPS for row in questions) >= 45
    assert sum(row["expect"] != "answered" for row in questions) >= len(questions) / 4
    assert {row["kind"] for row in questions} == KINDS
    roles = Counter(row["role"] for row in questions)
    assert min(roles[role] for role in ("enterprise", "staff", "hotline")) >= len(questions) / 10


def test_no_question_stands_in_two_files() -> None:
    seen = Counter(re.sub(r"\W", "", str(row["question"])) for path in FILES for row in _read(path))
    assert [question for question, count in seen.items() if count > 1] == []


def test_counts_in_the_readme() -> None:
    readme = (ROOT / "eval" / "questions" / "README.md").read_text(encoding="utf-8")
    table = {kind: int(count) for kind, count in re.findall(r"^\| (\w+) \| (\d+) \|", readme, re.MULTILINE)}
    assert table == Counter(row["kind"] for row in _read(ROOT / "eval" / "questions" / "tuning.jsonl"))


def test_a_shared_run_is_seen() -> None:
    text = "县级以上人民政府应当畅通常态化政企沟通联系渠道。"
    assert _shared_runs("政府畅通常态化政企沟通吗", text)[0] == "畅通常态化政企"
    assert _shared_runs("常态化政企沟的渠道", text) == []
    assert _shared_runs("承接产业有序转移主平台在哪", "打造承接产业有序转移主平台在哪里") == []
