"""A text as citations are looked for in it: without white space, digits and brackets of one width, and the way back.

People copy from PDFs, chats and pages: 第 ３０ 条, a title broken in two lines. A pattern for the folded text need not
allow for any of that; every span found leads back to the text as it was given.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What is no character of a citation: white space, and what pages and editors put in without a width.
_NOTHING = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_LINE_ENDS = "\n\r\u2028\u2029"
# One form for what has several: digits and letters half-width, brackets and commas full-width, 〔〕 for all that a
# document's number stands in is left to its own pattern.
_WIDTHS = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDTHS |= {
    "(": "（",
    ")": "）",
    ",": "，",
    ":": "：",
    ";": "；",
    "﹙": "（",
    "﹚": "）",
    "○": "〇",
    "◯": "〇",
    "｢": "「",
    "｣": "」",
}
# The words of structure in traditional characters, so that 第三十條 is found at least.
_WIDTHS |= dict(zip("條項編節規則辦為與", "条项编节规则办为与", strict=True))
_WIDTHS |= {"<": "〈", ">": "〉", "＜": "〈", "＞": "〉"}
_TABLE = str.maketrans(_WIDTHS)
# What stands inside citations and belongs to the page: tags, emphasis, note marks, the page's number on its own line.
# Matches <b> </a> ** [3] ［12］ ③, > and — 12 — in front of or on a line; refuses 〔2021〕, <<, *, [2021].
_BETWEEN = re.compile(
    r"</?[A-Za-z][^<>]{0,300}>|\*\*|__|`|^[ \t\u3000]*>[> ]*"
    r"|(?<!第)[\[［【]\d{1,3}[\]］】]|[\u2460-\u2473\u00b9\u00b2\u00b3\u2070-\u2079]+(?=[第》（，。；])"
    r"|^[ \t\u3000]*[—–－-]{1,2}[ \t\u3000]*\d{1,4}[ \t\u3000]*[—–－-]{1,2}[ \t\u3000]*$"
    r"|^[ \t\u3000]*第\d{1,4}页(?:[/／]?共\d{1,4}页)?[ \t\u3000]*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text.

    Attributes:
        text: what is left of the original, character by character.
        places: (len(text),) the position in the original of each character.
        line_starts: positions in `text` at which a line of the original begins, ascending, the first at 0.
        original: the text as it was given.
    """

    text: str
    places: NDArray[np.int64]
    line_starts: NDArray[np.int64]
    original: str

    @classmethod
    def of(cls, original: str) -> "Folded":
        """Return the folded form of a text."""
        codes = np.frombuffer(original.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kept = ~np.isin(codes, _CODES)
        for match in _BETWEEN.finditer(original):
            kept[match.start() : match.end()] = False
        places = np.flatnonzero(kept)
        text = codes[kept].tobytes().decode("utf-32-le", "surrogatepass").translate(_TABLE)
        ends = np.flatnonzero(np.isin(codes, _LINE_CODES))
        starts = np.searchsorted(places, np.concatenate(([-1], ends)), side="right")
        return cls(text, places, np.unique(starts[starts < len(text)]), original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of a span of `text` that is not empty."""
        return int(self.places[start]), int(self.places[end - 1]) + 1

    def begins_line(self, position: int) -> bool:
        """Return whether a line of the original begins at a position of `text`."""
        at = int(np.searchsorted(self.line_starts, position))
        return at < len(self.line_starts) and int(self.line_starts[at]) == position

    def line_end(self, position: int) -> int:
        """Return where in `text` the line ends that a position stands in."""
        at = int(np.searchsorted(self.line_starts, position, side="right"))
        return int(self.line_starts[at]) if at < len(self.line_starts) else len(self.text)

    def line_start(self, position: int) -> int:
        """Return where in `text` the line begins that a position stands in."""
        at = int(np.searchsorted(self.line_starts, position, side="right"))
        return int(self.line_starts[at - 1]) if at else 0

    def spaced(self, position: int) -> bool:
        """Return whether the original has white space (or its end) in front of what stands at a position of `text`."""
        if position >= len(self.text) or position == 0:
            return True
        return int(self.places[position]) > int(self.places[position - 1]) + 1


_CODES = np.array([ord(character) for character in _NOTHING], dtype=np.uint32)
_LINE_CODES = np.array([ord(character) for character in _LINE_ENDS], dtype=np.uint32)
