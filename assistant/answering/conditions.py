"""The conditions that quoted words state, beside what the asker said of them: met, not met, not said.

A condition is a slice of the document, what decides it a slice of the question; nothing is concluded beyond them. What
is supposed counts as said (要是整厂搬); what is asked (是不是要整厂搬) or left open (整厂搬还是搬一半) does not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.conditions_data import Row, abroad, any_law, rows, words_of
from assistant.answering.moves import moved_from, moved_to
from assistant.answering.thresholds import compared
from assistant.places import provinces, within
from assistant.retrieval.places import find_places, group_codes
from assistant.schema import Citation, Condition, ConditionState, Place

MAX_CONDITIONS = 8  # more than a table can show at a glance
_MET, _NOT_MET, _NOT_SAID = ConditionState.MET, ConditionState.NOT_MET, ConditionState.NOT_SAID
_CLAUSE_ENDS = "，。；？！,;?!\n"
# Who a condition speaks of; a question says 我们 instead. Matches 企业 in 企业整体搬迁.
_WHO = re.compile(r"^(?:用人单位|申请人|当事人|经营主体|企业|单位|个人|公司)")
_SHORTEST = 3  # characters of a condition that decide when a question repeats them


@dataclass(frozen=True, slots=True)
class _Told:
    """What a text says of a condition, and the words that say it."""

    state: ConditionState
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """A question, or an earlier turn, with the places it names."""

    text: str
    places: Sequence[Place]
    turn: str = ""


def conditions(
    question: str,
    citations: Sequence[Citation],
    *,
    places: Sequence[Place] | None = None,
    history: Sequence[str] = (),
) -> tuple[Condition, ...]:
    """Return the conditions of the quoted words, in their order, each with what the asker said of it.

    Args:
        question: as asked.
        citations: what the answer quotes.
        places: those the question names, where they are known already.
        history: earlier turns of the same matter, the first one first; the latest that says something decides.
    """
    texts = [_Text(question, _places(question, places))]
    texts += [_Text(turn, find_places(turn), f"h{number}") for number, turn in reversed(list(enumerate(history)))]
    made: dict[tuple[str, str], Condition] = {}
    for citation in citations:
        for start, end, row in sorted(_found(citation.quote), key=lambda one: one[:2]):
            words = citation.quote[start:end]
            told, text = _decided(row, words, texts, citation)
            said = text.text[told.start : told.end]
            doc_id = citation.provision.partition(":")[0]
            made.setdefault(
                (doc_id, words),
                Condition(
                    citation.key,
                    words,
                    citation.start + start,
                    citation.start + end,
                    told.state,
                    said,
                    told.start,
                    told.end,
                    text.turn if said else "",
                ),
            )
    return tuple(made.values())[:MAX_CONDITIONS]


def _places(question: str, known: Sequence[Place] | None) -> Sequence[Place]:
    """Return the places of a question: those known, and those moved to where no word ends (去湖南|永州)."""
    spelt = find_places(question)
    if known is None:
        return spelt
    more = [
        place
        for place in moved_to(question, spelt)
        if not any(one.start < place.end and place.start < one.end for one in known)
    ]
    return sorted([*known, *more], key=lambda place: place.start)


def _found(quote: str) -> Iterator[tuple[int, int, Row]]:
    """Yield the spans of the conditions of a quote, each with how a question is read for it; none inside another."""
    taken: list[tuple[int, int]] = []
    for start, end, row in [*_of_rows(quote), *_of_lists(quote), *_of_any(quote)]:
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        yield start, end, row


def _of_rows(quote: str) -> Iterator[tuple[int, int, Row]]:
    for row in rows():
        for match in row.quote.finditer(quote):
            yield *match.span("words" if "words" in row.quote.groupindex else 0), row


def _of_lists(quote: str) -> Iterator[tuple[int, int, Row]]:
    """Yield the items of 具备下列条件：（一）…；（二）…"""
    words = words_of("any")
    for head in words["lists"].finditer(quote):
        end = quote.find("。", head.end())
        for match in words["item"].finditer(quote, head.end(), end if end >= 0 else len(quote)):
            yield *match.span("words"), _row_of(match["words"])


def _of_any(quote: str) -> Iterator[tuple[int, int, Row]]:
    refused = words_of("any")["refused"]
    for row in any_law():
        for match in row.quote.finditer(quote):
            if not refused.search(match["words"]):
                yield *match.span("words"), row if row.met else _row_of(match["words"])


def _row_of(words: str) -> Row:
    """Return how a question is read for a condition that any law may state: as for its like, or by its own words."""
    like = next((row for row in rows() if row.alike and row.alike.search(words)), None)
    if like is not None:
        return like
    bare = _WHO.sub("", words)
    literal = (re.compile(re.escape(bare)),) if len(bare) >= _SHORTEST else ()
    return Row(re.compile(re.escape(words)), literal)


def _decided(row: Row, words: str, texts: Sequence[_Text], citation: Citation) -> tuple[_Told, _Text]:
    """Return what the latest text that says something of a condition says, and that text."""
    for text in texts:
        if row.places:
            told = _placed(row, text, citation)
        elif row.mover:
            going = moved_to(text.text, text.places)
            left = [
                one for one in moved_from(text.text, text.places) if going and _inside(one, [citation.jurisdiction])
            ]
            told = _Told(_MET, left[0].start, left[0].end) if left else _Told(_NOT_SAID)
        else:
            number = compared(words, text.text)
            told = _Told(_MET if number[0] else _NOT_MET, *number[1]) if number else _worded(row, text.text)
        if told.state is not _NOT_SAID:
            return told, text
    return _Told(_NOT_SAID), texts[0]


def _placed(row: Row, text: _Text, citation: Citation) -> _Told:
    """Return whether the places moved to lie where a condition wants them; a move inside asks it of both its ends."""
    own = "本省" in row.places
    areas = [citation.jurisdiction] if own else [code for name in row.places for code in group_codes(name)]
    if own and citation.jurisdiction[:2] not in provinces():
        return _Told(_NOT_SAID)
    going = moved_to(text.text, text.places)
    if own:
        going = [*moved_from(text.text, text.places), *going] if going else []
    outside = abroad(text.text)
    if not going:
        return _Told(_NOT_MET, *outside) if outside and not own else _Told(_NOT_SAID)
    found = {_inside(place, areas) for place in going}
    if found == {False}:
        return _Told(_NOT_MET, going[-1].start, going[-1].end)
    if found == {True} and not row.part:
        return _Told(_MET, going[-1].start, going[-1].end)
    return _Told(_NOT_SAID)


def _worded(row: Row, text: str) -> _Told:
    """Return what the words of a text say of a condition."""
    matches = [(_MET, match) for pattern in row.met for match in pattern.finditer(text)]
    matches += [(_NOT_MET, match) for pattern in row.not_met for match in pattern.finditer(text)]
    whole = [(state, match) for state, match in matches if not any(_within(match, other) for _, other in matches)]
    told = [one for state, match in whole if (one := _read(state, match, text)) is not None]
    states = {one.state for one in told}
    if not told or (len({state for state, _ in whole}) > 1 and words_of("said")["open"].search(text)):
        return _Told(_NOT_SAID)
    if len(states) == 1:
        return told[0]
    if words_of("said")["corrected"].search(text):
        return max(told, key=lambda one: one.start)
    return next(one for one in told if one.state is _NOT_MET)  # all of it moves, and something stays: not all


def _within(match: re.Match[str], other: re.Match[str]) -> bool:
    return other.start() <= match.start() and match.end() <= other.end() and match.span() != other.span()


def _read(state: ConditionState, match: re.Match[str], text: str) -> _Told | None:
    """Return what one match says: denied it says the contrary, asked or undecided nothing."""
    said = words_of("said")
    first = max((text.rfind(mark, 0, match.start()) for mark in _CLAUSE_ENDS), default=-1) + 1
    before, after = text[first : match.start()], text[match.end() :]
    if said["undecided"].search(before) or said["asked_before"].search(before) or said["asked_after"].match(after):
        return None
    if said["needed"].search(before) and said["need_asked"].match(after):
        return None
    denied = said["denied"].search(before)
    if denied is None:
        return _Told(state, match.start(), match.end())
    if state is _NOT_MET:
        return None
    return _Told(_NOT_MET, first + denied.start(), match.end())


def _inside(place: Place, areas: Sequence[str]) -> bool | None:
    """Return whether a place lies in one of the areas; None where one bearer of its name does and another does not."""
    found = {any(within(code, area) for area in areas) for code in place.codes}
    return found.pop() if len(found) == 1 else None
