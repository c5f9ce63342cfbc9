"""The rows of `data/conditions.toml`, compiled."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of condition.

    Attributes:
        quote: finds it in quoted words; the group `words` is the condition.
        met, not_met: what a question says when it is met, when it is not.
        alike: finds it in the conditions of other laws; None where it has no other name.
        places: groups of places that the place moved to must lie in; "本省" is the document's own.
        part: to lie there is not enough.
        mover: met by whoever moves out of a place.
    """

    quote: re.Pattern[str]
    met: Patterns = ()
    not_met: Patterns = ()
    alike: re.Pattern[str] | None = None
    places: tuple[str, ...] = ()
    part: bool = False
    mover: bool = False


@cache
def data() -> Mapping[str, Any]:
    """Return `data/conditions.toml`."""
    return tomllib.loads(files("assistant.answering").joinpath("data/conditions.toml").read_text(encoding="utf-8"))


@cache
def rows() -> tuple[Row, ...]:
    """Return the conditions of the founding documents."""
    made = []
    for row in data()["condition"]:
        words = data()["general"] if row.get("general") else row
        made.append(
            Row(
                re.compile(row["quote"]),
                _compiled(words.get("met", ())),
                _compiled(words.get("not_met", ())),
                re.compile(row["alike"]) if "alike" in row else None,
                tuple(row.get("places", ())),
                row.get("part", False),
                row.get("who") == "from",
            )
        )
    return tuple(made)


@cache
def any_law() -> tuple[Row, ...]:
    """Return the patterns of conditions that any law may state."""
    words = data()["general"]
    met, not_met = _compiled(words["met"]), _compiled(words["not_met"])
    bare = next(row for row in rows() if row.quote.search("有条件的地区"))
    made = []
    for pattern in data()["any"]["patterns"]:
        if pattern.startswith("(?P<words>有条件"):
            made.append(Row(re.compile(pattern), bare.met, bare.not_met))
        elif pattern.startswith("(?P<words>(?:符合"):
            made.append(Row(re.compile(pattern), met, not_met))
        else:
            made.append(Row(re.compile(pattern)))
    return tuple(made)


@cache
def words_of(table: str) -> Mapping[str, re.Pattern[str]]:
    """Return the single patterns of a table, by name."""
    return {name: re.compile(pattern) for name, pattern in data()[table].items() if isinstance(pattern, str)}


def _compiled(patterns: Any) -> Patterns:
    return tuple(re.compile(pattern) for pattern in patterns)


def abroad(text: str) -> tuple[int, int] | None:
    """Return the span of the words of a text that go abroad: 越南, 国外."""
    match = re.search(data()["move"]["abroad"], text)
    return match.span() if match else None
