import json
from pathlib import Path
from typing import Any

import pytest

from eval.question_file import Question
from eval.report import markdown, mean_text, rate_text, table
from eval.run import build_parser, compared, earlier_report, evaluate, write
from tests.eval.fakes import TODAY, FakeAssistant

pytest.importorskip("ir_measures")


@pytest.fixture
def report(questions: list[Question], assistant: FakeAssistant) -> dict[str, Any]:
    measured = evaluate(assistant, questions, lambda doc_id, quote: quote != "并非原文", TODAY)
    return {
        "name": "sample",
        "command": "python -m eval.run",
        "date": "2026-11-22 10:00 UTC",
        "commit": "abc",
        "machine": {"cores": 2, "memory_gb": 24.7},
        "embedder": "statute-embed-zh",
        "settings": {"embedder": "builtin"},
        "questions": {"file": "sample.jsonl", "n": 6, "trapped": 3},
        **measured,
        "before": None,
    }


def test_evaluate_says_what_it_measured(report: dict[str, Any]) -> None:
    assert report["corpus"] == "sha256:00"
    assert report["engine"] == "extractive"
    assert report["as_of"] == "2026-11-22"
    assert report["failed"] == 2, "one search and one answer"
    assert [row["id"] for row in report["rows"]] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert set(report["rows"][0]) >= {"role", "kind", "expect", "gold", "also", "yiju", "bm25", "vectors", "answer"}


def test_json_has_one_line_a_question_and_reads_back(report: dict[str, Any], tmp_path: Path) -> None:
    write(report, tmp_path / "deep" / "sample.json")
    text = (tmp_path / "deep" / "sample.json").read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(json.dumps(report))
    assert len([line for line in text.splitlines() if line.lstrip().startswith('{"id": "q')]) == 6


def test_markdown(report: dict[str, Any], tmp_path: Path) -> None:
    text = write(report, tmp_path / "sample.json")
    assert (tmp_path / "sample.md").read_text(encoding="utf-8") == text
    lines = text.splitlines()
    # Three of five right first: 60 %, Clopper–Pearson 14.66 to 94.73 (tables).
    assert any(line.startswith("| yiju | 5 | 60.0 % [14.7, 94.7] |") for line in lines)
    assert any(line.startswith("| bm25 | 5 | 20.0 %") for line in lines)
    assert "| 已答 | 2 | 0 | 1 |" in lines
    assert "| 部分 | 1 | 0 | 0 |" in lines
    # One of one: the low end is 0.025.
    assert "| 文中全无 | 1 | 100.0 % [2.5, 100.0] |" in lines
    assert "没有上一份报告。" in text
    assert "- 误答：1 题\n  - q3 问题q3" in text
    assert "- 误拒：1 题\n  - q2 问题q2" in text
    assert "- 引文与原文件不一致：1 题\n  - q3" in text
    assert "- 失败：1 题\n  - q6" in text
    assert "太容易" not in text


def test_markdown_says_when_questions_are_too_easy(report: dict[str, Any]) -> None:
    assert "BM25 首位命中已超过 75 %" in markdown({**report, "too_easy": True})


def test_questions_cannot_write_markup(report: dict[str, Any]) -> None:
    report["rows"][2]["question"] = "</li><script>alert(1)</script>"
    assert "<script>" not in markdown(report)


def test_comparison_names_won_and_lost(report: dict[str, Any]) -> None:
    before = json.loads(json.dumps({**report, "date": "2026-11-01", "commit": "old"}))
    before["rows"][0]["yiju"]["right_first"] = False
    before["rows"][1]["answer"]["status_right"] = True
    changed = compared(report, before)
    assert changed is not None
    assert changed["changes"] == {
        "right_first": {"won": ["q1"], "lost": []},
        "status_right": {"won": [], "lost": ["q2"]},
    }
    text = markdown({**report, "before": changed})
    assert "- 首位命中，赢回 1 题\n  - q1 问题q1" in text
    assert "- 状态正确，丢失 1 题\n  - q2 问题q2" in text
    assert compared(report, None) is None


def test_earlier_report_outside_of_git_is_the_one_on_disk(tmp_path: Path) -> None:
    assert earlier_report(tmp_path, tmp_path / "none.json") is None
    (tmp_path / "one.json").write_text('{"name": "one"}', encoding="utf-8")
    assert earlier_report(tmp_path, tmp_path / "one.json") == {"name": "one"}


def test_texts() -> None:
    assert rate_text({"value": 0.8519, "low": 0.7961, "high": 0.8983}) == "85.2 % [79.6, 89.8]"
    assert rate_text({"value": None}) == "—"
    assert mean_text({"value": 0.85, "low": 0.8, "high": 1.0}) == ".850 [.800, 1.000]"
    assert table(["甲", "乙"], [["1", "2"]]) == "| 甲 | 乙 |\n| --- | ---: |\n| 1 | 2 |"


def test_command_line_defaults() -> None:
    options = build_parser().parse_args([])
    assert options.questions == Path("eval/questions/reporting.jsonl")
    assert options.out == Path("eval/reports")
    assert options.name is None
