"""A check as HTML: the text with its findings marked in place, the findings beside it, and both as a page.

Every word that comes from the checked text or from a document passes `escape`. The page needs no script and fetches
nothing, and forbids both.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

from assistant.citing.report_text import EDIT_LEGEND, EDIT_MARKS, line_numbers, shortened
from assistant.escape import escape
from assistant.schema import CheckReport, CheckStatus, Edit, EditKind, Finding, QuoteCheck, Verdict
from assistant.wording import (
    FINDING_SIGNS,
    VERDICT_WORDS,
    as_of_words,
    coverage_words,
    finding_words,
    finding_worth,
)

# What HTML may not hold, and marks that turn the direction of writing beyond their place: matches NUL, U+202E;
# refuses \r, \n, tab, U+3000.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_TONES = {Verdict.PASS: "ok", Verdict.FAIL: "bad", Verdict.INCOMPLETE: "open", Verdict.NOTHING_TO_CHECK: "open"}
_EDIT_CLASSES = {EditKind.ADDED: "yj-more", EditKind.DROPPED: "yj-less"}


def report_html(report: CheckReport, name: str = "") -> str:
    """Return a whole page, to be saved, mailed or printed: verdict, the marked text, the findings.

    Args:
        report: the check.
        name: what was checked, for the title; a file's name, "" for pasted text.
    """
    title = f"引用核对：{name}" if name else "引用核对"
    style = "".join(files("assistant.citing").joinpath(file).read_text("utf-8") for file in ("report.css", "marks.css"))
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
        f"<title>{_safe(title)}</title><style>{style}</style></head><body>"
        f"<header><h1>{_safe(title)}</h1>{verdict_html(report)}</header>"
        f"<main><section><h2>原文</h2>{marked_html(report)}</section>"
        f"<aside><h2>逐处核对</h2>{findings_html(report)}</aside></main>"
        f"<footer>共对照 {report.searched} 份文件（{_safe(report.corpus)}）。内容供参考，以文件正式文本为准。</footer>"
        "</body></html>\n"
    )


def verdict_html(report: CheckReport) -> str:
    """Return the verdict in words, the coverage and the date that validity was judged on."""
    return (
        f'<p class="yj-verdict yj-find-{_TONES[report.verdict]}" role="status">'
        f"<strong>{VERDICT_WORDS[report.verdict]}</strong><span>{coverage_words(report)}</span>"
        f"<span>{_safe(as_of_words(report))}</span></p>"
    )


def marked_html(report: CheckReport) -> str:
    """Return the checked text, a mark around each finding: colour, sign and number, and what it is as its title.

    A mark links to its entry in `findings_html` and back. Words in quotation marks that are not the provision's are
    underlined. Where findings overlap, the later one begins where the earlier ends.
    """
    parts: list[str] = []
    position = 0
    quotes = _Misquotes(report)
    for number, finding in _in_order(report):
        start, end = max(finding.start, position), max(finding.end, position)
        parts += [*quotes.until(position, start), _mark(finding, number, report.text[start:end])]
        position = end
    parts += quotes.until(position, len(report.text))
    return f'<div class="yj-checked">{"".join(parts)}</div>'


def _in_order(report: CheckReport) -> list[tuple[int, Finding]]:
    return sorted(enumerate(report.findings, start=1), key=lambda one: (one[1].start, one[1].end))


class _Misquotes:
    """The text between findings, its misquoted words underlined; asked in the order of the text."""

    def __init__(self, report: CheckReport) -> None:
        self._text = report.text
        quotes = [(quote, number) for number, one in _in_order(report) for quote in one.quotes if not quote.exact]
        self._quotes = sorted(quotes, key=lambda pair: (pair[0].start, pair[0].end))
        self._next = 0

    def until(self, start: int, end: int) -> Iterator[str]:
        """Yield the text of this span."""
        position = start
        while position < end:
            while self._next < len(self._quotes) and self._quotes[self._next][0].end <= position:
                self._next += 1
            if self._next == len(self._quotes) or self._quotes[self._next][0].start >= end:
                yield _safe(self._text[position:end])
                return
            quote, number = self._quotes[self._next]
            begins, ends = max(quote.start, position), min(quote.end, end)
            title = f"引文与原文不一致，见第 {number} 处"
            yield _safe(self._text[position:begins])
            yield f'<span class="yj-misquote" title="{title}">{_safe(self._text[begins:ends])}</span>'
            position = ends


def _mark(finding: Finding, number: int, words: str) -> str:
    worth = finding_worth(finding)
    title = "：".join(part for part in (finding_words(finding), _detail(finding)) if part)
    return (
        f'<mark class="yj-find yj-find-{worth}" id="yj-find-{number}" title="{_safe(title)}">{_safe(words)}'
        f'<a class="yj-sign" href="#yj-item-{number}" aria-label="{_safe(f"第 {number} 处：{title}")}">'
        f"{FINDING_SIGNS[worth]}{number}</a></mark>"
    )


def findings_html(report: CheckReport, *, openers: bool = False) -> str:
    """Return the findings as a list, each with its place, what is wrong, and what to write instead.

    `openers` adds a button to each that means a provision or document that is held, for a page with a script: its
    data-open is "p:" and the provision's id or "d:" and the document's.
    """
    if not report.findings:
        return '<p class="yj-item-legend">没有找到可以核对的引用；这不等于通过。</p>'
    places = line_numbers(report.text, (finding.start for finding in report.findings))
    rows = "".join(
        _item(finding, number, place, opener=openers)
        for number, (finding, place) in enumerate(zip(report.findings, places, strict=True), start=1)
    )
    edited = any(quote.edits for finding in report.findings for quote in finding.quotes)
    legend = f'<p class="yj-item-legend">{EDIT_LEGEND}</p>' if edited else ""
    return f'<ol class="yj-findings">{rows}</ol>{legend}'


def _item(finding: Finding, number: int, place: int, *, opener: bool) -> str:
    worth = finding_worth(finding)
    lines = [_safe(_detail(finding))]
    if finding.label and finding.label != finding.text:
        lines.append(f"所指：{_safe(finding.label)}")
    lines += [_quote(quote) for quote in finding.quotes if not quote.exact]
    if finding.expected:
        lines.append(f"建议改为：<strong>{_safe(finding.expected)}</strong>")
    if finding.candidates:
        lines.append(f"可能是：{_safe('、'.join(finding.candidates))}")
    notes = "".join(f"<p>{line}</p>" for line in lines if line) + (_opener(finding, number) if opener else "")
    return (
        f'<li class="yj-item yj-find-{worth}" id="yj-item-{number}"><p class="yj-item-head">'
        f'<a class="yj-sign" href="#yj-find-{number}" aria-label="回到原文第 {number} 处">'
        f"{FINDING_SIGNS[worth]}{number}</a><b>{finding_words(finding)}</b>"
        f'<span class="yj-item-place">第 {place} 行</span></p>'
        f'<p class="yj-item-words">{_safe(finding.text)}</p>{notes}</li>'
    )


def _opener(finding: Finding, number: int) -> str:
    """Return the button that opens what a finding means, "" where it means nothing that is held."""
    if not finding.provision or finding.status is CheckStatus.NOT_IN_CORPUS:
        return ""
    kind = "p" if ":" in finding.provision else "d"
    name = _safe(f"打开第 {number} 处所指的原文：{finding.label or finding.text}")
    target = _safe(f"{kind}:{finding.provision}")
    return f'<button type="button" class="yj-link" data-open="{target}" aria-label="{name}">打开原文</button>'


def _quote(quote: QuoteCheck) -> str:
    words = f"引文对照：{_edits(quote)}" if quote.edits else f"引文不在所引条文中：“{_safe(quote.text)}”"
    found = f"<br>引文见于：{_safe('、'.join(quote.found_in))}" if quote.found_in else ""
    return words + found


def _edits(quote: QuoteCheck) -> str:
    return "".join(_edit(edit) for edit in shortened(quote.edits))


def _edit(edit: Edit) -> str:
    """Return one piece of a difference; brackets and words say what colour repeats."""
    if edit.kind is EditKind.SAME:
        return _safe(edit.text)
    words = f"〔{EDIT_MARKS[edit.kind]}：{_safe(edit.text)}〕"
    return f'<span class="{_EDIT_CLASSES[edit.kind]}">{words}</span>'


def _detail(finding: Finding) -> str:
    """Return the detail of a finding where it says more than its status in words."""
    return "" if finding.detail == finding_words(finding) else finding.detail


def _safe(text: str) -> str:
    return escape(_UNWRITABLE.sub("\ufffd", text))
