"""A follow-up completed: slices of the turns of a dialogue, put together to one question.

Nothing is written anew. Every character comes from a turn, but for the commas between slices, so that words of a
completed question can be shown to the asker as an echo of what they wrote, and where.
"""

import re
from collections.abc import Iterable

from assistant.answering.segments import echo, say
from assistant.schema import Query, Segment, SegmentKind, Slice, Words

Completed = tuple[Slice, ...]
JOINT = "joint"
OWN_MATTER = 4  # characters of a question that can name what it is about
_COMMA = Slice("，", JOINT, 0, 0)
# What a question ends with and no clause in the middle of one does. Matches ？ and 。; leaves ） alone.
_END = re.compile(r"[\s，,。！!？?；;、：:]+$")
_START = re.compile(r"^[\s，,。！!？?；;、：:]+")


def whole(text: str, turn: str) -> Completed:
    """Return a turn as it stands."""
    return (Slice(text, turn, 0, len(text)),) if text else ()


def text_of(slices: Iterable[Slice]) -> str:
    """Return the characters of a completed question."""
    return "".join(one.text for one in slices)


def cut(slices: Iterable[Slice], start: int, end: int) -> Completed:
    """Return the part of a completed question from `start` to `end`, positions in its text."""
    found = []
    at = 0
    for one in slices:
        first, last = max(start - at, 0), min(end - at, len(one.text))
        if first < last:
            where = (0, 0) if one.turn == JOINT else (one.start + first, one.start + last)
            found.append(Slice(one.text[first:last], one.turn, *where))
        at += len(one.text)
    return tuple(found)


def replaced(slices: Completed, changes: Iterable[tuple[int, int, Completed]]) -> Completed:
    """Return a completed question with some of its spans replaced, by nothing where the new text is empty.

    Of spans that overlap the first is taken.
    """
    made: list[Slice] = []
    at = 0
    for start, end, new in sorted(changes, key=lambda change: change[:2]):
        if start >= at:
            made += (*cut(slices, at, start), *new)
            at = end
    return (*made, *cut(slices, at, len(text_of(slices))))


def trimmed(slices: Completed) -> Completed:
    """Return a completed question without the marks and spaces around it."""
    text = text_of(slices)
    start = match.end() if (match := _START.match(text)) else 0
    end = match.start() if (match := _END.search(text)) else len(text)
    return cut(slices, start, max(start, end))


def joined(*clauses: Completed) -> Completed:
    """Return several clauses as one question, a comma between them."""
    made: list[Slice] = []
    for clause in clauses:
        if kept := trimmed(clause):
            made += (*((_COMMA,) if made else ()), *kept)
    return tuple(made)


def traced(query: Query, start: int, end: int) -> tuple[tuple[str, int, int], ...]:
    """Return where a span of `query.asked_text` comes from: (turn, start, end) for each slice, commas of ours left out.

    `turn` is "" for the question and "h0" for the first earlier turn, as the segments of an echo name it.
    """
    if not query.slices:
        return (("", start, end),)
    found = cut(query.slices, start, end)
    return tuple((one.turn, one.start, one.end) for one in found if one.turn != JOINT)


def echo_asked(query: Query, start: int, end: int) -> Words:
    """Return a span of `query.asked_text` as echoes of the turns it comes from; commas of ours are a template."""
    if not query.slices:
        return echo(query.text, start, end)
    made: Words = ()
    for one in cut(query.slices, start, end):
        if one.turn == JOINT:
            made += say("dialogue_joint")
        else:
            made += (Segment(SegmentKind.ECHO, one.text, one.turn, one.start, one.end),)
    return made


def from_turns(query: Query, missing: Iterable[Words]) -> list[Words]:
    """Return texts that echo `query.asked_text`, their echoes traced to the turns they come from."""
    return [tuple(segment for one in words for segment in _from_turn(query, one)) for words in missing]


def _from_turn(query: Query, segment: Segment) -> Words:
    if segment.kind is not SegmentKind.ECHO or segment.source:
        return (segment,)
    return echo_asked(query, segment.start, segment.end)


def own_span(query: Query) -> tuple[int, int]:
    """Return the span of `query.asked_text` that names its matter: what the question itself says, where that is enough.

    那搬到江西呢 says too little; then it is the whole of it.
    """
    at, own = 0, []
    for one in query.slices:
        own += [(at, at + len(one.text))] if not one.turn else []
        at += len(one.text)
    says = sum(end - start for start, end in own)
    return (own[0][0], own[-1][1]) if says >= OWN_MATTER else (0, len(query.asked_text))
