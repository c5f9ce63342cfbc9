"""What turns texts into vectors: the shape every embedder has, and `load_embedder` that makes one from a setting.

The embedders themselves stand in `onnx_embedder` (shipped, the default) and `st_embedder` (any model of
sentence-transformers); both import llama-index, so they are imported only when asked for.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BUILTIN = "builtin"
SENTENCE_TRANSFORMERS = "sentence-transformers:"


class Embedder(Protocol):
    """What indexing and retrieval need of an embedder.

    Attributes:
        name: of the model; an index remembers it, with `revision` and `dimension`.
        revision: changes whenever the same text would get another vector.
        dimension: length of a vector.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - described above
    @property
    def revision(self) -> str: ...  # noqa: D102 - described above
    @property
    def dimension(self) -> int: ...  # noqa: D102 - described above

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, float32 (n, dimension), rows L2-normalised, in the order of `texts`."""

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, float32 (n, dimension), rows L2-normalised, in the order of `texts`.

        Args:
            texts: each with its document's title, headings and article name in front (`texts.passage_text`).
            progress: called after every batch with the number of texts done so far.
        """


def load_embedder(spec: str) -> Embedder:
    """Return the embedder that the setting names. Nothing is ever downloaded.

    Args:
        spec: "builtin", or "sentence-transformers:" and a folder, or a name in the local Hugging Face cache.

    Raises:
        MissingDependencyError: the extra `[models]` is needed and not installed.
        ModelError: there is no usable model there.
        ValueError: `spec` is neither.
    """
    if spec == BUILTIN:
        from assistant.indexing.onnx_embedder import OnnxEmbedding

        return OnnxEmbedding()
    if not spec.startswith(SENTENCE_TRANSFORMERS):
        raise ValueError(f"embedder {spec!r}: expected {BUILTIN!r} or '{SENTENCE_TRANSFORMERS}PATH-or-name'")
    from assistant.indexing.local_models import find_model

    model = find_model(spec.removeprefix(SENTENCE_TRANSFORMERS), "embedder")
    from assistant.indexing.st_embedder import SentenceTransformersEmbedding

    return SentenceTransformersEmbedding(folder=model.folder, label=model.name)
