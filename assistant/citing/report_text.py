"""A check as lines to read: verdict, coverage, then each finding with what is wrong and what to write instead."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from assistant.schema import CheckReport, Edit, EditKind, Finding, QuoteCheck
from assistant.wording import (
    FINDING_SIGNS,
    VERDICT_WORDS,
    as_of_words,
    coverage_words,
    finding_words,
    finding_worth,
)

# What a terminal would act on, and marks that turn the direction of writing: matches ESC, U+202E; refuses 中, U+3000.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
MAX_WORDS = 80  # of a citation or a quote on one line; a title of a State Council notice with its article has 70
CONTEXT = 12  # characters of the same words kept on either side of a difference
# The mark around a piece of a difference; said from the quote's side, since a reader mends the quote.
EDIT_MARKS = {EditKind.SAME: "", EditKind.ADDED: "多", EditKind.DROPPED: "漏"}
EDIT_LEGEND = "〔多：…〕引文有而原文没有，〔漏：…〕原文有而引文没有"


def check_lines(report: CheckReport) -> list[str]:
    """Return a check as lines to read; safe for a terminal whatever the checked text holds."""
    lines = [f"【{VERDICT_WORDS[report.verdict]}】", coverage_words(report)]
    places = line_numbers(report.text, (finding.start for finding in report.findings))
    for number, (finding, place) in enumerate(zip(report.findings, places, strict=True), start=1):
        lines += ["", finding_line(finding, number, f"第 {place} 行"), *(f"    {note}" for note in note_lines(finding))]
    if any(quote.edits for finding in report.findings for quote in finding.quotes):
        lines += ["", EDIT_LEGEND]
    return [*lines, "", as_of_words(report), f"共对照 {report.searched} 份文件，用时 {report.seconds:.2f} 秒"]


def finding_line(finding: Finding, number: int, place: str) -> str:
    """Return the head of a finding on one line: [2] × 第 7 行：《…》第四十五条：没有这一条."""
    sign = FINDING_SIGNS[finding_worth(finding)]
    return f"[{number}] {sign} {place}：{shown(finding.text)}：{finding_words(finding)}"


def note_lines(finding: Finding) -> list[str]:
    """Return what there is to say of a finding, a line each: detail, quotes that differ, what to write instead."""
    lines = [shown(finding.detail, None)] if finding.detail and finding.detail != finding_words(finding) else []
    if finding.label and finding.label != finding.text:
        lines.append(f"所指：{shown(finding.label)}")
    for quote in finding.quotes:
        lines += _quote_lines(quote)
    if finding.expected:
        lines.append(f"建议改为：{shown(finding.expected, None)}")
    if finding.candidates:
        lines.append(f"可能是：{'、'.join(shown(one) for one in finding.candidates)}")
    return lines


def _quote_lines(quote: QuoteCheck) -> list[str]:
    if quote.exact:
        return []
    lines = []
    if quote.edits:
        lines.append(f"引文对照：{edits_text(quote.edits)}")
    else:
        lines.append(f"引文不在所引条文中：“{shown(quote.text)}”")
    if quote.found_in:
        lines.append(f"引文见于：{'、'.join(shown(one) for one in quote.found_in)}")
    return lines


def edits_text(edits: Sequence[Edit]) -> str:
    """Return a difference readable without colour: 省政府〔多：应当〕〔漏：可以〕支持……; long same words are cut."""
    written = []
    for edit in shortened(edits):
        mark, text = EDIT_MARKS[edit.kind], shown(edit.text, None)
        written.append(f"〔{mark}：{text}〕" if mark else text)
    return "".join(written)


def shortened(edits: Sequence[Edit]) -> list[Edit]:
    """Return a difference whose runs of same words keep only what stands next to a change; …… where more stood."""
    kept = []
    for index, edit in enumerate(edits):
        if edit.kind is EditKind.SAME and len(edit.text) > 2 * CONTEXT + 2:
            before = edit.text[:CONTEXT] if index else ""
            after = edit.text[-CONTEXT:] if index < len(edits) - 1 else ""
            edit = Edit(edit.kind, f"{before}……{after}")
        kept.append(edit)
    return kept


def line_numbers(text: str, positions: Iterable[int]) -> list[int]:
    r"""Return the line, from 1, that each position of a text stands in.

    >>> line_numbers("甲\n乙丙", [0, 1, 2, 3])
    [1, 1, 2, 2]
    """
    breaks = [match.start() for match in re.finditer("\n", text)]
    return [bisect_left(breaks, position) + 1 for position in positions]


def shown(text: str, limit: int | None = MAX_WORDS) -> str:
    r"""Return text on one line, without what a terminal would act on, cut after `limit` characters.

    >>> shown("《办法》\n第\x1b[31m十条", limit=None)
    '《办法》 第 [31m十条'
    """
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return line if limit is None or len(line) <= limit else f"{line[:limit]}…"
