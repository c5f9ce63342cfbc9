"""From a question to an answer that quotes, or that says what has no ground."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answering import wording
from assistant.answering.applicability import left_out_notices, metadata_notices, place_notices
from assistant.answering.asked import facts_missing
from assistant.answering.extractive import Quote, quotes_from_hits, quotes_of_provision
from assistant.answering.gate import default_gate, gate_signals, says_nothing
from assistant.answering.matters import asks_several, matters_absent
from assistant.answering.timing import time_notices
from assistant.citing.verify import citation_holds
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.reranker import Reranker
from assistant.indexing.validity import validity_on
from assistant.indexing.versions import years_of
from assistant.places import narrowed
from assistant.retrieval.hybrid import search
from assistant.retrieval.lookup import Lookup, look_up
from assistant.retrieval.rerank import hits_wanted, reranked
from assistant.schema import (
    Answer,
    Citation,
    Found,
    Hit,
    Metadata,
    Notice,
    Query,
    Statement,
    Status,
)

ENGINE = "extractive"
NEAREST = 3
HITS = 10


def answer(snapshot: Snapshot, embedder: Embedder, query: Query, reranker: Reranker | None = None) -> Answer:
    """Return the answer to a question, from one snapshot of the corpus; `seconds` is 0 and set by the caller.

    answered: every fact asked for stands in a quote. partial: a provision speaks to the matter, but a fact asked for or
    a provision that was named is not there. abstained: nothing speaks to it, and `nearest` says where to look.

    A reranker chooses what is quoted and shown, never whether anything is: the gate was fitted on the fused order.
    """
    metadata = snapshot.metadata()
    lookups = look_up(snapshot, query, metadata)
    if any(lookup.provisions for lookup in lookups):
        reranker = None  # what is named is quoted, in whatever order the search finds the rest
    fused = search(snapshot, embedder, query, hits_wanted(HITS, reranker))
    hits = reranked(snapshot, query, fused, HITS, reranker)
    quotes, missing = _grounds(snapshot, query, lookups, fused[:HITS], hits, metadata)
    if not quotes:
        return _abstained(snapshot, query, hits, missing, metadata, left_out_notices(hits, metadata))
    citations = _citations(snapshot, quotes, query, metadata)
    missing += [fact.name for fact in facts_missing(query.text, (quote.text for quote in quotes))]
    statements = tuple(_statement(snapshot, citation) for citation in citations)
    # What was left out changes an answer only where it would have come before all that is quoted.
    first = hits.left_out[:1] and hits.left_out[0].rank == 1 and not lookups
    notices = (
        *place_notices(snapshot, query, citations, metadata),
        *time_notices(snapshot, query, citations, metadata),
        *metadata_notices(query, citations, metadata),
        *(left_out_notices(hits, metadata)[:1] if first else ()),
    )
    status = Status.PARTIAL if missing else Status.ANSWERED
    return Answer(
        question=query.text,
        status=status,
        answer=wording.answer_markdown(status, statements, missing, notices),
        statements=statements,
        citations=citations,
        missing=tuple(missing),
        nearest=(),
        notices=notices,
        spoken=wording.spoken(status, citations, missing, notices),
        searched=hits.searched,
        engine=ENGINE,
        corpus=snapshot.corpus,
        seconds=0.0,
    )


def _grounds(
    snapshot: Snapshot,
    query: Query,
    lookups: Sequence[Lookup],
    fused: Sequence[Hit],
    hits: Sequence[Hit],
    metadata: Mapping[str, Metadata],
) -> tuple[list[Quote], list[str]]:
    """Return what to quote and which of the named provisions or documents are not there.

    `fused` are the first hits before a reranker read them, `hits` those after.
    """
    named = [provision for lookup in lookups for provision in lookup.provisions]
    missing = list(dict.fromkeys(text for lookup in lookups for text in wording.absences(lookup, metadata)))
    missing += _versions_missing(query, metadata)
    if named:
        unique = {provision.id: provision for provision in named}
        return [quote for provision in unique.values() for quote in quotes_of_provision(snapshot, provision)], missing
    unheld = [name for name in query.unheld if not any(lookup.reference.unheld == name for lookup in lookups)]
    missing += [wording.not_held(name) for name in unheld]
    if missing and (lookups or not query.doc_ids):
        return [], missing  # a provision or document was asked for that is not there: nothing else answers for it
    absent = matters_absent(snapshot, query.text)
    missing += absent
    if absent and not (query.terms and asks_several(query.text)):
        return [], missing  # nothing else that is asked is a matter of these documents
    signals = gate_signals(query, fused, snapshot.tokenizer)
    if says_nothing(query, signals) or not default_gate().opens(signals):
        return [], missing
    return quotes_from_hits(snapshot, hits), missing


def _versions_missing(query: Query, metadata: Mapping[str, Metadata]) -> list[str]:
    """Return the versions that the question names by their year, of documents it names, and that are not held."""
    named = [metadata[doc_id] for doc_id in query.doc_ids]
    held = {year for row in named for year in years_of(row)}
    return [wording.not_held(named[0].title, f"{year}年的版本") for year in query.years if named and year not in held]


def _abstained(
    snapshot: Snapshot,
    query: Query,
    hits: Found,
    missing: list[str],
    metadata: Mapping[str, Metadata],
    notices: tuple[Notice, ...],
) -> Answer:
    gaps = missing or [fact.name for fact in facts_missing(query.text, ())] or [wording.topic(query.search_text)]
    nearest = tuple(hit.provision for hit in hits[:NEAREST])
    return Answer(
        question=query.text,
        status=Status.ABSTAINED,
        answer=wording.abstention_markdown(gaps, nearest, metadata, notices),
        statements=(),
        citations=(),
        missing=tuple(gaps),
        nearest=tuple(provision.id for provision in nearest),
        notices=notices,
        spoken=wording.spoken(Status.ABSTAINED, (), gaps),
        searched=hits.searched,
        engine=ENGINE,
        corpus=snapshot.corpus,
        seconds=0.0,
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


def _statement(snapshot: Snapshot, citation: Citation) -> Statement:
    return Statement(wording.statement(citation), (citation.key,), citation_holds(snapshot, citation))


def timed(result: Answer, seconds: float) -> Answer:
    """Return the answer with the time it took."""
    return replace(result, seconds=round(seconds, 4))
