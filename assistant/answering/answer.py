"""From a question to an answer that quotes, or that says what has no ground."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from assistant.answering import wording
from assistant.answering.applicability import applicability_notices
from assistant.answering.completed import traced
from assistant.answering.conditions import conditions
from assistant.answering.corrections import Span, corrected, correction_notices, missing_of
from assistant.answering.decisive import decisive_quotes, with_decisive
from assistant.answering.extractive import Quote
from assistant.answering.grounds import Grounds, grounds_of
from assistant.answering.orders import order_notice
from assistant.answering.parts import QueryPart, parts_of_query
from assistant.answering.precedence import difference
from assistant.answering.responsible import responsible
from assistant.answering.segments import markdown
from assistant.answering.spoken import spoken
from assistant.answering.worth import force_notice, remarks
from assistant.citing.verify import citation_holds
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.reranker import Reranker
from assistant.indexing.validity import validity_on
from assistant.places import narrowed
from assistant.retrieval.lookup import look_up
from assistant.schema import (
    Answer,
    AnswerPart,
    Citation,
    Condition,
    Force,
    Found,
    Metadata,
    Notice,
    Query,
    Segment,
    SegmentKind,
    Statement,
    Status,
    Words,
    text_of,
)

ENGINE = "extractive"
NEAREST = 3


def answer(
    snapshot: Snapshot,
    embedder: Embedder,
    query: Query,
    reranker: Reranker | None = None,
    orders: Sequence[Span] = (),
) -> Answer:
    """Return the answer to a question, from one snapshot of the corpus; `seconds` is 0 and set by the caller.

    answered: every fact asked for stands in a quote. partial: a provision speaks to the matter, but a fact asked for, a
    part of the question or a provision that was named is not there. abstained: nothing speaks to it, and `nearest` says
    where to look.

    Args:
        snapshot: the corpus.
        embedder: the index's.
        query: the question; its orders are blanked in `asked_text`.
        reranker: reads the first hits again.
        orders: spans of the question that order the assistant about.
    """
    metadata = snapshot.metadata()
    if not query.asked_text.strip():  # an order alone asks nothing
        missing = [wording.topic(query.text)]
        return _abstained(snapshot, query, Found(()), missing, metadata, (order_notice(query.text, orders),))
    lookups = look_up(snapshot, query, metadata)
    asked = parts_of_query(snapshot, embedder, query)
    if asked:
        found = [grounds_of(snapshot, embedder, part.query, (), metadata, reranker) for part in asked]
    else:
        found = [grounds_of(snapshot, embedder, query, lookups, metadata, reranker)]

    def notices_on(citations: Sequence[Citation]) -> tuple[Notice, ...]:
        return applicability_notices(snapshot, query, citations, metadata, None if asked or lookups else found[0].hits)

    hits = _hits(found)
    named = [provision for lookup in lookups for provision in lookup.provisions]
    claims = corrected(snapshot, query, orders, named, [hit.provision for hit in hits], metadata)
    missing = _missing(found, asked)
    missing += [words for words in missing_of(claims, more=bool(missing)) if words not in missing]
    quotes = list({(quote.provision, quote.start): quote for grounds in found for quote in grounds.quotes}.values())
    if not quotes:
        notices = (*correction_notices(query, orders, claims, ()), *notices_on(()))
        return _abstained(snapshot, query, hits, missing, metadata, notices)
    citations = _citations(snapshot, quotes, query, metadata)
    if decisive := decisive_quotes(snapshot, notices_on(citations)):
        quotes = with_decisive(quotes, decisive)
        citations = _citations(snapshot, quotes, query, metadata)
    statements = tuple(_statement(snapshot, citation, metadata) for citation in citations)
    notices = (*correction_notices(query, orders, claims, citations), *notices_on(citations))
    warned = force_notice(query.asked_text, citations, metadata)
    notices += (warned,) if warned else ()
    worths = remarks(citations, snapshot.provisions([quote.provision for quote in quotes]), metadata)
    apart = difference(citations, metadata)
    worths += (apart,) if apart else ()
    status = Status.PARTIAL if missing else Status.ANSWERED
    segments = wording.answer_words(status, statements, missing, notices, worths)
    texts = tuple(text_of(words) for words in missing)
    bodies = responsible(snapshot, citations, metadata)
    said = spoken(
        query.asked_text, status, citations, missing, metadata, notices=notices, responsible=bodies, terms=query.terms
    )
    return Answer(
        question=query.text,
        status=status,
        answer=markdown(segments),
        statements=statements,
        citations=citations,
        missing=texts,
        nearest=(),
        notices=notices,
        spoken=text_of(said),
        searched=hits.searched,
        engine=ENGINE,
        corpus=snapshot.corpus,
        seconds=0.0,
        segments=segments,
        missing_words=tuple(missing),
        remarks=worths,
        conditions=_conditions(query, citations),
        parts=_parts(found, asked, citations),
        spoken_words=said,
        responsible=bodies,
    )


def _missing(found: Sequence[Grounds], asked: Sequence[QueryPart]) -> list[Words]:
    """Return what has no ground, by part; a part that nothing speaks to is named by its own words."""
    if not asked:
        return list(found[0].missing)
    missing: dict[str, Words] = {}
    for grounds, part in zip(found, asked, strict=True):
        for words in grounds.missing:
            moved = tuple(_moved(segment, part.start) for segment in words)
            missing[text_of(moved)] = moved
    return list(missing.values())


def _moved(segment: Segment, start: int) -> Segment:
    """Return an echo of a part as an echo of the question."""
    if segment.kind is not SegmentKind.ECHO:
        return segment
    return replace(segment, start=segment.start + start, end=segment.end + start)


def _hits(found: Sequence[Grounds]) -> Found:
    """Return what was found for all parts: the hits in turn."""
    if len(found) == 1:
        return found[0].hits
    turns = [hit for row in zip_longest(*(grounds.hits for grounds in found)) for hit in row if hit is not None]
    unique = {hit.provision.id: hit for hit in reversed(turns)}
    hits = [hit for hit in turns if unique[hit.provision.id] is hit]
    left_out = {one.provision.id: one for grounds in found for one in grounds.hits.left_out}
    first = found[0].hits
    ordered = tuple(sorted(left_out.values(), key=lambda one: (one.rank, -one.score)))
    return replace(first, hits=tuple(hits), left_out=ordered)


def _parts(
    found: Sequence[Grounds], asked: Sequence[QueryPart], citations: Sequence[Citation]
) -> tuple[AnswerPart, ...]:
    """Return each part of the question with its status and the citations it stands on."""
    parts = []
    for grounds, part in zip(found, asked, strict=False):
        spans = {(quote.provision, quote.start) for quote in grounds.quotes}
        keys = tuple(one.key for one in citations if (one.provision, one.start) in spans)
        missing = tuple(text_of(words) for words in grounds.missing)
        parts.append(AnswerPart(part.query.text, part.start, part.end, grounds.status, keys, missing))
    return tuple(parts)


def _abstained(
    snapshot: Snapshot,
    query: Query,
    hits: Found,
    missing: list[Words],
    metadata: Mapping[str, Metadata],
    notices: tuple[Notice, ...],
) -> Answer:
    nearest = tuple(hit.provision for hit in hits[:NEAREST])
    segments = wording.abstention_words(missing, nearest, metadata, notices)
    texts = tuple(text_of(words) for words in missing)
    said = spoken(query.asked_text, Status.ABSTAINED, (), missing, metadata, notices=notices)
    return Answer(
        question=query.text,
        status=Status.ABSTAINED,
        answer=markdown(segments),
        statements=(),
        citations=(),
        missing=texts,
        nearest=tuple(provision.id for provision in nearest),
        notices=notices,
        spoken=text_of(said),
        searched=hits.searched,
        engine=ENGINE,
        corpus=snapshot.corpus,
        seconds=0.0,
        segments=segments,
        missing_words=tuple(missing),
        spoken_words=said,
    )


def _citations(
    snapshot: Snapshot, quotes: Sequence[Quote], query: Query, metadata: Mapping[str, Metadata]
) -> tuple[Citation, ...]:
    provisions = snapshot.provisions(quote.provision for quote in quotes)
    citations = []
    for key, quote in enumerate(quotes, start=1):
        provision = provisions[quote.provision]
        row = metadata[provision.doc_id]
        citations.append(
            Citation(
                key=key,
                provision=provision.id,
                document=row.title,
                label=provision.label,
                quote=quote.text,
                start=quote.start,
                end=quote.end,
                force=quote.force,
                jurisdiction=narrowed(row.jurisdiction, row.title),
                validity=validity_on(row, query.as_of),
            )
        )
    return tuple(citations)


def _conditions(query: Query, citations: Sequence[Citation]) -> tuple[Condition, ...]:
    """Return the conditions of what is quoted; where and when a document applies is told by notices."""
    ruling = [one for one in citations if not {Force.SCOPE, Force.VALIDITY}.intersection(one.force[:1])]
    return tuple(_traced(query, one) for one in conditions(query.asked_text, ruling, places=query.places))


def _traced(query: Query, condition: Condition) -> Condition:
    """Return a condition with what decides it at its place in the turn that says it."""
    if not condition.said or not query.slices:
        return condition
    [(turn, start, end), *_] = traced(query, condition.said_start, condition.said_end) or [("", 0, 0)]
    return replace(condition, said_turn=turn, said_start=start, said_end=end)


def _statement(snapshot: Snapshot, citation: Citation, metadata: Mapping[str, Metadata]) -> Statement:
    words = wording.statement_words(citation, metadata[citation.provision.partition(":")[0]])
    return Statement(text_of(words), (citation.key,), citation_holds(snapshot, citation), words)


def timed(result: Answer, seconds: float) -> Answer:
    """Return the answer with the time it took."""
    return replace(result, seconds=round(seconds, 4))
