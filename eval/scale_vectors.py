"""Vectors for texts too many to embed here: cached ones, or random ones; a copy of a law gets its vector, perturbed."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.embedder import Embedder
from assistant.indexing.texts import content_hash
from eval.scale_corpus import COPY_MARK
from eval.vector_cache import VectorCache

_MARK = re.compile(COPY_MARK.format(r"\d+"))  # matches （副本3）, refuses （副本）
# Length of what is added to a vector of length 1: a copy then has a cosine of about 0.96 with the law it is of.
NOISE = 0.3


class ScaleEmbedder:
    """An embedder whose passages come from a cache, and are random unit vectors where it has none.

    Attributes:
        synthetic: passages answered with random vectors so far.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache | None) -> None:
        self.name = embedder.name
        self.revision = embedder.revision
        self.dimension = embedder.dimension
        self._embedder = embedder
        self._cache = cache
        self.synthetic = 0

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, computed."""
        return self._embedder.embed_queries(texts)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return vectors, float32 (n, dimension), rows of unit length; the same text gets the same vector."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            law = _MARK.sub("", text)
            digest = content_hash(law)
            if self._cache is not None and digest in self._cache:
                vectors[row] = self._cache.get(digest)
            else:
                vectors[row] = _unit(digest, self.dimension)
                self.synthetic += 1
            if law != text:
                vectors[row] += NOISE * _unit(content_hash(text), self.dimension)
        if progress:
            progress(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _unit(digest: str, dimension: int) -> NDArray[np.float32]:
    """Return a vector of unit length, evenly spread over all directions, drawn by a content hash."""
    vector = np.random.default_rng(int(digest, 16)).standard_normal(dimension, dtype=np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
