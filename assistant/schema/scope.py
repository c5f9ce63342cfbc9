"""What a search may look at, and what it left out.

Scope: in force on a date, for a place, of some kinds and levels, in which versions
LeftOut: what would have been found outside it, and why it was not
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.schema.documents import Kind, Level, Provision
from assistant.schema.validity import Validity


class Versions(StrEnum):
    """Which versions of a Work are asked for."""

    IN_FORCE = "in_force"  # the one in force on the date
    EARLIER = "earlier"  # 修订前的, 旧条例: those before it
    ALL = "all"


class Reason(StrEnum):
    """Why a document is outside a scope."""

    JURISDICTION = "jurisdiction"  # another place's rules
    TIME = "time"  # not in force on the date, and no version of it is
    VERSION = "version"  # another version of the same Work answers
    KIND = "kind"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a question.

    Attributes:
        text: as named; `start` and `end` are its span in the question.
        codes: administrative-division codes it can mean: one; several where the name is ambiguous, which is never
            guessed, or where it stands for a group of places.
        group: name of the group (珠三角), "" for a single place.
    """

    text: str
    start: int
    end: int
    codes: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents a search may look at. Empty tuples filter nothing.

    Attributes:
        as_of: the date that validity is judged on.
        regions: codes of the places asked for; a document is in when one of them sees it.
        doc_ids: the documents named in the question; they alone are searched, whatever their place and date.
        years: years of the versions asked for (2019年版); Works without such a version go by `as_of`.
    """

    as_of: date
    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    doc_ids: tuple[str, ...] = ()
    versions: Versions = Versions.IN_FORCE
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A provision that would have been among the first hits, and the reason that it is not.

    Attributes:
        rank: 1-based, among hits and left-out provisions together.
        title: of its document.
        jurisdiction: its document's area; `validity` its state on the date asked.
    """

    provision: Provision
    reason: Reason
    rank: int
    score: float
    title: str
    level: Level | None
    kind: Kind
    jurisdiction: str
    validity: Validity
