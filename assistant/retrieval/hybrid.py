"""Hybrid search in stages: candidates → signals → fuse → rank (design §6).

candidates   units that words or vectors propose, those the scope leaves out kept apart
signals      for each unit: cosine of its article, of its best sentence, BM25 of the question's words, BM25 of its terms
fuse         one score a unit, by `Weights`
rank         the best k inside the scope, and what would have stood among them outside it
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.embedder import Embedder
from assistant.indexing.index import Snapshot
from assistant.indexing.tokens import LexicalTokenizer
from assistant.indexing.validity import validity_on
from assistant.places import narrowed
from assistant.retrieval.scope import Sieve, sieve_of
from assistant.schema import Found, Hit, LeftOut, Part, Provision, Query, Reason, Scope


class Mode(StrEnum):
    """Which signals rank: all of them, or one alone (for comparison)."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts for; a retriever whose signal counts nothing proposes nothing either.

    Attributes:
        article, sentence: of the cosines of a unit and of its best sentence.
        lexical: of the BM25 of the question's own words, divided by the best BM25 of the question.
        terms: of the BM25 of the terms of art that its everyday words stand for, divided likewise; only questions with
            such words have it, so that the weight of words depends on the question.
        possible: what is taken off a unit that applies in a part of the asker's area only: where two say the same, the
            province's rule comes before that of one of its cities.
    """

    article: float = 1.0
    sentence: float = 1.0
    lexical: float = 0.1
    terms: float = 0.2
    possible: float = 0.05


DEFAULT_WEIGHTS = Weights()
# How many units each retriever may propose beyond the k that are wanted; sentence vectors re-score all of them.
FETCH = 100
# When the scope leaves too few of what a retriever proposed, its next fetch is this many times as large; beyond
# `WIDEST` times what is wanted, the documents inside the scope are searched one by one after all.
WIDENING = 4
WIDEST = 16
# Up to this many documents are searched one by one, every unit of them: beyond, fetching more and filtering is faster.
NARROW = 300
# Of what the scope leaves out, the first so many of each retriever are scored: one of the first hits is among them.
OUTSIDE = 20
# What was left out is said when it would have stood among so many first hits.
TOLD = 5
# Weight of shared bigrams beside the cosine when the sentences of one unit are compared.
SHARED_WORDS = 0.1

Scored = dict[str, float]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Units to score: those inside the scope and the likeliest outside it.

    `lexical` and `terms` hold the BM25 of those that share words with the question, or with its terms of art.
    """

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    lexical: Mapping[str, float]
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for each unit. `sentences` holds the cosines of its sentences, in the order of the text."""

    values: Mapping[str, Mapping[str, float]]
    sentences: Mapping[str, NDArray[np.float32]]


def search(
    snapshot: Snapshot,
    embedder: Embedder,
    query: Query,
    k: int = 10,
    mode: Mode = Mode.HYBRID,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Found:
    """Return the k best units for a question, best first, and what its scope left out.

    Score in [-2, 2.1] for HYBRID with the default weights: the sum of its signals by
    `weights`. A question of several parts is searched part by part, and the hits are taken in turn.
    """
    sieve = sieve_of(snapshot, query.scope)
    parts = query.parts or (Part(query.search_text, (*query.terms, *query.general), query.focus),)
    found = [_search_part(snapshot, embedder, part, query.scope, sieve, k, mode, weights) for part in parts]
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
    scope: Scope,
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
    proposed = candidates(snapshot, sieve, words, terms, vector, FETCH + k)
    if vector is None:
        units = (*proposed.inside, *proposed.outside)
        speaking = Signals({unit: {"lexical": proposed.lexical[unit]} for unit in units}, {})
    else:
        speaking = signals(snapshot, proposed, vector, sentences=mode is Mode.HYBRID)
    fused = fuse(speaking.values, weights, sieve) if mode is Mode.HYBRID else speaking.values
    hits, left_out = rank(snapshot, proposed, fused, scope, sieve, k)
    return _with_sentences(snapshot, hits, speaking.sentences, f"{words} {terms}"), left_out


def _mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of some vectors, float32 (dim,), of unit length again."""
    total = vectors.sum(axis=0)
    mean: NDArray[np.float32] = total / (np.linalg.norm(total) or 1.0)
    return mean


def candidates(
    snapshot: Snapshot, sieve: Sieve, words: str, terms: str, vector: NDArray[np.float32] | None, wanted: int
) -> Candidates:
    """Return the units that words and terms (where there are any) and vector (where there is one) propose.

    Each proposes `wanted` inside the scope as long as there are so many; the fetch widens until they are found.
    """
    # Few documents are searched whole; what the scope leaves out is then fetched for the telling only.
    chosen = _narrow(snapshot, sieve)
    inside: list[str] = []
    outside: list[str] = []

    def take(fetch: Callable[[int], Sequence[tuple[str, float]]], exact: Sequence[tuple[str, float]] | None) -> Scored:
        if exact is None:
            proposed, left = _sifted(fetch, sieve, wanted, widen=sieve.searched > 0)
        else:
            left = _sifted(fetch, sieve, wanted, widen=False)[1] if sieve.out else []
            proposed = list(exact)
        inside.extend(unit for unit, _ in proposed)
        outside.extend(unit for unit, _ in left)
        return dict((*proposed, *left))

    def by_words(text: str) -> Scored:
        exact = snapshot.search_text(text, wanted, chosen) if chosen else None
        return take(lambda n: snapshot.search_text(text, n), exact)

    lexical = by_words(words) if words else {}
    told = by_words(terms) if terms else {}
    if vector is not None:
        near = snapshot.nearest(vector, wanted, chosen) if chosen else None
        found = take(lambda n: snapshot.search_vectors(vector, n), near)
        few = sum(sieve.keeps(_document(unit)) for unit in found) < wanted
        if few and sieve.out and not chosen:  # too rare to be met, or passed over by an approximate search
            kept = tuple(doc_id for doc_id in snapshot.metadata() if sieve.keeps(doc_id))
            inside.extend(unit for unit, _ in snapshot.nearest(vector, wanted, kept))
    return Candidates(tuple(dict.fromkeys(inside)), tuple(dict.fromkeys(outside)), lexical, told)


def _narrow(snapshot: Snapshot, sieve: Sieve) -> tuple[str, ...]:
    """Return the documents to search one by one; none where the scope is wide, or leaves nothing at all."""
    if not sieve.only and (not sieve.out or sieve.searched > NARROW):
        return ()
    return tuple(doc_id for doc_id in (sieve.only or snapshot.metadata()) if sieve.keeps(doc_id))


def _sifted(
    fetch: Callable[[int], Sequence[tuple[str, float]]], sieve: Sieve, wanted: int, *, widen: bool
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Return what a retriever proposes inside the scope, up to `wanted`, and the first of what it proposes outside."""
    asked = wanted
    while True:
        proposed = fetch(asked)
        inside = [pair for pair in proposed if sieve.keeps(_document(pair[0]))]
        if not widen or len(inside) >= wanted or len(proposed) < asked or asked > WIDEST * wanted:
            break
        asked *= WIDENING
    left = [pair for pair in proposed[: wanted + OUTSIDE] if _document(pair[0]) in sieve.out][:OUTSIDE]
    return inside[:wanted], left


def _document(unit: str) -> str:
    return unit.partition(":")[0]


def signals(snapshot: Snapshot, proposed: Candidates, vector: NDArray[np.float32], *, sentences: bool) -> Signals:
    """Return the signals of the candidates, unweighted: cosines "article" and "sentence", shares "lexical" and "terms".

    Args:
        snapshot: the corpus.
        proposed: to be scored; units without a vector are left out.
        vector: of the question.
        sentences: whether sentences and words speak at all, or articles alone.
    """
    found = snapshot.cosines((*proposed.inside, *proposed.outside), vector)
    if not sentences:
        return Signals({unit: {"article": one.article} for unit, one in found.items()}, {})
    lexical, terms = _shares(proposed.lexical), _shares(proposed.terms)
    values = {
        unit: {
            "article": one.article,
            # A unit without sentences (a heading alone) is its own best sentence.
            "sentence": float(one.sentences.max()) if len(one.sentences) else one.article,
            "lexical": lexical.get(unit, 0.0),
            "terms": terms.get(unit, 0.0),
        }
        for unit, one in found.items()
    }
    return Signals(values, {unit: one.sentences for unit, one in found.items()})


def _shares(scores: Mapping[str, float]) -> Scored:
    """Return each score divided by the best."""
    best = max(scores.values(), default=0.0)
    return {unit: score / best for unit, score in scores.items()} if best else {}


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


def fuse(
    values: Mapping[str, Mapping[str, float]], weights: Weights, sieve: Sieve
) -> Mapping[str, Mapping[str, float]]:
    """Return what each signal adds to each unit's score, which is their sum."""
    fused: dict[str, Mapping[str, float]] = {}
    for unit, found in values.items():
        parts = {
            "article": weights.article * found["article"],
            "sentence": weights.sentence * found["sentence"],
            "lexical": weights.lexical * found["lexical"],
            "terms": weights.terms * found["terms"],
        }
        if _document(unit) in sieve.possible:
            parts["place"] = -weights.possible
        fused[unit] = parts
    return fused


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
