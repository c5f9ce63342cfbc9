"""Candidates: the units that words or vectors propose, those the scope leaves out kept apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.index import Snapshot
from assistant.retrieval.scope import Sieve

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

# Units that the nearest questions of asked.toml propose.
ASKED = 20

Scored = dict[str, float]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Units to score: those inside the scope and the likeliest outside it.

    `lexical` and `terms` hold the BM25 of those that share words with the question, or with its terms of art; `asked`
    the cosine of the nearest question that a unit is known to answer.
    """

    inside: tuple[str, ...]
    outside: tuple[str, ...]
    lexical: Mapping[str, float]
    terms: Mapping[str, float]
    asked: Mapping[str, float] = field(default_factory=dict)


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
        few = sum(sieve.keeps(document_of(unit)) for unit in found) < wanted
        if few and sieve.out and not chosen:  # too rare to be met, or passed over by an approximate search
            kept = tuple(doc_id for doc_id in snapshot.metadata() if sieve.keeps(doc_id))
            inside.extend(unit for unit, _ in snapshot.nearest(vector, wanted, kept))
    asked = snapshot.near_asked(vector) if vector is not None else {}
    likeliest = sorted(asked, key=lambda unit: (-asked[unit], unit))[:ASKED]
    inside.extend(unit for unit in likeliest if sieve.keeps(document_of(unit)))
    return Candidates(tuple(dict.fromkeys(inside)), tuple(dict.fromkeys(outside)), lexical, told, asked)


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
        inside = [pair for pair in proposed if sieve.keeps(document_of(pair[0]))]
        if not widen or len(inside) >= wanted or len(proposed) < asked or asked > WIDEST * wanted:
            break
        asked *= WIDENING
    left = [pair for pair in proposed[: wanted + OUTSIDE] if document_of(pair[0]) in sieve.out][:OUTSIDE]
    return inside[:wanted], left


def document_of(unit: str) -> str:
    """Return the document of a unit: its id up to the colon."""
    return unit.partition(":")[0]
