"""Whether a document is in force on a date."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ValidityState(StrEnum):
    """Whether a document is in force on a date."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    REPEALED = "repealed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Validity:
    """State of a document on a date.

    `since` is its first day in force, `until` its last; of a repealed document the first day it no longer is.
    None where unknown.
    """

    state: ValidityState
    since: date | None
    until: date | None
    as_of: date
