"""A claim of the asker about the rules: what it says, how it shows, which numbers it gives."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.citing.amounts import Amount, AmountKind, find_amounts
from assistant.citing.comparable import Comparable

# Units of what is handed out.
SUMS = ("元", "美元", "折", "份额")


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
        and not (_COUNTED_BY.fullmatch(folded[one.start : one.end]) and not folded.startswith(_WITHIN, one.end))
        and not (one.kind is AmountKind.MEASURE and folded.startswith(("前", "以前", "多前", "两头"), one.end))
        and cue("own_facts").search(folded[: one.start].rpartition("，")[2]) is None
    ) + tuple(_sums(folded))


# What something is counted by. Matches 一亩, 一次, 一块, 一个月; refuses 一百亩, 三年.
_COUNTED_BY = re.compile("一(?:个)?(?:亩|块|次|回|遍|年|月|天|日|周|星期|季度|平米|平方米|吨|度电|公里|米|小时|分钟)")
_WITHIN = ("内", "之内", "以内", "必须", "免")
# A sum without its unit. Matches 奖一百万, 给200万, 三十万; refuses 万一, 百分之三.
_SUM = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千几]+)[十百千]?(?:万|亿|千万)"
    r"(?![一-鿿]{0,1}(?:元|块|人|户|亩|吨|平|家|千|美))"
)


def _sums(folded: str) -> Iterator[Amount]:
    for match in _SUM.finditer(folded):
        if cue("own_facts").search(folded[: match.start()].rpartition("，")[2]) is not None:
            continue
        with_unit = find_amounts(match.group() + "元")
        if len(with_unit) == 1 and with_unit[0].kind is AmountKind.MEASURE:
            one = with_unit[0]
            yield Amount(match.start(), match.end(), one.kind, one.unit, one.value)
