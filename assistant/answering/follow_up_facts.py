"""Facts that a turn of a dialogue asks for: what it asks itself, and only where it asks nothing what went before asked.

A turn such as 找谁 or 具体多少 asks for a fact of the matter before it, in words that would say nothing in a question
that stands by itself; `data/asked_follow_ups.toml` holds those. What an earlier turn asked has been answered.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.asked import Asked, details_missing, facts_asked
from assistant.retrieval.focus import asks
from assistant.schema import Query, Words

TABLE = "asked_follow_ups"
# At the end of a clause. Matches ？ in 找谁？; leaves ） alone.
_ENDS = "？?。！!，, \n"
_CLAUSES = "，,。；;？?！!"


def own_spans(query: Query) -> list[tuple[int, int]]:
    """Return the spans of `query.asked_text` that the last turn itself says; all of it where nothing was carried."""
    if not query.slices:
        return [(0, len(query.asked_text))]
    at, spans = 0, []
    for one in query.slices:
        if not one.turn:
            spans.append((at, at + len(one.text)))
        at += len(one.text)
    return spans


def facts_of(query: Query) -> tuple[Asked, ...]:
    """Return the facts that a question asks for, positions in `query.asked_text`.

    Of a follow-up those that its own words ask for; where they ask nothing (那江西呢), those that the question asks
    that it is read as.
    """
    text = query.asked_text
    found = facts_asked(text)
    if not query.slices:
        return found
    spans = own_spans(query)
    own = [one for one in found if any(one.start < end and start < one.end for start, end in spans)]
    known = {one.fact.key for one in own}
    for start, end in spans:
        own += [one for one in _short(text, start, end) if one.fact.key not in known]
    if own or _asks(query):
        return tuple(own)
    return found


def details_of(query: Query, lacking: Sequence[Asked]) -> list[Words]:
    """Return phrases for concrete things that a question wants by its wording, as `details_missing` says.

    Of a follow-up only where its own words ask, and what they ask.
    """
    if not query.slices:
        return details_missing(query.asked_text, lacking)
    if lacking or not _asks(query) or facts_of(query):
        return []
    return details_missing(query.asked_text, lacking)


def _asks(query: Query) -> bool:
    """Return whether the last turn itself asks; 那江西呢 does not."""
    return any(asks(query.asked_text[start:end].rstrip(_ENDS + "呢")) for start, end in own_spans(query))


def _short(text: str, start: int, end: int) -> list[Asked]:
    """Return the facts that the clauses of a span ask for with little more than a question word."""
    found: list[Asked] = []
    first = start
    for at in range(start, end + 1):
        if at == end or text[at] in _CLAUSES:
            clause = text[first:at].rstrip(_ENDS)
            found += [replace(one, start=first + one.start, end=first + one.end) for one in facts_asked(clause, TABLE)]
            first = at + 1
    return found
