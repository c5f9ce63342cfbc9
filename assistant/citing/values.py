"""Numbers as a statement in own words gives them: periods, ranges, deadlines, limits, beside those of the provision.

A value is compared with the provision's values of its own kind, wherever they stand, once the statement speaks about
the sentence that has them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from assistant.citing.amounts import Amount, AmountKind, find_amounts
from assistant.citing.marks import tokenise
from assistant.citing.matters import ABOUT, Statement, about, share, statements
from assistant.citing.wordlists import load_words
from assistant.parsing.numerals import parse_numeral

MAX_EQUAL = 20  # places of the provision with the same number whose limits are read
MAX_VALUES = 40  # numbers of one sentence that are compared
MAX_REMEMBERED = 256  # sentences whose periods are kept
HALF_MONTH = 15  # days
MAX_BEFORE = 10  # characters before a number in which its limit stands

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_STEP = r"个?(?:学年|年度|年|季度|季|学期|月份|月|星期|周|日|天)"
# A period. Matches 每季度, 每三个月, 每半年, 按月, 一年一次, 两年做一次; refuses 三年内, 每人, 一年取水100万方.
_PERIOD = re.compile(
    rf"(?:每隔?(?P<every>半|{_N})?|按|逐)(?P<unit>{_STEP})(?!末|初|底)"
    rf"|(?<![第满])(?P<times>半|{_N})(?P<unit2>{_STEP})(?=[^，。；内前后]{{0,8}}?{_N}[次回遍])"
)
_MONTHS = {"学年": 12, "年度": 12, "年": 12, "季度": 3, "季": 3, "学期": 6, "月份": 1, "月": 1}
_DAYS = {"星期": 7, "周": 7, "日": 1, "天": 1}
# A month's or a year's, with what it is of. Matches 一个月 of 一个月销售额; refuses 一个月内, 一年，.
_RATE = re.compile(r"(?:一|1)(?:个月|年|天)(?=[^\W内之以前后的期，。；、至到])")
# Between the two numbers of a range: 五千元以上三万元以下, 1万到10万, 满一年不足五年.
_TO = "(?:至|到|~|～|—{1,2}|-|–|－)"
_SHORT_OF = "(?:不足|不到|不满|未满)"
_BETWEEN = re.compile(f"以上[、，]?{_TO}?{_SHORT_OF}?|{_TO}{_SHORT_OF}?|[、，]?{_SHORT_OF}")
_TIME = frozenset({"日", "工作日", "月", "小时", "分钟"})
_UP, _DOWN = "up", "down"
_AFTER = {
    "以上": _UP,
    "及以上": _UP,
    "以下": _DOWN,
    "以内": _DOWN,
    "之内": _DOWN,
    "内": _DOWN,
    "封顶": _DOWN,
    "为限": _DOWN,
}

_NUMBER = "数字不同：条文为“{}”，文中为“{}”"
_LIMIT = "界限不同：条文为“{}”，文中为“{}”"
_PERIODS = "周期不同：条文为“{}”，文中为“{}”"


@dataclass(frozen=True, slots=True)
class Period:
    """How often: every `months` months, else every `days` days; `start`, `end` in the folded text."""

    start: int
    end: int
    months: Fraction
    days: int

    def agrees(self, other: "Period") -> bool:
        """Whether it is as often."""
        return (self.months, self.days) == (other.months, other.days)


@dataclass(frozen=True, slots=True)
class Range:
    """From one amount to another."""

    low: Amount
    high: Amount

    @property
    def start(self) -> int:
        """Where it begins in the folded text."""
        return self.low.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.high.end

    def agrees(self, other: "Range") -> bool:
        """Whether both ends are the same."""
        return self.low.agrees(other.low) and self.high.agrees(other.high)


@lru_cache(maxsize=MAX_REMEMBERED)
def find_periods(text: str) -> tuple[Period, ...]:
    """Return the periods of a folded text.

    >>> [(str(one.months), one.days) for one in find_periods("每季度公开，两年评估一次，每周清洗")]
    [('3', 0), ('24', 0), ('0', 7)]
    """
    found = []
    for match in _PERIOD.finditer(text):
        unit = (match["unit"] or match["unit2"]).removeprefix("个")
        said = match["every"] or match["times"] or "1"
        try:
            times = Fraction(1, 2) if said == "半" else Fraction(parse_numeral(said))
        except ValueError:
            continue
        if said == "半" and _MONTHS.get(unit) == 1:
            found.append(Period(match.start(), match.end(), Fraction(0), HALF_MONTH))
        elif unit in _MONTHS:
            found.append(Period(match.start(), match.end(), times * _MONTHS[unit], 0))
        elif times.denominator == 1:
            found.append(Period(match.start(), match.end(), Fraction(0), int(times) * _DAYS[unit]))
    return tuple(found)


def find_ranges(text: str, amounts: Sequence[Amount]) -> list[Range]:
    """Return the ranges among the amounts of a folded text."""
    found = []
    for low, high in pairwise(amounts):
        if low.kind is not AmountKind.MEASURE or low.unit != high.unit or high.kind is not AmountKind.MEASURE:
            continue
        between = text[low.end : high.start]
        if between and _BETWEEN.fullmatch(between) and low.value[0] < high.value[0]:
            found.append(Range(low, high))
    return found


def is_rate(text: str, start: int, end: int) -> bool:
    """Whether a time span in a folded text is no deadline but says how often, or of how long something is.

    >>> is_rate("一个月销售额", 0, 3), is_rate("一个月内", 0, 3)
    (True, False)
    """
    if (match := _RATE.match(text, start)) is not None and match.end() == end:
        return True
    return any(period.start < end and start < period.end for period in find_periods(text))


def other_values(claim: str, provision: str) -> Iterator[str]:
    """Yield in Chinese what numbers of a statement differ from those of the provision; both folded."""
    held = statements(provision)
    for said in statements(claim):
        if any(word in said.text for word in load_words()["numbers"]["own_facts"]):
            continue
        amounts = find_amounts(said.text)[:MAX_VALUES]
        ranges = find_ranges(said.text, amounts)
        yield from _other_periods(said, held)
        yield from _other_ranges(said, ranges, held)
        yield from _other_amounts(said, amounts, ranges, held)


def _other_periods(said: Statement, held: Sequence[Statement]) -> Iterator[str]:
    ours = find_periods(said.text)[:MAX_VALUES]
    theirs = [(one, period) for one in held for period in find_periods(one.text)]
    for period in ours:
        if any(period.agrees(other) for _, other in theirs):
            continue
        near = [(one, other) for one, other in theirs if about(said.pairs, one)]
        words = said.text[period.start : period.end]
        if len(near) == 1:
            statement, other = near[0]
            yield _PERIODS.format(statement.text[other.start : other.end], words)
        elif not theirs and words.startswith("每"):
            once = next((one for one in held if "一次性" in one.text and about(said.pairs, one)), None)
            if once is not None and "一次性" not in said.text:
                yield _PERIODS.format("一次性", words)


def _other_ranges(said: Statement, ranges: Sequence[Range], held: Sequence[Statement]) -> Iterator[str]:
    theirs = [(one, other) for one in held for other in find_ranges(one.text, find_amounts(one.text))]
    for ours in ranges:
        same = [(one, other) for one, other in theirs if other.low.unit == ours.low.unit]
        if not same or any(ours.agrees(other) for _, other in same):
            continue
        near = max(same, key=lambda pair: (_touching(ours, pair[1]), len(said.pairs & pair[0].pairs)))
        statement, other = near
        if not about(said.pairs, statement, 1):
            continue
        yield _NUMBER.format(_words(statement.text, other), _words(said.text, ours))


def _touching(one: Range, other: Range) -> int:
    return one.low.agrees(other.low) + one.high.agrees(other.high)


# Matches 以下 behind a range.
_CLOSING = re.compile("以下|以内")


def _words(text: str, one: Range) -> str:
    closing = _CLOSING.match(text, one.end)
    return text[one.start : closing.end() if closing else one.end]


def _other_amounts(
    said: Statement, amounts: Sequence[Amount], ranges: Sequence[Range], held: Sequence[Statement]
) -> Iterator[str]:
    theirs = [(one, amount) for one in held for amount in find_amounts(one.text)]
    everything = frozenset().union(*(one.pairs for one in held))
    within = [one for pair in ranges for one in (pair.low, pair.high)]
    for amount in amounts:
        if amount in within or not counts(said.text, amount):
            continue
        same = [(one, other) for one, other in theirs if _comparable(amount, other) and counts(one.text, other)]
        equal = [(one, other) for one, other in same if amount.agrees(other)]
        if equal:
            yield from _other_limit(said, amount, equal[:MAX_EQUAL])
            continue
        if any(other is not amount and _agrees_with(other, same) for other in amounts if _comparable(amount, other)):
            continue  # an example beside the provision's own: 投资2亿元的，最多补500万元
        near = [(one, other) for one, other in same if about(said.pairs, one)]
        if len(same) == 1 and share(said.pairs, everything) >= ABOUT and said.pairs & same[0][0].pairs:
            near = same  # the provision's only one of its kind
        if near:
            statement = max((one for one, _ in near), key=lambda one: len(said.pairs & one.pairs))
            choice = [other for one, other in near if one is statement]
            # Of days of the year two may be named, from and to; of other numbers nobody knows which is meant.
            if len(choice) <= (2 if amount.kind is AmountKind.DATE else 1):
                theirs_said = "、".join(statement.text[one.start : one.end] for one in choice)
                yield _NUMBER.format(theirs_said, said.text[amount.start : amount.end])


def _agrees_with(amount: Amount, theirs: Sequence[tuple[Statement, Amount]]) -> bool:
    return any(amount.agrees(other) for _, other in theirs)


def counts(text: str, amount: Amount) -> bool:
    """Whether an amount is a fact to compare: a measure or a day of the year; no period, nothing past (拖了两个月)."""
    if text.endswith("了", 0, amount.start):
        return False
    if amount.kind is AmountKind.DATE:
        return len(amount.value) > 1
    if amount.kind is not AmountKind.MEASURE or (amount.unit == "次" and amount.value[0] == 1):
        return False
    return amount.unit not in _TIME or not is_rate(text, amount.start, amount.end)


def _comparable(one: Amount, other: Amount) -> bool:
    if one.kind is not other.kind:
        return False
    if one.kind is AmountKind.DATE:
        return len(one.value) == len(other.value)
    return one.unit == other.unit or {one.unit, other.unit} <= _TIME


def _other_limit(said: Statement, amount: Amount, equal: Sequence[tuple[Statement, Amount]]) -> Iterator[str]:
    """The same number as a least in one text and as a most in the other."""
    ours = _limit(said.text, amount)
    theirs = [(_limit(one.text, other), one) for one, other in equal]
    if not ours or any(not limit or limit[0] == ours[0] for limit, _ in theirs):
        return
    limit, statement = theirs[0]
    if limit and about(said.pairs, statement, 1):
        yield _LIMIT.format(limit[1], ours[1])


def _limit(text: str, amount: Amount) -> tuple[str, str] | None:
    """(up or down, the word) for a number that is a limit; None for a plain one."""
    clause = max(text.rfind(mark, 0, amount.start) for mark in "，：、")
    before = tokenise(text[max(clause + 1, amount.start - MAX_BEFORE) : amount.start])
    word = next((token for token in reversed(before) if token.key in _SIDES), None)
    if word is not None:
        return _SIDES[word.key], word.text
    return next(((side, words) for words, side in _AFTER.items() if text.startswith(words, amount.end)), None)


_SIDES = {"<at_least>": _UP, "<above>": _UP, "<at_most>": _DOWN, "<below>": _DOWN}
