import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import CorpusError
from assistant.schema import Role, Status
from eval.question_file import load_questions

GOOD: dict[str, Any] = {
    "id": "r001",
    "role": "hotline",
    "question": "几时算数",
    "gold": ["gd-transfer-2025:a39"],
    "also": ["gd-transfer-2025:a2"],
    "expect": "answered",
    "missing": [],
    "kind": "time",
    "note": "",
}


def written(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_question_is_read(tmp_path: Path) -> None:
    (question,) = load_questions(written(tmp_path, GOOD, ""))
    assert question.role is Role.HOTLINE
    assert question.expect is Status.ANSWERED
    assert question.right == ("gd-transfer-2025:a39", "gd-transfer-2025:a2")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{"], "第 1 行不是有效的题目"),
        ([GOOD, GOOD], "第 2 行的编号 r001 与前面重复"),
        ([{**GOOD, "role": "boss"}], "boss"),
        ([{**GOOD, "expect": "maybe"}], "maybe"),
        ([{**GOOD, "kind": "hard"}], "kind hard 不在"),
        ([{**GOOD, "question": " "}], "question 应是非空文字"),
        ([{**GOOD, "gold": "a39"}], "gold 应是文字的列表"),
        ([{**GOOD, "answer": "x"}], "未知字段 answer"),
        ([{**GOOD, "gold": []}], "gold 为空当且仅当"),
        ([{**GOOD, "expect": "abstained", "missing": ["x"]}], "gold 为空当且仅当"),
        ([{**GOOD, "expect": "partial"}], "missing 为空当且仅当"),
        ([{**GOOD, "missing": ["x"]}], "missing 为空当且仅当"),
        ([{key: value for key, value in GOOD.items() if key != "id"}], "'id'"),
        ([], "没有题目"),
    ],
)
def test_bad_files_are_refused_with_the_line(tmp_path: Path, rows: list[object], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        load_questions(written(tmp_path, *rows))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="读不了"):
        load_questions(tmp_path / "none.jsonl")
