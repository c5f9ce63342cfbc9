"""A text that has articles of its own: a draft whose 本办法第三条 and 前款 mean itself."""

import re
from bisect import bisect_right
from functools import cached_property

from assistant.citing.folding import Folded
from assistant.parsing import parse, parse_numeral, split_id
from assistant.parsing.numerals import NUMERAL_CHARS
from assistant.schema import Document, Kind, Metadata, Provision

# What a line opens with when it is an article of the text itself.
HEADING = re.compile(rf"第([{NUMERAL_CHARS}]+)条(?:之[{NUMERAL_CHARS}]+)?")
# What goes on behind 第…条 when it is none. Matches 规定 所称 的 第二款 、 和 至.
CONTINUES = re.compile(
    r"规定|所称|所述|的|第|、|，|和|与|及|至|到|明确|要求|指出|中|里|之规定|款|项|等|：|（[一二三四五六七八九十]"
)
MIN_ARTICLES = 2
# What introduces articles of another text. Matches 《…条例》规定： 有关条文如下：; refuses 制定本办法。
_INTRODUCED = re.compile(r"(?:》[^。]{0,30}|规定|条文|如下)：$")
# What a draft calls itself. Matches 本办法; refuses 本条例, which a quoted article says of its own text, too.
_ITSELF = re.compile(r"本(?:办法|措施|细则|方案|意见|规定|协议|通知)")
_DRAFT = "draft"


class Draft:
    """The articles of a text. Falsy where it has none of its own: no lines open articles, or they are quoted ones.

    Attributes:
        excerpt: it does not begin with 第一条, so that what it lacks may stand in what was left out.
    """

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        openings = _openings(folded)
        numbers = [number for _, number in openings]
        self.excerpt = bool(numbers) and numbers[0] != 1
        quoted = self.excerpt and _INTRODUCED.search(folded.text, 0, openings[0][0]) is not None
        itself = _ITSELF.search(folded.text) is not None
        self._has_articles = not quoted and (len(numbers) >= MIN_ARTICLES or (bool(numbers) and itself))

    def __bool__(self) -> bool:
        return self._has_articles

    @property
    def articles(self) -> int:
        """How many articles it has."""
        return len(self._paths_of_articles)

    def has(self, path: str) -> bool:
        """Return whether it has a provision at a path; an item that names no 款 may be that of any."""
        if path in self._provisions:
            return True
        steps = path.split(".")
        if len(steps) >= 3 and steps[1] == "p1" and steps[2].startswith("i"):
            tail = "." + ".".join(steps[2:])
            return any(one.startswith(f"{steps[0]}.") and one.endswith(tail) for one in self._provisions)
        return False

    def at(self, position: int) -> str:
        """Return the path of the smallest provision that a position of the folded text stands in; "" for none."""
        place = int(self._folded.places[position])
        found = [one for one in self._spans[: bisect_right(self._starts, place)] if one.end > place]
        return split_id(min(found, key=lambda one: one.end - one.start).id)[1] if found else ""

    @cached_property
    def _spans(self) -> list[Provision]:
        text = self._folded.original
        parsed = parse(Document(Metadata(id=_DRAFT, title="本文", kind=Kind.STATUTE), text))
        return sorted(parsed.provisions, key=lambda one: (one.start, -one.end))

    @cached_property
    def _starts(self) -> list[int]:
        return [one.start for one in self._spans]

    @cached_property
    def _provisions(self) -> frozenset[str]:
        return frozenset(split_id(one.id)[1] for one in self._spans)

    @cached_property
    def _paths_of_articles(self) -> frozenset[str]:
        return frozenset(
            one for one in self._provisions if one.startswith("a") and "." not in one and "nnex" not in one
        )


def opens_article(folded: Folded, start: int) -> bool:
    """Return whether 第…条 at the beginning of a line is the heading of an article and no reference."""
    heading = HEADING.match(folded.text, start)
    if heading is None or not folded.begins_line(start):
        return False
    return folded.spaced(heading.end()) or CONTINUES.match(folded.text, heading.end()) is None


def _openings(folded: Folded) -> list[tuple[int, int]]:
    """Return (where it begins, its number) of each article that a line opens, in order."""
    found: list[tuple[int, int]] = []
    for start in folded.line_starts.tolist():
        if folded.text.startswith("第", start) and opens_article(folded, start):
            heading = HEADING.match(folded.text, start)
            try:
                found.append((start, parse_numeral(heading[1] if heading is not None else "")))
            except ValueError:
                continue
    return found
