"""The bridge from our array-valued embedders to llama-index's list-valued ones."""

from abc import abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray


class NumpyEmbedding(BaseEmbedding):
    """A llama-index embedding whose vectors come from `embed_queries` and `embed_passages`."""

    @abstractmethod
    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, float32 (n, dimension), rows L2-normalised."""

    @abstractmethod
    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, float32 (n, dimension), rows L2-normalised."""

    @property
    def name(self) -> str:
        """The model's name, as an index remembers it."""
        return self.model_name

    def _get_query_embedding(self, query: str) -> list[float]:
        return _lists(self.embed_queries([query]))[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return _lists(self.embed_passages([text]))[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return _lists(self.embed_passages(texts))

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._get_text_embeddings(texts)


def _lists(vectors: NDArray[np.float32]) -> list[list[float]]:
    return [[float(number) for number in row] for row in vectors]
