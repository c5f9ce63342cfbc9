"""What reads a question and a passage together: the shape every reranker has, and `load_reranker` that makes one.

The rerankers stand in `onnx_reranker` (shipped) and `st_reranker` (any cross-encoder of sentence-transformers).
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

OFF = "off"
BUILTIN = "builtin"
SENTENCE_TRANSFORMERS = "sentence-transformers:"


class Reranker(Protocol):
    """What retrieval needs of a reranker. Safe to call from several threads.

    Attributes:
        name: of the model.
        revision: changes whenever the same pair would get another score.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - described above
    @property
    def revision(self) -> str: ...  # noqa: D102 - described above

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each passage answers the question, float32 (n,): higher is better, on a scale of its own.

        Scores compare passages of one question; they are logits, not probabilities.

        Args:
            question: as searched, without document names and courtesies.
            passages: each with its document's title, headings and article name in front (`texts.passage_text`).
        """


def load_reranker(spec: str) -> Reranker | None:
    """Return the reranker that the setting names, None for "off". Nothing is ever downloaded.

    Args:
        spec: "off", "builtin", or "sentence-transformers:" and a folder, or a name in the local Hugging Face cache.

    Raises:
        MissingDependencyError: the extra `[models]` is needed and not installed.
        ModelError: there is no usable model there.
        ValueError: `spec` is none of these.
    """
    if spec == OFF:
        return None
    if spec == BUILTIN:
        from assistant.indexing.onnx_reranker import OnnxReranker, shipped_reranker

        folder = shipped_reranker()
        if not folder.is_dir():
            raise ModelError(
                "这个版本没有内置重排模型；请把设置 reranker 改为 off，或写成 sentence-transformers:模型文件夹"
            )
        return OnnxReranker(folder)
    if not spec.startswith(SENTENCE_TRANSFORMERS):
        raise ValueError(f"reranker {spec!r}: expected {OFF!r}, {BUILTIN!r} or '{SENTENCE_TRANSFORMERS}PATH-or-name'")
    from assistant.indexing.local_models import find_model

    model = find_model(spec.removeprefix(SENTENCE_TRANSFORMERS), "reranker")
    from assistant.indexing.st_reranker import SentenceTransformersReranker

    return SentenceTransformersReranker(model.folder, model.name)
