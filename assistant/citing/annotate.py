"""A check as a Word file with comments: the user's own file, or a new one made of the text.

In the user's own file each comment stands at the citation's very characters; nothing else in the file is changed. What
cannot carry a comment hands it on to what contains it: a note to its mark, a text box to its drawing, a list number to
its paragraph. What is left stands in a comment at the start.
"""

import io
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import count, pairwise
from pathlib import Path

import docx
from docx.comments import Comments
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml as parse_word_xml
from docx.shared import Cm, Pt
from docx.text.run import Run
from lxml import etree

from assistant.citing.report_text import EDIT_LEGEND, line_numbers, note_lines, shown
from assistant.citing.word_places import Places
from assistant.citing.word_runs import cut_runs
from assistant.errors import UnreadableFileError
from assistant.reading import DEFAULT_LIMITS, Limits, read_file
from assistant.reading.archive import OfficeArchive, refuse_dtd
from assistant.reading.ooxml import name
from assistant.reading.word import trace_word
from assistant.schema import CheckReport, Document, Finding
from assistant.wording import (
    FINDING_SIGNS,
    VERDICT_WORDS,
    as_of_words,
    coverage_words,
    finding_words,
    finding_worth,
)

AUTHOR, INITIALS = "依据", "依"
PART_WORDS = {"footnote": "脚注", "endnote": "尾注", "textbox": "文本框"}
# What XML cannot hold: matches NUL, ESC, a lone surrogate; refuses tab, line feed, U+3000.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_TO_BE_WRITTEN_IN = "原文件的格式不能直接写入批注，以下是另生成的文本，版式和图片不在内。"

Anchor = tuple[etree._Element, etree._Element]  # first and last run
Numbered = tuple[int, Finding]


def annotate_docx(
    path: Path, report: CheckReport, *, all_findings: bool = False, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """Return the .docx at `path` with the findings as comments of “依据”; a new one where it cannot be written in.

    Args:
        path: the file whose text was checked.
        report: the check; its text is the one that `read_checked` gives for this file.
        all_findings: whether findings that are in order get a comment as well.
        limits: what the file may cost before it is refused.

    Raises:
        UnreadableFileError: the file cannot be read, or is not the one that was checked.
        DecodeError: never for a .docx; named by the reader.
    """
    document = read_file(path, limits=limits)
    if document.text != report.text:
        raise UnreadableFileError(f"{path.name}：文件的文字与核对时不同；请重新核对")
    word = _open(path, limits)
    if word is None:
        return docx_from_text(report, all_findings=all_findings, note=_NOT_TO_BE_WRITTEN_IN)
    places = _places(word, document)
    chosen = _chosen(report, all_findings)
    found = [(one, places.place(one[1].start, one[1].end)) for one in chosen]
    runs = cut_runs(place for _, place in found if place is not None)
    anchored = [
        (one, "" if place.exact else PART_WORDS.get(places.part(one[1].start), "本段"), runs[place])
        for one, place in found
        if place is not None
    ]
    lost = [one for one, place in found if place is None]
    return _commented(word, report, len(chosen), anchored, lost)


def docx_from_text(report: CheckReport, *, all_findings: bool = False, note: str = "") -> bytes:
    """Return a new .docx of the checked text, a paragraph a line, with the findings as comments of “依据”.

    Args:
        report: the check of a text, a PDF or anything else.
        all_findings: whether findings that are in order get a comment as well.
        note: a line for the first comment.
    """
    word = _blank()
    chosen = _chosen(report, all_findings)
    edges = sorted({edge for _, finding in chosen for edge in (finding.start, finding.end)})
    starts: list[int] = []
    runs: list[Run] = []
    position = 0
    for line in report.text.split("\n"):
        paragraph = word.add_paragraph()
        low, high = bisect_right(edges, position), bisect_left(edges, position + len(line))
        inner = [position, *edges[low:high], position + len(line)]
        for start, end in pairwise(inner):
            if start < end:
                starts.append(start)
                runs.append(paragraph.add_run(_writable(report.text[start:end])))
        position += len(line) + 1
    anchored: list[tuple[Numbered, str, Anchor]] = []
    lost: list[Numbered] = []
    for one in chosen:
        # The last run that begins before the end; a span of white space between two lines has none of its own.
        first, last = bisect_left(starts, one[1].start), bisect_left(starts, one[1].end) - 1
        if first <= last:
            anchored.append((one, "", (runs[first]._r, runs[last]._r)))
        else:
            lost.append(one)
    return _commented(word, report, len(chosen), anchored, lost, note)


def _chosen(report: CheckReport, all_findings: bool) -> list[Numbered]:
    return [
        (number, finding)
        for number, finding in enumerate(report.findings, start=1)
        if all_findings or finding_worth(finding) != "ok"
    ]


def _open(path: Path, limits: Limits) -> WordDocument | None:
    """Return a file that the reader has read, opened to be written in; None where python-docx cannot.

    It cannot open files in the strict namespace, and some that lack parts the reader does without.
    """
    data = path.read_bytes()
    archive = OfficeArchive(io.BytesIO(data), path.name, limits)
    for entry in sorted(archive.names):  # the reader opened some of them, this opens them all
        if entry.lower().endswith((".xml", ".rels")):
            refuse_dtd(archive.read(entry), f"{path.name}：{entry}")
    try:
        word = docx.Document(io.BytesIO(data))
        _ = [comment.comment_id for comment in word.comments]  # one that is no number would fail later
        return word if word.element.body is not None else None
    except (PythonDocxError, OpcError, etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, AttributeError):
        return None


def _places(word: WordDocument, document: Document) -> Places:
    parts = {
        kind: _related(word, getattr(RELATIONSHIP_TYPE, kind.upper())) for kind in ("styles", "footnotes", "endnotes")
    }
    notes = {"footnote": parts["footnotes"], "endnote": parts["endnotes"]}
    return Places(document.text, document.source_map, trace_word(word.element, parts["styles"], notes))


def _related(word: WordDocument, kind: str) -> etree._Element | None:
    """Return the root of the first part of this kind, without making one where there is none."""
    for relation in word.part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            part = relation.target_part
            return part.element if isinstance(part, XmlPart) else parse_word_xml(part.blob)
    return None


def _commented(
    word: WordDocument,
    report: CheckReport,
    wanted: int,
    anchored: Sequence[tuple[Numbered, str, Anchor]],
    lost: Sequence[Numbered],
    note: str = "",
) -> bytes:
    """Return the file with a comment on the whole at its start and one for each finding.

    Args:
        word: the file.
        report: the check.
        wanted: how many findings get a comment.
        anchored: findings with what the comment stands at ("" for their very words) and its runs.
        lost: findings without a place.
        note: a line for the first comment.
    """
    places = line_numbers(report.text, (finding.start for finding in report.findings))
    comments, first = _Comments(word), _first_run(word)
    comments.add((first, first), _summary(report, wanted, note))
    if lost:
        lines = [f"以下 {len(lost)} 处无法在原位置加批注："]
        for number, finding in lost:
            lines += [f"第 {places[number - 1]} 行“{shown(finding.text)}”", *_lines(number, finding)]
        comments.add((first, first), lines)
    for (number, finding), where, runs in anchored:
        lines = _lines(number, finding)
        if where:
            lines.insert(1, f"所指文字在{where}内：“{shown(finding.text)}”")
        comments.add(runs, lines)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _summary(report: CheckReport, wanted: int, note: str) -> list[str]:
    lines = [f"【{VERDICT_WORDS[report.verdict]}】{coverage_words(report)}", as_of_words(report)]
    lines.append(f"共对照 {report.searched} 份文件；文中批注 {wanted} 处")
    if wanted < len(report.findings):
        lines.append(f"另有 {len(report.findings) - wanted} 处核对无误，未加批注")
    if any(quote.edits for finding in report.findings for quote in finding.quotes):
        lines.append(EDIT_LEGEND)
    return [*lines, *([note] if note else [])]


def _lines(number: int, finding: Finding) -> list[str]:
    return [f"[{number}] {FINDING_SIGNS[finding_worth(finding)]} {finding_words(finding)}", *note_lines(finding)]


class _Comments:
    """Comments being added to a file. python-docx looks through all comments for the next id, each time it adds one."""

    def __init__(self, word: WordDocument) -> None:
        self._word = word
        used = {comment.comment_id for comment in word.comments}
        self._ids = (number for number in count() if number not in used)
        self._part = word.part._comments_part

    def add(self, runs: Anchor, lines: Sequence[str]) -> None:
        """Add a comment of ours, a paragraph a line, from the first to the last of the runs."""
        alone = Comments(parse_word_xml(f"<w:comments {nsdecls('w')}/>"), self._part)
        element = alone.add_comment(_writable("\n".join(lines)), AUTHOR, INITIALS)._comment_elm
        element.id = next(self._ids)
        self._part.element.append(element)
        first, last = (Run(run, self._word) for run in runs)
        first.mark_comment_range(last, element.id)


def _first_run(word: WordDocument) -> etree._Element:
    """Return the first run of the body that is not deleted; a new one where there is none."""
    body = word.element.body
    for run in body.iter(qn("w:r")):
        if not any(name(above) in ("del", "moveFrom") for above in run.iterancestors()):
            return run
    paragraph = next(body.iter(qn("w:p")), None)
    if paragraph is None:
        return word.add_paragraph().add_run()._r
    run = paragraph.makeelement(qn("w:r"))
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)
    return run


def _blank() -> WordDocument:
    """Return a new file on A4 whose text is Chinese, in 宋体."""
    word = docx.Document()
    font = word.styles["Normal"].font
    font.name, font.size = "Times New Roman", Pt(12)
    font.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    # Without it the full stops and commas of the text stand in the middle of their squares, as in Taiwan.
    language = font.element.rPr.makeelement(qn("w:lang"), {qn("w:eastAsia"): "zh-CN"})
    font.element.rPr.append(language)
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    word.core_properties.author, word.core_properties.title = AUTHOR, "引用核对"
    word.core_properties.comments = ""
    return word


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text.replace("\r", ""))
