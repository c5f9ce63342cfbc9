"""Undo what files do to text, and only that; every character of the result still knows where it came from.

Removed: `[bookmark: …]` marks, soft hyphens, zero-width and direction marks, byte-order marks, control characters,
blank lines, white space at the ends of lines, line breaks in mid-sentence. Line and page breaks of every kind become
one line feed, no-break spaces become spaces. Nothing else changes: no width folding, no punctuation, no inner spaces.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.reading.wrap import continues, continues_wrapped

# Matches: [bookmark: 第一条], refuses: [附件: 名单], [bookmark 第一条]
BOOKMARK = re.compile(r"\[bookmark:[^\[\]\n]*\]")
# Matches: U+00AD soft hyphen, U+200B zero-width space, U+FEFF, U+0007; refuses: tab, U+3000, U+FE0F (of a variant)
DROPPED = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f]")
# One character for one, so offsets stand. Line breaks of Unicode become line feeds; \f stays, it is a page break.
TRANSLATED = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\x1f": " ", "\u2007": " "}
    | dict.fromkeys("\x0b\x1c\x1d\x1e\u0085\u2028\u2029", "\n")
)
LINE_BREAK = re.compile(r"\r\n|[\r\n\f]")  # matches: \r\n as one, \n, \f; refuses: \t


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text and the way back.

    Attributes:
        segments: (start in text, start in the raw text), ascending in both; a segment runs to the next one's start.
        joined: how many line or page breaks in mid-sentence were taken out.
    """

    text: str
    segments: tuple[tuple[int, int], ...]
    joined: int = 0

    def origin(self, position: int) -> int:
        """Return where in the raw text the character at `position` came from.

        A line feed or space put where a break was points at that break.
        """
        if not 0 <= position < len(self.text):
            raise ValueError(f"position {position} is outside a text of {len(self.text)} characters")
        start, raw = self.segments[bisect_right(self.segments, position, key=lambda segment: segment[0]) - 1]
        return raw + position - start


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being built: pieces of the raw text as (text, raw start), and the raw line it ended with."""

    pieces: list[tuple[str, int]]
    last_line: str
    fixed: bool = False
    text: str = field(default="")

    def __post_init__(self) -> None:
        self.text = "".join(piece for piece, _ in self.pieces)


def normalise(text: str, rows: Sequence[tuple[int, int]] = (), wrap: int | None = None) -> Normalised:
    """Return the normalised text with its way back; pure, and idempotent for texts without table rows.

    Args:
        text: the raw text of a file.
        rows: ascending half-open ranges that are table rows: kept as they are but for their end, joined with nothing.
        wrap: the width lines were broken at, from `wrap_width`; None when they were not.
    """
    raw = text.translate(TRANSLATED)
    row_starts = {start for start, _ in rows}
    lines = _lines(raw)
    indented = wrap is not None and _is_indented(raw, lines)
    done: list[_Paragraph] = []
    page_break = blank = False
    joined = 0
    for start, end, form_feed in lines:
        fixed = start in row_starts
        pieces = _clean(raw, start, end, fixed)
        if pieces:
            line = _Paragraph(pieces, raw[start:end], fixed)
            previous = done[-1] if done else None
            if previous and _joins(previous, line, page_break, None if blank and not page_break else wrap, indented):
                _append(previous, line)
                joined += 1
            else:
                done.append(line)
            page_break = blank = False
        elif not form_feed:
            blank = True
        page_break = page_break or form_feed
    return _assemble(done, joined)


def _lines(raw: str) -> list[tuple[int, int, bool]]:
    lines, start = [], 0
    for match in LINE_BREAK.finditer(raw):
        lines.append((start, match.start(), match.group() == "\f"))
        start = match.end()
    lines.append((start, len(raw), False))
    return lines


def _is_indented(raw: str, lines: list[tuple[int, int, bool]]) -> bool:
    first = [raw[start] for start, end, _ in lines if start < end]
    return 0.05 * len(first) <= sum(char.isspace() for char in first) <= 0.8 * len(first)


def _joins(before: _Paragraph, after: _Paragraph, page_break: bool, wrap: int | None, indented: bool) -> bool:
    # An open "[bookmark:" could only be closed by joining, which would make a mark that the file does not have.
    if before.fixed or after.fixed or "[bookmark:" in before.text:
        return False
    if wrap is not None and continues_wrapped(before.last_line, after.last_line, wrap, indented=indented):
        return True
    return continues(before.text, after.text, page_break=page_break)


def _append(before: _Paragraph, after: _Paragraph) -> None:
    if before.text[-1].isascii() and after.text[0].isascii() and before.text[-1].isalnum() and after.text[0].isalnum():
        piece, raw_start = before.pieces[-1]
        before.pieces.append((" ", raw_start + len(piece)))
        before.text += " "
    before.pieces += after.pieces
    before.text += after.text
    before.last_line = after.last_line


def _clean(raw: str, start: int, end: int, fixed: bool) -> list[tuple[str, int]]:
    """Return what is kept of one raw line as (text, raw start), trimmed; empty when nothing is."""
    line = raw[start:end]
    marked = DROPPED.search(line) is not None or "[bookmark:" in line
    kept = _without(line, start) if marked else [(start, end)]
    text = "".join(raw[a:b] for a, b in kept)
    trimmed = text.rstrip()
    skip = 0 if fixed and trimmed else len(trimmed) - len(trimmed.lstrip())
    pieces, position = [], 0
    for a, b in kept:
        low, high = max(position, skip), min(position + b - a, len(trimmed))
        if low < high:
            pieces.append((raw[a + low - position : a + high - position], a + low - position))
        position += b - a
    return pieces


def _without(line: str, start: int) -> list[tuple[int, int]]:
    """Return the raw ranges of a line without dropped characters and bookmark marks."""
    places = [index for index, char in enumerate(line) if not DROPPED.match(char)]
    text = "".join(line[index] for index in places)
    while marks := [match.span() for match in BOOKMARK.finditer(text)]:  # again, for what stood around those removed
        edges = [0, *(edge for mark in marks for edge in mark), len(text)]
        spans = list(zip(edges[::2], edges[1::2], strict=True))
        places = [place for a, b in spans for place in places[a:b]]
        text = "".join(text[a:b] for a, b in spans)
    ranges: list[tuple[int, int]] = []
    for index in places:
        if ranges and ranges[-1][1] == start + index:
            ranges[-1] = (ranges[-1][0], start + index + 1)
        else:
            ranges.append((start + index, start + index + 1))
    return ranges


def _assemble(paragraphs: list[_Paragraph], joined: int) -> Normalised:
    texts: list[str] = []
    segments: list[tuple[int, int]] = []
    position = raw_end = 0
    for paragraph in paragraphs:
        if texts:
            texts.append("\n")
            segments.append((position, raw_end))
            position += 1
        for piece, raw_start in paragraph.pieces:
            texts.append(piece)
            segments.append((position, raw_start))
            position += len(piece)
            raw_end = raw_start + len(piece)
    return Normalised("".join(texts), tuple(segments), joined)
