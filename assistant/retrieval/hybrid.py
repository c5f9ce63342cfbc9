"""Hybrid search in stages: candidates → signals → fuse → rank (design §6).

candidates   units that words or vectors propose, those the scope leaves out kept apart
signals      for each unit: cosine of its article, of its best sentence, BM25 of the question's words, BM25 of its terms
fuse         one score a unit, by `Weights`; what a strong candidate cites may be followed
rank         the best k inside the scope, and what would have stood among them outside it
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.validity import validity_on
from assistant.places import narrowed
from assistant.retrieval.candidates import FETCH, Candidates, candidates, document_of
from assistant.retrieval.fusion import DEFAULT_WEIGHTS, Signals, Weights, follow_references, fuse, lifted_topic, signals
from assistant.retrieval.scope import Sieve, sieve_of
from assistant.schema import Found, Hit, LeftOut, Part, Provision, Query, Reason, Scope


class Mode(StrEnum):
    """Which signals rank: all of them, or one alone (for comparison)."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    VECTORS = "vectors"


# What was left out is said when it would have stood among so many first hits.
TOLD = 5
# Weight of shared bigrams beside the cosine when the sentences of one unit are compared.
SHARED_WORDS = 0.1


def search(
    snapshot: Snapshot,
    embedder: Embedder,
    query: Query,
    k: int = 10,
    mode: Mode = Mode.HYBRID,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Found:
    """Return the k best units for a question, best first, and what its scope left out.

    Score in [-2, 2.5] for HYBRID with the default weights: the weighted sum of the signals. A question of several parts
    is searched part by part, and the hits are taken in turn.
    """
    sieve = sieve_of(snapshot, query.scope)
    parts = query.parts or (Part(query.search_text, (*query.terms, *query.general), query.focus),)
    found = [_search_part(snapshot, embedder, part, query, sieve, k, mode, weights) for part in parts]
    hits = _in_turn([hits for hits, _ in found])[:k]
    left_out = {one.provision.id: one for _, outside in found for one in outside}
    return Found(
        hits=tuple(_with_smallest(snapshot, hits)),
        left_out=tuple(sorted(left_out.values(), key=lambda one: (one.rank, -one.score))[:TOLD]),
        regions=query.regions,
        searched=sieve.searched,
        excluded=len(sieve.out),
    )


def _search_part(
    snapshot: Snapshot,
    embedder: Embedder,
    part: Part,
    query: Query,
    sieve: Sieve,
    k: int,
    mode: Mode,
    weights: Weights,
) -> tuple[list[Hit], list[LeftOut]]:
    # The terms of art find words, not meanings: measured, they add nothing to the vectors and much to BM25.
    texts = [text for text in (part.search_text, part.beside) if text]
    vector = None if mode is Mode.LEXICAL else _mean(embedder.embed_queries(texts))
    words = "" if mode is Mode.VECTORS or not weights.lexical else " ".join(texts)
    terms = " ".join(part.terms) if mode is Mode.HYBRID and weights.terms else ""
    scope, topic = query.scope, query.topic if mode is Mode.HYBRID else ()
    proposed = candidates(snapshot, sieve, words, terms, vector, FETCH + k)
    if topic:
        kept = [unit for unit in topic if sieve.keeps(document_of(unit))]
        proposed = replace(proposed, inside=tuple(dict.fromkeys((*proposed.inside, *kept))))
    if vector is None:
        units = (*proposed.inside, *proposed.outside)
        speaking = Signals({unit: {"lexical": proposed.lexical[unit]} for unit in units}, {})
    else:
        speaking = signals(snapshot, proposed, vector, sentences=mode is Mode.HYBRID)
    fused = fuse(speaking.values, weights, sieve) if mode is Mode.HYBRID else speaking.values
    sentences = dict(speaking.sentences)
    if weights.references and vector is not None and mode is Mode.HYBRID:
        proposed, fused, cited = follow_references(snapshot, proposed, fused, weights, sieve, vector, scope.as_of)
        sentences |= cited.sentences
    fused = lifted_topic(fused, weights, topic)
    hits, left_out = rank(snapshot, proposed, fused, scope, sieve, k)
    return _with_sentences(snapshot, hits, sentences, f"{words} {terms}"), left_out


def _mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of some vectors, float32 (dim,), of unit length again."""
    total = vectors.sum(axis=0)
    mean: NDArray[np.float32] = total / (np.linalg.norm(total) or 1.0)
    return mean


def _with_sentences(
    snapshot: Snapshot, hits: Sequence[Hit], cosines: Mapping[str, NDArray[np.float32]], words: str
) -> list[Hit]:
    """Return the hits with their sentences, each with cosine + 0.1 × bigrams shared / most shared by one of them.

    Args:
        snapshot: the corpus.
        hits: of one search; of the many units that were scored, only these are read.
        cosines: of the sentences of every unit that was scored.
        words: what BM25 searched for.
    """
    read = snapshot.unit_sentences([hit.provision.id for hit in hits if hit.provision.id in cosines])
    wanted = frozenset(snapshot.tokenizer.bigrams(words))
    found = []
    for hit in hits:
        sentences = read.get(hit.provision.id, ())
        shared = [len(wanted.intersection(LexicalTokenizer.bigrams(sentence.text))) for sentence in sentences]
        most = max(shared, default=0) or 1
        near = cosines.get(hit.provision.id, ())
        scores = (float(cosine) + SHARED_WORDS * count / most for cosine, count in zip(near, shared, strict=True))
        found.append(replace(hit, sentences=tuple(zip(sentences, scores, strict=True))))
    return found


def rank(
    snapshot: Snapshot,
    proposed: Candidates,
    fused: Mapping[str, Mapping[str, float]],
    scope: Scope,
    sieve: Sieve,
    k: int,
) -> tuple[list[Hit], list[LeftOut]]:
    """Return the k best units inside the scope, and those outside it that would have been among the first."""
    scores = {unit: sum(found.values()) for unit, found in fused.items()}
    order = sorted(scores, key=lambda unit: (-scores[unit], unit))
    inside, outside = frozenset(proposed.inside), frozenset(proposed.outside)
    kept = [unit for unit in order if unit in inside][:k]
    left = [(place, unit) for place, unit in enumerate(order[:TOLD], start=1) if unit in outside]
    provisions = snapshot.provisions((*kept, *(unit for _, unit in left)))
    hits = [
        Hit(
            provision=provisions[unit],
            score=scores[unit],
            rank=place,
            signals=MappingProxyType(dict(fused[unit])),
        )
        for place, unit in enumerate(kept, start=1)
    ]
    metadata = snapshot.metadata()
    answering = {metadata[hit.provision.doc_id].work for hit in hits}
    told = []
    for place, unit in left:
        row = metadata[provisions[unit].doc_id]
        if sieve.out[row.id] is Reason.VERSION and row.work in answering:
            continue  # the version that answers speaks for the others
        told.append(
            LeftOut(
                provision=provisions[unit],
                reason=sieve.out[row.id],
                rank=place,
                score=scores[unit],
                title=row.title,
                level=row.level,
                kind=row.kind,
                jurisdiction=narrowed(row.jurisdiction, row.title),
                validity=validity_on(row, scope.as_of),
            )
        )
    return hits, told


def _in_turn(parts: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return the hits of several searches, one of each in turn; what another one has given already is passed over."""
    merged: dict[str, Hit] = {}
    waiting = [iter(hits) for hits in parts]
    given = True
    while given:
        given = False
        for part, hits in enumerate(waiting):
            hit = next((hit for hit in hits if hit.provision.id not in merged), None)
            if hit is not None:
                merged[hit.provision.id] = replace(hit, rank=len(merged) + 1, part=part)
                given = True
    return list(merged.values())


def _with_smallest(snapshot: Snapshot, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, each with the paragraph or item in which its best sentence stands."""
    best = {hit.provision.id: max(hit.sentences, key=lambda pair: pair[1])[0] for hit in hits if hit.sentences}
    found: Mapping[str, Provision] = snapshot.provisions(sentence.provision for sentence in best.values())
    return [
        replace(hit, smallest=found[best[hit.provision.id].provision] if hit.provision.id in best else hit.provision)
        for hit in hits
    ]
