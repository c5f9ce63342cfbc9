"""One short evaluation of the real assistant over the real corpus, from the command line to the two files."""

import json
from pathlib import Path

import pytest

from eval.run import main

pytest.importorskip("ir_measures")

ROOT = Path(__file__).parents[2]
QUESTIONS = [
    ("s1", "条例第三十条讲什么", ["gd-transfer-2025:a30"], "answered", "lookup"),
    ("s2", "整体搬到中西部，海关信用等级还算数吗", ["mfg-transfer-2021:n8"], "answered", "plain"),
    ("s3", "公积金怎么提取", [], "abstained", "off_topic"),
]


def test_a_short_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        json.dumps(
            {
                "id": id,
                "role": "hotline",
                "question": text,
                "gold": gold,
                "also": [],
                "expect": expect,
                "missing": [] if expect == "answered" else ["办法"],
                "kind": kind,
            },
            ensure_ascii=False,
        )
        for id, text, gold, expect, kind in QUESTIONS
    ]
    (tmp_path / "short.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["--questions", "short.jsonl", "--out", "reports", "--corpus", str(ROOT / "corpus")]) == 0
    printed = capsys.readouterr().out
    text = (tmp_path / "reports" / "short.md").read_text(encoding="utf-8")
    assert printed.endswith(text)
    assert "没有上一份报告。" in text

    written = (tmp_path / "reports" / "short.json").read_text(encoding="utf-8")
    report = json.loads(written)
    assert report["corpus"].startswith("sha256:")
    assert [row["yiju"]["right_first"] for row in report["rows"][:2]] == [True, True]
    assert report["answers"]["verbatim"]["n"] >= 2
    assert report["answers"]["verbatim"]["value"] == 1.0
    assert report["systems"]["bm25"]["right_first"]["n"] == 2
    assert "statute-embed-zh" in report["embedder"]
    assert str(tmp_path) not in written + text
    assert str(ROOT) not in written + text


def test_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--questions", str(tmp_path / "none.jsonl")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("错误：")
    assert error.count("\n") == 1
