"""Runs of a Word file, cut so that a place in it begins and ends with one: a comment is anchored at whole runs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from assistant.citing.word_places import Place
from assistant.reading.ooxml import name

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def cut_runs(places: Iterable[Place]) -> Mapping[Place, tuple[etree._Element, etree._Element]]:
    """Return the first and the last run of each place, after runs were cut so that exact places are whole runs.

    Every part of a run keeps its formatting. What is not exact takes in the runs it touches whole.
    """
    places = list(places)
    marks: dict[etree._Element, dict[etree._Element, set[int]]] = defaultdict(lambda: defaultdict(set))
    for place in places:
        if place.exact:
            marks[place.first.run][place.first.node].add(place.first.offset)
            marks[place.last.run][place.last.node].add(place.last.offset + 1)
    parts = _Parts()
    for run, offsets in marks.items():
        _cut(run, offsets, parts)
    return {place: (parts.first(place), parts.last(place)) for place in places}


@dataclass(slots=True)
class _Parts:
    """What cut runs became.

    Attributes:
        begins, ends: the part in which a piece of an element begins or ends, by the element and the offset in it.
        final: the last part of each run.
    """

    begins: dict[tuple[etree._Element, int], etree._Element] = field(default_factory=dict)
    ends: dict[tuple[etree._Element, int], etree._Element] = field(default_factory=dict)
    final: dict[etree._Element, etree._Element] = field(default_factory=dict)

    def first(self, place: Place) -> etree._Element:
        """Return the run that a place begins with."""
        return self.begins[place.first.node, place.first.offset] if place.exact else place.first.run

    def last(self, place: Place) -> etree._Element:
        """Return the run that a place ends with."""
        if place.exact:
            return self.ends[place.last.node, place.last.offset + 1]
        return self.final.get(place.last.run, place.last.run)


def _cut(run: etree._Element, marks: Mapping[etree._Element, set[int]], parts: _Parts) -> None:
    """Cut a run at these offsets into its children; an offset at the edge of a child cuts between two of them."""
    properties = next((one for one in run if name(one) == "rPr"), None)
    current, filled = run, False

    def begin() -> None:
        """Go on in a new run, unless this one is still empty."""
        nonlocal current, filled
        if filled:
            new = run.makeelement(run.tag, dict(run.attrib))
            if properties is not None:
                new.append(deepcopy(properties))
            current.addnext(new)
            current, filled = new, False

    for node in [one for one in run if one is not properties]:
        offsets: Collection[int] = marks.get(node, ())
        text = node.text or "" if name(node) == "t" else "\0"  # everything but text is one character, or none
        edges = sorted({0, len(text), *offsets})
        for low, high in zip(edges, edges[1:] or [0], strict=False):
            if low in offsets:
                begin()
            piece = node if low == 0 else node.makeelement(node.tag, dict(node.attrib))
            if high - low < len(text):
                piece.text = text[low:high]
                piece.set(XML_SPACE, "preserve")
            if low or current is not run:
                current.append(piece)
            filled = True
            parts.begins[node, low] = parts.ends[node, high] = current
        if len(text) in offsets:
            begin()
    if not filled and current is not run:  # nothing stood behind the last mark
        empty, current = current, current.getprevious()
        empty.getparent().remove(empty)
    parts.final[run] = current
