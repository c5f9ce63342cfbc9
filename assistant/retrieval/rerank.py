"""The first hits read again by a reranker: their order becomes a mix of both opinions.

found = search(snapshot, embedder, query, hits_wanted(k, reranker))
found = reranked(snapshot, query, found, k, reranker)
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.index import Snapshot
from assistant.indexing.reranker import Reranker, load_reranker
from assistant.indexing.texts import passage_text
from assistant.schema import Found, Hit, ProvisionKind, Query

SIGNAL = "rerank"


@dataclass(frozen=True, slots=True)
class RerankWeights:
    """How far a reranker is listened to.

    Attributes:
        depth: how many of the first hits it reads; each costs some ten milliseconds.
        share: of its opinion in the mix, from 0 (the fused order stays) to 1 (the fused order is forgotten).
    """

    depth: int = 20
    share: float = 0.5

    def __post_init__(self) -> None:
        if self.depth < 0 or not 0 <= self.share <= 1:
            raise ValueError(f"depth {self.depth}, share {self.share}: expected depth >= 0 and 0 <= share <= 1")


DEFAULT_RERANK = RerankWeights()


class LazyReranker:
    """The reranker that the setting names, loaded once, by the first question that needs it. Any thread may ask."""

    def __init__(self, spec: str) -> None:
        """Remember the setting; nothing is loaded."""
        self._spec = spec
        self._lock = threading.Lock()
        self._loaded: tuple[Reranker | None] | None = None

    def get(self) -> Reranker | None:
        """Return the reranker; None for "off", at no cost.

        Raises:
            MissingDependencyError, ModelError: as `load_reranker`; the next call tries again.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = (load_reranker(self._spec),)
            return self._loaded[0]


def hits_wanted(k: int, reranker: Reranker | None, weights: RerankWeights = DEFAULT_RERANK) -> int:
    """Return how many hits to search for so that the reranker has its `depth` to read and k remain."""
    return k if reranker is None else max(k, weights.depth)


def reranked(
    snapshot: Snapshot,
    query: Query,
    found: Found,
    k: int,
    reranker: Reranker | None,
    weights: RerankWeights = DEFAULT_RERANK,
) -> Found:
    """Return the k best of what was found after the reranker has read the first hits; the same where there is none.

    Each part of a question of several parts is read by itself, all parts together `weights.depth` hits (rounded
    up), and the hits are again taken in turn. What the scope left out stays as it was, ranked by the fused scores.

    Args:
        snapshot: the one that was searched.
        query: the one that was searched for.
        found: with `hits_wanted(k, reranker)` hits.
        k: hits to keep.
        reranker: None for "off".
        weights: how many hits are read, and how much the reading counts.
    """
    if reranker is None:
        return found
    questions = [part.search_text for part in query.parts] or [query.search_text]
    share = replace(weights, depth=-(-weights.depth // len(questions)))
    titles = snapshot.metadata()
    by_part = []
    for number, question in enumerate(questions):
        hits = [hit for hit in found if hit.part == number]
        starts = _starts(snapshot, hits[: share.depth])

        def passage_of(hit: Hit, starts: dict[str, int] = starts) -> str:
            unit = hit.provision
            return passage_text(
                titles[unit.doc_id].title,
                unit.headings,
                unit.label,
                unit.text[starts.get(unit.id, unit.start) - unit.start :],
            )

        by_part.append(rerank(question or query.text, hits, reranker, passage_of, share))
    merged = [hit for turn in zip_longest(*by_part) for hit in turn if hit is not None][:k]
    return replace(found, hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(merged, start=1)))


def _starts(snapshot: Snapshot, hits: Sequence[Hit]) -> dict[str, int]:
    """Return where the words of each article begin, behind its number, which the label says already."""
    articles = [hit.provision.id for hit in hits if hit.provision.kind is ProvisionKind.ARTICLE]
    return {unit: inside[0].start for unit, inside in snapshot.unit_sentences(articles).items() if inside}


def rerank(
    question: str,
    hits: Sequence[Hit],
    reranker: Reranker,
    passage_of: Callable[[Hit], str],
    weights: RerankWeights,
) -> list[Hit]:
    """Return the hits with the first `weights.depth` in a new order; the others keep their places behind them.

    Args:
        question: as searched.
        hits: best first.
        reranker: what reads question and passage together.
        passage_of: a hit's text with title, headings and article name in front, as it was indexed.
        weights: how many are read, and how much the reading counts.
    """
    first = hits[: weights.depth]
    if len(first) < 2 or weights.share == 0:
        return list(hits)
    return mixed(hits, reranker.scores(question, [passage_of(hit) for hit in first]), weights.share)


def mixed(hits: Sequence[Hit], scores: NDArray[np.float32], share: float) -> list[Hit]:
    """Return the hits re-ordered by (1 - share) × fused score + share × reranker's score.

    The reranker's scores are first stretched onto the range of these hits' fused scores: a logit and a fused score have
    no common scale, and so a hit's new score still compares with the hits behind, which nobody read. What the reranker
    itself said stays in the signal "rerank". Where the mix is equal the reranker decides, then the order before.

    Args:
        hits: best first, at least as many as `scores`.
        scores: float32 (n,), of the first n hits, higher is better.
        share: of the reranker, 0 to 1.
    """
    first, rest = hits[: len(scores)], hits[len(scores) :]
    if not first:
        return list(hits)
    fused = np.array([hit.score for hit in first])
    read = scores.astype(np.float64)
    low, spread = fused.min(), fused.max() - fused.min()
    width = read.max() - read.min()
    # All read alike: the reranker prefers none, so it moves none.
    stretched = low + spread * (read - read.min()) / width if width > 0 else fused
    final = (1 - share) * fused + share * stretched
    order = np.lexsort((-read, -final))  # stable; the last key counts first
    moved = [
        replace(
            first[position],
            score=float(final[position]),
            signals=MappingProxyType({**first[position].signals, SIGNAL: float(scores[position])}),
        )
        for position in order
    ]
    return [replace(hit, rank=rank) for rank, hit in enumerate((*moved, *rest), start=1)]
