"""What an asker takes for the rules: claims found in a question, cut from what surrounds them.

听说第三十条规定电费打五折，是不是真的 asserts something that can be held against the text; 电费能打五折吗 does not. A claim
shows by a cue: somebody said it, it is taken for granted, a document is its subject, 对吧 stands behind it, or what is asked next
only makes sense if it holds (三年免税从哪年算起).
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.citing.amounts import Amount, AmountKind, find_amounts
from assistant.citing.comparable import Comparable
from assistant.parsing import find_references

MIN_CLAIM = 4  # characters; 是这样 claims nothing
MAX_LEAD = 8  # characters in front of the document that a clause makes its subject
MAX_BEFORE_TAG = 3  # clauses in front of 对吧 that it asks about

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]?")
_CLAUSE = re.compile(r"[^，,：:]+")
_EDGES = " \t\r\n　，,。；;：:！!？?"


class Cue(StrEnum):
    """How a claim shows."""

    SAID = "said"  # 听说, 我同事说
    GIVEN = "given"  # 既然, 不是说…吗, 明明规定
    ATTRIBUTED = "attributed"  # 第三十条规定…, …, 条例这样定的
    CONFIRMED = "confirmed"  # …, 对吧
    PRESUPPOSED = "presupposed"  # 奖金三十万，几月份打款


@dataclass(frozen=True, slots=True)
class Premise:
    """A claim in a question. Invariant: question[start:end] == text.

    Attributes:
        cues: how it shows; never empty.
        paths: paths of the provisions that it names or that are named beside it: ("a30",), the likelier reading first.
        documents: words by which it names a document: 条例, 指导意见.
        numbers: what it gives as facts, in `folded` coordinates of its own text; not what the asker tells of himself.
        vague: it says no more than that there is some support.
        asks_on: something else is asked that stands on it (找谁领): were it wrong, that has no answer either.
    """

    text: str
    start: int
    end: int
    cues: tuple[Cue, ...]
    paths: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    numbers: tuple[Amount, ...] = ()
    vague: bool = False
    asks_on: bool = False

    @property
    def named(self) -> bool:
        """Whether it says which document or provision rules so."""
        return bool(self.paths or self.documents)


@cache
def premise_table() -> dict[str, Any]:
    """Return data/premises.toml."""
    return tomllib.loads(files("assistant.answering").joinpath("data/premises.toml").read_text(encoding="utf-8"))


@cache
def cue(name: str) -> re.Pattern[str]:
    """Return a pattern of the table of cues."""
    return re.compile(premise_table()["cue"][name])


def find_premises(question: str, orders: Sequence[tuple[int, int]] = ()) -> tuple[Premise, ...]:
    """Return what the asker asserts of the rules, in the order of the question; spans are in `question`.

    Args:
        question: as asked.
        orders: spans that order the assistant about and assert nothing.

    >>> [one.text for one in find_premises("听说第三十条规定电费打五折，是不是真的")]
    ['第三十条规定电费打五折']
    >>> find_premises("第三十条能让电费打五折吗")
    ()
    """
    text = question
    for start, end in orders:
        text = text[:start] + "\n" * (end - start) + text[end:]
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    found = []
    for number, (start, end) in enumerate(sentences):
        behind = text[sentences[number + 1][0] : sentences[number + 1][1]] if number + 1 < len(sentences) else ""
        found += list(_in_sentence(text, start, end, behind))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    text: str

    @property
    def is_tag(self) -> bool:
        """Whether it does nothing but ask whether something is so, or states what is wanted: 对吧, 我核实一下."""
        match = cue("tag").search(self.text)
        return match is not None and match.start() <= 8

    @property
    def tag_start(self) -> int:
        """Where its tag begins; its end where it has none."""
        starts = [match.start() for name in ("tag", "half") if (match := cue(name).search(self.text))]
        return self.start + min(starts, default=len(self.text))

    @property
    def asks(self) -> bool:
        """Whether it asks for something, a tag at its end left aside."""
        return cue("asks").search(self.text[: self.tag_start - self.start]) is not None


def _clauses(text: str, start: int, end: int) -> list[_Clause]:
    found = []
    for match in _CLAUSE.finditer(text, start, end):
        first, last = match.span()
        while first < last and text[first] in _EDGES:
            first += 1
        while first < last and text[last - 1] in _EDGES:
            last -= 1
        if first < last:
            found.append(_Clause(first, last, text[first:last]))
    return found


def _in_sentence(text: str, start: int, end: int, behind: str) -> Iterator[Premise]:
    """Yield the claim of a sentence; `behind` is the sentence that follows, which may ask on."""
    clauses = _clauses(text, start, end)
    cues, begin = _cues(text, clauses, behind)
    if not cues:
        return
    stop, asks_on = _claimed(clauses, begin, cues)
    begin = _trimmed_start(text, clauses, begin, cues)
    while begin < stop and text[begin] in _EDGES:
        begin += 1
    while begin < stop and text[stop - 1] in _EDGES:
        stop -= 1
    claim = text[begin:stop]
    if len(claim) < MIN_CLAIM or (not cue("matter").search(text[start:end])):
        return
    asks_on = asks_on or (bool(behind) and cue("asks_on").search(behind.strip(_EDGES)) is not None)
    whole = text[start:end]
    paths = tuple(dict.fromkeys(path for one in find_references(whole) for path in one.paths))
    documents = tuple(dict.fromkeys(re.findall("条例|意见", whole)))
    yield Premise(claim, begin, stop, cues, paths, documents, claimed_numbers(claim), _is_vague(claim), asks_on)


def _cues(text: str, clauses: Sequence[_Clause], behind: str) -> tuple[tuple[Cue, ...], int]:
    """Return how a claim shows in some clauses, and where it begins; no cue for none."""
    if not clauses:
        return (), 0
    first, last = clauses[0].start, clauses[-1].end
    sentence = text[first:last]
    cues: list[Cue] = []
    begin = first
    given, said = cue("given").search(sentence), cue("said").search(sentence)
    if given is not None:
        cues.append(Cue.GIVEN)
        begin = first + given.end()
    if (
        said is not None
        and len(sentence) - said.end() >= MIN_CLAIM
        and (given is None or said.start() < given.start() or cue("matter").search(sentence))
    ):
        cues.append(Cue.SAID)
        begin = max(begin, first + said.end()) if given is None or said.end() > given.start() else begin
    if any(one.tag_start < one.end and not one.asks for one in clauses):
        cues.append(Cue.CONFIRMED)
        if len(cues) == 1:
            begin = _before_tag(clauses)
    for one in clauses:
        named = cue("attributed").search(one.text)
        if cue("behind").search(one.text) or (
            named and named.start() <= MAX_LEAD and _says_something(one, named.end())
        ):
            if not cues:
                begin = one.start + named.start() if named else first
            cues.append(Cue.ATTRIBUTED)
            break
        if cue("whether").search(one.text) and (named or _bold(one.text)):
            if not cues:
                begin = one.start
            cues.append(Cue.ATTRIBUTED)
            break
    if not cues and _presupposes(sentence, clauses, behind):
        cues.append(Cue.PRESUPPOSED)
    return tuple(dict.fromkeys(cues)), begin


def _says_something(clause: _Clause, position: int) -> bool:
    """Return whether a clause asserts something behind a document's name: not 第十条原话, 条例鼓励不鼓励."""
    said = clause.text[position:]
    return not clause.asks and cue("asserts").search(said) is not None and cue("wants").search(clause.text) is None


def _bold(clause: str) -> bool:
    """Return whether a clause claims more than any text of encouragement would hold: 就没责任了."""
    return (
        any(row["kind"] == "rule" and re.search(row["says"], clause) is not None for row in premise_table()["strong"])
        and re.search("是不是就|是不是都", clause) is not None
    )


def _presupposes(sentence: str, clauses: Sequence[_Clause], behind: str) -> bool:
    """Return whether what is asked only makes sense if a sum, a benefit or a term that is told is ruled."""
    asked = sentence + behind
    told = [one.text for one in clauses if not one.asks]
    claim = "，".join(told) or sentence
    numbers = claimed_numbers(claim)
    if (
        cue("own").match(claim)
        or cue("wished").search(claim)
        or not (told or any(one.unit in _SUMS for one in numbers))
    ):
        return False
    if numbers and cue("refers").search(asked):
        return True
    asks_on = cue("asks_on").search(asked) is not None or cue("tag").search(asked.strip(_EDGES)) is not None
    return asks_on and any(
        (bool(numbers) or not row.get("vague")) and re.search(row["says"], claim) is not None
        for row in premise_table()["strong"]
        if row["kind"] == "fact"
    )


def _before_tag(clauses: Sequence[_Clause]) -> int:
    """Return where the claim begins that the first tag asks about: a few clauses in front of it that ask nothing."""
    at = next(number for number, one in enumerate(clauses) if one.tag_start < one.end and not one.asks)
    low = at
    while low > 0 and at - low < MAX_BEFORE_TAG and not clauses[low - 1].asks:
        low -= 1
    return clauses[low].start


def _claimed(clauses: Sequence[_Clause], begin: int, cues: Sequence[Cue]) -> tuple[int, bool]:
    """Return where the claim that begins at a position ends, and whether something is asked on it."""
    stop = begin
    asks_on = False
    for one in clauses:
        if one.end <= begin:
            continue
        whole = one.start >= begin
        claims = stop > begin
        if whole and one.is_tag and claims:
            continue
        if claims and (one.asks or cue("own").match(one.text) or cue("asks_on").search(one.text)):
            asks_on = asks_on or cue("asks_on").search(one.text) is not None
            if one.asks or cue("own").match(one.text):
                break
        if not claims and one.asks and not _asserts(one, cues):
            return begin, False
        if Cue.GIVEN in cues and claims and one.text.startswith(("那", "我", "怎么", "凭", "为")):
            break
        stop = min(one.tag_start, one.end) if one.tag_start > max(begin, one.start) else one.end
        if one.text.endswith(("吗", "么")) and Cue.GIVEN in cues:
            stop = one.end - 1
        if stop < one.end:
            rest = clauses[clauses.index(one) + 1 :]
            asks_on = asks_on or any(cue("asks_on").search(other.text) for other in rest)
            break
    return stop, asks_on or any(cue("asks_on").search(one.text) for one in clauses if one.start >= stop)


def _asserts(clause: _Clause, cues: Sequence[Cue]) -> bool:
    """Return whether a clause that looks like a question is one by its tag only: 不是说…吗, 是不是强制…."""
    if Cue.GIVEN in cues or Cue.PRESUPPOSED in cues:
        return True
    inside = re.sub("是不是|不是说", "", clause.text[: clause.tag_start - clause.start])
    return cue("asks").search(inside) is None or (
        cue("whether").search(clause.text) is not None and cue("asks").search(inside.rstrip("吗么呢")) is None
    )


def _trimmed_start(text: str, clauses: Sequence[_Clause], begin: int, cues: Sequence[Cue]) -> int:
    """Return where a claim begins without the clauses that lead to it and ask or greet."""
    del cues
    for one in clauses:
        if one.start <= begin < one.end:
            lead = re.match(
                r"(请问|我想问|想问|问一下|咨询|核实|你好|您好|那个?|可是?|但是?|就是|关于|里?面?[说讲写]|的是)+",
                text[begin : one.end],
            )
            return begin + lead.end() if lead is not None and begin + lead.end() < one.end else begin
    return begin


def claimed_numbers(claim: str) -> tuple[Amount, ...]:
    """Return the numbers that a claim gives as facts: no provisions, counts or what the asker tells of himself.

    >>> [str(one.value[0]) for one in claimed_numbers("我们投资5000万元，每家奖一百万元")]
    ['1000000']
    """
    folded = Comparable.of(claim.replace("号", "日")).text
    return tuple(
        one
        for one in find_amounts(folded)
        if one.kind in (AmountKind.MEASURE, AmountKind.DATE)
        and _COUNTED_BY.fullmatch(folded[one.start : one.end]) is None
        and not (one.kind is AmountKind.MEASURE and folded.startswith(("前", "以前", "多前"), one.end))
        and cue("own_facts").search(folded[: one.start].rpartition("，")[2]) is None
    ) + tuple(_sums(folded))


_SUMS = ("元", "美元", "折", "份额")
# What something is counted by. Matches 一亩, 一次, 一块, 一个月; refuses 一百亩, 三年.
_COUNTED_BY = re.compile(
    "一(?:个)?(?:亩|块|次|回|遍|年|月|天|日|周|星期|季度|平米|平方米|吨|度电|公里|米|小时|分钟)|三天(?=两头)?"
)
# A sum without its unit. Matches 奖一百万, 给200万, 三十万; refuses 万一, 百分之三.
_SUM = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千几]+)[十百千]?(?:万|亿|千万)(?![一-鿿]{0,1}(?:元|块|人|户|亩|吨|平|家|千|美))"
)


def _sums(folded: str) -> Iterator[Amount]:
    for match in _SUM.finditer(folded):
        if cue("own_facts").search(folded[: match.start()].rpartition("，")[2]) is not None:
            continue
        with_unit = find_amounts(match.group() + "元")
        if len(with_unit) == 1 and with_unit[0].kind is AmountKind.MEASURE:
            one = with_unit[0]
            yield Amount(match.start(), match.end(), one.kind, one.unit, one.value)


def _is_vague(claim: str) -> bool:
    return cue("vague").search(claim) is not None and not claimed_numbers(claim)
