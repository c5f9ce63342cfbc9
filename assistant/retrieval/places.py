"""The places a question names: found by the longest official or everyday name, never inside another word.

A name that several places bear is listed with all of them, unless another place in the question decides: 南京…鼓楼区.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from assistant.places import ZONE, likeliest, names, table, within
from assistant.schema import Place

_HERE_AFTER = ("这边", "这里", "这儿")
# Splits a text into words without loss.
Cut = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Places that have a name together, and whether it says where the asker is."""

    name: str
    codes: tuple[str, ...]
    filters: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of words of `data/places.toml`; see there."""

    needs_parent: frozenset[str]
    ordinary: frozenset[str]
    ordinary_counties: frozenset[str]
    before: tuple[str, ...]
    compared: tuple[str, ...]
    compared_with: tuple[str, ...]
    compared_after: tuple[str, ...]
    after: tuple[str, ...]
    after_county: tuple[str, ...]
    here: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """Everything a place can be called, by its first two characters: the lengths to try, the longest first."""

    groups: dict[str, Group]
    codes: dict[str, tuple[str, ...]]
    counties: frozenset[str]
    lengths: dict[str, tuple[int, ...]]
    words: _Words
    aliases: frozenset[str]


@cache
def _gazetteer() -> _Gazetteer:
    data = tomllib.loads(files("assistant.retrieval").joinpath("data/places.toml").read_text(encoding="utf-8"))
    groups = {
        says: Group(row["name"], tuple(row["codes"]), row.get("filters", True))
        for row in data["group"]
        for says in row["says"]
    }
    codes = {name: likeliest(name, found) for name, found in names().items()}
    codes |= {name: tuple(found) for name, found in data["aliases"].items()}
    full = set(table().values())
    counties = {name for name, found in names().items() if name not in full and all(code[4:] != "00" for code in found)}
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in (*codes, *groups):
        lengths[name[:2]].add(len(name))
    words = data["words"]
    return _Gazetteer(
        groups,
        codes,
        frozenset(counties - data["aliases"].keys()),
        {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()},
        _Words(
            needs_parent=frozenset(words["needs_parent"]),
            ordinary=frozenset(words["ordinary"]),
            ordinary_counties=frozenset(words["ordinary_counties"]),
            before=tuple(words["before"]),
            compared=tuple(words["compared"]),
            compared_with=tuple(words["compared_with"]),
            compared_after=tuple(words["compared_after"]),
            after=tuple(words["after"]),
            after_county=tuple(words["after_county"]),
            here=tuple(words["here"]),
        ),
        frozenset(data["aliases"]),
    )


def find_places(text: str, cut: Cut = list, taken: Iterable[tuple[int, int]] = (), near: str = "") -> tuple[Place, ...]:
    """Return the places that `text` is about, in order.

    Args:
        text: a question.
        cut: splits it into words, so that no name is found across two of them (其中|山区); by default, into characters.
        taken: spans that are something else, such as the name of a document.
        near: code of the place where the asker is, which decides between several places of one name; "" if not said.
    """
    found: list[Place] = []
    for place in _matches(text, _borders(text, cut), sorted(taken)):
        before = found[-1] if found and found[-1].end == place.start and not found[-1].group else None
        below = _below(place.text, before.codes) if before and not place.group else ()
        if before and below:
            found[-1] = Place(text[before.start : place.end], before.start, place.end, below)
        elif _stands_alone(text, place):
            found.append(place)
    found = [_with_zone(text, place) for place in found]
    words = _gazetteer().words
    found = [place for place in found if not _compared(text, place, words)]
    sure = [place.codes[0] for place in found if len(place.codes) == 1]
    return tuple(_decided(place, sure, near) for place in found)


def regions_of(text: str, places: Iterable[Place]) -> tuple[str, ...]:
    """Return the codes of the places that say whose rules are asked for; none where it is the asker's own, unnamed."""
    gazetteer = _gazetteer()
    places = tuple(places)
    if says_here(text, places):
        return ()
    telling = {group.name for group in gazetteer.groups.values() if group.filters} | {""}
    return tuple(dict.fromkeys(code for place in places if place.group in telling for code in place.codes))


def says_here(text: str, places: Iterable[Place] = ()) -> bool:
    """Return whether a question says that the matter is where the asker is: 想搬过来, 我们县.

    这边 right after a place is that place: 广西梧州这边园区.
    """
    rest = text
    for place in places:
        if text.startswith(_HERE_AFTER, place.end):
            rest = rest[: place.end] + "　" * 2 + rest[place.end + 2 :]
    return any(word in rest for word in _gazetteer().words.here)


def classes_of(code: str) -> frozenset[str]:
    """Return the classes of places (东部, 中部, 西部, 中西部, 东北) that a place lies in."""
    groups = {group.name: group for group in _gazetteer().groups.values() if not group.filters}
    return frozenset(name for name, group in groups.items() if any(within(code, area) for area in group.codes))


def may_be_several(place: Place) -> bool:
    """Return whether a name can mean one of several places (鼓楼区), and not several together (珠三角, 两广)."""
    return not place.group and len(place.codes) > 1 and place.text not in _gazetteer().aliases


def _borders(text: str, cut: Cut) -> frozenset[int]:
    borders, at = {0}, 0
    known = _gazetteer().codes
    for word in cut(text):
        # Two places that the dictionary knows as one word: 广西北海.
        borders.update(at + length for length in range(2, len(word) - 1) if _two_places(word, length, known))
        at += len(word)
        borders.add(at)
    return frozenset(borders)


def _two_places(word: str, length: int, known: Container[str]) -> bool:
    return word[:length] in known and word[length:] in known


def _matches(text: str, borders: frozenset[int], taken: Sequence[tuple[int, int]]) -> Iterator[Place]:
    """Yield the longest name at each place of the text, whatever it turns out to be worth."""
    gazetteer = _gazetteer()
    at = joined = 0
    while at < len(text) - 1:
        inside = next((end for start, end in taken if start <= at < end), 0)
        if inside:
            at = inside
            continue
        for length in gazetteer.lengths.get(text[at : at + 2], ()) if at in borders or at == joined else ():
            name, end = text[at : at + length], at + length
            group = gazetteer.groups.get(name)
            if not group and name not in gazetteer.codes:
                continue
            codes = group.codes if group else gazetteer.codes[name]
            below = not group and _goes_on(text, end, codes, borders)
            if end in borders or ZONE.match(text, end) or below:
                joined = end if below else joined
                yield Place(name, at, end, codes, group.name if group else "")
                at = end - 1
                break
        at += 1


def _goes_on(text: str, at: int, codes: Sequence[str], borders: frozenset[int]) -> bool:
    """Return whether a place in one of these follows at once: a dictionary may hold both as one word (湖南永州)."""
    lengths = _gazetteer().lengths.get(text[at : at + 2], ())
    return any(at + length in borders and _below(text[at : at + length], codes) for length in lengths)


def _below(name: str, areas: Sequence[str]) -> tuple[str, ...]:
    """Return the places of this name that lie in one of the areas: 南海 in 佛山."""
    return tuple(code for code in names().get(name, ()) if any(within(code, area) and code != area for area in areas))


def _stands_alone(text: str, place: Place) -> bool:
    """Return whether a name means the place where no place above it stands before it."""
    gazetteer = _gazetteer()
    words, name = gazetteer.words, place.text
    if place.group or name in table().values():
        return name not in words.needs_parent
    if name in words.ordinary or text.startswith(words.after, place.end):
        return False
    if name not in gazetteer.counties:
        return True
    if name in words.ordinary_counties or text.startswith(words.after_county, place.end):
        return False
    return not text[: place.start][-1:].isalnum() or text[: place.start].endswith(words.before)


def _compared(text: str, place: Place, words: _Words) -> bool:
    """Return whether a place is only compared with: 像苏州, 跟江西比."""
    if text[: place.start].endswith(words.compared):
        return True
    return text[: place.start].endswith(words.compared_with) and text.startswith(words.compared_after, place.end)


def _with_zone(text: str, place: Place) -> Place:
    """Return a place with the development zone behind it, which is its city's: 郑州高新区."""
    zone = None if place.group else ZONE.match(text, place.end)
    return replace(place, text=text[place.start : zone.end()], end=zone.end()) if zone else place


def _decided(place: Place, sure: Sequence[str], near: str = "") -> Place:
    """Return an ambiguous place as the one that lies in another place of the question, where exactly one does.

    Failing that, as the only one where the asker is, or in his province.
    """
    if place.group or len(place.codes) == 1:
        return place
    for areas in (sure, [near], [f"{near[:2]}0000"]) if near else (sure,):
        inside = [code for code in place.codes if any(within(code, area) for area in areas)]
        if len(inside) == 1:
            return replace(place, codes=tuple(inside))
    return place


def group_codes(name: str) -> tuple[str, ...]:
    """Return the codes of a group of places: 中西部, 东北; empty where no group has this name."""
    groups = _gazetteer().groups.values()
    return next((group.codes for group in groups if group.name == name), ())
