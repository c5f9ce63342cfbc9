"""Many questions in one process: JSON lines in, JSON lines out, in order; a failed line stays in its place."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answering.wire import answer_json
from assistant.api import Assistant
from assistant.console import parse_date
from assistant.errors import AssistantError, SettingsError
from assistant.schema import Role
from assistant.serving.audit import Recorder
from assistant.wording import kind_named, level_named


class BatchLine(BaseModel):
    """One line of a batch; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")

    id: str | int
    question: str
    history: tuple[str, ...] = ()
    as_of: str | None = None
    region: str = ""
    role: Role | None = Field(default=None)
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    all_versions: bool = False


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How many lines were answered, and how many failed."""

    done: int
    failed: int


def run_batch(
    assistant: Assistant,
    source: Path,
    target: Path,
    progress: Callable[[str, int, int], None],
    recorder: Recorder,
    operator: str = "",
) -> BatchReport:
    """Answer every line of `source` into `target`, each line recorded and written as soon as it is answered.

    Raises:
        SettingsError: the source cannot be read, or is the target.
    """
    if source.resolve() == target.resolve():
        raise SettingsError(f"--batch 和 --out 是同一个文件 {source}，会覆盖问题。请给 --out 另一个文件名")
    try:
        lines = list(_lines(source))
        failed = 0
        # Half of a surrogate pair, which JSON can say and UTF-8 cannot, is written as JSON's escape.
        with target.open("w", encoding="utf-8", errors="backslashreplace") as out:
            for done, (number, line) in enumerate(lines, start=1):
                row = _answer_line(assistant, line, number, recorder, operator)
                failed += "error" in row
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                out.flush()
                progress("回答问题", done, len(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"批量文件无法读写：{error}。请检查 --batch（UTF-8 文本）和 --out") from error
    return BatchReport(len(lines) - failed, failed)


def _lines(source: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their 1-based number in the file.

    Only a line feed ends a line: U+2028 and its like may stand inside a JSON string.
    """
    with source.open(encoding="utf-8-sig", newline="\n") as file:
        yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())


# What each field of a line takes, for its errors.
_TAKES = MappingProxyType(
    {
        "id": "文字或整数",
        "question": "文字",
        "history": '此前的提问，列表，先问的在前，如 ["条例第三十条讲什么"]',
        "as_of": "日期，如 2025-06-01",
        "region": "地名或六位代码",
        "role": "、".join(Role),
        "kinds": '列表，如 ["法规"]',
        "levels": '列表，如 ["法律"]',
        "all_versions": "true 或 false",
    }
)


def _wrong(error: ValidationError) -> str:
    """Return in Chinese what the first thing is that is wrong with a line."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if not field:
        return "应是一个 JSON 对象：{…}"
    if first["type"] == "missing":
        return f"缺少 {field}"
    if field not in _TAKES:
        return f"有不认识的字段 {field}。可以写：{'、'.join(_TAKES)}"
    return f"的 {field} 无效，应是{_TAKES[field]}"


def _answer_line(assistant: Assistant, line: str, number: int, recorder: Recorder, operator: str) -> dict[str, Any]:
    identity: Any = None
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: no JSON, or a number of thousands of digits
        return {"id": None, "error": f"第 {number} 行不是有效的 JSON：{error}"}
    try:
        identity = row.get("id") if isinstance(row, dict) else None
        asked = BatchLine.model_validate(row)
        as_of = parse_date(asked.as_of) if asked.as_of else None
        scope: dict[str, Any] = {
            "as_of": as_of,
            "region": asked.region,
            "role": asked.role,
            "kinds": tuple(kind_named(name) for name in asked.kinds),
            "levels": tuple(level_named(name) for name in asked.levels),
            "all_versions": asked.all_versions,
        }
        answer = assistant.ask(asked.question, history=asked.history, **scope)
        recorder.record_answer(answer, operator=operator, history=asked.history, **scope)
    except ValidationError as error:
        return {"id": identity, "error": f"第 {number} 行{_wrong(error)}"}
    except AssistantError as error:
        return {"id": identity, "error": str(error)}
    return {"id": asked.id, **answer_json(answer)}
