"""What part each place of a question plays: where a matter comes from, where it goes, where the asker is, or none.

从佛山搬到湖南 has an origin and a destination; 客户在浙江 names a place that decides nothing. The words that tell are
in data/applicability.toml.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.places import Sight, sees
from assistant.retrieval.places import may_be_several
from assistant.schema import Citation, Place, Query

# What ends a clause: words behind it tell nothing of a place before it.
_CLAUSE = re.compile(r"[，,。；;？?！!：:\n]")
BEFORE = 12  # characters in front of a place that are read
MAX_NAMED = 2  # a short form that many documents share names none of them


@dataclass(frozen=True, slots=True)
class Move:
    """The places of a question by their part in it.

    Attributes:
        origin: what moves comes from there; `destination`: it goes there.
        here: where the matter or the asker is, or what is asked about; the place that the asker filled in among them.
        asker: those of `here` that the asker says he is at, or filled in.
        outward: "外省": out of the province, unnamed, as the question says it.
    """

    origin: tuple[Place, ...] = ()
    destination: tuple[Place, ...] = ()
    here: tuple[Place, ...] = ()
    asker: tuple[Place, ...] = ()
    outward: Place | None = None

    @property
    def from_where(self) -> tuple[Place, ...]:
        """Where the matter starts: the origin, or where the asker is who goes elsewhere."""
        return self.origin or (self.here if self.destination or self.outward else ())

    @property
    def to_where(self) -> tuple[Place, ...]:
        """Where the matter ends: the destination, or where the asker is who takes in what comes from elsewhere."""
        return self.destination or ((self.asker or self.here) if self.origin and not self.outward else ())


@cache
def table() -> Mapping[str, Any]:
    """Return `data/applicability.toml`."""
    text = files("assistant.answering").joinpath("data/applicability.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def patterns(section: str, name: str) -> tuple[re.Pattern[str], ...]:
    """Return some patterns of `data/applicability.toml`; one that stands alone is a list of one."""
    found = table()[section][name]
    return tuple(re.compile(pattern) for pattern in ([found] if isinstance(found, str) else found))


def matches(section: str, name: str, text: str) -> bool:
    """Return whether a text has one of these wordings."""
    return any(pattern.search(text) for pattern in patterns(section, name))


@cache
def _roles() -> tuple[tuple[str, tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]], ...]:
    def compiled(row: Mapping[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern) for pattern in row.get(key, ()))

    return tuple((row["name"], compiled(row, "before"), compiled(row, "after")) for row in table()["role"])


def move_of(query: Query) -> Move:
    """Return the parts that the places of a question play; what only stands beside the matter is left out."""
    parts: dict[str, list[Place]] = {"origin": [], "destination": [], "here": [], "asker": []}
    taken_in = matches("question", "takes_in", query.asked_text)
    for place in query.places:
        # A part of the question has places whose spans are those of the whole.
        if query.asked_text[place.start : place.end] != place.text and place.text in query.asked_text:
            start = query.asked_text.index(place.text)
            place = replace(place, start=start, end=start + len(place.text))
        role, askers = _role(query.asked_text, place, query.places), _is_askers(query.asked_text, place)
        if role == "here" and taken_in and not askers:
            role = "origin"  # the matter is where the asker is, who names another place
        if role in parts:
            parts[role].append(place)
        if role == "here" and askers:
            parts["asker"].append(place)
    if query.region:
        filled = Place("", 0, 0, (query.region,))
        parts["here"].append(filled)
        parts["asker"].append(filled)
    outward = None if parts["destination"] else _outward(query.asked_text)
    return Move(outward=outward, **{name: tuple(found) for name, found in parts.items()})


def moved_from(text: str, places: Sequence[Place]) -> list[Place]:
    """Return the places of a text that are left: 佛山 in 从佛山搬到清远."""
    return [place for place in places if _role(text, place, places) == "origin"]


def moved_to(text: str, places: Sequence[Place]) -> list[Place]:
    """Return the places of a text that are gone to: 清远 in 从佛山搬到清远, 云南 in 在云南新建."""
    return [place for place in places if _role(text, place, places) == "destination"]


def _role(text: str, place: Place, places: Sequence[Place]) -> str:
    start = max((one.end for one in places if one.end <= place.start), default=0)
    before = _CLAUSE.split(text[max(start, place.start - BEFORE) : place.start])[-1]
    after = _CLAUSE.split(text[place.end :], maxsplit=1)[0]
    for name, in_front, behind in _roles():
        if any(one.search(before) for one in in_front) or any(one.match(after) for one in behind):
            if name != "home":
                return name
            return "destination" if matches("question", "home_bound", text) else "aside"
    return "here"


def _is_askers(text: str, place: Place) -> bool:
    if text.startswith(("这边", "这里", "这儿"), place.end):
        return True
    return matches("question", "asker", text[max(0, place.start - BEFORE) : place.start])


def _outward(text: str) -> Place | None:
    for pattern in patterns("question", "outward"):
        if found := pattern.search(text):
            return Place(found["place"], *found.span("place"), ())
    return None


def sight_of(place: Place, area: str) -> Sight | None:
    """Return whether the rules of an area apply in a place; None where that hangs on which place is meant.

    Of a group, most of it decides: 大湾区 counts as 广东, 东部 as neither.
    """
    sights = [sees(code, area) for code in place.codes]
    if place.group:
        inside = sights.count(Sight.APPLIES)
        if not inside:
            return Sight.POSSIBLE if Sight.POSSIBLE in sights else Sight.ELSEWHERE
        return Sight.APPLIES if 2 * inside > len(sights) else None
    if len(set(sights)) == 1:
        return sights[0]
    # 深汕合作区 is administered from two cities: no doubt which place it is, and the rules of both may be asked for.
    return None if may_be_several(place) else Sight.APPLIES if Sight.APPLIES in sights else Sight.POSSIBLE


def documents_meant(query: Query, citations: Sequence[Citation]) -> tuple[str, ...]:
    """Return the ids of the cited documents in the order of the citations; of those named where nothing is cited."""
    cited = tuple(dict.fromkeys(citation.provision.partition(":")[0] for citation in citations))
    return cited or query.doc_ids[:MAX_NAMED]
