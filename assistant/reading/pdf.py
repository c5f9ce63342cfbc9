"""PDF files with a text layer → lines with their pages; running headers, footers and page numbers left out.

Encrypted files, pages that are pictures, and text layers that extract as noise are refused.
"""

import io
import itertools
import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject

from assistant.errors import UnreadableFileError
from assistant.reading.blocks import Block, Extracted
from assistant.reading.legible import damage
from assistant.reading.limits import Limits
from assistant.reading.wrap import unfinished

# What pypdf lets through on files that are broken or made to break it.
BROKEN = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError,
    OverflowError, OSError, EOFError, NotImplementedError, zlib.error, struct.error,
)  # fmt: skip
# Matches: 3, - 3 -, — 3 —, ·3·, 第3页, 第 3 页 共 10 页, 3/10, Page 3 of 10; refuses: 3., 第3条, 2025年
PAGE_NUMBER = re.compile(
    r"[-－—–·•.\s]*(?:第\s*)?(?:page\s*)?(\d{1,4})(?:\s*页)?(?:\s*(?:[/／,，、共]|of)\s*共?\s*(\d{1,4})\s*页?)?[-－—–·•.\s]*",
    re.IGNORECASE,
)
EDGE_NUMBER = re.compile(r"^\W*\d{1,4}\W+|\W+\d{1,4}\W*$")  # matches: the number in 公报 · 12; refuses: GM/T0031
EDGE_LINES = 2  # a header or footer takes at most so many lines
MIN_REPEATS = 3
INDENT = "　　"
SPACED = " "  # marks a paragraph that only space above it sets apart; narrow, since widths are compared
MAX_NAMED_PAGES = 12
PAINTING = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh"))
FILLING = frozenset((b"f", b"F", b"f*"))
NEARLY_ONE = 0.99
MAX_FORM_DEPTH = 8
INDENT_WIDTHS = (1.5, 2.6)  # of a paragraph's first line, in its font's size; centred titles stand anywhere
MIN_INDENTED = 0.1  # share of a text's lines; below, its paragraphs are told by the space above them
WIDE_GAP = 1.15  # of the common distance of two lines


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float  # points from the page's left edge
    height: float  # points from the page's lower edge
    size: float  # of the font, points


@dataclass(frozen=True, slots=True)
class _Page:
    lines: tuple[_Line, ...]
    pictures: int
    painted: bool


def read_pdf(data: bytes, file: str, limits: Limits) -> Extracted:
    """Return the lines of a PDF; lines that begin a paragraph are indented, so that the others can be joined to them.

    Raises:
        UnreadableFileError: when the file is damaged, encrypted, beyond its limits, has pages without a text layer
            (they are named), or has a text layer that extracts as noise.
    """
    with _quiet():
        try:
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                raise UnreadableFileError(f"{file}：PDF 已加密；请取消密码或权限限制后另存再试")
            count = len(reader.pages)
            if count > limits.pages:
                raise UnreadableFileError(f"{file}：共 {count} 页，超过上限 {limits.pages} 页；请拆分文件")
            pages = [_read_page(page) for page in reader.pages]
        except BROKEN as error:
            raise UnreadableFileError(
                f"{file}：PDF 已损坏（{' '.join(str(error).split())[:80]}）；请重新导出后再试"
            ) from error
    cleaned, notes = _without_furniture(pages)
    _refuse_pictures(pages, cleaned, file)
    wrong = damage("\n".join(line.text for page in pages for line in page.lines))
    if wrong:
        raise UnreadableFileError(f"{file}：PDF 的文字层是乱码（{wrong}）；请用原始 Word 文件，或经 OCR 识别后再试")
    pictures = [number for number, page in enumerate(pages, start=1) if page.pictures]
    if pictures:
        notes.append(f"第 {_listed(pictures)} 页有图片，图中文字未读")
    return Extracted(tuple(_blocks(cleaned)), tuple(notes), wrapped="surely")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf's remarks on damaged files out of the log while one is read; what matters becomes an error."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _read_page(page: PageObject) -> _Page:
    lines: list[_Line] = []
    text, left, height, size = "", 0.0, 0.0, 0.0

    def visit(piece: str, cm: list[float], tm: list[float], _font: Any, font_size: float) -> None:
        nonlocal text, left, height, size
        for part in piece.splitlines(keepends=True):
            if part.strip() and not text.strip():
                left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                left += (len(part) - len(part.lstrip())) * font_size * abs(tm[0] * cm[0])
                height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                size = abs(font_size * tm[0] * cm[0]) or abs(font_size)
            text += part
            if part.endswith(("\n", "\r")):
                lines.append(_Line(text.strip(), left, height, size))
                text = ""

    page.extract_text(visitor_text=visit)
    lines.append(_Line(text.strip(), left, height, size))
    shown = tuple(line for line in lines if line.text)
    resources = page.get("/Resources")
    pictures = _pictures(resources.get_object() if resources is not None else None, 0)
    painted = bool(pictures) or (not shown and _paints(page))
    return _Page(shown, pictures, painted)


def _pictures(resources: Any, depth: int) -> int:
    """Return how many pictures a page's resources hold, those inside forms included."""
    if not isinstance(resources, DictionaryObject) or depth > MAX_FORM_DEPTH or "/XObject" not in resources:
        return 0
    count = 0
    objects: Any = resources["/XObject"].get_object()
    for reference in objects.values():
        item = reference.get_object()
        if item.get("/Subtype") == "/Image":
            count += 1
        elif item.get("/Subtype") == "/Form" and "/Resources" in item:
            count += _pictures(item["/Resources"].get_object(), depth + 1)
    return count


def _paints(page: PageObject) -> bool:
    """Return whether a page without text draws something: an inline picture, outlines, shading."""
    contents = page.get_contents()
    if contents is None:
        return False
    white, saved = False, []
    for operands, operator in contents.operations if isinstance(contents, ContentStream) else []:
        if operator == b"q":
            saved.append(white)
        elif operator == b"Q" and saved:
            white = saved.pop()
        elif operator in (b"g", b"rg"):
            white = all(float(value) > NEARLY_ONE for value in operands)
        elif operator == b"k":
            white = all(float(value) < 1 - NEARLY_ONE for value in operands)
        elif operator in FILLING and white:
            continue  # the white ground that some programs lay under every page
        elif operator in PAINTING or operator == b"INLINE IMAGE":
            return True
    return False


def _without_furniture(pages: list[_Page]) -> tuple[list[tuple[_Line, ...]], list[str]]:
    """Return the pages' lines without page numbers, running headers and footers, and a note on what went."""
    cleaned: list[list[_Line]] = [list(page.lines) for page in pages]
    numbers = repeated = 0
    samples: list[str] = []
    for at_top in (False, True):
        for _ in range(EDGE_LINES):
            edge = [(index, page[0 if at_top else -1].text) for index, page in enumerate(cleaned) if page]
            series = _number_series(edge, len(pages))
            keys = Counter(EDGE_NUMBER.sub("", text) for _, text in edge)
            for index, text in edge:
                key = EDGE_NUMBER.sub("", text)
                running = keys[key] >= max(MIN_REPEATS, len(pages) / 3) and len(key) > 1
                if index in series or running:
                    cleaned[index].pop(0 if at_top else -1)
                    numbers += index in series
                    repeated += index not in series
                    if index not in series and key not in samples:
                        samples.append(key)
    notes = [f"页码 {numbers} 处未收入"] if numbers else []
    if repeated:
        notes.append(f"重复的页眉页脚 {repeated} 处未收入：{'、'.join(f'“{sample}”' for sample in samples[:3])}")
    return [tuple(page) for page in cleaned], notes


def _number_series(edge: list[tuple[int, str]], pages: int) -> frozenset[int]:
    """Return the pages whose edge line is a page number: it grows as the pages do, or says itself that it is one."""
    found = {index: int(match.group(1)) for index, text in edge if (match := PAGE_NUMBER.fullmatch(text))}
    offsets = Counter(number - index for index, number in found.items())
    plain = dict(edge)
    return frozenset(
        index
        for index, number in found.items()
        if offsets[number - index] >= 2
        or (not plain[index].isdigit() and number - index == 1)
        or (pages == 1 and "页" in plain[index])
    )


def _refuse_pictures(pages: list[_Page], cleaned: list[tuple[_Line, ...]], file: str) -> None:
    """Raise UnreadableFileError when pages have something on them but no text; truly blank pages pass."""
    lacking = [
        number
        for number, (page, lines) in enumerate(zip(pages, cleaned, strict=True), start=1)
        if page.painted and (not lines or (not page.lines))
    ]
    if lacking:
        raise UnreadableFileError(
            f"{file}：第 {_listed(lacking)} 页没有文字层（共 {len(pages)} 页），应是扫描件或图形；请先做 OCR 识别再试"
        )
    if not any(lines for lines in cleaned):
        raise UnreadableFileError(f"{file}：PDF 中没有文字；请核对文件，扫描件请先做 OCR 识别再试")


def _blocks(pages: list[tuple[_Line, ...]]) -> Iterator[Block]:
    lines = [line for page in pages for line in page]
    margin = _common_least([line.left for line in lines if len(line.text) >= 12] or [line.left for line in lines])
    gap = None if _indents(lines, margin) else _line_gap(pages)
    before: _Line | None = None
    for number, page in enumerate(pages, start=1):
        for index, line in enumerate(page):
            mark = INDENT if line.size > 0 and line.left - margin > line.size else ""
            if gap is not None and before is not None and not mark:
                # at the top of a page no space shows; a finished sentence then ends its paragraph
                wide = before.height - line.height > WIDE_GAP * gap if index else not unfinished(before.text)
                mark = SPACED if wide else ""
            yield Block(mark + line.text, page=number, new_page=index == 0 and number > 1)
            before = line


def _indents(lines: list[_Line], margin: float) -> bool:
    """Return whether the text indents the first lines of its paragraphs."""
    least, most = INDENT_WIDTHS
    indented = sum(least * line.size < line.left - margin < most * line.size for line in lines)
    return indented >= MIN_INDENTED * len(lines)


def _line_gap(pages: list[tuple[_Line, ...]]) -> float | None:
    """Return the distance of two lines of one paragraph, in points; None when no wider one sets paragraphs apart."""
    gaps = [a.height - b.height for page in pages for a, b in itertools.pairwise(page) if a.height > b.height]
    least = _common_least(gaps)
    return least if sum(gap > WIDE_GAP * least for gap in gaps) >= MIN_INDENTED * len(gaps) else None


def _common_least(values: list[float]) -> float:
    """Return the least of the values that are common: the left edge of most lines, the distance of most."""
    rounded = Counter(round(value) for value in values)
    return min((value for value, count in rounded.items() if count >= max(rounded.values()) / 4), default=0)


def _listed(pages: list[int]) -> str:
    shown = "、".join(str(page) for page in pages[:MAX_NAMED_PAGES])
    return shown if len(pages) <= MAX_NAMED_PAGES else f"{shown} 等 {len(pages)}"
