"""The quotes of a text, and the blocks that a colon introduces as the words of a provision."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.citing.folding import Folded

MAX_QUOTE = 6_000  # characters; an article has a tenth of that
_PAIRS = {"“": "”", "「": "」", "『": "』", "﹁": "﹂", "﹃": "﹄"}
_MARKS = re.compile(r"[“”「」『』﹁﹂﹃﹄\"]")
# An item of a block that goes on. Matches （一） 1.; refuses 一、.
_ITEM = re.compile(r"（[一二三四五六七八九十]{1,3}）|\d{1,2}[.．]")
# A line that opens something of its own. Matches 一、 （一） 1. 第三条; refuses 的企业.
OPENS = re.compile(
    r"[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.．、]|第[一二三四五六七八九十百零\d]+[条章节]|[-•·●*]"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that are set down as another text's; the span, in the folded text, is that of the words without marks.

    `marked`: whether marks stand around them; a block or what a colon introduces has none.
    """

    start: int
    end: int
    marked: bool = True


def outer_quotes(folded: Folded) -> list[Quoted]:
    """Return the outermost quotes, in order; straight marks only where both stand in one line."""
    found: list[Quoted] = []
    opened: list[tuple[str, int]] = []
    straight = -1
    for match in _MARKS.finditer(folded.text):
        mark, at = match[0], match.start()
        if opened and at - opened[0][1] > MAX_QUOTE:
            opened.clear()
        if mark == '"':
            if opened:
                continue
            if straight >= 0 and at - straight <= MAX_QUOTE and folded.line_start(straight) == folded.line_start(at):
                found.append(Quoted(straight + 1, at))
                straight = -1
            else:
                straight = at
        elif mark in _PAIRS:
            opened.append((_PAIRS[mark], at))
        else:
            while opened and opened[-1][0] != mark:
                opened.pop()
            if opened:
                _, start = opened.pop()
                if not opened:
                    found.append(Quoted(start + 1, at))
    return sorted((quote for quote in found if quote.end > quote.start), key=lambda quote: quote.start)


def block_at(folded: Folded, position: int) -> Quoted | None:
    """Return the block that begins with the line at a position: that line, and the items and indented lines behind it.

    None where no line begins there, or one in quotation marks.
    """
    if not folded.begins_line(position) or position >= len(folded.text) or folded.text[position] in _PAIRS:
        return None
    end = folded.line_end(position)
    indent = _indented(folded, position)
    for start in _following(folded, end):
        goes_on = _ITEM.match(folded.text, start) is not None or (
            indent and _indented(folded, start) and not OPENS.match(folded.text, start)
        )
        if not goes_on or _blank_before(folded, start) or end - position > MAX_QUOTE:
            break
        end = folded.line_end(start)
    return Quoted(position, end, marked=False)


def _following(folded: Folded, position: int) -> Iterator[int]:
    while position < len(folded.text):
        yield position
        position = folded.line_end(position)


def _indented(folded: Folded, start: int) -> bool:
    """Return whether a line is set in, by white space or by the mark of a quoted block."""
    before = folded.original[: int(folded.places[start])][-4:] if start else ""
    return before.endswith((" ", "\u3000", "\t", "> ", ">"))


def _blank_before(folded: Folded, start: int) -> bool:
    gap = folded.original[int(folded.places[start - 1]) + 1 : int(folded.places[start])] if start else ""
    return gap.count("\n") > 1
