"""Bind: what a text says of each citation: the quotes ascribed to it, and the words beside it without marks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing.cited import Cited
from assistant.citing.folding import Folded

MIN_QUOTE = 4  # characters between the marks; less is a word in quotes
MIN_LOOSE_QUOTE = 6  # of a quote that no 规定 or colon introduces
MIN_CLAIM = 6
MAX_QUOTE = 6_000
MAX_GAP = 40  # characters between a citation and the quote that is ascribed to it

_PAIRS = {"“": "”", "「": "」", "『": "』", "﹁": "﹂", "﹃": "﹄"}
_MARKS = re.compile(r"[“”「」『』﹁﹂﹃﹄\"]")
_SENTENCE_END = re.compile(r"[。！？；!?]")
# What leads from a citation to the words it is said to have. Matches 规定： 中明确写道 所称的 ：; refuses ，企业认为
_SAYS = re.compile(
    r"(?:规定|明确|指出|要求|提出|载明|写明|写的?是|写着|写道|表述|原文|内容|所称|是指|讲|说|即|强调|列明|提到|提及|如下|条文|称|为|是|：|:)"
    r"[^。！？]{0,14}$"
)
_SAYS_SURELY = re.compile(
    r"(?:规定|明确|指出|要求|提出|载明|写明|写着|写道|表述为?|原文(?:是|为)?|内容(?:是|为)?|如下|条文)?(?:了|的是|是|为|道|称)?[，：:]+$"
)
# Between two quotes that are ascribed to the same citation. Matches 、 和 “以及” ，并规定; refuses 。但是
_BETWEEN_QUOTES = re.compile(r"[”」』]?[。；，、]?(?:以及|并且|同时|和|与|及|并|又|还)?(?:规定|明确|要求|指出)?[，：]?")
# A bracket behind a quote that says where it is from. Matches （ 。（见 ——; refuses （以下简称
_FROM = re.compile(r"[。；，]?(?:[（(【\[]|——|—|--)(?:详?见|参见|出自|引自|摘自|来源于?|依据为?|根据|参照|：)*")
# Between a quote and a citation behind it. Matches ，这是 出自 的依据是; refuses 。第
_IS_FROM = re.compile(
    r"[。，]?(?:——)?(?:[^。！？；“”]{0,6})?(?:这是|就是|出自|来自|引自|摘自|见于?|规定在|载于|依据是?|根据是?|语出|系)(?:[^。！？；“”]{0,4})?"
)
# Words behind a citation that say nothing yet. Matches 的规定， 规定： 之规定； refuses 县级以上
_LEAD = re.compile(
    r"）?(?:的|之|中|里|等)*(?:相关|有关|具体|明文|专门|已经|还|也)*"
    r"(?P<verb>规定|要求|精神|明确|指出|提出|表述|讲|说|写|载明|强调|的意思)?(?:了|的是|的|是|为|道|得(?:很|非常)?(?:清楚|明白)|也)*"
    r"(?P<mark>[，：、。；]*)"
)
# In front of a citation: what follows stands on it, what precedes does not. Matches 根据 按照 ; refuses 依据是.
_GROUNDS = re.compile(r"(?:根据|按照?|依照|依据|适用|违反|参照|对照|见|请看|看|查)$")
_TAIL = re.compile(
    r"(?:[（(]|，|。|、|：|—)*(?:其?(?:法律|法定|政策)?依据(?:是|为|在于)?|根据(?:是)?|按照|依照|依据|详?见|参见|出自|这是|就是|即|具体是|规定在|来源|的是)?(?:[（(]|，|：|：)*$"
)
# What makes words a statement of what is ruled. Matches 应当 可以 不得 免 三十日; refuses 请转给承办单位.
_RULES = re.compile(
    r"应当|应(?!用|急|对|届|聘|该如何)|必须|不得|禁止|严禁|可以|可(?=申请|享受|按)|有权|无权|鼓励|支持|引导|推动|不用|无需|不需要|免(?!费咨询)|减按|补贴|奖励"
    r"|处罚|罚款|给予|享受|优先|保障|负责|自[^，。]{2,20}起|[\d一二两三四五六七八九十百千万]+(?:个工作日|日|天|年|个月|元|万元|亿元|倍|折|人|亩|公里)|[%％]|百分之"
)
# A line that opens something of its own. Matches 一、 （一） 1. 第三条; refuses 的企业
_OPENS = re.compile(
    r"[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.．、]|第[一二三四五六七八九十百零\d]+[条章节]|[-•·●*]"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks; the span, in the folded text, is that of the words without the marks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of one enumeration of citations.

    Attributes:
        members: indexes of the citations that it is said of.
        quotes: in the order of the text.
        claim: span in the folded text of the words without marks, None where there are none or quotes stand for them.
        strict: the claim is set down as the provision's own words: behind a colon, or as an article in a line.
        ruled: the words say that something is ruled (应当, a number); others are only compared where they are near.
    """

    members: tuple[int, ...]
    quotes: tuple[Quoted, ...] = ()
    claim: tuple[int, int] | None = None
    strict: bool = False
    ruled: bool = False


def bind(folded: Folded, found: Sequence[Cited]) -> tuple[list[Said], frozenset[int]]:
    """Return (what is said of each enumeration, indexes of citations that only stand inside a quote of another)."""
    return _Binder(folded, found).bind()


@dataclass(frozen=True, slots=True)
class _Claim:
    start: int
    end: int
    strict: bool
    ruled: bool


class _Binder:
    def __init__(self, folded: Folded, found: Sequence[Cited]) -> None:
        self._folded, self._text, self._found = folded, folded.text, found
        self._clusters: dict[int, list[int]] = {}
        for index, one in enumerate(found):
            self._clusters.setdefault(one.cluster, []).append(index)
        self._starts = [one.start for one in found]
        self._ends = sorted((one.end, index) for index, one in enumerate(found))
        self._quotes = _outer_quotes(folded)
        self._stops = self._sentence_stops()

    def bind(self) -> tuple[list[Said], frozenset[int]]:
        """Return what is said."""
        bound: dict[int, list[Quoted]] = {}
        inner: set[int] = set()
        last: tuple[int, int] | None = None  # where the last bound quote ended, and its enumeration
        for quote in self._quotes:
            opening = self._opening(quote)
            if opening is not None:  # 《…法》“第十二条　因国家安全…”
                quote = Quoted(self._found[opening].end, quote.end)
                if quote.end - quote.start >= MIN_LOOSE_QUOTE:
                    bound.setdefault(self._found[opening].cluster, []).append(quote)
                continue
            within = range(bisect_left(self._starts, quote.start), bisect_left(self._starts, quote.end))
            cluster = self._source(quote, last)
            if cluster is None:
                continue
            last = (quote.end + 1, cluster)
            bound.setdefault(cluster, []).append(quote)
            inner.update(index for index in within if self._found[index].cluster != cluster)
        said = []
        for cluster, members in self._clusters.items():
            kept = [index for index in members if index not in inner]
            if not kept:
                continue
            quotes = tuple(bound.get(cluster, ()))
            claim = None if quotes else self._claim(kept)
            if claim is None:
                said.append(Said(tuple(kept), quotes))
            else:
                said.append(Said(tuple(kept), (), (claim.start, claim.end), claim.strict, claim.ruled))
        return said, frozenset(inner)

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
        if last is not None and last[0] <= opened <= last[0] + MAX_GAP:
            gap = text[last[0] : opened]
            goes_on = _BETWEEN_QUOTES.fullmatch(gap) or (not re.search("[。！？；《]", gap) and _SAYS.search(gap))
            if goes_on and bisect_left(self._starts, last[0]) >= bisect_left(self._starts, opened):
                return last[1]
        index = self._ending(opened)
        if index is not None:
            gap = text[self._found[index].end : opened]
            clean = not re.search(r"[。！？；“”「」『』]|《", gap)
            if clean and (_SAYS.search(gap) is not None or len(gap) <= 3) and len(gap) <= MAX_GAP:
                surely = _SAYS_SURELY.search(gap) is not None or "规定" in gap
                if surely or length >= MIN_LOOSE_QUOTE:
                    return self._found[index].cluster
        following = bisect_left(self._starts, closed)
        if following < len(self._found):
            start = self._found[following].start
            if start - closed <= MAX_GAP and _IS_FROM.fullmatch(text, closed, start):
                return self._found[following].cluster
        return None

    def _opening(self, quote: Quoted) -> int | None:
        """Return the citation in whose words a quote begins."""
        index = bisect_right(self._starts, quote.start) - 1
        inside = index >= 0 and self._found[index].start < quote.start <= self._found[index].end < quote.end
        return index if inside and self._found[index].end > quote.start else None

    def _starting(self, position: int, slack: int) -> int | None:
        """Return the citation that begins at a position or a little behind it."""
        index = bisect_left(self._starts, position)
        return index if index < len(self._starts) and self._starts[index] <= position + slack else None

    def _ending(self, position: int) -> int | None:
        """Return the citation that ends last in front of a position, outside of any quote but this one."""
        at = bisect_right(self._ends, (position, len(self._found))) - 1
        return self._ends[at][1] if at >= 0 and position - self._ends[at][0] <= MAX_GAP else None

    def _claim(self, members: Sequence[int]) -> _Claim | None:
        """Return the words beside an enumeration that say what it rules; None for none."""
        text = self._text
        if all(self._found[index].relative for index in members):
            return None
        start = min(self._found[index].start for index in members)
        end = max(self._found[index].end for index in members)
        begin, stop = self._sentence(start, end)
        following = bisect_left(self._starts, end)
        while following < len(self._found) and self._found[following].relative:
            following += 1
        limit = min(stop, self._starts[following]) if following < len(self._starts) else stop
        lead = _LEAD.match(text, end, limit)
        after, verb, mark = (lead.end(), lead["verb"] or "", lead["mark"]) if lead is not None else (end, "", "")
        heading = self._folded.begins_line(start) and self._folded.spaced(end)
        bracketed = _bracketed(text, begin, start)
        whole = not any(self._found[index].paths for index in members)
        if (whole and not (verb or _RULES.match(text, after))) or (whole and mark and not verb):
            return None  # 根据《…条例》，制定本方案
        if not bracketed and limit - after >= MIN_CLAIM:
            strict = heading or "：" in mark
            ruled = strict or bool(verb) or _RULES.search(text, after, limit) is not None
            return _Claim(after, limit, strict, ruled)
        previous = bisect_left(self._ends, (start, -1)) - 1
        low = max(begin, self._ends[previous][0] if previous >= 0 else 0)
        tail = _TAIL.search(text, low, start)
        high = tail.start() if tail is not None else start
        rules = _RULES.search(text, low, high) is not None
        if high - low < MIN_CLAIM or not (bracketed or (rules and _GROUNDS.search(text, low, start) is None)):
            return None
        return _Claim(low, high, False, rules)

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        before = bisect_right(self._stops, start) - 1
        after = bisect_left(self._stops, end)
        low = self._stops[before] if before >= 0 else 0
        return low, self._stops[after] if after < len(self._stops) else len(self._text)

    def _sentence_stops(self) -> list[int]:
        """Return where sentences end: behind their mark, and at lines that do not run on."""
        text, folded = self._text, self._folded
        stops = {match.end() for match in _SENTENCE_END.finditer(text)}
        for start in folded.line_starts.tolist():
            before = text[start - 1 : start]
            gap = folded.original[int(folded.places[start - 1]) + 1 : int(folded.places[start])] if start else ""
            if before in "：:" and gap.count("\n") <= 2 and not _OPENS.match(text, start):
                continue  # what a colon introduces stands in the next line
            if before in "。！？；”」』）》：" or gap.count("\n") > 1 or _OPENS.match(text, start):
                stops.add(start)
        # A sentence that ends inside a quote ends with the quote: A。”B has one end, behind the mark.
        return sorted(stop + 1 if text[stop : stop + 1] in ("”", "」", "』") else stop for stop in stops)


def _bracketed(text: str, begin: int, start: int) -> bool:
    """Return whether a position stands right inside a bracket, behind words such as 依据."""
    opened = text.rfind("（", max(begin, start - 12), start)
    return opened >= 0 and "）" not in text[opened:start] and len(text[opened + 1 : start]) <= 8


def _outer_quotes(folded: Folded) -> list[Quoted]:
    """Return the outermost quotes, in order; one that is not closed within its line, or the next three, is none."""
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
