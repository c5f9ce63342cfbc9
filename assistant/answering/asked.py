"""Which facts a question asks for, and whether a text contains them."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.answering.ngrams import model
from assistant.answering.segments import echo, listed, say
from assistant.retrieval.focus import asks
from assistant.schema import Words

# Ends of clauses: what is asked is echoed from one to the next.
_CLAUSE_ENDS = frozenset("，。？！；,;?!：:、\n ")
# A clause: matches 求个准数 in 「急死了，求个准数。」.
_CLAUSE = re.compile(rf"[^{''.join(sorted(_CLAUSE_ENDS))}]+")
# Beside a fact that is missing, a clause that asks is taken to want one, too, unless its wording speaks against it.
BESIDE = -1.0
MAX_ECHO = 30  # characters of the question that an answer repeats to name a fact
_COMMA = "，"


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that a question asks for, and the clause that asks: question[start:end]."""

    fact: AskedFact
    start: int
    end: int


def named(question: str, lacking: Sequence[Asked]) -> list[Words]:
    """Return how an answer names facts, one phrase a clause: 具体金额（您问的是“补多少钱”）."""
    clauses = dict.fromkeys((asked.start, asked.end) for asked in lacking)
    return [
        say(
            "missing_fact",
            fact=listed(say(f"asked.{one.fact.key}") for one in lacking if (one.start, one.end) == (start, end)),
            words=echo(question, start, end),
        )
        for start, end in clauses
    ]


@cache
def _table(name: str = "asked") -> dict[str, Any]:
    return tomllib.loads(files("assistant.answering").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


@cache
def asked_facts(table: str = "asked") -> tuple[AskedFact, ...]:
    """Return the kinds of facts of `data/asked.toml`, or of another table of facts."""
    return tuple(
        AskedFact(
            key=row["key"],
            name=row["name"],
            asks=tuple(re.compile(pattern) for pattern in row["asks"]),
            holds=tuple(re.compile(pattern) for pattern in row["holds"]),
        )
        for row in _table(table)["fact"]
    )


@cache
def _told() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of wordings that tell a number or wave it aside: 用了十几年, 不管补多少."""
    return tuple(re.compile(pattern) for pattern in _table()["told"])


def facts_asked(question: str, table: str = "asked") -> tuple[Asked, ...]:
    """Return the facts a question asks for, in the order of the table, one for each clause that asks.

    What the question tells or waves aside is left out.
    """
    compact, places = _compact(question)
    found: dict[Asked, None] = {}
    for fact in asked_facts(table):
        for match in (match for pattern in fact.asks for match in pattern.finditer(compact)):
            start, end = places[match.start()], places[max(match.end() - 1, match.start())] + 1
            found.setdefault(Asked(fact, *_clause(question, start, end)))
    return tuple(found)


def facts_missing(question: str, evidence: Iterable[str], facts: Sequence[Asked] | None = None) -> tuple[Asked, ...]:
    """Return the facts the question asks for that no text of the evidence contains; `facts` where they are known."""
    texts = list(evidence)
    return tuple(
        asked
        for asked in (facts_asked(question) if facts is None else facts)
        if not any(pattern.search(text) for pattern in asked.fact.holds for text in texts)
    )


def details_missing(question: str, lacking: Sequence[Asked]) -> list[Words]:
    """Return phrases for concrete things that a question wants by its wording alone: 求个准数, 批到谁家了.

    Where no pattern finds a fact, the whole question must want one, and the clause that wants it most names it. Beside
    facts that patterns found, a further clause that asks is named unless its wording speaks against it.

    Args:
        question: as asked.
        lacking: facts that patterns found missing.
    """
    wanting = model("facts")
    if lacking:
        taken = [(asked.start, asked.end) for asked in lacking]
        chosen = [
            (start, end)
            for start, end in _clauses(question)
            if not any(first < end and start < last for first, last in taken)
            and asks(question[start:end])
            and wanting.score(question[start:end]) > BESIDE
        ]
    elif facts_asked(question) or not wanting.says_yes(question):
        return []
    else:
        spans = _clauses(question)
        asking = [span for span in spans if asks(question[slice(*span)])] or spans
        chosen = [max(asking, key=lambda span: wanting.score(question[slice(*span)]))] if asking else []
    return [say("missing_detail", words=echo(question, start, min(end, start + MAX_ECHO))) for start, end in chosen]


def clause_of(question: str, words: str) -> int:
    """Return where the clause begins in which some words stand first; 0 where they do not.

    >>> clause_of("厂搬走了，社保怎么转", "社保")
    5
    """
    place = question.find(words)
    return next((start for start, end in _clauses(question) if start <= place < end), 0)


def _clauses(question: str) -> list[tuple[int, int]]:
    return [match.span() for match in _CLAUSE.finditer(question)]


def _compact(question: str) -> tuple[str, list[int]]:
    """Return a question without spaces and without what it tells, and where each character stands in the question."""
    kept = [(char, place) for place, char in enumerate(question) if not char.isspace()]
    for pattern in _told():
        text, left, at = "".join(char for char, _ in kept), [], 0
        for match in pattern.finditer(text):
            left += [*kept[at : match.start()], (_COMMA, kept[match.start()][1])]
            at = match.end()
        kept = left + kept[at:]
    return "".join(char for char, _ in kept), [place for _, place in kept]


def _clause(question: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the clause around a match, cut to `MAX_ECHO` characters that hold its beginning."""
    first, last = start, end
    while first > 0 and question[first - 1] not in _CLAUSE_ENDS:
        first -= 1
    while last < len(question) and question[last] not in _CLAUSE_ENDS:
        last += 1
    while last > end and question[last - 1] in _CLAUSE_ENDS:
        last -= 1
    if last - first > MAX_ECHO:
        first = max(first, min(start, last - MAX_ECHO))
        last = min(last, first + MAX_ECHO)
    return first, last
