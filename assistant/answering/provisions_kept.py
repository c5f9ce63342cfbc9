"""Provisions that a follow-up names by one named before: 第二款呢, 下一条, 这条原文."""

import re

from assistant.answering.follow_ups import pattern
from assistant.parsing import find_references, parse_numeral, parse_path, render_label
from assistant.parsing.references import references_below

# Letters of the steps that a unit can mean in a path, the smallest unit first.
_LETTERS = {"条": "a", "款": "p", "项": "i", "部分": "n", "自然段": "p", "段": "p"}
_COUNTS = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
# 第二自然段 of a part. Matches 第2段; refuses 第二款.
_NATURAL = re.compile(r"第\s*(?P<number>[0-9０-９一二两三四五六七八九十百]+)\s*个?(?:自然)?段")


def names_a_neighbour(text: str) -> bool:
    """Return whether a turn names a provision by another one: 第二款, 下一条, 这条."""
    return any(pattern(name).search(text) for name in ("step", "same", "below"))


def path_of(text: str, base: str) -> tuple[str, int, int] | None:
    """Return the path that a turn names, counted out from `base`, and its span; None where that names nothing.

    >>> path_of("第二款呢", "a29.p1"), path_of("再下一条", "a30"), path_of("这条原文是什么", "a10.p2")
    (('a29.p2', 0, 3), ('a31', 0, 4), ('a10', 0, 2))
    """
    if match := pattern("step").search(text):
        path = _stepped(base, match)
        return (path, match.start(), match.end()) if path else None
    if match := pattern("below").search(text):
        path = _below(text, match.start(), base)
        return (path, match.start(), match.end()) if path else None
    if match := pattern("same").search(text):
        path = _up_to(base, match["unit"])
        return (path, match.start(), match.end()) if path else None
    return None


def bare_reference(text: str, body: int) -> tuple[tuple[str, ...], int, int] | None:
    """Return the paths and the span of a whole provision named behind the beginning of a turn: 那31条呢."""
    found = find_references(text[body:])
    return (found[0].paths, body + found[0].start, body + found[0].end) if found else None


def _letter(unit: str) -> str:
    return next(letter for name, letter in _LETTERS.items() if unit.startswith(name))


def _up_to(base: str, unit: str) -> str:
    """Return the path of the unit that `base` is or lies in; "" where it lies in none such.

    这款 of a whole article is the article: its only 款, or all of them.
    """
    steps = base.split(".")
    letter = _letter(unit)
    for number, step in enumerate(parse_path(base), start=1):
        if step.letter == letter:
            return ".".join(steps[:number])
    return base if letter == "p" else ""


def _stepped(base: str, match: re.Match[str]) -> str:
    """Return the path so many units before or behind; "" where there is none before the first."""
    path = _up_to(base, match["unit"])
    letter = _letter(match["unit"])
    steps = parse_path(path) if path else ()
    if not steps or steps[-1].letter != letter:
        return ""
    count = _COUNTS.get(match["count"] or "", 1)
    number = steps[-1].number + (count if match["way"] in "下后" else -count)
    above, dot, _ = path.rpartition(".")
    return f"{above}{dot}{letter}{number}" if number > 0 else ""


def _below(text: str, start: int, base: str) -> str:
    """Return the path of 第二款 or 第三项 in the article or 款 of `base`; "" where it names nothing there."""
    steps = parse_path(base)
    if steps[0].letter != "a":
        natural = _NATURAL.match(text, start)
        return f"{base.split('.')[0]}.p{parse_numeral(natural['number'])}" if natural else ""
    article = base.split(".")[0]
    paragraph = ".".join(base.split(".")[:2]) if len(steps) > 1 and steps[1].letter == "p" else f"{article}.p1"
    for above in (article, paragraph):
        mentions, _ = references_below(text, start, above)
        if mentions:
            return mentions[0].paths[0]
    return ""


def label_of(path: str) -> str:
    """Return how a provision is named in what was carried: 第二十九条第二款."""
    return render_label(path)
