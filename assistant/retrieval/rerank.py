"""The first hits read again by a reranker: their order becomes a mix of both opinions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.reranker import Reranker
from assistant.schema import Hit

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
