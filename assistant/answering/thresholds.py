"""Numbers of a condition beside the numbers of the asker: 年营业收入2000万元以上, 用工不足三十人."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from assistant.answering.conditions_data import data
from assistant.parsing.numerals import parse_numeral

_DIGITS = r"[0-9０-９]+(?:[.．][0-9０-９]+)?"
_CHINESE = r"[一二两三四五六七八九十百千零〇]+"
_SCALES: Mapping[str, int] = {"万": 10_000, "亿": 100_000_000, "千万": 10_000_000, "百万": 1_000_000, "": 1}
_MAX_BEFORE = 8  # characters before a number that say what it measures
_LAST_YEAR_OF_A_TERM = 1000  # a greater number of years is the name of one: 2020年


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit; `measure` is the group of things measured that stands before it, -1 for none."""

    start: int
    end: int
    unit: str
    value: Decimal
    measure: int


@cache
def _scanner() -> tuple[re.Pattern[str], Mapping[str, tuple[str, int]]]:
    units = {says: (row["class"], row["size"]) for row in data()["number"]["units"] for says in row["says"]}
    names = "|".join(re.escape(one) for one in sorted(units, key=len, reverse=True))
    pattern = rf"(?P<number>{_DIGITS}|{_CHINESE})[多余来]?(?P<scale>千万|百万|[万亿])?[多余]?(?P<unit>{names})?"
    return re.compile(pattern), units


def numbers(text: str) -> list[Number]:
    """Return the numbers of a text that have a unit, or a scale that stands for money (3000万)."""
    pattern, units = _scanner()
    found = []
    for match in pattern.finditer(text):
        if not match["unit"] and not match["scale"]:
            continue
        try:
            value = _value(match["number"]) * _SCALES[match["scale"] or ""]
        except ValueError:
            continue
        unit, size = units[match["unit"]] if match["unit"] else ("元", 1)
        if match["unit"] == "年" and value > _LAST_YEAR_OF_A_TERM:
            continue
        found.append(Number(match.start(), match.end(), unit, value * size, _measure(text, match.start())))
    return found


def compared(words: str, question: str) -> tuple[bool, tuple[int, int]] | None:
    """Return whether the number of a question is as a condition wants it, and its span; None where that is open.

    >>> compared("用工不足三十人", "我们就20个人")
    (True, (3, 7))
    """
    limits = numbers(words)
    if len(limits) != 1:
        return None
    limit = limits[0]
    measure = _measure(words, len(words)) if limit.measure < 0 else limit.measure
    ours = [one for one in numbers(question) if one.unit == limit.unit]
    ours = [one for one in ours if one.measure < 0 or measure < 0 or one.measure == measure]
    if len(ours) != 1:
        return None
    holds = _holds(words, limit, ours[0].value)
    return None if holds is None else (holds, (ours[0].start, ours[0].end))


def _holds(words: str, limit: Number, value: Decimal) -> bool | None:
    table = data()["number"]
    before, after = words[: limit.start], words[limit.end :]
    sides = ("at_most", "below", "at_least", "above")  # 不超过 before 超过, 不低于 ends in 低于: the longest decides
    matching = [
        (len(one), side) for side in sides for one in table[side] if before.endswith(one) or after.startswith(one)
    ]
    if not matching:
        return None
    match max(matching)[1]:
        case "at_least":
            return value >= limit.value
        case "above":
            return value > limit.value
        case "at_most":
            return value <= limit.value
    return value < limit.value


def _measure(text: str, end: int) -> int:
    """Return which group of things is measured just before a place of a text: the nearest, -1 for none."""
    before = text[max(0, end - _MAX_BEFORE) : end]
    places = [
        (before.rfind(one), number)
        for number, group in enumerate(data()["number"]["measures"])
        for one in group
        if one in before
    ]
    return max(places)[1] if places else -1


def _value(text: str) -> Decimal:
    if text[0] in "0123456789０１２３４５６７８９":
        return Decimal(text.replace("．", "."))
    return Decimal(parse_numeral(text))
