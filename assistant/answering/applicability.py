"""Whether what is quoted applies to the asker: the notices on place, on what was chosen, and on what was left out.

A notice stands only where it changes the answer (design §4 and §5). National documents apply everywhere and get none;
a regional one gets none where the matter ends inside its area.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.completed import echo_asked
from assistant.answering.left_out import left_out_notices, level_said, notice, places_said
from assistant.answering.matters import matters_absent
from assistant.answering.moves import Move, documents_meant, matches, move_of, patterns, sight_of
from assistant.answering.segments import label, listed, place, quoted, say, title
from assistant.answering.timing import time_notices
from assistant.indexing.index import Snapshot
from assistant.places import Sight, narrowed
from assistant.retrieval.places import classes_of, may_be_several
from assistant.schema import (
    WHOLE_COUNTRY,
    Citation,
    Found,
    Metadata,
    Notice,
    NoticeKind,
    Place,
    Query,
    Sentence,
    Words,
)

SCOPE_UNITS = 6  # a regulation says where it applies in its first articles


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words of a definition that tie it to an area: 促进优化全省产业空间布局."""

    provision: str
    label: str
    start: int
    end: int
    text: str


def applicability_notices(
    snapshot: Snapshot,
    query: Query,
    citations: Sequence[Citation],
    metadata: Mapping[str, Metadata],
    found: Found | None = None,
) -> tuple[Notice, ...]:
    """Return every notice on place, time, choice and what was left out, in this order.

    Args:
        snapshot: the corpus.
        query: the whole question.
        citations: what is quoted; none for an abstention.
        metadata: of every document.
        found: what was searched for it as one question; None where provisions were named or it has parts.
    """
    absent = not citations and matters_absent(snapshot, query.asked_text)
    if absent:  # of another matter, whatever place and date it names
        return ()
    return (
        *place_notices(snapshot, query, citations, metadata),
        *time_notices(snapshot, query, citations, metadata),
        *metadata_notices(query, citations, metadata),
        *(left_out_notices(query, found, metadata) if found is not None else ()),
    )


def place_notices(
    snapshot: Snapshot, query: Query, citations: Sequence[Citation], metadata: Mapping[str, Metadata]
) -> tuple[Notice, ...]:
    """Return what must be said of the place: that a cited regional document does not apply there, or not surely.

    A name that several places bear is asked back where that decides. Of the cited documents; where nothing is cited, of
    those that the question names.
    """
    rows = [metadata[doc_id] for doc_id in documents_meant(query, citations)]
    regional = [row for row in rows if _area(row)]
    found = [_class_unclear(query, citations, row) for row in rows if row not in regional]
    if len(regional) < len(rows) and matches("question", "national", query.asked_text):
        regional = [row for row in regional if row.id in query.doc_ids]  # the national document is what was asked for
    move = move_of(query)
    found += [_place_notice(snapshot, query, move, row) for row in regional]
    return tuple(notice(NoticeKind.JURISDICTION, words) for words in found if words)


def applies_where_asked(query: Query, row: Metadata) -> bool:
    """Return whether a document surely applies where the question's matter ends up; true where it names no place."""
    area = _area(row)
    if not area:
        return True
    move = move_of(query)
    if move.outward:
        return False
    sights = [sight_of(one, area) for one in (move.to_where or move.here or move.origin)]
    return not sights or Sight.APPLIES in sights or all(sight is None for sight in sights)


def metadata_notices(
    query: Query, citations: Sequence[Citation], metadata: Mapping[str, Metadata]
) -> tuple[Notice, ...]:
    """Return that a cited document is not of the kind or level chosen, or that nobody checked its metadata."""
    found: list[Words] = []
    for row in (metadata[doc_id] for doc_id in documents_meant(query, citations)):
        if query.kinds and row.kind not in query.kinds:
            found.append(say("meta_kind", title=title(row), kind=say(f"kind_{row.kind.value}")))
        if query.levels and row.level is not None and row.level not in query.levels:
            found.append(say("meta_level", title=title(row), level=level_said(row.level)))
        if not row.verified:
            found.append(say("meta_unverified", title=title(row)))
    return tuple(notice(NoticeKind.METADATA, words) for words in found)


def _area(row: Metadata) -> str:
    """Return the area of a regional document, "" for a national one and where nobody knows."""
    area = narrowed(row.jurisdiction, row.title)
    return "" if area == WHOLE_COUNTRY else area


def _place_notice(snapshot: Snapshot, query: Query, move: Move, row: Metadata) -> Words:
    """Return what the place makes of one document; nothing where it applies."""
    area = _area(row)
    if move.outward and not _mostly(move.from_where, area, Sight.ELSEWHERE):
        return _leaving(snapshot, query, row, area, move.outward)
    ends = move.to_where
    if not ends:
        return _of_here(query, move, row, area)
    sights = [sight_of(one, area) for one in ends]
    if Sight.APPLIES in sights:
        return ()
    if None in sights:
        return _unclear(query, ends[sights.index(None)], row, area)
    if Sight.POSSIBLE in sights:
        return say("place_possible", title=title(row), area=place(area), places=_named(query, ends))
    if any(sight_of(one, area) in (Sight.APPLIES, Sight.POSSIBLE) for one in move.from_where):
        return _leaving(snapshot, query, row, area, ends[-1])
    return () if _only_reads(query, row) else _elsewhere(query, row, area, ends)


def _of_here(query: Query, move: Move, row: Metadata, area: str) -> Words:
    """Return what is to be said where nothing goes anywhere: the asker is outside, or his places are on both sides."""
    sights = [sight_of(one, area) for one in move.here]
    outside = [one for one, sight in zip(move.here, sights, strict=True) if sight is Sight.ELSEWHERE]
    if not move.here or _only_reads(query, row):
        return ()
    if Sight.APPLIES in sights:
        return say("place_side", title=title(row), area=place(area), places=_named(query, outside)) if outside else ()
    if None in sights:
        return _unclear(query, move.here[sights.index(None)], row, area)
    if Sight.POSSIBLE in sights:
        return say("place_possible", title=title(row), area=place(area), places=_named(query, move.here))
    return _elsewhere(query, row, area, outside)


def _elsewhere(query: Query, row: Metadata, area: str, places: Sequence[Place]) -> Words:
    return say("place_elsewhere", title=title(row), area=place(area), places=_named(query, places))


def _unclear(query: Query, one: Place, row: Metadata, area: str) -> Words:
    """Return the candidates of an ambiguous name and the question back; nothing for a class of places (东部)."""
    if not may_be_several(one):
        return ()
    name = echo_asked(query, one.start, one.end)
    return say("place_unclear", name=name, places=places_said(one.codes), title=title(row), area=place(area))


def _class_unclear(query: Query, citations: Sequence[Citation], row: Metadata) -> Words:
    """Return the question back where a national document speaks of a class of places (中西部) and an ambiguous name has
    candidates inside and outside it.
    """
    move = move_of(query)
    for one in move.to_where or move.here:
        if not may_be_several(one):
            continue
        classes = [classes_of(code) for code in one.codes]
        split = frozenset.union(*classes) - frozenset.intersection(*classes)
        for citation in citations:
            if citation.provision.startswith(f"{row.id}:") and any(name in citation.quote for name in split):
                name = echo_asked(query, one.start, one.end)
                named = label(citation.provision, citation.label)
                return say(
                    "place_class_unclear", name=name, places=places_said(one.codes), title=title(row), label=named
                )
    return ()


def _leaving(snapshot: Snapshot, query: Query, row: Metadata, area: str, to: Place) -> Words:
    """Return that the text does not settle a move out of the area, with the words that come nearest to settling it."""
    clause = _clause(snapshot, row)
    said = {"title": title(row), "area": place(area), "to": _named(query, [to])}
    if clause is None:
        return say("place_leaving", **said)
    quote = quoted(row.id, clause.text, clause.start, clause.end)
    return say("place_out", label=label(clause.provision, clause.label), quote=quote, **said)


def _clause(snapshot: Snapshot, row: Metadata) -> _Clause | None:
    """Return the words by which a document's definition ties its matter to its own area, where it has such."""
    units = snapshot.units([row.id])[:SCOPE_UNITS]
    [pattern] = patterns("question", "own_area")
    for sentence in (one for found in _in_order(snapshot, units) for one in found):
        if match := pattern.search(sentence.text):
            named = snapshot.provisions([sentence.provision])[sentence.provision]
            start = sentence.start + match.start("words")
            return _Clause(named.id, named.label, start, start + len(match["words"]), match["words"])
    return None


def _in_order(snapshot: Snapshot, units: Sequence[str]) -> Iterator[tuple[Sentence, ...]]:
    found = snapshot.unit_sentences(units)
    return (found[unit] for unit in units if unit in found)


def _mostly(places: Sequence[Place], area: str, sight: Sight) -> bool:
    return bool(places) and all(sight_of(one, area) is sight for one in places)


def _only_reads(query: Query, row: Metadata) -> bool:
    """Return whether the question asks what a document says, which is so wherever the asker is.

    Who fills in a place wants to know what holds there.
    """
    if row.id not in query.doc_ids and not query.references:
        return False
    if matches("question", "text_only", query.asked_text):
        return True
    return not query.region and not matches("question", "relies", query.asked_text)


def _named(query: Query, places: Sequence[Place]) -> Words:
    """Return places by their full names; a group and a place without a code as the question names it."""
    if any(one.group or not one.codes for one in places):
        return listed(
            echo_asked(query, one.start, one.end) if one.group or not one.codes else places_said(one.codes)
            for one in places
        )
    return places_said(tuple(dict.fromkeys(code for one in places for code in one.codes)))
