"""What a turn of a dialogue says of itself: how it begins, what it refers to, whether it has a matter of its own."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.retrieval.places import Cut
from assistant.retrieval.terms import terms
from assistant.retrieval.wordlists import corrected
from assistant.schema import Place, Query

# A turn of more characters tells its own story: no 呢 at its end makes it a bare follow-up.
SHORT = 16
Span = tuple[int, int]
# Patterns whose words are no matter of their own.
_SAY_NO_MATTER = (
    *("dates", "same", "below", "step", "refers", "situated", "corrects"),
    *("document", "document_named", "begins_when"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a dialogue, by itself.

    Attributes:
        query: the question, understood by itself.
        text: it, with misheard words put right; positions are those of the question as asked.
        body: span without the words that begin it and the marks that end it.
        matter: the words of it that are about something; empty for a turn that hangs on the ones before it.
        begins, drops, corrects, refers, points, compares, situated, also, refines, supposes, asks, wonders: what it
            says of itself, see data/dialogue.toml.
        document: whether it asks about a document: when it begins, whether it is in force; `document_named`, whether
            its words ask this of a document that was named.
        begins_when: whether it asks when something begins: a document, or what was asked about before.
        brief: whether it is a few words with 呢 behind them.
        date: span of a date in it; `now`: whether it says that today is meant.
    """

    query: Query
    text: str
    body: Span
    matter: tuple[str, ...]
    begins: bool
    drops: bool
    corrects: bool
    refers: bool
    points: bool
    compares: bool
    situated: bool
    also: bool
    refines: bool
    supposes: bool
    asks: bool
    wonders: bool
    document: bool
    document_named: bool
    begins_when: bool
    brief: bool
    date: Span | None
    now: bool


@cache
def word_lists() -> dict[str, Any]:
    """Return `data/dialogue.toml`."""
    return tomllib.loads(files("assistant.answering").joinpath("data/dialogue.toml").read_text(encoding="utf-8"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a pattern of the file, the alternatives of a list as one."""
    row = word_lists()[name]
    return re.compile(row if isinstance(row, str) else "|".join(f"(?:{one})" for one in row))


@cache
def _plain() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the plain words, and what is made of several of them: 怎么办, 找谁, 多少钱."""
    words = sorted(word_lists()["words"]["plain"], key=len, reverse=True)
    return frozenset(words), re.compile(f"(?:{'|'.join(map(re.escape, words))})+")


@cache
def _everyday_words() -> tuple[str, ...]:
    """Return the words that stand for terms of art and are made of more than plain words: 块地, 拿地."""
    _, plain = _plain()
    return tuple(word for row in terms() for word in row.says if not plain.fullmatch(word))


def read_turn(query: Query, cut: Cut = list) -> Turn:
    """Return what a turn says of itself.

    Args:
        query: the turn, understood by itself.
        cut: splits a text into words.
    """
    text = corrected(query.text)
    begin = _beginning(text, query)
    end = len(text.rstrip("呢？?。！!，, \n"))
    # 那呢 is all beginning and end.
    body = (begin, end) if begin < end else (0, len(text))
    date = pattern("dates").search(text)
    masked = _masked(text, _known(query, text))
    return Turn(
        query=query,
        text=text,
        body=body,
        matter=_matter(masked, cut),
        begins=begin > 0,
        drops=_says("drops", text),
        corrects=_says("corrects", text),
        refers=_looks_back("refers", query, text, masked, cut),
        points=_looks_back("points", query, text, masked, cut),
        compares=_says("compares", text),
        situated=_says("situated", text),
        also=_says("also", text) and len(text) <= SHORT,
        refines=_says("refines", text) and (len(text) <= SHORT or begin > 0),
        supposes=_says("supposes", text),
        asks=_says("asks", text[slice(*body)]) or _says("wonders", text[slice(*body)]),
        wonders=_says("wonders", text[slice(*body)]),
        document=_says("document", text),
        document_named=_says("document_named", text),
        begins_when=_says("begins_when", text),
        brief=len(text) <= SHORT and text.rstrip("？?。！!，, \n").endswith("呢"),
        date=date.span() if date else None,
        now=_says("now", text),
    )


def _says(name: str, text: str) -> bool:
    return pattern(name).search(text) is not None


def _looks_back(name: str, query: Query, text: str, masked: str, cut: Cut) -> bool:
    """Return whether a turn points at something said before it: 这个谁管.

    In 乱收钱，这个有没有人管 the word points at what the turn says itself.
    """
    found = pattern(name).search(text)
    if found is None or any(place.end <= found.start() for place in query.places):
        return False
    return not _matter(masked[: found.start()], cut)


def _beginning(text: str, query: Query) -> int:
    """Return where the words end that begin a turn and say nothing of its matter; 0 where there are none."""
    places = [place.start for place in query.places]
    at = 0
    while at not in places and (match := pattern("begins").match(text, at)) and match.end() > at:
        at = match.end()
        while at < len(text) and text[at] in "，,、 ":
            at += 1
    return at


def _known(query: Query, text: str) -> list[Span]:
    """Return the spans of a turn that are something known and no matter: places, provisions, documents, dates."""
    spans = [(one.start, one.end) for one in query.places]
    spans += [(one.start, one.end) for one in query.references]
    spans += query.named_at
    for name in _SAY_NO_MATTER:
        spans += [match.span() for match in pattern(name).finditer(text) if match.end() > match.start()]
    return spans


def _masked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + "，" * (end - start) + text[end:]
    return text


def _matter(text: str, cut: Cut) -> tuple[str, ...]:
    """Return the words that are about something: those of two characters or more that are not plain.

    Characters that make no word count together: 园中圆. Where there are none, everyday words for terms of art do: 块地.
    """
    words, several = _plain()
    found: list[str] = []
    singles = ""
    for word in [*cut(text), ""]:
        plain = not word or word in words or not re.search(r"\w", word) or (len(word) > 2 and several.fullmatch(word))
        if not plain and len(word) == 1:
            singles += word
            continue
        if len(singles) > 1:
            found.append(singles)
        singles = ""
        if not plain:
            found.append(word)
    return tuple(found) or tuple(word for word in _everyday_words() if word in text)


def side(text: str, place: Place) -> str:
    """Return which side of a move a place is: "origin", "destination", or "" where the words before it do not say."""
    before = text[: place.start]
    lists = word_lists()
    if before.endswith(tuple(lists["origin"])):
        return "origin"
    return "destination" if before.endswith(tuple(lists["destination"])) else ""


def denied(text: str, place: Place) -> bool:
    """Return whether a place is named to be denied: 不是中山."""
    return text[: place.start].endswith(tuple(word_lists()["denies"]))


def clause_of(text: str, place: Place) -> Span:
    """Return the span of a place with the words around it that go with it: 从佛山, 搬到江西."""
    start = place.start
    around = sorted(word_lists()["around_place"], key=len, reverse=True)
    while (word := next((one for one in around if text[:start].endswith(one)), "")) and start:
        start -= len(word)
    return start, place.end


def others_of(text: str) -> tuple[str, ...]:
    """Return the words that what a turn says shuts out of the turns before it: 整厂, where it says 只搬一条线."""
    out: list[str] = []
    for row in word_lists()["either"]:
        for said, shut in ((row["these"], row["those"]), (row["those"], row["these"])):
            if any(word in text for word in said) and not any(word in text for word in shut):
                out += shut
    return tuple(sorted(out, key=len, reverse=True))
