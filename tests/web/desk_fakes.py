"""Visible fakes of what the desk stands on: a checker that knows one regulation, contacts and a record in memory."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.schema import CheckReport, CheckStatus, Content, Edit, EditKind, Finding, QuoteCheck

TODAY = date(2026, 11, 22)
TITLE = "广东省促进产业有序转移条例"
# 《条例》第三十条, with or without its title; enough for the texts of these tests.
_CITED = re.compile(r"(?:《([^》]*)》)?第([一二三四五六七八九十]+)条(?:[^“《。]{0,8}“([^”]*)”)?")
HELD = {"一": 1, "二": 2, "二十九": 29, "三十": 30, "三十一": 31, "三十九": 39}
ARTICLE_30 = "县级以上人民政府及有关部门应当协调能源供应"


def check_text(text: str, as_of: date | None = None) -> CheckReport:
    """Every article of the regulation that is cited: 第九十条 does not exist, of 第三十条 a quote is compared."""
    findings = tuple(_finding(text, match) for match in _CITED.finditer(text))
    return CheckReport(text, findings, as_of or TODAY, "given" if as_of else "today", 2, "sha256:0", 0.01)


def _finding(text: str, match: re.Match[str]) -> Finding:
    title, numeral, quote = match.groups()
    start, end = match.start(), match.start(2) + len(numeral) + 1
    cited = text[start:end]
    if title not in (None, TITLE):
        return Finding(cited, start, end, CheckStatus.NOT_IN_CORPUS, f"《{title}》未收录，无法核对。")
    if numeral not in HELD:
        detail = f"《{TITLE}》共三十九条，没有第{numeral}条。"
        return Finding(cited, start, end, CheckStatus.NO_SUCH_ARTICLE, detail, "gd-transfer-2025")
    provision, label = f"gd-transfer-2025:a{HELD[numeral]}", f"《{TITLE}》第{numeral}条"
    if quote is None:
        return Finding(cited, start, end, CheckStatus.OK, "条文存在，现行有效。", provision, label)
    at = match.start(3)
    if quote in ARTICLE_30:
        exact = QuoteCheck(quote, at, at + len(quote), True)
        detail = "引文与条文一致。"
        return Finding(
            cited, start, end, CheckStatus.OK, detail, provision, label, content=Content.VERBATIM, quotes=(exact,)
        )
    edits = (Edit(EditKind.ADDED, quote), Edit(EditKind.DROPPED, ARTICLE_30))
    altered = QuoteCheck(quote, at, at + len(quote), False, edits)
    return Finding(
        cited, start, end, CheckStatus.QUOTE_ALTERED, "引文与条文不一致。", provision, label, ARTICLE_30,
        content=Content.CONTRADICTED, quotes=(altered,),
    )  # fmt: skip


@dataclass(frozen=True)
class FakeContact:
    department: str
    phone: str = ""
    address: str = ""
    hours: str = ""


@dataclass
class FakeContacts:
    """佛山 has a contact, nowhere else has."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def find(self, text: str, region: str) -> FakeContact | None:
        self.asked.append((text, region))
        return FakeContact("佛山市工业和信息化局<b>", "0757-00000000") if region == "佛山" else None


@dataclass(frozen=True)
class FakeHead:
    hash: str
    count: int


@dataclass
class FakeRecorder:
    """Keeps what it is told; the head is spelt out so that a test can see it move."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    on: bool = True

    def head(self) -> FakeHead:
        return FakeHead(f"{len(self.rows):012d}{'f' * 52}", len(self.rows))

    def _add(self, *row: Any) -> int:
        self.rows.append(row)
        return len(self.rows)

    def record_answer(self, answer, *, operator="", history=(), role=None, region="", as_of=None):
        return self._add("answer", answer.question, operator, role, region, as_of)

    def record_check(self, report, *, operator="", documents=()):
        return self._add("check", report.text, operator)

    def record_edit(self, record, new_text, *, operator=""):
        return self._add("edit", record, new_text, operator)
