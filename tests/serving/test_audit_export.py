"""The record as a table and as lines: whole, and no formula in a spreadsheet."""

import csv
import json
from pathlib import Path

import pytest

from assistant.errors import AuditError
from assistant.serving.audit import Recorder
from assistant.serving.audit_export import COLUMNS, export, safe_cell
from assistant.serving.audit_store import AuditStore
from tests.serving.examples import QUOTE, answer, citation, report


@pytest.fixture
def store(tmp_path: Path) -> AuditStore:
    store = AuditStore(tmp_path / "audit.db")
    recorder = Recorder(store)
    recorder.record_answer(answer('=HYPERLINK("http://evil.example")', citation()), operator="+张三", region="广东")
    recorder.record_check(report("见《条例》第三十条，\n换行，“引号”和,逗号"), operator="李四")
    recorder.record_edit(recorder.record_answer(answer("要删的问题")), "-改过的口径")
    store.redact(3, "@来电人要求")
    return store


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_has_every_record(store: AuditStore, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    assert export(store.records(), out, "csv") == 5
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")  # without it a spreadsheet shows gibberish
    rows = table(out)
    assert list(rows[0]) == list(COLUMNS.values())
    assert [row["编号"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["种类"] for row in rows] == ["回答", "核对", "回答", "修改", "删除"]
    assert rows[0]["问题或文本"] == """'=HYPERLINK("http://evil.example")"""
    assert (rows[0]["坐席"], rows[0]["地区代码"], rows[0]["结果"]) == ("'+张三", "440000", "answered")
    assert rows[0]["依据"] == "《广东省促进产业有序转移条例》第三十条"
    assert rows[1]["问题或文本"] == "见《条例》第三十条，\n换行，“引号”和,逗号"
    assert (rows[1]["结果"], rows[1]["答复或结论"]) == ("pass", "ok 1")
    assert rows[1]["依据"] == "《广东省促进产业有序转移条例》第三十条"
    assert (rows[2]["问题或文本"], rows[2]["答复或结论"]) == ("〔已删除〕", "")
    assert (rows[3]["所指记录"], rows[3]["问题或文本"]) == ("3", "'-改过的口径")
    assert rows[4]["问题或文本"] == "'@来电人要求"
    assert [row["前一条哈希"] for row in rows[1:]] == [row["本条哈希"] for row in rows[:-1]]


def test_lines_have_all_that_was_recorded(store: AuditStore, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    assert export(store.records(), out, "jsonl") == 5
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows[0]["text"] == '=HYPERLINK("http://evil.example")'  # no spreadsheet: as it was
    assert rows[0]["payload"]["citations"][0]["quote"] == QUOTE
    assert rows[0]["provisions"][0]["from"] == "2025-03-01"
    assert rows[0]["asked"]["region"] == "440000"
    assert (rows[2]["deleted"], rows[2]["text"], rows[2]["payload"]) == (True, "〔已删除〕", None)
    assert (rows[3]["target"], rows[0]["target"]) == (3, None)
    assert rows[1]["payload"]["findings"][0]["status"] == "ok"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        (" =1", "' =1"),
        ("＝1+1", "'＝1+1"),
        ("第三十条", "第三十条"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, expected: str) -> None:
    assert safe_cell(text) == expected


def test_a_long_text_fits_a_cell(tmp_path: Path) -> None:
    store = AuditStore(tmp_path / "audit.db")
    Recorder(store).record_check(report("《条例》第三十条" + "字" * 40_000))
    export(store.records(), tmp_path / "out.csv", "csv")
    export(store.records(), tmp_path / "out.jsonl", "jsonl")

    assert len(table(tmp_path / "out.csv")[0]["问题或文本"]) == 32_000
    assert len(json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["text"]) == 40_008


def test_a_failed_export_leaves_what_was_there(store: AuditStore, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "out.csv"
    out.write_text("earlier", encoding="utf-8")
    missing = AuditStore(tmp_path / "none.db")

    with pytest.raises(AuditError, match="没有记录文件"):
        export(missing.records(), out, "csv")
    assert [one.name for one in folder.iterdir()] == ["out.csv"]
    assert out.read_text(encoding="utf-8") == "earlier"
    with pytest.raises(AuditError, match=r"无法写入（No such file or directory）"):
        export(store.records(), tmp_path / "no" / "folder.csv", "csv")
    with pytest.raises(ValueError, match="form must be one of"):
        export(store.records(), out, "xml")
