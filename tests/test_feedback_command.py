"""Votes from the command line: counted and exported."""

import json
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.serving.feedback import FeedbackFile, Thumb, vote_on
from tests.serving.examples import answer


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FeedbackFile:
    monkeypatch.setenv("YIJU_FEEDBACK", str(tmp_path / "feedback.jsonl"))
    made = FeedbackFile(tmp_path / "feedback.jsonl")
    made.add(vote_on(answer(), Thumb.UP))
    made.add(vote_on(answer(), Thumb.DOWN, ["看不懂"]))
    return made


def test_votes_are_counted(file: FeedbackFile, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "export"]) == 0
    assert capsys.readouterr().out == "评价 2 条：有用 1，没用 1\n  看不懂 1\n"
    assert main(["feedback", "export", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"votes": 2, "up": 1, "down": 1, "reasons": {"看不懂": 1}}


def test_votes_are_exported(file: FeedbackFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, lines = tmp_path / "评价.csv", tmp_path / "评价.jsonl"
    assert main(["feedback", "export", "--out", str(table)]) == 0
    assert main(["feedback", "export", "--out", str(lines)]) == 0
    assert table.read_text(encoding="utf-8-sig").count("\n") == 3
    assert lines.read_bytes() == file.path.read_bytes()
    assert f"已写入 {lines}" in capsys.readouterr().out


def test_an_export_does_not_destroy_the_votes(file: FeedbackFile, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "export", "--out", str(file.path)]) == 1
    assert "同一个文件" in capsys.readouterr().err
    assert len(list(file.votes())) == 2
