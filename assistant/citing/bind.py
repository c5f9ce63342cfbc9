"""Bind: what a text says of each citation: the quotes and blocks ascribed to it, and the statements beside it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing.cited import Cited
from assistant.citing.claimed import Claim, Claims
from assistant.citing.folding import Folded
from assistant.citing.quoted import MAX_QUOTE, Quoted, outer_quotes

MIN_QUOTE = 4  # characters between the marks; less is a word in quotes
MIN_LOOSE_QUOTE = 6  # of a quote that no 规定 or colon introduces
MAX_GAP = 40  # characters between a citation and the quote that is ascribed to it

# What leads from a citation to the words it is said to have. Matches 规定： 中明确写道 所称的 ：; refuses ，企业认为.
_SAYS = re.compile(
    r"(?:规定|明确|指出|要求|提出|载明|写明|写的?是|写着|写道|表述|原文|内容|所称|是指|讲|说|即|强调|列明|提到|提及|如下|条文|称|为|是"
    r"|：)[^。！？]{0,14}$"
)
_SAYS_SURELY = re.compile(
    r"(?:规定|明确|指出|要求|提出|载明|写明|写着|写道|表述为?|原文(?:是|为)?|内容(?:是|为)?|如下|条文)?(?:了|的是|是|为|道|称)?[，：]+$"
)
# Between two quotes that are ascribed to the same citation. Matches 、 和 以及 ，并规定; refuses 。但是.
_BETWEEN_QUOTES = re.compile(r"[”」』]?[。；，、]?(?:以及|并且|同时|和|与|及|并|又|还)?(?:规定|明确|要求|指出)?[，：]?")
# A bracket behind a quote that says where it is from. Matches （ 。（见 ——; refuses （以下简称.
_FROM = re.compile(r"[。；，]?(?:[（(【\[]|——|—|--)(?:详?见|参见|出自|引自|摘自|来源于?|依据为?|根据|参照|：)*")
# Between a quote and a citation behind it. Matches ，这是 ，见 的依据是; refuses 。根据, 另请参见.
_IS_FROM = re.compile(
    r"[。，；]?(?:——)?(?:这|以上|上述|该|此)?(?:内容|规定|话|段话|条|句话)?的?"
    r"(?:这是|就是|是|出自|来自|引自|摘自|详?见于?|规定在|载于|依据是|根据是|语出|系)(?:[^。！？；“”]{0,4})?"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of one enumeration of citations.

    Attributes:
        members: indexes of the citations that it is said of.
        quotes: in the order of the text; a block without marks among them.
        claim: the statement beside them, None where there is none or quotes stand for it.
        inner: indexes of citations that stand inside words set down as the provision's own, and are part of them.
    """

    members: tuple[int, ...]
    quotes: tuple[Quoted, ...] = ()
    claim: Claim | None = None
    inner: frozenset[int] = frozenset()


def bind(folded: Folded, found: Sequence[Cited]) -> list[Said]:
    """Return what is said of each enumeration of citations, in the order of the text."""
    return _Binder(folded, found).bind()


class _Binder:
    def __init__(self, folded: Folded, found: Sequence[Cited]) -> None:
        self._folded, self._text, self._found = folded, folded.text, found
        self._clusters: dict[int, list[int]] = {}
        for index, one in enumerate(found):
            self._clusters.setdefault(one.cluster, []).append(index)
        self._starts = [one.start for one in found]
        self._ends = sorted((one.end, index) for index, one in enumerate(found))

    def bind(self) -> list[Said]:
        """Return what is said."""
        bound = self._bound_quotes()
        claims = Claims(self._folded, self._found, [quote for quotes in bound.values() for quote in quotes])
        inside = {
            index for quotes in bound.values() for quote in quotes for index in self._within(quote.start, quote.end)
        }
        said: list[Said] = []
        for cluster, members in self._clusters.items():
            quotes = tuple(bound.get(cluster, ()))
            kept = tuple(index for index in members if index not in inside or self._cites_itself(index, quotes))
            if not kept:
                continue
            if quotes and claims.opens_before(kept, quotes[0]):
                quotes = ()  # 第二条规定：设“琼州海峡管理处”…: words inside of what is set down
            block = None if quotes else claims.block(kept)
            quotes = (block,) if block is not None else quotes
            claim = None if quotes else claims.claim(kept)
            spans = [(one.start, one.end) for one in quotes]
            spans += [(claim.start, claim.end)] if claim is not None else []
            inner = {index for span in spans for index in self._within(*span)} - set(members)
            said.append(Said(kept, quotes, claim, frozenset(inner)))
        return said

    def _bound_quotes(self) -> dict[int, list[Quoted]]:
        """Return the quotes in marks that are ascribed to each enumeration."""
        bound: dict[int, list[Quoted]] = {}
        last: tuple[int, int] | None = None  # where the last bound quote ended, and its enumeration
        for quote in outer_quotes(self._folded):
            opening = self._opening(quote)
            if opening is not None:  # 《…法》“第十二条　因国家安全…”
                rest = Quoted(self._found[opening].end, quote.end)
                if rest.end - rest.start >= MIN_LOOSE_QUOTE:
                    bound.setdefault(self._found[opening].cluster, []).append(rest)
                continue
            cluster = self._source(quote, last)
            if cluster is not None:
                last = (quote.end + 1, cluster)
                bound.setdefault(cluster, []).append(quote)
        return bound

    def _within(self, start: int, end: int) -> range:
        """Return the indexes of the citations that begin inside a span."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def _cites_itself(self, index: int, quotes: Sequence[Quoted]) -> bool:
        """Return whether a quote that is ascribed to a citation begins with this citation's own words."""
        return any(self._found[index].end == quote.start for quote in quotes)

    def _source(self, quote: Quoted, last: tuple[int, int] | None) -> int | None:
        """Return the enumeration that a quote is ascribed to, None for none."""
        text = self._text
        length = quote.end - quote.start
        if length < MIN_QUOTE or length > MAX_QUOTE:
            return None
        opened, closed = quote.start - 1, quote.end + 1
        behind = _FROM.match(text, closed)
        if behind is not None and (index := self._starting(behind.end(), 3)) is not None:
            return self._found[index].cluster
        following = bisect_left(self._starts, closed)
        if following < len(self._found):
            start = self._found[following].start
            if start - closed <= MAX_GAP and _IS_FROM.fullmatch(text, closed, start):
                return self._found[following].cluster
        if last is not None and last[0] <= opened <= last[0] + MAX_GAP:
            gap = text[last[0] : opened]
            goes_on = _BETWEEN_QUOTES.fullmatch(gap) or (not re.search("[。！？；《]", gap) and _SAYS.search(gap))
            if goes_on and bisect_left(self._starts, last[0]) >= bisect_left(self._starts, opened):
                return last[1]
        index = self._ending(opened)
        if index is not None and self._leads_to(index, opened, length):
            return self._found[index].cluster
        return None

    def _leads_to(self, index: int, opened: int, length: int) -> bool:
        """Return whether what stands between a citation and a quote ascribes the one to the other."""
        gap = self._text[self._found[index].end : opened]
        if len(gap) > MAX_GAP or re.search(r"[。！？；“”「」『』《]", gap):
            return False
        if _SAYS.search(gap) is None and len(gap) > 3:
            return False
        return length >= MIN_LOOSE_QUOTE or "规定" in gap or _SAYS_SURELY.search(gap) is not None

    def _opening(self, quote: Quoted) -> int | None:
        """Return the citation in whose words a quote begins."""
        index = bisect_right(self._starts, quote.start) - 1
        if index < 0:
            return None
        one = self._found[index]
        return index if one.start < quote.start < one.end < quote.end else None

    def _starting(self, position: int, slack: int) -> int | None:
        """Return the citation that begins at a position or a little behind it."""
        index = bisect_left(self._starts, position)
        return index if index < len(self._starts) and self._starts[index] <= position + slack else None

    def _ending(self, position: int) -> int | None:
        """Return the citation that ends last in front of a position."""
        at = bisect_right(self._ends, (position, len(self._found))) - 1
        return self._ends[at][1] if at >= 0 and position - self._ends[at][0] <= MAX_GAP else None
