"""The form of the answers_* question files: what is read, what is refused, and the files that are there."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import CorpusError
from assistant.parsing import parse
from assistant.reading import read_file
from assistant.schema import Kind, Metadata, Role, Status
from eval.answers.questions import UNITS, GoldPart, load_questions

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "eval" / "questions"
FILES = sorted(FOLDER.glob("answers_*.jsonl"))

GOOD: dict[str, Any] = {
    "id": "at001",
    "role": "hotline",
    "question": "那补多少",
    "turns": ["搬去湛江有没有补贴"],
    "region": "广东",
    "as_of": "2025-06-01",
    "gold": ["gd-transfer-2025:a29"],
    "also": ["gd-transfer-2025:a31"],
    "expect": "partial",
    "asks": ["amount"],
    "missing": [["金额", "多少"]],
    "notices": [],
    "may": ["force"],
    "kind": "fact_missing",
    "speech": True,
    "never": ["五十万"],
    "conditions": {"整体性梯度转移": "not_said"},
    "carried": ["topic", "place"],
    "note": "the amount is in no document",
}
MULTI: dict[str, Any] = {
    **{name: value for name, value in GOOD.items() if name not in ("turns", "carried")},
    "kind": "multi",
    "gold": ["gd-transfer-2025:a29", "gd-transfer-2025:a30"],
    "also": [],
    "parts": [
        {"gold": ["gd-transfer-2025:a30"], "expect": "answered"},
        {"gold": ["gd-transfer-2025:a29"], "expect": "partial"},
    ],
}
SMALL = {
    name: GOOD[name] for name in ("id", "role", "question", "gold", "expect", "asks", "missing", "notices", "kind")
}


def written(folder: Path, *rows: object, name: str = "questions.jsonl") -> Path:
    path = folder / name
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_question_is_read(tmp_path: Path) -> None:
    one, two = load_questions([written(tmp_path, GOOD, "", {**MULTI, "id": "at002"})])
    assert (one.role, one.expect, one.as_of, one.region) == (Role.HOTLINE, Status.PARTIAL, date(2025, 6, 1), "广东")
    assert one.turns == ("搬去湛江有没有补贴",)
    assert one.missing == (("金额", "多少"),)
    assert one.right == ("gd-transfer-2025:a29", "gd-transfer-2025:a31")
    assert one.conditions == (("整体性梯度转移", "not_said"),)
    assert one.carried == ("topic", "place")
    assert two.parts == (
        GoldPart(("gd-transfer-2025:a30",), Status.ANSWERED),
        GoldPart(("gd-transfer-2025:a29",), Status.PARTIAL),
    )
    assert two.carried is None


def test_what_is_optional_may_be_left_out(tmp_path: Path) -> None:
    (question,) = load_questions([written(tmp_path, SMALL)])
    assert (question.turns, question.region, question.as_of, question.speech) == ((), "", None, False)
    assert (question.also, question.may, question.never, question.parts) == ((), (), (), ())


def test_a_new_topic_is_not_an_untold_one(tmp_path: Path) -> None:
    (question,) = load_questions([written(tmp_path, {**GOOD, "carried": []})])
    assert question.carried == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{", "第 1 行：不是 JSON"),
        ("[]", "不是 JSON 对象"),
        ({**GOOD, "role": "boss"}, "字段 role 的 boss 不在"),
        ({**GOOD, "expect": "maybe"}, "字段 expect 的 maybe 不在"),
        ({**GOOD, "kind": "hard"}, "字段 kind 的 hard 不在"),
        ({**GOOD, "question": " "}, "字段 question 应是非空文字"),
        ({**GOOD, "gold": "a29"}, "字段 gold 应是文字的列表"),
        ({**GOOD, "gold": ["gd-transfer-2025:a40"]}, "字段 gold 的 gd-transfer-2025:a40 不在"),
        ({**GOOD, "gold": ["gd-transfer-2025:a29.p1"]}, "字段 gold 的 gd-transfer-2025:a29.p1 不在"),
        ({**GOOD, "gold": ["gd-transfer-2025:a29"] * 2}, "字段 gold 里有重复"),
        ({**GOOD, "also": ["gd-transfer-2025:a29"]}, "gold 与 also 有重复"),
        ({**GOOD, "asks": ["money"]}, "字段 asks 的 money 不在"),
        ({**GOOD, "asks": []}, "asks 是空的"),
        ({**GOOD, "missing": ["金额"]}, "字段 missing 应是列表的列表"),
        ({**GOOD, "missing": [[]]}, "字段 missing 应是列表的列表"),
        ({**GOOD, "missing": []}, "missing 为空当且仅当"),
        ({**GOOD, "expect": "answered"}, "missing 为空当且仅当"),
        ({**GOOD, "expect": "abstained"}, "gold 为空当且仅当"),
        ({**GOOD, "gold": []}, "gold 为空当且仅当"),
        ({**GOOD, "notices": ["metadata"]}, "字段 notices 的 metadata 不在"),
        ({**GOOD, "may": ["warning"]}, "字段 may 的 warning 不在"),
        ({**GOOD, "turns": ["一", "二", "三", "四"]}, "turns 应有 1 至 3 句"),
        ({**GOOD, "turns": []}, "有 carried 而没有 turns"),
        ({**GOOD, "carried": ["mood"]}, "字段 carried 的 mood 不在"),
        ({**GOOD, "as_of": "2025-13-01"}, "字段 as_of 的 2025-13-01 不是日期"),
        ({**GOOD, "region": "亚特兰蒂斯"}, "字段 region 有误：不认识的地区"),
        ({**GOOD, "speech": "yes"}, "字段 speech 应是 true 或 false"),
        ({**GOOD, "conditions": {"整体": "maybe"}}, "字段 conditions 应是"),
        ({**GOOD, "conditions": {"整体": ["met"]}}, "字段 conditions 应是"),
        ({**GOOD, "answer": "x"}, "未知字段 answer"),
        ({**MULTI, "parts": ["x"]}, "字段 parts 应是对象的列表"),
        ({**MULTI, "parts": MULTI["parts"][1:]}, "parts 应至少有两项"),
        ({**MULTI, "parts": [*MULTI["parts"], {"gold": [], "expect": "no"}]}, "字段 parts[2].expect 的 no 不在"),
        (
            {**MULTI, "parts": [*MULTI["parts"], {"gold": [], "expect": "abstained", "status": ""}]},
            "未知字段 parts[2].status",
        ),
        ({**MULTI, "parts": [*MULTI["parts"], {"gold": [], "expect": "partial"}]}, "某一项的 gold 为空当且仅当"),
        ({**MULTI, "gold": ["gd-transfer-2025:a29"]}, "parts 的 gold 不在 gold 和 also 之中"),
        ({**MULTI, "expect": "answered", "missing": []}, "parts 各项的 expect 合起来不是 expect"),
    ],
)
def test_a_fault_is_one_line_that_names_its_place(tmp_path: Path, row: object, fault: str) -> None:
    with pytest.raises(CorpusError) as caught:
        load_questions([written(tmp_path, row)])
    (line,) = str(caught.value).splitlines()
    assert line.startswith("questions.jsonl 第 1 行")
    assert fault in line


@pytest.mark.parametrize("name", sorted(SMALL))
def test_what_is_needed_is_asked_for(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match=f"字段 {name} 应是"):
        load_questions([written(tmp_path, {key: value for key, value in SMALL.items() if key != name})])


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    one = written(tmp_path, GOOD, {**GOOD, "id": "at002", "kind": "hard", "asks": ["money"]}, name="one.jsonl")
    two = written(tmp_path, GOOD, name="two.jsonl")
    with pytest.raises(CorpusError) as caught:
        load_questions([one, two, tmp_path / "none.jsonl", written(tmp_path, "", name="empty.jsonl")])
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("one.jsonl 第 2 行：at002：字段 kind 的 hard 不在")
    assert lines[1].startswith("one.jsonl 第 2 行：at002：字段 asks 的 money 不在")
    assert lines[2] == "two.jsonl 第 1 行（at001）：编号与 one.jsonl 第 1 行 重复"
    assert "none.jsonl 读不了" in lines[3]
    assert "empty.jsonl 里没有题目" in lines[4]
    assert len(lines) == 5


def test_the_digest_is_of_what_is_judged(tmp_path: Path) -> None:
    rows = [GOOD, {**GOOD, "note": "x"}, {**GOOD, "gold": ["gd-transfer-2025:a30"]}, {**GOOD, "turns": ["别的"]}]
    same, noted, other_gold, other_turn = (load_questions([written(tmp_path, row)])[0].digest for row in rows)
    assert same == noted
    assert len({same, other_gold, other_turn}) == 3


def test_the_units_are_those_of_the_founding_documents() -> None:
    found = set()
    for name in ("gd-transfer-2025", "mfg-transfer-2021"):
        kind = Kind.STATUTE if name.startswith("gd") else Kind.POLICY
        parsed = parse(read_file(ROOT / "corpus" / f"{name}.txt", Metadata(id=name, title=name, kind=kind)))
        found |= {one.id for one in parsed.provisions if one.unit}
    assert found == UNITS


def test_the_files_that_are_there_have_the_form() -> None:
    """Every fault is a line of the error; ids are unique over all files."""
    load_questions(FILES)


def _judged(row: dict[str, Any]) -> str:
    """Return the letters of a question; in a dialogue of all its turns: a last turn may be as short as 那呢."""
    return re.sub(r"\W", "", "".join([*row.get("turns", []), row["question"]]))


def test_no_question_stands_twice_in_any_file() -> None:
    seen: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for path in sorted((*FOLDER.glob("*.jsonl"), *FOLDER.glob("training/*.jsonl"))):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            seen[_judged(row)] += 1
            places.setdefault(_judged(row), []).append(f"{path.name} {row['id']}")
    twice = [places[question] for question, count in seen.items() if count > 1]
    assert [where for where in twice if any("answers" in place or "traps" in place for place in where)] == []
