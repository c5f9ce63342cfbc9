"""From where to where a question moves: which of the places it names is left, and which is gone to."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from assistant.answering.conditions_data import data
from assistant.places import within
from assistant.schema import Place


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in data()["move"].items()}


def moved_from(question: str, places: Sequence[Place]) -> list[Place]:
    """Return the places that are left: 佛山 in 从佛山搬到清远, 东莞 in 东莞的厂."""
    return [place for place in places if _side(question, place, places) == "from"]


def moved_to(question: str, places: Sequence[Place]) -> list[Place]:
    """Return the places that are gone to: 清远 in 从佛山搬到清远, 云南 in 在云南新建."""
    return [place for place in places if _side(question, place, places) == "to"]


def abroad(question: str) -> tuple[int, int] | None:
    """Return the span of the words that go abroad: 越南, 国外."""
    match = _words()["abroad"].search(question)
    return match.span() if match else None


def _side(question: str, place: Place, places: Sequence[Place]) -> str:
    words = _words()
    before, after = question[: place.start], question[place.end :]
    if words["denied"].search(before):
        return ""
    # A second place in a row is on the side of the first: 去湖南或者云南.
    before_it = [one for one in places if one.end <= place.start]
    gap = question[before_it[-1].end : place.start] if before_it else ""
    if gap in ("或者", "或", "和", "、", "还是", "跟", "与"):
        return _side(question, before_it[-1], places)
    if words["from"].search(before):
        built = before.endswith("在") and words["built"].match(after)
        return "to" if built else "from"
    if before.endswith("在") and words["built"].match(after):
        return "to"
    if words["to"].search(before) or words["to_after"].match(after):
        return "to"
    if words["from_after"].match(after):
        return "from"
    return "to" if before_it and gap in ("-", "—", "→", "~") else ""


def inside(place: Place, areas: Sequence[str]) -> bool | None:
    """Return whether a place lies in one of the areas; None where one bearer of its name does and another does not."""
    found = {any(within(code, area) for area in areas) for code in place.codes}
    return found.pop() if len(found) == 1 else None
