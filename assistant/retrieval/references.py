"""The citation graph beside search: what a strong hit cites, and what cites it, one hop away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.indexing.index import Snapshot

# Hits whose links are followed: beyond the first ten a hit is as likely wrong as right, and so is what it cites.
FOLLOWED = 10
# An article that more than so many cite (a definition, a list of penalties) says nothing about any one of them.
MAX_DEGREE = 20


class Direction(StrEnum):
    """Which way links are followed."""

    CITES = "cites"  # to what a hit cites
    CITED_BY = "cited_by"  # to what cites a hit
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """One hop around some units; a unit is never its own neighbour.

    Attributes:
        cites: unit → units it cites; `cited_by`: unit → units that cite it. A unit without any is not in them.
    """

    cites: Mapping[str, frozenset[str]]
    cited_by: Mapping[str, frozenset[str]]

    def of(self, unit: str, direction: Direction = Direction.BOTH, max_degree: int = MAX_DEGREE) -> frozenset[str]:
        """Return the neighbours of a unit; a direction with more than `max_degree` of them is passed over."""
        found: frozenset[str] = frozenset()
        for way, links in ((Direction.CITES, self.cites), (Direction.CITED_BY, self.cited_by)):
            near = links.get(unit, frozenset())
            if direction in (way, Direction.BOTH) and len(near) <= max_degree:
                found |= near
        return found


def neighbours(snapshot: Snapshot, units: Sequence[str], as_of: date) -> Neighbours:
    """Return what some units cite and what cites them, of the versions in force on `as_of`."""
    return Neighbours(*snapshot.unit_links(units, as_of))


def reference_signal(
    scores: Mapping[str, float],
    near: Neighbours,
    *,
    direction: Direction = Direction.BOTH,
    followed: int = FOLLOWED,
    max_degree: int = MAX_DEGREE,
) -> dict[str, float]:
    """Return unit → the best score of a strong hit it is linked with, as a share of the best score of all: in (0, 1].

    Units that are no hits themselves are in it too: that is how a neighbour enters the candidates. To be added to a
    score with a weight, on hits and neighbours alike, so that a hit that another strong hit cites gains as well.

    Args:
        scores: of the candidates, higher is better; those at 0 or below lead nowhere.
        near: neighbours of the first `followed` candidates at least.
        direction: which links count.
        followed: how many of the best candidates are followed.
        max_degree: see `Neighbours.of`.
    """
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return {}
    strongest = sorted(scores, key=lambda unit: (-scores[unit], unit))[:followed]
    signal: dict[str, float] = defaultdict(float)
    for unit in strongest:
        share = scores[unit] / best
        for other in near.of(unit, direction, max_degree) if share > 0 else ():
            signal[other] = max(signal[other], share)
    return dict(signal)
