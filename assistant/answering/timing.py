"""Whether what is quoted holds at the time asked about: the notices on time.

An event before a rule's first day is outside it; a guidance that states no term has not lapsed because the year of its
target has passed (design §5).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.answering.moves import documents_meant, matches, patterns, table
from assistant.answering.segments import day, quoted, say, title
from assistant.indexing.index import Snapshot
from assistant.indexing.validity import validity_on
from assistant.schema import (
    Citation,
    Kind,
    Metadata,
    Notice,
    NoticeKind,
    Query,
    ValidityState,
    Words,
    text_of,
)

_CLAUSE = re.compile(r"[，,。；;？?！!\n]")
TARGET_UNITS = 3  # a policy document states its target among its first parts
# A day of a month, without a year, before which something was done. Matches 3月1号之前, 三月一日前; refuses 3月1日起.
_BEFORE_DAY = re.compile(
    r"(?P<month>1?\d|[一二三四五六七八九十]{1,2})月(?P<day>[123]?\d|[一二三四五六七八九十]{1,3})[日号](?:之前|以前|前)"
)


def time_notices(
    snapshot: Snapshot, query: Query, citations: Sequence[Citation], metadata: Mapping[str, Metadata]
) -> tuple[Notice, ...]:
    """Return what must be said of the time: not in force then, or how long a document holds, where that is asked.

    Of the cited documents; where nothing is cited, of those that the question names.
    """
    doc_ids = documents_meant(query, citations)
    found = []
    for doc_id in doc_ids:
        words = _out_of_force(query, metadata[doc_id]) or _before(query, metadata[doc_id], doc_ids)
        if not words and _validity_asked(query, doc_id, doc_ids):
            words = _holds(snapshot, query, metadata[doc_id])
        found.append(words or _target_passed(query, doc_id, citations, metadata))
    return tuple(Notice(NoticeKind.TIME, text_of(words), words) for words in found if words)


def asks_validity(query: Query) -> bool:
    """Return whether a question asks whether a document still holds: 还有效吗, 有效期到哪天, 是不是作废了.

    That a certificate, a contract or a grade still counts is another question.
    """
    document = re.compile(table()["time"]["document"])
    other = re.compile(table()["time"]["other_things"])
    apart = re.compile(table()["time"]["not_itself"])
    asking = [*patterns("time", "validity")]
    if not query.places and query.event is None and not matches("time", "before_rule", query.asked_text):
        asking += patterns("time", "validity_weak")
    named = bool(query.doc_ids) or bool(document.search(query.asked_text))
    for clause in _CLAUSE.split(query.asked_text):
        for match in (found for pattern in asking if (found := pattern.search(clause))):
            before = clause[: match.start()]
            meant = list(document.finditer(before))
            between = before[meant[-1].end() :] if meant else before
            if other.search(between) or (meant and apart.search(between)):
                continue
            if meant or named:
                return True
    return False


def asks_term(query: Query) -> bool:
    """Return whether a question asks whether a document still holds, or until when: a term must then stand in it."""
    return asks_validity(query) or (bool(query.doc_ids) and matches("time", "term", query.asked_text))


def _validity_asked(query: Query, doc_id: str, cited: Sequence[str]) -> bool:
    """Return whether it is this document whose validity is asked: the one named, else the first that is cited."""
    named = [one for one in cited if one in query.doc_ids]
    return doc_id in (named or cited[:1]) and asks_validity(query)


def _out_of_force(query: Query, row: Metadata) -> Words:
    validity = validity_on(row, query.as_of)
    match validity.state:
        case ValidityState.NOT_YET if validity.since and query.event is not None:
            return say("time_before", title=title(row), day=day(validity.since))
        case ValidityState.NOT_YET if validity.since:
            return say("time_not_yet", title=title(row), day=day(validity.since))
        case ValidityState.NOT_YET:
            return say("time_not_issued", title=title(row), day=day(query.as_of))
        case ValidityState.REPEALED if validity.until:
            return say("time_repealed", title=title(row), day=day(validity.until))
        case ValidityState.EXPIRED if validity.until:
            return say("time_expired", title=title(row), day=day(validity.until))
    return ()


def _before(query: Query, row: Metadata, cited: Sequence[str]) -> Words:
    """Return that what happened is older than a document, be its day told or only that it was before the rule."""
    if row.effective is None:
        return ()
    older = query.event is not None and query.event < row.effective
    if not older and row.id == next((one for one in cited if one in query.doc_ids), cited[0]):
        older = matches("time", "before_rule", query.asked_text) or _before_its_day(query.asked_text, row.effective)
    return say("time_before", title=title(row), day=day(row.effective)) if older else ()


def _before_its_day(text: str, effective: date) -> bool:
    """Return whether a question tells of a time before a document's first day, named without its year: 3月1号之前."""
    numerals = {name: number for number, name in enumerate("零一二三四五六七八九十", start=0)}

    def value(said: str) -> int:
        return int(said) if said.isdecimal() else numerals.get(said, 0)

    return any(
        (value(match["month"]), value(match["day"])) == (effective.month, effective.day)
        and not text[: match.start()].endswith("年")
        for match in _BEFORE_DAY.finditer(text)
    )


def _holds(snapshot: Snapshot, query: Query, row: Metadata) -> Words:
    """Return how long a document that is not out of force holds, as far as it and its metadata say."""
    if row.expires:
        return say("time_holds_until", title=title(row), day=day(row.expires))
    if row.effective and matches("time", "term", query.asked_text):
        return ()  # that no term is written is a fact that is missing
    if row.effective:
        return say("time_holds", title=title(row), day=day(row.effective))
    target = _target(snapshot, row, query.as_of)
    return (
        say("time_no_term_target", title=title(row), quote=target) if target else say("time_no_term", title=title(row))
    )


def _target(snapshot: Snapshot, row: Metadata, as_of: date) -> Words:
    """Return the words by which a policy document sets itself a target, where the year of it has passed."""
    if row.kind is not Kind.POLICY:
        return ()
    units = snapshot.units([row.id])[:TARGET_UNITS]
    found = snapshot.unit_sentences(units)
    sentences = (sentence for unit in units for sentence in found.get(unit, ()))
    return next((words for one in sentences if (words := _passed(row.id, one.text, one.start, as_of))), ())


def _passed(doc_id: str, text: str, start: int, as_of: date) -> Words:
    """Return the target in a text that stands at `start` of a document, where its year has passed."""
    [target] = patterns("time", "target")
    match = target.search(text)
    if match is None or int(match["year"]) >= as_of.year:
        return ()
    return quoted(doc_id, match[0], start + match.start(), start + match.end())


def _target_passed(query: Query, doc_id: str, citations: Sequence[Citation], metadata: Mapping[str, Metadata]) -> Words:
    """Return that the year of a target has passed, where the target is asked for and quoted."""
    if metadata[doc_id].kind is not Kind.POLICY or not matches("time", "target_asked", query.asked_text):
        return ()
    for citation in citations:
        if citation.provision.startswith(f"{doc_id}:"):
            quote = _passed(doc_id, citation.quote, citation.start, query.as_of)
            if quote:
                return say("time_target", title=title(metadata[doc_id]), quote=quote)
    return ()
