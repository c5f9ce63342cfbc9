"""From a question to an answer that quotes, or that says what has no ground."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from assistant.answering import wording
from assistant.answering.asked import facts_missing
from assistant.answering.extractive import Quote, quotes_from_hits, quotes_of_provision
from assistant.answering.gate import default_gate, gate_signals, says_nothing
from assistant.answering.matters import asks_several, matters_absent
from assistant.citing.verify import citation_holds
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.reranker import Reranker
from assistant.indexing.validity import validity_on
from assistant.indexing.versions import years_of
from assistant.places import Sight, narrowed, place_words, places_words, sees
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
    NoticeKind,
    Query,
    Reason,
    Statement,
    Status,
    ValidityState,
)
from assistant.wording import KIND_NAMES, UNVERIFIED_METADATA, left_out_words, level_words, validity_words

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
        return _abstained(snapshot, query, hits, missing, metadata, _left_out(hits))
    citations = _citations(snapshot, quotes, query, metadata)
    missing += [fact.name for fact in facts_missing(query.asked_text, (quote.text for quote in quotes))]
    statements = tuple(_statement(snapshot, citation) for citation in citations)
    # What was left out changes an answer only where it would have come before all that is quoted.
    first = hits.left_out[:1] and hits.left_out[0].rank == 1 and not lookups
    notices = _notices(citations, query, metadata) + (_left_out(hits)[:1] if first else ())
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
    absent = matters_absent(snapshot, query.asked_text)
    missing += absent
    if absent and not (query.terms and asks_several(query.asked_text)):
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
    gaps = missing or [fact.name for fact in facts_missing(query.asked_text, ())] or [wording.topic(query.search_text)]
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


def _notices(citations: Sequence[Citation], query: Query, metadata: Mapping[str, Metadata]) -> tuple[Notice, ...]:
    """Return the warnings that change the answer: not in force then, not in force there, not of the kind asked for.

    Or its metadata were checked by nobody.
    """
    notices = []
    for doc_id in dict.fromkeys(citation.provision.partition(":")[0] for citation in citations):
        row = metadata[doc_id]
        validity = validity_on(row, query.as_of)
        if validity.state not in (ValidityState.IN_FORCE, ValidityState.UNKNOWN):
            notices.append(Notice(NoticeKind.TIME, f"《{row.title}》{validity_words(validity)}"))
        area = narrowed(row.jurisdiction, row.title)
        sights = {sees(region, area) for region in query.regions}
        elsewhere = [region for region in query.regions if sees(region, area) is Sight.ELSEWHERE]
        if Sight.APPLIES in sights and elsewhere:  # one side of a move: no claim on the other (design §5)
            place = f"《{row.title}》只适用于{place_words(area)}，不适用于{places_words(elsewhere)}"
            notices.append(Notice(NoticeKind.JURISDICTION, place))
        elif sights and Sight.APPLIES not in sights:
            asked = places_words(query.regions)
            possible = f"，在{asked}只适用于其中这一部分" if Sight.POSSIBLE in sights else f"，不适用于{asked}"
            place = f"《{row.title}》适用于{place_words(area)}{possible}"
            notices.append(Notice(NoticeKind.JURISDICTION, place))
        if query.kinds and row.kind not in query.kinds:
            notices.append(
                Notice(NoticeKind.METADATA, f"《{row.title}》属于{KIND_NAMES[row.kind]}，不是所选的文件种类")
            )
        if query.levels and row.level is not None and row.level not in query.levels:
            notices.append(Notice(NoticeKind.METADATA, f"《{row.title}》是{level_words(row.level)}，不是所选的位阶"))
        if not row.verified:
            notices.append(
                Notice(NoticeKind.METADATA, f"《{row.title}》{UNVERIFIED_METADATA}：效力、日期与适用地域请自行核对")
            )
    return tuple(notices)


# What a notice on a provision that was left out is about.
_LEFT_OUT: Mapping[Reason, NoticeKind] = MappingProxyType(
    {
        Reason.JURISDICTION: NoticeKind.JURISDICTION,
        Reason.TIME: NoticeKind.TIME,
        Reason.VERSION: NoticeKind.TIME,
        Reason.KIND: NoticeKind.METADATA,
        Reason.LEVEL: NoticeKind.METADATA,
    }
)


def _left_out(hits: Found) -> tuple[Notice, ...]:
    """Return a notice for each provision that the scope of the question left out, one a document."""
    first = {one.provision.doc_id: one for one in reversed(hits.left_out)}
    told = [one for one in hits.left_out if first[one.provision.doc_id] is one]
    return tuple(Notice(_LEFT_OUT[one.reason], f"没有采用：{left_out_words(one, hits.regions)}") for one in told)


def timed(result: Answer, seconds: float) -> Answer:
    """Return the answer with the time it took."""
    return replace(result, seconds=round(seconds, 4))
