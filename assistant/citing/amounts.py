"""Numbers as facts: 五万元, 30日, 百分之五十, 打五折, 2025年3月1日, read by value and unit from folded text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from assistant.citing.wordlists import either, load_words
from assistant.parsing.numerals import parse_numeral

_CHINESE = "[〇零一二两三四五六七八九十百千万亿]{1,20}"
# Matches 10，000 (folded), 3.5, 30; of 20，30 only 20.
_ARABIC = r"(?:\d{1,3}(?:，\d{3}){1,5}(?![\d])|\d{1,15}(?:\.\d{1,6})?)"
_NUMBER = rf"(?:{_ARABIC}[百千万亿]{{0,2}}|{_CHINESE}(?:点{_CHINESE})?)"
_YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"
_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_SPAN = "[至到~～—–-]{1,2}"

SHARE = "份额"
DAYS, MONTHS = "日", "月"


class AmountKind(StrEnum):
    """What a number is worth as a fact."""

    MEASURE = "measure"  # has a unit that counts: the provision has it or not
    DATE = "date"
    REFERENCE = "reference"  # 第三十条
    COUNT = "count"  # anything else: 三个, 两类


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in folded text.

    Attributes:
        start, end: span in the folded text, unit included.
        kind: what it is worth.
        unit: class of units; "" for a count. Of a date, "" too.
        value: in the base of its class (元, 日, 月, share of one); of a date its parts.
    """

    start: int
    end: int
    kind: AmountKind
    unit: str
    value: tuple[Fraction, ...]

    @property
    def key(self) -> tuple[str, str, tuple[Fraction, ...]]:
        """What makes two amounts equal: 三十日 and 30天."""
        return (self.kind.value, self.unit, self.value)

    def agrees(self, other: "Amount") -> bool:
        """Whether the two may mean the same: equal, or a date and its year. A month is no thirty days."""
        if self.kind is AmountKind.DATE and other.kind is AmountKind.DATE:
            shorter, longer = sorted((self.value, other.value), key=len)
            return shorter in (longer[: len(shorter)], longer[1:])
        return self.key == other.key


@cache
def _scanner() -> tuple[re.Pattern[str], Mapping[str, tuple[str, Fraction]]]:
    """The pattern of all numbers, and the units by what is said; read once from data/claims.toml."""
    data: dict[str, Any] = load_words()
    units = {says: (row["class"], Fraction(row["size"])) for row in data["unit"] for says in row["says"]}
    idioms = data["numbers"]["idioms"]
    # 成 and 折 are units only where no word goes on: 三成, 五折; not 二成立.
    pattern = (
        rf"(?P<idiom>{either(idioms)})"
        rf"|(?P<of>百分之|千分之|万分之)(?P<part>{_NUMBER})"
        rf"|(?P<below>{_CHINESE}|\d{{1,9}})分之(?P<above>{_CHINESE}|\d{{1,9}})"
        rf"|(?P<year>{_YEAR})年(?:(?P<month>{_DAY})月(?:(?P<day>{_DAY})日)?)?"
        rf"|(?P<month2>{_DAY})月(?P<day2>{_DAY})日"
        rf"|第（?(?P<reference>{_NUMBER})"
        rf"|（(?:{_CHINESE}|\d{{1,3}})）"
        rf"|(?P<half>一半|半数|半年|半个月|半月)"
        rf"|(?P<number>{_NUMBER})[余多]?(?:(?P<unit>{either(units)})|(?P<tenths>成(?![立为果员本功熟长品绩交就效]))|(?P<sign>[%‰]))?"
    )
    return re.compile(pattern), units


_SHARE_OF = {"百分之": 100, "千分之": 1000, "万分之": 10_000, "%": 100, "‰": 1000}
_HALVES = {
    "一半": (SHARE, Fraction(1, 2)),
    "半数": (SHARE, Fraction(1, 2)),
    "半年": (MONTHS, Fraction(6)),
    "半个月": (DAYS, Fraction(15)),
    "半月": (DAYS, Fraction(15)),
}
_RANGE_GAP = re.compile(_SPAN)


def find_amounts(text: str) -> list[Amount]:
    """Return the numbers of a folded text, in order; what only looks like one (一律, 百分点) is left out.

    >>> [(one.unit, *map(str, one.value)) for one in find_amounts("三十日内处五万元罚款，减免50%")]
    [('日', '30'), ('元', '50000'), ('份额', '1/2')]
    """
    pattern, units = _scanner()
    found: list[Amount] = []
    for match in pattern.finditer(text):
        amount = _amount(match, units)
        if amount is not None:
            found.append(amount)
    for place in range(len(found) - 2, -1, -1):
        found[place] = _with_unit_of(found[place], found[place + 1], text)
    return found


def _amount(match: re.Match[str], units: Mapping[str, tuple[str, Fraction]]) -> Amount | None:
    """What a match is; None for an idiom, the mark of a list and what is no number."""
    said = match.groupdict()

    def made(kind: AmountKind, unit: str, *value: Fraction) -> Amount:
        return Amount(match.start(), match.end(), kind, unit, value)

    try:
        if said["part"]:
            return made(AmountKind.MEASURE, SHARE, _value(said["part"]) / _SHARE_OF[said["of"]])
        if said["below"]:
            return made(AmountKind.MEASURE, SHARE, _value(said["above"]) / (_value(said["below"]) or 1))
        if said["year"]:
            parts = (said["year"], said["month"], said["day"])
            return made(AmountKind.DATE, "", *(_value(part) for part in parts if part))
        if said["month2"]:
            return made(AmountKind.DATE, "", _value(said["month2"]), _value(said["day2"]))
        if said["reference"]:
            return made(AmountKind.REFERENCE, "", _value(said["reference"]))
        if said["half"]:
            unit, value = _HALVES[said["half"]]
            return made(AmountKind.MEASURE, unit, value)
        if said["number"]:
            value = _value(said["number"])
            if said["unit"]:
                unit, size = units[said["unit"]]
                return made(AmountKind.MEASURE, unit, value * size)
            if said["tenths"]:
                return made(AmountKind.MEASURE, SHARE, value / 10)
            if said["sign"]:
                return made(AmountKind.MEASURE, SHARE, value / _SHARE_OF[said["sign"]])
            return made(AmountKind.COUNT, "", value)
    except ValueError:
        return None
    return None


def _value(text: str) -> Fraction:
    """The number that `text` writes.

    Raises:
        ValueError: if it writes none (万, 一百二百).
    """
    head = text.rstrip("百千万亿")
    if head and head[-1].isdecimal():
        value = Fraction(head.replace("，", ""))
        for unit in text[len(head) :]:
            value *= {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}[unit]
        return value
    whole, _, part = text.partition("点")
    if whole[0] in "百千" and len(whole) > 1:
        whole = "一" + whole
    value = Fraction(parse_numeral(whole))
    if part:
        digits = str(parse_numeral("一" + part))[1:]
        value += Fraction(int(digits), 10 ** len(digits))
    return value


def _with_unit_of(amount: Amount, following: Amount, text: str) -> Amount:
    """The first number of a span with the unit of the second: 五至十日, 5至10万元."""
    between = text[amount.end : following.start]
    if amount.kind is not AmountKind.COUNT or following.kind is not AmountKind.MEASURE:
        return amount
    if _RANGE_GAP.fullmatch(between) is None or len(following.value) != 1:
        return amount
    head, shared = _head(text[following.start : following.end])
    if head is None:
        return amount
    size = following.value[0] / head / shared  # of the unit alone: 7 of 周, 1 of 元
    if amount.value[0] < head:
        size *= shared
    return Amount(amount.start, amount.end, following.kind, following.unit, (amount.value[0] * size,))


# Matches 10 and 万 of 10万元, 一百 and 万 of 一百万元, 五 and "" of 五日.
_HEAD = re.compile(rf"({_ARABIC}|[〇零一二两三四五六七八九十百千]{{1,20}})([万亿]?)")


def _head(said: str) -> tuple[Fraction | None, int]:
    """What an amount's number begins with, and the 万 or 亿 after it that the first number of a span may share."""
    match = _HEAD.match(said)
    if match is None:
        return None, 1
    try:
        return _value(match[1]) or None, {"": 1, "万": 10_000, "亿": 100_000_000}[match[2]]
    except ValueError:
        return None, 1
