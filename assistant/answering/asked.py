"""Which facts a question asks for, and whether a text contains them."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A kind of fact: an amount, a deadline, a list.

    Attributes:
        key: short English name.
        name: what an answer calls it when it is missing: 具体金额.
        asks: patterns of questions that ask for it.
        holds: patterns of texts that contain it; none means that no single sentence can.
    """

    key: str
    name: str
    asks: tuple[re.Pattern[str], ...]
    holds: tuple[re.Pattern[str], ...]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("assistant.answering").joinpath("data/asked.toml").read_text(encoding="utf-8"))


@cache
def asked_facts() -> tuple[AskedFact, ...]:
    """Return the kinds of facts of `data/asked.toml`."""
    return tuple(
        AskedFact(
            key=row["key"],
            name=row["name"],
            asks=tuple(re.compile(pattern) for pattern in row["asks"]),
            holds=tuple(re.compile(pattern) for pattern in row["holds"]),
        )
        for row in _table()["fact"]
    )


@cache
def _told() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of wordings that tell a number or wave it aside: 用了十几年, 不管补多少."""
    return tuple(re.compile(pattern) for pattern in _table()["told"])


def facts_asked(question: str) -> tuple[AskedFact, ...]:
    """Return the facts a question asks for, in the order of the table; what it tells or waves aside is left out."""
    compact = "".join(question.split())
    for pattern in _told():
        compact = pattern.sub("，", compact)
    return tuple(fact for fact in asked_facts() if any(pattern.search(compact) for pattern in fact.asks))


def facts_missing(question: str, evidence: Iterable[str]) -> tuple[AskedFact, ...]:
    """Return the facts the question asks for that no text of the evidence contains."""
    texts = list(evidence)
    return tuple(
        fact
        for fact in facts_asked(question)
        if not any(pattern.search(text) for pattern in fact.holds for text in texts)
    )
