"""Whose a rule is: the body that a sentence names before its 应当, and who is encouraged by a 鼓励 or 支持."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.parsing.force import force_words
from assistant.schema import Force

Span = tuple[int, int]

MAX_NAME = 36  # a longer name is shown by its beginning and its end
_SENTENCE = re.compile(r"[^。；;！!？?]+[。；;！!？?]?")
# What is no part of the first words: matches "第三条　", "（一）", white space; refuses "一家企业".
_NUMBERING = re.compile(
    r"[\s\u3000]*(?:第[一二三四五六七八九十百千零〇]+条[\s\u3000]+|（[一二三四五六七八九十]+）)?[\s\u3000]*"
)
# Brackets hold no word that governs: （含技工学校）, “应当”.
_MENTIONED = re.compile(r"“[^“”]*”|（[^（）]*）|《[^《》]*》")
_SORTS = {Force.DUTY: "duty", Force.PROHIBITION: "prohibition", Force.POWER: "power"}


@dataclass(frozen=True, slots=True)
class Named:
    """Who is named: spans of a text, one, or two where the middle of a long name is left out; empty for nobody.

    Attributes:
        body: somebody who can have a duty, rather than an act or a case (起草政策措施，应当…).
        governs: an authority.
    """

    spans: tuple[Span, ...] = ()
    body: bool = False
    governs: bool = False


@dataclass(frozen=True, slots=True)
class _Patterns:
    ends: re.Pattern[str]
    governs: re.Pattern[str]
    between: re.Pattern[str]
    encouraged: re.Pattern[str]


@cache
def data() -> Mapping[str, Any]:
    """Return `data/worth.toml`."""
    return tomllib.loads(files("assistant.answering").joinpath("data/worth.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> _Patterns:
    words = data()["bodies"]
    head = rf"{words['modifier']}(?:{words['encouraged']})"
    return _Patterns(
        re.compile(rf"(?:{words['ends']})(?:（[^（）]*）)?等?$"),
        re.compile(words["governs"]),
        re.compile(words["between"]),
        re.compile(rf"{head}(?:（[^（）]*）)?(?:(?:[、和与及]|以及){head}(?:（[^（）]*）)?)*"),
    )


@cache
def _marker(sort: str) -> re.Pattern[str]:
    words = sorted((word for word, said in force_words().items() if said == sort), key=len, reverse=True)
    alike = sorted((word for word, said in force_words().items() if said == "look_alike"), key=len, reverse=True)
    return re.compile(rf"(?P<alike>{'|'.join(map(re.escape, alike))})|(?P<word>{'|'.join(map(re.escape, words))})")


def sentences_of(text: str) -> list[Span]:
    """Return the spans of the sentences of a text, without the number of an article or item in front."""
    found = []
    for match in _SENTENCE.finditer(text):
        numbering = _NUMBERING.match(text, match.start())
        start = numbering.end() if numbering else match.start()
        if start < match.end():
            found.append((start, match.end()))
    return found


def word_of(text: str, span: Span, force: Force) -> Span | None:
    """Return the first word of a sentence that shows this force: 应当, 不得, 可以, 支持."""
    hidden = _MENTIONED.sub(lambda match: "□" * len(match[0]), text[: span[1]])
    for match in _marker(_SORTS.get(force, "encouragement")).finditer(hidden, *span):
        if match["word"]:
            return match.span()
    return None


def subject_of(text: str, span: Span, force: Force) -> Named:
    """Return who a duty, a prohibition or a power is of: what stands before its word, in its clause.

    >>> text = "因工程建设的，县级人民政府依法应当公告。"
    >>> subject_of(text, (0, len(text)), Force.DUTY).spans
    ((7, 13),)
    """
    word = word_of(text, span, force)
    if word is None:
        return Named()
    return _named(text, span[0], word[0])


def indicative_subject(text: str, span: Span) -> Named:
    """Return who a sentence without a word of force speaks of: 省人民政府 in 省人民政府依法设立…基金."""
    ends = re.compile(rf"(?:{data()['bodies']['ends']})(?=依法|负责|主管|设立|组织|会同|统筹|牵头|应|要)")
    match = ends.search(text, *span)
    return _named(text, span[0], match.end()) if match else Named()


def encouraged_of(text: str, span: Span) -> tuple[Span | None, Named]:
    """Return the word of a sentence that encourages, and who is encouraged: nobody where none is named."""
    word = word_of(text, span, Force.ENCOURAGEMENT)
    if word is None:
        return None, Named()
    following = re.compile(r"(?:和|、)?(?:鼓励|支持|引导|推动)").match(text, word[1])
    start = following.end() if following else word[1]
    match = _patterns().encouraged.match(text, start, span[1])
    return (word[0], start), _cut(text, match.span()) if match else Named()


def _named(text: str, start: int, end: int) -> Named:
    """Return who is named last before `end`."""
    before = text[start:end]
    between = _patterns().between.search(before)
    end = start + (between.start() if between else len(before))
    clause = max(text.rfind(mark, start, end) for mark in "，：:")
    start = clause + 1 if clause >= 0 else start
    while start < end and text[start].isspace():
        start += 1
    if start >= end:
        return Named()
    name = text[start:end]
    if not _patterns().ends.search(name):
        return _cut(text, (start, end - 1 if name.endswith("的") else end))
    return _cut(text, (start, end), body=True, governs=bool(_patterns().governs.search(name)))


def _cut(text: str, span: Span, *, body: bool = False, governs: bool = False) -> Named:
    start, end = span
    if end - start <= MAX_NAME:
        return Named((span,), body, governs)
    comma, rest = text.find("、", start, end), text.rfind("等", start, end)
    first = (start, comma if comma > 0 else start + MAX_NAME // 2)
    last = (rest if rest > first[1] else end - MAX_NAME // 2, end)
    return Named((first, last), body, governs)


def no_amount(texts: Sequence[str]) -> bool:
    """Return whether some words speak of money, land or costs and hold no number."""
    words = data()["money"]
    joined = "\n".join(texts)
    return bool(re.search(words["benefit"], joined)) and not re.search(words["amount"], joined)
