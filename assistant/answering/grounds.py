"""What a question, or one part of it, stands on: the words to quote, and what has no ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering import wording
from assistant.answering.asked import clause_of, facts_missing, named
from assistant.answering.completed import from_turns, own_span
from assistant.answering.extractive import Quote, close, quotes_from_hits, quotes_of_provision
from assistant.answering.follow_up_facts import details_of, facts_of
from assistant.answering.follow_up_places import beyond, elsewhere
from assistant.answering.gate import judge
from assistant.answering.matters import Matter
from assistant.answering.precedence import best_of_each, both, for_both, ordered
from assistant.answering.segments import listed, say
from assistant.answering.timing import asks_term
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.reranker import Reranker
from assistant.indexing.versions import years_of
from assistant.retrieval.hybrid import search
from assistant.retrieval.lookup import Lookup
from assistant.retrieval.rerank import hits_wanted, reranked
from assistant.schema import Found, Hit, Metadata, Query, Status, Words, text_of

HITS = 10
SHORT_NAME = 2


@dataclass(frozen=True, slots=True)
class Grounds:
    """What became of one question.

    Attributes:
        quotes: the words that answer, best first; empty where nothing speaks to it.
        missing: facts and provisions asked for that have no ground.
        hits: what the search found.
    """

    quotes: tuple[Quote, ...]
    missing: tuple[Words, ...]
    hits: Found

    @property
    def status(self) -> Status:
        """How much of the question has a ground."""
        if not self.quotes:
            return Status.ABSTAINED
        return Status.PARTIAL if self.missing else Status.ANSWERED


def grounds_of(
    snapshot: Snapshot,
    embedder: Embedder,
    query: Query,
    lookups: Sequence[Lookup],
    metadata: Mapping[str, Metadata],
    reranker: Reranker | None = None,
) -> Grounds:
    """Return what a question stands on.

    A reranker chooses what is quoted and shown, never whether anything is: the gate was fitted on the fused order.
    """
    if any(lookup.provisions for lookup in lookups):
        reranker = None  # what is named is quoted, in whatever order the search finds the rest
    query = for_both(beyond(query, metadata))
    fused = search(snapshot, embedder, query, hits_wanted(HITS, reranker))
    hits = reranked(snapshot, query, fused, HITS, reranker)
    quotes, missing = _chosen(snapshot, query, lookups, fused[:HITS], hits, metadata)
    asked = query.asked_text
    lacking = facts_missing(asked, (quote.text for quote in quotes), facts_of(query))
    if quotes:
        details = [] if lookups or (missing and not lacking) else details_of(query, lacking)
        missing += from_turns(query, [*named(asked, lacking), *details])
        if asks_term(query) and not lacking:
            missing += [say("missing_term")]
    elif not missing:
        missing = from_turns(query, named(asked, lacking) or [wording.topic(asked, *own_span(query))])
    unique = {text_of(words): words for words in missing}
    return Grounds(tuple(quotes), tuple(unique.values()), hits)


def _chosen(
    snapshot: Snapshot,
    query: Query,
    lookups: Sequence[Lookup],
    fused: Sequence[Hit],
    hits: Sequence[Hit],
    metadata: Mapping[str, Metadata],
) -> tuple[list[Quote], list[Words]]:
    """Return what to quote and which of the named provisions, documents or matters are not there.

    `fused` are the first hits before a reranker read them, `hits` those after.
    """
    looked_up = [provision for lookup in lookups for provision in lookup.provisions]
    missing = [words for lookup in lookups for words in wording.absences(lookup, metadata)]
    missing += _versions_missing(query, metadata)
    if looked_up:
        unique = {provision.id: provision for provision in looked_up}
        return [quote for provision in unique.values() for quote in quotes_of_provision(snapshot, provision)], missing
    unheld = [name for name in query.unheld if not any(lookup.reference.unheld == name for lookup in lookups)]
    missing += [wording.not_held(name) for name in unheld]
    if missing and (lookups or not query.doc_ids or (unheld and not _named_in_full(query))):
        return [], missing  # a provision or document was asked for that is not there: nothing else answers for it
    judged = judge(snapshot, query, fused)
    if not judged.opens:
        return [], [*missing, *_named(query, judged.absent)]
    missing += _named(query, judged.absent)  # what else is asked has a ground, this has none
    if both(query):
        return quotes_from_hits(snapshot, best_of_each(hits)), missing
    chosen = elsewhere(hits, query, metadata) or ordered(close(hits), query, metadata)
    return quotes_from_hits(snapshot, chosen), missing


def _named_in_full(query: Query) -> bool:
    """Return whether a question names a held document by more than a word such as 条例, which any of them is."""
    names = (query.asked_text[start:end].strip("《》") for start, end in query.named_at)
    return any(len(name) > SHORT_NAME and name not in query.unheld for name in names)


def _named(query: Query, absent: Sequence[Matter]) -> list[Words]:
    """Return matters of other rules as what is missing, the first with the words by which the question asks."""
    if not absent:
        return []
    matters = listed(say(f"matter.{matter.number}") for matter in absent)
    text, (start, end) = query.asked_text, own_span(query)
    if end - start > wording.MAX_TOPIC:  # of a story, what names the matter
        name = next((name for name in absent[0].names if name in text[start:end]), "")
        start = max(start, clause_of(text, name)) if name else start
    return from_turns(query, [say("missing_fact", fact=matters, words=wording.topic(text, start, end))])


def _versions_missing(query: Query, metadata: Mapping[str, Metadata]) -> list[Words]:
    """Return the versions that the question names by their year, of documents it names, and that are not held."""
    named = [metadata[doc_id] for doc_id in query.doc_ids]
    held = {year for row in named for year in years_of(row)}
    return [wording.version_not_held(named[0].title, year) for year in query.years if named and year not in held]
