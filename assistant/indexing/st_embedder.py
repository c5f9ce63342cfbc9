"""Any model of sentence-transformers as an embedder, from a folder on this machine. Needs the extra `[models]`."""

import hashlib
import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr

from assistant.errors import ModelError
from assistant.indexing.numpy_embedding import NumpyEmbedding

# Texts handed over at once: several batches of the model, so that it can sort them by length, and few enough that
# progress moves.
CHUNK = 256
QUERY_PROMPTS = ("query",)
# A model may carry an empty "document" beside the "passage" it was trained with: the first that says something counts.
PASSAGE_PROMPTS = ("passage", "document", "corpus")
# What decides a vector: weights, tokenizer, pooling, prompts. A model card may change freely.
DECIDING = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})


class SentenceTransformersEmbedding(NumpyEmbedding):
    """A model that sentence-transformers can load, with its own prompts, read at once and never downloaded.

    On a CPU it computes in float32 whatever precision its file has; on an accelerator in the file's own.

    Attributes:
        folder: the model's folder.
        label: what an index remembers it by; the folder's name where it is empty.
    """

    folder: Path
    label: str = ""
    _model: Any = PrivateAttr()
    _revision: str = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Load the model.

        Raises:
            ModelError: the folder does not hold a model that sentence-transformers can load.
        """
        super().model_post_init(context)
        self.model_name = f"sentence-transformers:{self.label or self.folder.resolve().name}"
        self._revision = revision_of(self.folder)
        # By name, so that type checking does not need the extra.
        library = importlib.import_module("sentence_transformers")
        try:
            self._model = library.SentenceTransformer(str(self.folder), local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
            first = str(error).strip().split("\n")[0]
            raise ModelError(f"模型文件夹 {self.folder.name} 无法加载（{first}）；请检查它是否完整") from error
        if self._model.device.type == "cpu":
            self._model.float()

    @classmethod
    def class_name(cls) -> str:
        """Return the name llama-index serialises this class under."""
        return "SentenceTransformersEmbedding"

    @property
    def revision(self) -> str:
        """The first 16 hex digits of a sha256 over the files that decide a vector."""
        return self._revision

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, float32 (n, dimension), rows L2-normalised, in the order of `texts`."""
        return self._embed(texts, choose_prompt(self._model.prompts, QUERY_PROMPTS), None)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, float32 (n, dimension), rows L2-normalised, in the order of `texts`."""
        return self._embed(texts, choose_prompt(self._model.prompts, PASSAGE_PROMPTS), progress)

    def _embed(self, texts: Sequence[str], prompt: str, progress: Callable[[int], None] | None) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), CHUNK):
            part = list(texts[start : start + CHUNK])
            vectors[start : start + len(part)] = self._model.encode(
                part, prompt=prompt, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(start + len(part))
        return vectors


def choose_prompt(prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    """Return the first of the model's prompts under `names` that is not empty, else "".

    >>> choose_prompt({"document": "", "passage": "passage: "}, PASSAGE_PROMPTS)
    'passage: '
    """
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def revision_of(folder: Path) -> str:
    """Return the first 16 hex digits of a sha256 over names and bytes of the files that decide a vector."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in DECIDING and path.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]
