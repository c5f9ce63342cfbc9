"""Which of several documents speaks first, and how they differ (立法法 第九十九条至第一百零六条; design §2 and §5).

Levels are a partial order: where two cannot be ranked, both are shown and the body that decides is named. A document
that ranks higher speaks first only where it applies and where what it says is as near to the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from assistant.answering.applicability import applies_where_asked
from assistant.answering.left_out import level_said
from assistant.answering.moves import matches
from assistant.answering.segments import place, say, title
from assistant.places import narrowed, within
from assistant.schema import WHOLE_COUNTRY, Citation, Hit, Level, Metadata, Query, Remark, Words, text_of

# A provision of a higher document moves ahead of a lower one's only when its score comes this close: an article that is
# further off speaks to another matter, whatever its rank. Of 623 questions that may be looked at, 0.03 wins 2 (a right
# provision comes first that did not) and loses 1; 0.05, within which further provisions are quoted, wins 2 and loses 3.
RISE = 0.03


class Rank(StrEnum):
    """How one document stands to another."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"
    UNDECIDED = "undecided"


# Below each level stand these, whatever the place. 规范性文件 stand below every law, regulation and rule.
_RULES = frozenset({Level.DEPARTMENT_RULE, Level.LOCAL_RULE})
_LOCAL = frozenset({Level.LOCAL_REGULATION, Level.SPECIAL_ZONE_REGULATION, Level.AUTONOMOUS_REGULATION})
_DOCUMENTS = frozenset({Level.STATE_COUNCIL_DOCUMENT, Level.DEPARTMENT_DOCUMENT, Level.LOCAL_DOCUMENT})
_REGULATIONS = frozenset({Level.ADMINISTRATIVE_REGULATION, Level.SUPERVISORY_REGULATION})
_BELOW: Mapping[Level, frozenset[Level]] = {
    Level.CONSTITUTION: frozenset(Level) - {Level.CONSTITUTION},
    # 司法解释 stands on its own; 自治条例 and 经济特区法规 may vary laws and regulations in their area.
    Level.LAW: _REGULATIONS | {Level.LOCAL_REGULATION} | _RULES | _DOCUMENTS,
    Level.ADMINISTRATIVE_REGULATION: frozenset({Level.LOCAL_REGULATION}) | _RULES | _DOCUMENTS,
    Level.SUPERVISORY_REGULATION: _DOCUMENTS,
    Level.JUDICIAL_INTERPRETATION: _DOCUMENTS,
    Level.LOCAL_REGULATION: _DOCUMENTS,
    Level.SPECIAL_ZONE_REGULATION: _DOCUMENTS,
    Level.AUTONOMOUS_REGULATION: _DOCUMENTS,
    Level.DEPARTMENT_RULE: _DOCUMENTS,
    Level.LOCAL_RULE: _DOCUMENTS - {Level.STATE_COUNCIL_DOCUMENT},
    Level.STATE_COUNCIL_DOCUMENT: frozenset({Level.DEPARTMENT_DOCUMENT, Level.LOCAL_DOCUMENT}),
}


def rank_of(one: Metadata, other: Metadata) -> Rank:
    """Return how one document stands to another, by level and, of local ones, by area.

    A province's regulation stands above its cities' regulations and above the rules of its own and their governments,
    a province's rules above its cities'. What nobody knows the level of is not ranked.
    """
    if one.level is None or other.level is None:
        return Rank.UNDECIDED
    if _above(one, other):
        return Rank.HIGHER
    if _above(other, one):
        return Rank.LOWER
    if one.level is other.level:
        return Rank.SAME if _area(one) == _area(other) else Rank.UNDECIDED
    return Rank.UNDECIDED


def ordered(hits: Sequence[Hit], query: Query, metadata: Mapping[str, Metadata]) -> tuple[Hit, ...]:
    """Return the hits that are to be quoted, in the order in which their documents speak.

    Args:
        hits: best first. Those of one document keep their order.
        query: where it asks about decides which documents apply; those that do not come after those that do.
        metadata: of every document.
    """
    found: list[Hit] = []
    for hit in hits:
        at = len(found)
        while at and _goes_before(hit, found[at - 1], query, metadata):
            at -= 1
        found.insert(at, hit)
    return tuple(found)


def _goes_before(hit: Hit, before: Hit, query: Query, metadata: Mapping[str, Metadata]) -> bool:
    one, other = metadata[hit.provision.doc_id], metadata[before.provision.doc_id]
    if one.id == other.id or hit.part != before.part or hit.score < before.score - RISE:
        return False
    applies, applied = applies_where_asked(query, one), applies_where_asked(query, other)
    if applies is not applied:
        return applies
    if matches("question", "national", query.asked_text) and other.jurisdiction == WHOLE_COUNTRY != one.jurisdiction:
        return False  # 国家怎么说: the national document was asked for
    return rank_of(one, other) is Rank.HIGHER


def difference(citations: Sequence[Citation], metadata: Mapping[str, Metadata]) -> Remark | None:
    """Return what sets the cited documents apart and which prevails; None where only one of a level speaks."""
    rows: dict[str, Metadata] = {}
    keys: dict[str, list[int]] = {}
    for citation in citations:
        row = metadata[citation.provision.partition(":")[0]]
        rows.setdefault(row.id, row)
        keys.setdefault(row.id, []).append(citation.key)
    for first in rows.values():
        for second in rows.values():
            if first.id != second.id and first.level is not second.level and first.level and second.level:
                words = _difference(first, second)
                return Remark(tuple(sorted((*keys[first.id], *keys[second.id]))), text_of(words), words)
    return None


def both(query: Query) -> bool:
    """Return whether a question asks to compare the two documents: both must then be cited."""
    asked = matches("compare", "asked", query.asked_text)
    return asked and (len(query.doc_ids) > 1 or matches("compare", "documents", query.asked_text))


def for_both(query: Query) -> Query:
    """Return a question that compares documents as one that searches all of them, though it names one only."""
    return replace(query, doc_ids=()) if both(query) and len(query.doc_ids) == 1 else query


def best_of_each(hits: Sequence[Hit], limit: int = 2) -> tuple[Hit, ...]:
    """Return the best hit of each document, best first: what a comparison cites."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.provision.doc_id, hit)
    return tuple(best.values())[:limit]


def _difference(first: Metadata, second: Metadata) -> Words:
    said = {"first": _is(first), "second": _is(second)}
    rank = rank_of(first, second)
    if rank in (Rank.HIGHER, Rank.LOWER):
        higher = first if rank is Rank.HIGHER else second
        area = _area(higher)
        if area and area != WHOLE_COUNTRY:
            return say("prec_higher_within", title=title(higher), area=place(area), **said)
        return say("prec_higher", title=title(higher), **said)
    decided = {first.level, second.level} <= _RULES | {Level.LOCAL_REGULATION}
    return say("prec_undecided" if decided else "prec_unranked", **said)


def _is(row: Metadata) -> Words:
    said = {"title": title(row), "level": level_said(row.level)}
    if row.level in _DOCUMENTS:
        return say("prec_guidance", **said)
    return say("prec_regulation" if row.level in _LOCAL | _REGULATIONS | _RULES else "prec_is", **said)


def _above(one: Metadata, other: Metadata) -> bool:
    if one.level is None or other.level is None:
        return False
    if other.level in _BELOW.get(one.level, frozenset()):
        return True
    mine, theirs = _area(one), _area(other)
    if not mine or not theirs or WHOLE_COUNTRY in (mine, theirs) or not within(theirs, mine):
        return False
    if one.level is Level.LOCAL_REGULATION:
        return other.level is Level.LOCAL_RULE or (other.level is Level.LOCAL_REGULATION and theirs != mine)
    return one.level is other.level and one.level in (Level.LOCAL_RULE, Level.LOCAL_DOCUMENT) and theirs != mine


def _area(row: Metadata) -> str:
    return narrowed(row.jurisdiction, row.title)
