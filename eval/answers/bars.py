"""What the figures have to reach, and whether they do."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.schema import NoticeKind
from eval.score import Row

FIRST_CITATION = 0.92
RECALL = 0.95
PRECISION = 0.80
WRONGLY = 0.03  # answered, and refused
TRAPS = 0.95
FALSE_ALARMS = 0.03  # of each kind
VERBATIM = 1.0
ASK_P95 = 0.150  # seconds, without a language model


def bars(figures: Mapping[str, Any]) -> list[Row]:
    """Return every bar: {"name", "of" (a kind of warning, else ""), "at_least", "limit", "value", "met"}.

    The value itself is held against the bar, not an end of its interval; `met` is None where there is no value.
    """
    found = [
        _bar("first_right", figures["first_right"]["value"], FIRST_CITATION),
        _bar("recall", figures["recall"]["value"], RECALL),
        _bar("precision", figures["precision"]["value"], PRECISION),
        _bar("wrongly_answered", figures["wrongly_answered"]["value"], WRONGLY, at_least=False),
        _bar("wrongly_refused", figures["wrongly_refused"]["value"], WRONGLY, at_least=False),
        _bar("traps", figures["traps"]["all"]["value"], TRAPS),
        _bar("verbatim", figures["verbatim"]["value"], VERBATIM),
        _bar("ask_p95", figures["ask_seconds"]["p95"], ASK_P95, at_least=False),
    ]
    alarms = [
        _bar("false_alarms", figures["notices"][kind]["false_alarms"]["value"], FALSE_ALARMS, at_least=False, of=kind)
        for kind in map(str, NoticeKind)
    ]
    return [*found, *alarms]


def all_met(found: Sequence[Row]) -> bool:
    """True if no bar is missed."""
    return all(bar["met"] is not False for bar in found)


def _bar(name: str, value: float | None, limit: float, at_least: bool = True, of: str = "") -> Row:
    met = None if value is None else value >= limit if at_least else value <= limit
    return {"name": name, "of": of, "at_least": at_least, "limit": limit, "value": value, "met": met}
