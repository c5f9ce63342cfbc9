"""Fusion: what speaks for each candidate, and one score from it (design §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.index import Snapshot
from assistant.retrieval.candidates import Candidates, Scored, document_of
from assistant.retrieval.references import FOLLOWED, Direction, neighbours, reference_signal
from assistant.retrieval.scope import Sieve


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts for; a retriever whose signal counts nothing proposes nothing either.

    Attributes:
        article, sentence: of the cosines of a unit and of its best sentence.
        lexical: of the BM25 of the question's own words, divided by the best BM25 of the question.
        terms: of the BM25 of the terms of art that its everyday words stand for, divided likewise; only questions with
            such words have it, so that the weight of words depends on the question.
        asked: of the cosine, above `ASKED_FROM`, of the nearest question that the unit is known to answer (asked.toml).
        references: of being cited by a strong candidate; 0 follows none. Measured on STARD, see eval/reports.
        possible: what is taken off a unit that applies in a part of the asker's area only: where two say the same, the
            province's rule comes before that of one of its cities.
        topic: what is added to the unit that answered the question that a follow-up goes on from; half of it to others
            that answered with it.
    """

    article: float = 1.0
    sentence: float = 1.0
    lexical: float = 0.1
    terms: float = 0.2
    asked: float = 1.5
    references: float = 0.0
    possible: float = 0.05
    topic: float = 0.2


# Questions less alike than this are about different things: documents without questions of their own lose nothing.
ASKED_FROM = 0.4

DEFAULT_WEIGHTS = Weights()

Fused = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for each unit. `sentences` holds the cosines of its sentences, in the order of the text."""

    values: Mapping[str, Mapping[str, float]]
    sentences: Mapping[str, NDArray[np.float32]]


def signals(snapshot: Snapshot, proposed: Candidates, vector: NDArray[np.float32], *, sentences: bool) -> Signals:
    """Return the signals of the candidates, unweighted: cosines (article, sentence, asked), shares (lexical, terms).

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
            "asked": max(proposed.asked.get(unit, 0.0) - ASKED_FROM, 0.0),
        }
        for unit, one in found.items()
    }
    return Signals(values, {unit: one.sentences for unit, one in found.items()})


def _shares(scores: Mapping[str, float]) -> Scored:
    """Return each score divided by the best."""
    best = max(scores.values(), default=0.0)
    return {unit: score / best for unit, score in scores.items()} if best else {}


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
            "asked": weights.asked * found.get("asked", 0.0),
        }
        if document_of(unit) in sieve.possible:
            parts["place"] = -weights.possible
        fused[unit] = parts
    return fused


def lifted_topic(fused: Fused, weights: Weights, topic: Sequence[str]) -> Fused:
    """Return scores with the units that answered the question before lifted; unchanged where there are none."""
    if not topic or not weights.topic:
        return fused
    lift = {unit: weights.topic / (1 if place == 0 else 2) for place, unit in enumerate(topic)}
    return {unit: {**found, "topic": lift[unit]} if unit in lift else found for unit, found in fused.items()}


def follow_references(
    snapshot: Snapshot,
    proposed: Candidates,
    fused: Fused,
    weights: Weights,
    sieve: Sieve,
    vector: NDArray[np.float32],
    as_of: date,
) -> tuple[Candidates, Fused, Signals]:
    """Return candidates and scores with what the strongest candidates cite, one hop away.

    A cited unit that nothing proposed becomes a candidate with signals of its own, which come third.
    """
    scores = {unit: sum(found.values()) for unit, found in fused.items()}
    strongest = sorted(scores, key=lambda unit: (-scores[unit], unit))[:FOLLOWED]
    signal = reference_signal(scores, neighbours(snapshot, strongest, as_of), direction=Direction.CITES)
    new = tuple(unit for unit in signal if unit not in fused and sieve.keeps(document_of(unit)))
    theirs = signals(snapshot, replace(proposed, inside=new, outside=()), vector, sentences=True)
    together = {**fused, **fuse(theirs.values, weights, sieve)}
    lifted = {
        unit: {**found, "reference": weights.references * signal[unit]} if unit in signal else found
        for unit, found in together.items()
    }
    return replace(proposed, inside=(*proposed.inside, *new)), lifted, theirs
