"""The shipped embedder: an ONNX file and a tokenizer in the package. No network, no PyTorch."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr

from assistant.indexing.numpy_embedding import NumpyEmbedding
from assistant.indexing.onnx_model import OnnxModel, available_cores, shipped_folder

MODEL = "statute-embed-zh"


class OnnxEmbedding(NumpyEmbedding):
    """statute-embed-zh: Chinese questions and provisions, 384 dimensions; what is beyond 512 tokens is cut off.

        embedder = OnnxEmbedding()
        scores = embedder.embed_passages(articles) @ embedder.embed_queries(["企业用电成本能降吗"])[0]

    The model is read when the first text comes, once, whichever thread brings it; after that any thread may call.

    Attributes:
        folder: where model.onnx, tokenizer.json and model.json lie.
        threads: how many batches of passages are computed at the same time.
    """

    folder: Path = Field(default_factory=lambda: shipped_model())
    threads: int = Field(default_factory=available_cores, ge=1)
    _model: OnnxModel = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Read what the model says of itself; the model follows with the first text."""
        super().model_post_init(context)
        self._model = OnnxModel(self.folder, "内置向量模型", self.threads)
        self.model_name = str(self._model.facts["name"])

    @classmethod
    def class_name(cls) -> str:
        """Return the name llama-index serialises this class under."""
        return "OnnxEmbedding"

    @property
    def revision(self) -> str:
        """The first 16 hex digits of the sha256 of the ONNX file."""
        return str(self._model.facts["revision"])

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._model.facts["dimension"])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, float32 (n, 384), rows L2-normalised, in the order of `texts`.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        return self._embed(self._model.facts["query_prefix"], texts, None)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, float32 (n, 384), rows L2-normalised, in the order of `texts`.

        Args:
            texts: of any length; only the first 512 tokens count.
            progress: called after every batch with the number of texts done so far.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        return self._embed(self._model.facts["passage_prefix"], texts, progress)

    def _embed(self, prefix: str, texts: Sequence[str], progress: Callable[[int], None] | None) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        tokenizer, limit = self._model.tokenizer, int(self._model.facts["max_tokens"])
        # One by one: the batch call starts threads of its own, which a later fork would warn about.
        rows = [truncated(tokenizer.encode(prefix + text).ids, limit) for text in texts]
        return self._model.run({"input_ids": rows}, (self.dimension,), progress)


def truncated(ids: list[int], limit: int) -> list[int]:
    """Return at most `limit` tokens, the last of them still the end mark.

    >>> truncated([0, 7, 8, 9, 2], 4)
    [0, 7, 8, 2]
    """
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]


def shipped_model() -> Path:
    """Return the folder of the shipped embedder inside the installed package."""
    return shipped_folder(MODEL)
