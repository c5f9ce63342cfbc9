"""Spans of earlier turns that a follow-up replaces, keeps or leaves out: places, dates, what an earlier turn asked."""

import re
from collections.abc import Sequence
from datetime import date

from assistant.answering.asked import facts_asked
from assistant.answering.completed import Completed, cut, replaced, text_of, whole
from assistant.answering.follow_ups import Span, Turn, clause_of, denied, others_of, pattern, side
from assistant.places import within
from assistant.retrieval.dates import date_asked
from assistant.schema import Place

Change = tuple[int, int, Completed]


def said_places(turn: Turn) -> tuple[Place, ...]:
    """Return the places that a turn means, without those it names to deny them."""
    return tuple(place for place in turn.query.places if not denied(turn.text, place))


def place_changes(
    state_text: Completed, places: Sequence[Place], turn: Turn, source: str
) -> tuple[list[Change], list[Place]]:
    """Return which places of a text a turn replaces, and the places of the turn that replace none.

    A place that is said to be one side of a move replaces that side; one that is not, the last that was named, the
    destination before all. What a turn denies is replaced; 辽宁 makes one of several 朝阳 sure.
    """
    text = text_of(state_text)
    changes: list[Change] = []
    added: list[Place] = []
    slices = whole(turn.query.text, source)
    refused = [place for place in turn.query.places if denied(turn.text, place)]
    for place in said_places(turn):
        new = cut(slices, place.start, place.end)
        narrowed = next((old for old in places if _narrows(place, old)), None)
        if narrowed is not None:
            kept = cut(state_text, narrowed.start, narrowed.end)
            changes.append((narrowed.start, narrowed.end, (*new, *kept)))
            continue
        free = [old for old in places if all(old.start != start for start, _, _ in changes)]
        target = _target(text, free, turn, place, refused)
        if target is None:
            added.append(place)
        changes += [(old.start, old.end, new) for old in free if target is not None and old.codes == target.codes]
    return changes, added


def _narrows(place: Place, old: Place) -> bool:
    """Return whether a place decides between the bearers of an earlier name: 辽宁, after 朝阳."""
    inside = [code for code in old.codes if any(within(code, area) for area in place.codes)]
    return not old.group and 0 < len(inside) < len(old.codes)


def _target(text: str, old: Sequence[Place], turn: Turn, place: Place, refused: Sequence[Place]) -> Place | None:
    """Return the earlier place that a place of a turn replaces; None where it is said beside them."""
    no_more = [one for one in old if any(one.codes == other.codes for other in refused)]
    if no_more:
        return no_more[-1]
    sides = {"origin": [], "destination": [], "": []}  # type: dict[str, list[Place]]
    for one in old:
        sides[side(text, one)].append(one)
    match side(turn.text, place):
        case "origin":
            wanted = sides["origin"] or (sides[""] if len(old) == len(sides[""]) else sides[""][:1])
        case "destination":
            wanted = sides["destination"]
        case _:
            wanted = sides["destination"] or sides[""] or (sides["origin"] if turn.corrects else [])
    return wanted[-1] if wanted else None


def place_clauses(slices: Completed, places: Sequence[Place]) -> tuple[Completed, ...]:
    """Return the clauses that name some places of a text: 从佛山搬到湖南, in one where they stand together."""
    text = text_of(slices)
    spans: list[Span] = []
    for place in places:
        start, end = clause_of(text, place)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(cut(slices, start, end) for start, end in spans)


def date_changes(text: str, turn: Turn, source: str) -> list[Change]:
    """Return the dates of a text, each replaced by the one a turn says; by nothing where it says 现在."""
    new = cut(whole(turn.query.text, source), *turn.date) if turn.date else ()
    return [(*match.span(), new) for match in pattern("dates").finditer(text)] if new or turn.now else []


def day_said(turn: Turn, today: date) -> date | None:
    """Return the day that a turn asks about: 去年搬的, and 那2024年呢 where it says nothing else; None for none."""
    if turn.query.dated:
        return turn.query.as_of
    if turn.date is None or turn.matter:
        return None
    return date_asked(f"{turn.text[slice(*turn.date)]}的时候", today)


def day_of_deed(text: str, today: date) -> date | None:
    """Return the day on which a completed question says that something was done: 2025年1月把厂挪走; None for none."""
    dates, deeds = pattern("dates").pattern, pattern("deeds").pattern
    found = re.search(
        rf"(?<![到至])({dates})[^，。？?！!]{{0,8}}{deeds}|{deeds}[^，。？?！!]{{0,4}}[是在]({dates})", text
    )
    if found is None:
        return None
    said = re.sub("之[前后]|以[前后]|的时候|那时候?|那会儿?", "", found[1] or found[2]).replace("元月", "1月")
    return date_asked(f"{said}的时候", today)


def shut_out(text: str, turn: Turn) -> list[Change]:
    """Return the words of a text that a turn shuts out: 整厂, where it says 只搬一条线."""
    found: list[Change] = []
    for word in others_of(turn.text):
        start = text.find(word)
        while start >= 0:
            found.append((start, start + len(word), ()))
            start = text.find(word, start + len(word))
    return found


def without_asking(slices: Completed) -> Completed:
    """Return an earlier question as what it is about: 搬到清远补多少钱吗 → 搬到清远补."""
    text = text_of(slices)
    told = replaced(slices, [(*match.span(), ()) for match in pattern("asked").finditer(text)])
    text = text_of(told)
    spans = _fact_spans(text)
    return replaced(told, [(*span, ()) for span in spans]) if spans else told


def ask_of(slices: Completed) -> Completed:
    """Return the words of an earlier question that ask for a fact, the shortest that do: 补多少; none for 能降吗."""
    text = text_of(slices)
    spans = _fact_spans(text)
    return cut(slices, *min(spans, key=lambda span: span[1] - span[0])) if spans else ()


def _fact_spans(text: str) -> list[Span]:
    """Return the spans of the words by which a text asks for facts."""
    patterns = [one for asked in facts_asked(text) for one in asked.fact.asks]
    return [found.span() for one in patterns if (found := one.search(text))]
