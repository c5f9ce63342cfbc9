"""👍 and 👎: what readers thought of an answer, a line of JSON each, kept on this machine and sent nowhere.

Personal data are masked before a line is written. Whoever runs the service reads the lines with
`python -m assistant feedback export` and learns which questions to look at.
"""

import csv
import io
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from assistant.errors import FeedbackError
from assistant.schema import Answer, Role
from assistant.serving.audit_export import safe_cell
from assistant.serving.audit_payloads import Masker
from assistant.serving.masking import mask

MAX_NOTE = 300  # characters of a reader's own words
# What can be ticked, by what the reader thought; a line holds the words, so that it can be read without this list.
REASONS = {
    "up": ("直接回答了问题", "依据准确", "说清了文件没写什么"),
    "down": ("没有回答我问的", "引的条文不对", "不适用于我的地区或时间", "明明有规定却说没有", "看不懂"),
}
_LOCK = threading.Lock()  # of this process; between processes one write of one line is whole


class Thumb(StrEnum):
    """What a reader thought of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Vote:
    """One line of the file.

    Attributes:
        time: when, in UTC, to the second: 2026-11-22T08:30:00Z.
        question: as asked, masked.
        status, engine, corpus: of the answer.
        provisions: ids of what it quoted.
        vote: "up" or "down".
        reasons: those ticked, of `REASONS`.
        note: the reader's own words, masked.
        role: who asked, "" when not said.
    """

    time: str
    question: str
    status: str
    engine: str
    corpus: str
    provisions: tuple[str, ...]
    vote: str
    reasons: tuple[str, ...]
    note: str
    role: str = ""


def vote_on(
    answer: Answer,
    thumb: Thumb,
    reasons: Sequence[str] = (),
    note: str = "",
    *,
    role: Role | None = None,
    at: datetime | None = None,
) -> Vote:
    """Return the line for a vote; reasons that cannot be ticked are dropped, a long note is cut.

    `at` is when, by default now.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    written = " ".join(note.split())[:MAX_NOTE]
    return Vote(
        time=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        question=mask(answer.question),
        status=answer.status.value,
        engine=answer.engine,
        corpus=answer.corpus,
        provisions=tuple(dict.fromkeys(one.provision for one in answer.citations)),
        vote=thumb.value,
        reasons=tuple(one for one in REASONS[thumb.value] if one in reasons),
        note=Masker(answer.question).words(written),
        role=role.value if role else "",
    )


class FeedbackFile:
    """The file of votes; it and its folder are made by the first one. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, vote: Vote) -> None:
        """Append a vote, whole or not at all.

        Raises:
            FeedbackError: it cannot be written; the line says why.
        """
        line = (json.dumps(asdict(vote), ensure_ascii=False) + "\n").encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            with _LOCK, open(os.open(self.path, flags, 0o600), "ab", buffering=0) as file:
                file.write(line)
        except OSError as error:
            raise FeedbackError(
                f"评价没有存上：{self.path} 写不了（{error.strerror}）。请管理员检查设置 feedback"
            ) from error

    def votes(self) -> Iterator[Vote]:
        """Yield the votes in order; none where there is no file yet.

        Raises:
            FeedbackError: it cannot be read, or a line of it is no vote.
        """
        if not self.path.is_file():
            return
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise FeedbackError(f"{self.path} 读不了：{error}") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield Vote(**{**row, "provisions": tuple(row["provisions"]), "reasons": tuple(row["reasons"])})
            except (ValueError, TypeError, KeyError) as error:
                raise FeedbackError(f"{self.path} 第 {number} 行不是一条评价；请删去这一行后再试") from error


def votes_csv(votes: Sequence[Vote]) -> bytes:
    """Return votes as a table for a spreadsheet: UTF-8 with a mark that Excel needs; no cell is a formula."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["时间", "评价", "理由", "补充", "问题", "结论", "依据", "身份", "回答方式", "语料版本"])
    for one in votes:
        cells = (
            one.time,
            {"up": "有用", "down": "没用"}.get(one.vote, one.vote),
            "；".join(one.reasons),
            one.note,
            one.question,
            one.status,
            " ".join(one.provisions),
            one.role,
            one.engine,
            one.corpus,
        )
        rows.writerow([safe_cell(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
