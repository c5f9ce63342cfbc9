"""Why a question was answered as it was: what was found, with its scores, and how the gate judged it."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answering.gate import default_gate, judge
from assistant.answering.grounds import HITS
from assistant.answering.parts import parts_of_query
from assistant.answering.precedence import for_both
from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.reranker import Reranker
from assistant.retrieval.hybrid import search
from assistant.retrieval.lookup import look_up
from assistant.retrieval.rerank import hits_wanted, reranked
from assistant.schema import Found, Query


@dataclass(frozen=True, slots=True)
class Why:
    """What a question, or one part of it, was decided on.

    Attributes:
        text: the question or part, as it was searched.
        terms: terms of art that its everyday words stand for.
        found: the hits with their signals, and what the scope left out.
        named: whether provisions were named and looked up; then the gate is not asked.
        signals: what the gate went by, each as `gate_signals` says.
        weights: what each of them counts for.
        score, threshold: from `threshold` on, the evidence speaks.
        opens: whether the gate takes the evidence to speak to the question.
    """

    text: str
    terms: tuple[str, ...]
    found: Found
    named: bool
    signals: Mapping[str, float]
    weights: Mapping[str, float]
    score: float
    threshold: float
    opens: bool


def why(snapshot: Snapshot, embedder: Embedder, query: Query, reranker: Reranker | None = None) -> tuple[Why, ...]:
    """Return what each part of a question was decided on; one for a single question."""
    asked = [part.query for part in parts_of_query(snapshot, embedder, query)] or [query]
    named = any(lookup.provisions for lookup in look_up(snapshot, query, snapshot.metadata()))
    return tuple(_why(snapshot, embedder, one, None if named else reranker, named=named) for one in asked)


def _why(snapshot: Snapshot, embedder: Embedder, query: Query, reranker: Reranker | None, *, named: bool) -> Why:
    """Decide as `assistant.answering.grounds` does, and keep what it went by."""
    query = for_both(query)
    fused = search(snapshot, embedder, query, hits_wanted(HITS, reranker))
    judged = judge(snapshot, query, fused[:HITS])
    gate = default_gate()
    return Why(
        text=query.asked_text,
        terms=query.terms,
        found=reranked(snapshot, query, fused, HITS, reranker),
        named=named,
        signals=judged.signals,
        weights=gate.weights,
        score=gate.score(judged.signals),
        threshold=gate.threshold,
        opens=judged.opens,
    )
