"""The Markdown of a report on answers, its comparison with an earlier one, and one run from the command line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.schema import Status
from eval.answers.__main__ import REPORTING, build_parser, main
from eval.answers.report import MEASURES, markdown
from eval.answers.run import evaluate
from eval.run import compared
from tests.eval.answers_fakes import A, FakeAssistant, answer, question

ROOT = Path(__file__).parents[2]
QUESTIONS = [
    question("q1", [f"{A}:a30"], question="电费<b>能降吗"),
    question("q2", [f"{A}:a29"], Status.PARTIAL, turns=("有补贴吗",)),
]
REAL: list[dict[str, Any]] = [
    {"id": "s1", "question": "条例第三十条", "gold": ["gd-transfer-2025:a30"], "expect": "answered", "kind": "lookup"},
    {"id": "s2", "question": "公积金怎么提取", "gold": [], "expect": "abstained", "kind": "off_topic"},
    {
        "id": "s3",
        "question": "那海关信用等级还算数吗",
        "turns": ["整体搬到江西的企业"],
        "gold": ["mfg-transfer-2021:n8"],
        "expect": "answered",
        "kind": "plain",
        "carried": ["topic"],
    },
]  # fmt: skip


@pytest.fixture
def report() -> dict[str, Any]:
    answers = {
        "电费<b>能降吗": answer(Status.ANSWERED, [f"{A}:a5"]),
        "问题q2": answer(Status.PARTIAL, [f"{A}:a29"], ["金额"]),
    }
    return {
        "name": "sample",
        "command": "python -m eval.answers",
        "date": "2026-11-22 10:00 UTC",
        "commit": "abc",
        "machine": {"cores": 2, "memory_gb": 24.7},
        "as_of": "当天",
        "embedder": "statute-embed-zh",
        "settings": {"embedder": "builtin"},
        "questions": {
            "files": ["a.jsonl", "b.jsonl"],
            "n": 2,
            **{"answered": 1, "partial": 1, "abstained": 0, "dialogues": 1, "speech": 0},
        },
        **evaluate(FakeAssistant(answers), QUESTIONS, lambda doc_id, quote: True)[0],
        "before": None,
    }


def test_markdown(report: dict[str, Any]) -> None:
    text = markdown(report)
    lines = text.splitlines()
    assert "- 题目：a.jsonl、b.jsonl，2 题：应答 1，部分 1，拒答 0；对话 1，语音转写有错 0" in lines
    assert "- 日期：2026-11-22 10:00 UTC；提交：abc；用时 0 秒；2 核，24.7 GB 内存" in lines
    assert "- 语料：`sha256:00`；判断时点：当天" in lines
    assert "**14 项要求，3 项未达到。**数值本身与要求相比，不看区间的端点。" in lines
    assert "| 首条依据正确（全部有依据的题，未引用算错） | ≥ 92.0 % | 50.0 % | **未达到** |" in lines
    assert "| 误答 | ≤ 3.0 % | 0.0 % | 达到 |" in lines
    assert "| 陷阱处置得当 | ≥ 95.0 % | — | 无题可判 |" in lines
    assert "| 首条依据正确（有依据且引了条文的题） | 1 | 2 | 50.0 % [1.3, 98.7] |" in lines
    assert "| 部分 | 0 | 1 | 0 |" in lines
    assert "**前文没有交给系统：`ask` 不收 `history`，对话题只问了最后一句。**" in lines
    assert "没有上一份报告。" in lines
    assert "前文没有交给系统" not in markdown({**report, "history": True})


def test_a_reporting_file_is_told_by_ids(report: dict[str, Any]) -> None:
    text = markdown(report)
    assert "- 首条依据不对：1 题（q1）" in text.splitlines()
    assert "能降吗" not in text


def test_a_tuning_file_is_told_in_words_without_markup(report: dict[str, Any]) -> None:
    text = markdown(report, {"q1": "电费<b>能降吗", "q2": "x"})
    assert "- 首条依据不对：1 题\n  - q1 电费&lt;b&gt;能降吗" in text


def test_comparison(report: dict[str, Any]) -> None:
    before = json.loads(json.dumps({**report, "commit": "old"}))
    before["rows"][0]["answer"].update(first_right=True, status_right=False)
    changed = compared(report, before, dict.fromkeys(MEASURES, "answer"), "digest")
    assert changed is not None
    assert changed["changes"] == {
        "status_right": {"won": ["q1"], "lost": []},
        "first_right": {"won": [], "lost": ["q1"]},
    }
    text = markdown({**report, "before": changed})
    assert "- 状态正确，赢回 1 题（q1）\n- 状态正确，丢失 0 题\n" in text
    assert "- 首条依据正确，丢失 1 题（q1）" in text
    before["rows"][0]["digest"] = "another"  # the label was mended since
    changed = compared(report, before, dict.fromkeys(MEASURES, "answer"), "digest")
    assert changed is not None
    assert changed["changes"]["status_right"]["won"] == []


def test_command_line_defaults() -> None:
    options = build_parser().parse_args([])
    assert tuple(options.questions) == REPORTING
    assert [path.name for path in REPORTING] == ["answers_reporting_a.jsonl", "answers_reporting_b.jsonl"]
    assert (options.name, options.out) == ("answers", Path("eval/reports"))


def written(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    lines = []
    for row in rows:
        gaps = [] if row["expect"] == "answered" else [["公积金"]]
        full = {"role": "hotline", "asks": ["how"], "missing": gaps, "notices": [], **row}
        lines.append(json.dumps(full, ensure_ascii=False))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_short_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "one_tuning.jsonl", REAL[:2])
    written(tmp_path / "two_tuning.jsonl", REAL[2:])
    given = ["--questions", "one_tuning.jsonl", "two_tuning.jsonl", "--out", "reports", "--name", "short"]
    code = main([*given, "--corpus", str(ROOT / "corpus"), "--verbose"])
    printed = capsys.readouterr().out
    text = (tmp_path / "reports" / "short.md").read_text(encoding="utf-8")
    written_json = (tmp_path / "reports" / "short.json").read_text(encoding="utf-8")
    report = json.loads(written_json)
    assert printed.endswith(text)
    assert code in (0, 3)
    assert code == (3 if any(bar["met"] is False for bar in report["bars"]) else 0)
    assert report["questions"]["files"] == ["one_tuning.jsonl", "two_tuning.jsonl"]
    assert (report["questions"]["n"], report["questions"]["dialogues"]) == (3, 1)
    assert report["corpus"].startswith("sha256:")
    assert [row["answer"]["status_right"] for row in report["rows"][:2]] == [True, True]
    assert report["rows"][0]["answer"]["first_right"] is True
    assert report["figures"]["verbatim"]["value"] == 1.0
    assert report["figures"]["spoken_fits"]["value"] == 1.0
    assert len([line for line in written_json.splitlines() if line.lstrip().startswith('{"id": "s')]) == 3
    assert str(tmp_path) not in written_json + text
    assert str(ROOT) not in written_json + text


def test_check_only_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "short.jsonl", REAL)
    assert main(["--check", "--questions", str(path)]) == 0
    assert capsys.readouterr().out.startswith("3 题，格式都对")


def test_faults_are_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "short.jsonl", [{**REAL[0], "kind": "hard", "asks": ["x"]}])
    assert main(["--questions", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("错误：short.jsonl 第 1 行") for line in lines)


def test_reporting_questions_are_not_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "answers_reporting_a.jsonl", REAL)
    assert main(["--questions", str(path), "--verbose"]) == 2
    assert "报告题只量不看" in capsys.readouterr().err
