"""What a text says of a citation in its own words: the words beside it that state what it rules."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing.cited import Cited
from assistant.citing.folding import Folded
from assistant.citing.quoted import OPENS, Quoted, block_at

MIN_CLAIM = 6  # characters
MAX_BESIDE = 6  # sentences that are looked at beside a statement
_SENTENCE_END = re.compile(r"[。！？!?]")
# Words behind a citation that say nothing yet. Matches 的规定， 规定： 的原文如下： 之规定；; refuses 县级以上.
_LEAD = re.compile(
    r"）?(?:的|之|中|里|等)*(?:相关|有关|具体|明文|专门|已经|还|也)*"
    r"(?P<verb>(?:的?(?:原文|条文|全文|内容|规定|要求|表述)?(?:摘录|抄录|引用|摘抄)?如下)|规定|要求|精神|明确规定|明确|指出|提出|表述|讲|说|写|载明"
    r"|强调|的意思|原文|条文|内容)?(?:了|的是|的|是|为|道|得(?:很|非常)?(?:清楚|明白)|也)*"
    r"(?P<mark>[，：、。；]*)"
)
# In front of a citation: what follows stands on it, what precedes does not. Matches 根据 按照; refuses 依据是.
_GROUNDS = re.compile(r"(?:根据|按照?|依照|依据|适用|违反|参照|对照|见|请看|看|查)$")
_TAIL = re.compile(
    r"(?:[（(]|，|。|；|、|：|—)*(?:其?(?:法律|法定|政策)?依据(?:是|为|在于)?|根据(?:是)?|按照|依照|依据|详?见|参见|出自|这是|就是|即"
    r"|具体是|规定在|来源|的是)?(?:[（(]|，|：)*$"
)
# Who says it, in front of what is said. Matches 我们认为： 与会人员一致认为， 答复如下：; refuses 县级以上人民政府.
_SAYER = re.compile(
    r"[^。！？；]{0,24}?(?:认为|强调|指出|提出|明确|答复如下|意见|意见如下|如下|表示|要求|了解|知悉|经查)[，：]"
)
# What makes words a statement of what is ruled. Matches 应当 可以 不得 免 三十日; refuses 请转给承办单位.
_RULES = re.compile(
    r"应当|应(?!用|急|对|届|聘|该如何)|必须|不得|禁止|严禁|可以|可(?=申请|享受|按)|有权|无权|鼓励|支持|引导|推动|不用|无需|不需要"
    r"|免(?!费咨询)|减按|补贴|奖励|处罚|罚款|给予|享受|优先|保障|负责|自[^，。]{2,20}起|百分之|[%％]"
    r"|[\d一二两三四五六七八九十百千万]+(?:个工作日|日|天|年|个月|元|万元|亿元|倍|折|人|亩|公里)"
)
# In front of a citation that stands inside a statement about another. Matches 依照 违反 应当按照; refuses ，根据.
_WITHIN = re.compile(
    r"(?:依照|违反|符合|属于|构成|具备|适用|除|有|对|将|(?:[^，。；：、])(?:按照?|根据|依据|参照|执行))$"
)

_LISTS = re.compile(r"(?:及|和|与|或|至|、)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """Words without marks that say what a provision rules; the span is one of the folded text.

    Attributes:
        strict: they are set down as the provision's own: behind a colon, or as an article in a line.
        ruled: they say that something is ruled (应当, a number); others are only compared where they are near.
        beside: the sentences that go on from there, away from the citation, up to the end of the paragraph or the next
            citation; they are of the same provision as long as they are its words.
    """

    start: int
    end: int
    strict: bool
    ruled: bool
    beside: tuple[tuple[int, int], ...] = ()


class Claims:
    """The statements of a text, asked for one enumeration of citations after the other."""

    def __init__(self, folded: Folded, found: Sequence[Cited], quotes: Sequence[Quoted]) -> None:
        """Take a text, its citations, and the quotes that are ascribed to one of them already."""
        self._folded, self._text, self._found = folded, folded.text, found
        self._starts = [one.start for one in found]
        self._ends = sorted([*(one.end for one in found), *(quote.end + 1 for quote in quotes)])
        self._stops = self._sentence_stops()

    def block(self, members: Sequence[int]) -> Quoted | None:
        """Return what an enumeration introduces as its own words, in the next line or behind a colon; None for none."""
        lead = _LEAD.match(self._text, self._span(members)[1])
        if lead is None or "：" not in lead["mark"] or lead[0].startswith("）"):
            return None  # 依据如下（《…条例》）： introduces a list of the writer's own
        if lead["verb"] or lead["mark"].startswith("："):
            return block_at(self._folded, lead.end())
        return None

    def opens_before(self, members: Sequence[int], quote: Quoted) -> bool:
        """Return whether a colon sets words down before a quote begins, so that the quote is only a part of them."""
        _, end = self._span(members)
        lead = _LEAD.match(self._text, end)
        return lead is not None and "：" in lead["mark"] and lead.end() + MIN_CLAIM <= quote.start - 1

    def claim(self, members: Sequence[int]) -> Claim | None:
        """Return the words beside an enumeration that say what it rules; None for none."""
        text = self._text
        if all(self._found[index].relative or self._inward(self._found[index]) for index in members):
            return None
        start, end = self._span(members)
        begin, stop = self._sentence(start, end)
        limit = self._limit(end, stop)
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
            return Claim(after, limit, strict, ruled, self._onward(limit) if limit == stop else ())
        return self._in_front(begin, start, bracketed)

    def _in_front(self, begin: int, start: int, bracketed: bool) -> Claim | None:
        """Return the statement that a citation stands behind: …。（《…》第三条）, …，依据是《…》第三条."""
        text = self._text
        if bracketed and start - begin <= MIN_CLAIM:  # the bracket stands behind the full stop
            begin = self._stops[max(0, bisect_right(self._stops, begin) - 2)] if begin else 0
            begin = begin if bisect_right(self._stops, start) > 1 else 0
        at = bisect_right(self._ends, start) - 1
        low = max(begin, self._ends[at] if at >= 0 else 0)
        tail = _TAIL.search(text, low, start)
        high = tail.start() if tail is not None else start
        low = max(low, sayer.end()) if (sayer := _SAYER.match(text, low, high)) is not None else low
        rules = _RULES.search(text, low, high) is not None
        if high - low < MIN_CLAIM or not (bracketed or (rules and _GROUNDS.search(text, low, start) is None)):
            return None
        return Claim(low, high, False, rules, self._backward(low) if low == begin else ())

    def _onward(self, position: int) -> tuple[tuple[int, int], ...]:
        """Return the sentences behind a position, up to the end of its paragraph or the next citation."""
        found: list[tuple[int, int]] = []
        at = bisect_left(self._starts, position)
        end = min(self._folded.line_end(position - 1), self._starts[at] if at < len(self._starts) else len(self._text))
        while position < end and len(found) < MAX_BESIDE:
            stop = min(self._sentence(position, position + 1)[1], end)
            found.append((position, stop))
            position = stop
        return tuple(found)

    def _backward(self, position: int) -> tuple[tuple[int, int], ...]:
        """Return the sentences in front of a position, the nearest first, down to the line's start or a citation."""
        found: list[tuple[int, int]] = []
        at = bisect_right(self._ends, position) - 1
        begin = max(self._folded.line_start(position), self._ends[at] if at >= 0 else 0)
        while position > begin and len(found) < MAX_BESIDE:
            start = max(self._sentence(position - 1, position)[0], begin)
            found.append((start, position))
            position = start
        return tuple(found)

    def _span(self, members: Sequence[int]) -> tuple[int, int]:
        return min(self._found[index].start for index in members), max(self._found[index].end for index in members)

    def _inward(self, one: Cited) -> bool:
        """Return whether a citation is one that a law makes of itself: 本条例第十条, inside what is said of another."""
        if not one.document.name or self._text[one.start] not in "本前":
            return False
        begin, _ = self._sentence(one.start, one.end)
        at = bisect_left(self._starts, one.start) - 1
        return at >= 0 and self._found[at].end > begin

    def _limit(self, end: int, stop: int) -> int:
        """Return where the words behind a citation end: with the sentence, or where another citation takes over."""
        for index in range(bisect_left(self._starts, end), len(self._found)):
            one = self._found[index]
            if one.start >= stop:
                break
            named = bool(one.document.name) and self._text[one.start] not in "本前该其同上"
            within = one.relative or self._inward(one) or _WITHIN.search(self._text, end, one.start)
            if not within and not (not named and _LISTS.search(self._text, end, one.start)):
                return one.start
        return stop

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        before, after = bisect_right(self._stops, start) - 1, bisect_left(self._stops, end)
        low = self._stops[before] if before >= 0 else 0
        return low, self._stops[after] if after < len(self._stops) else len(self._text)

    def _sentence_stops(self) -> list[int]:
        """Return where sentences end: behind their mark, and at lines that do not run on."""
        text, folded = self._text, self._folded
        stops = {match.end() for match in _SENTENCE_END.finditer(text)}
        for start in folded.line_starts.tolist():
            before = text[start - 1 : start]
            gap = folded.original[int(folded.places[start - 1]) + 1 : int(folded.places[start])] if start else ""
            if before in "：:" and gap.count("\n") <= 2 and not OPENS.match(text, start):
                continue  # what a colon introduces stands in the next line
            if before in "。！？；”」』）》：】" or gap.count("\n") > 1 or OPENS.match(text, start):
                stops.add(start)
        # A sentence that ends inside a quote ends with the quote: A。”B has one end, behind the mark.
        return sorted(stop + 1 if text[stop : stop + 1] in ("”", "」", "』") else stop for stop in stops)


def _bracketed(text: str, begin: int, start: int) -> bool:
    """Return whether a position stands right inside a bracket, behind words such as 依据."""
    opened = text.rfind("（", max(begin, start - 12), start)
    return opened >= 0 and "）" not in text[opened:start] and len(text[opened + 1 : start]) <= 8
