"""The record for other programs: CSV for a spreadsheet, JSON Lines for everything in it."""

import csv
import json
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from assistant.errors import AuditError
from assistant.serving.audit_records import Record, RecordKind

FORMATS = ("csv", "jsonl")
COLUMNS = {
    "number": "编号",
    "time": "时间（UTC）",
    "kind": "种类",
    "target": "所指记录",
    "operator": "坐席",
    "engine": "引擎",
    "as_of": "效力日期",
    "region": "地区代码",
    "role": "身份",
    "result": "结果",
    "text": "问题或文本",
    "said": "答复或结论",
    "provisions": "依据",
    "corpus": "语料",
    "content_hash": "内容哈希",
    "previous": "前一条哈希",
    "hash": "本条哈希",
}
_KINDS = {
    RecordKind.ANSWER: "回答",
    RecordKind.CHECK: "核对",
    RecordKind.EDIT: "修改",
    RecordKind.REDACTION: "删除",
}
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = frozenset("=+-@\t\r\n")
_MAX_CELL = 32_000  # a spreadsheet's cell holds 32,767 characters


def export(records: Iterable[Record], out: Path, form: str) -> int:
    """Write records to a file and return how many; an earlier file of this name is replaced once all are written.

    Args:
        records: in the order of their numbers.
        out: the file to write.
        form: "csv" (UTF-8 with a mark, for spreadsheets: cells that begin like a formula get a leading ') or "jsonl"
            (a JSON object a line, with all that was recorded).

    Raises:
        AuditError: the file cannot be written.
        ValueError: a form that does not exist.
    """
    if form not in FORMATS:
        raise ValueError(f"form must be one of {FORMATS}, got {form!r}")
    with _replacing(out, "utf-8-sig" if form == "csv" else "utf-8") as file:
        return _write_csv(records, file) if form == "csv" else _write_lines(records, file)


def record_json(record: Record) -> dict[str, Any]:
    """Return a record as plain JSON values."""
    return {
        "number": record.number,
        "time": record.time,
        "kind": record.kind,
        "target": record.target or None,
        "operator": record.operator,
        "engine": record.engine,
        "corpus": record.corpus,
        "asked": json.loads(record.asked),
        "provisions": json.loads(record.provisions),
        "deleted": record.redacted,
        "text": record.text,
        "payload": None if record.redacted else record.payload,
        "content_hash": record.content_hash,
        "previous": record.previous,
        "hash": record.hash,
    }


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; what begins like one gets a leading '.

    >>> safe_cell("=1+1"), safe_cell("第三十条")
    ("'=1+1", '第三十条')
    """
    begins = unicodedata.normalize("NFKC", text.lstrip(" \u3000")[:1])
    return f"'{text}" if begins in _FORMULA or text[:1] in _FORMULA else text


def _write_csv(records: Iterable[Record], file: IO[str]) -> int:
    rows = csv.writer(file)
    rows.writerow(COLUMNS.values())
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007 - the last one is the number of records
        row = _row(record)
        rows.writerow([safe_cell(str(row[name]))[:_MAX_CELL] for name in COLUMNS])
    return count


def _write_lines(records: Iterable[Record], file: IO[str]) -> int:
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007
        file.write(json.dumps(record_json(record), ensure_ascii=False) + "\n")
    return count


def _row(record: Record) -> dict[str, Any]:
    asked, payload = json.loads(record.asked), record.payload
    # The label of a check's citation has the title in it, that of an answer's has not.
    named = [
        f"《{one['document']}》{one['label']}" if record.kind == RecordKind.ANSWER else one["label"] or one["provision"]
        for one in json.loads(record.provisions)
    ]
    return {
        "number": record.number,
        "time": record.time,
        "kind": _KINDS.get(RecordKind(record.kind), record.kind),
        "target": record.target or "",
        "operator": record.operator,
        "engine": record.engine,
        "as_of": asked.get("as_of", ""),
        "region": asked.get("region", ""),
        "role": asked.get("role", ""),
        "result": payload.get("status") or payload.get("verdict") or "",
        "text": record.text,
        "said": payload.get("spoken") or _counts(payload),
        "provisions": "；".join(named),
        "corpus": record.corpus,
        "content_hash": record.content_hash,
        "previous": record.previous,
        "hash": record.hash,
    }


def _counts(payload: dict[str, Any]) -> str:
    return "；".join(f"{status} {count}" for status, count in payload.get("counts", {}).items())


@contextmanager
def _replacing(out: Path, encoding: str) -> Iterator[IO[str]]:
    """Give a file to write, which takes the place of `out` only when all is written."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")  # readable by its owner alone
        with open(handle, "w", encoding=encoding, newline="") as file:
            yield file
        os.replace(temporary, out)
        temporary = ""
    except OSError as error:
        raise AuditError(f"{out} 无法写入（{error.strerror}）；请检查文件夹和磁盘空间") from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
