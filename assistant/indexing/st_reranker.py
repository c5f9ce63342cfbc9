"""Any cross-encoder of sentence-transformers as a reranker, from a folder on this machine. Needs `[models]`."""

import importlib
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.indexing.st_embedder import revision_of


class SentenceTransformersReranker:
    """A model that sentence-transformers' CrossEncoder can load, with one score a pair; read at once.

    On a CPU it computes in float32 whatever precision its file has; on an accelerator in the file's own. Several
    threads may call; they take turns.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Load the model.

        Args:
            folder: the model's folder.
            name: what it is called: its folder's name, or its name on the hub.

        Raises:
            ModelError: the folder does not hold a cross-encoder with one score.
        """
        self._name = f"sentence-transformers:{name}"
        self._revision = revision_of(folder)
        self._lock = threading.Lock()
        # By name, so that type checking does not need the extra.
        library = importlib.import_module("sentence_transformers")
        identity = importlib.import_module("torch").nn.Identity()
        try:
            self._model = library.CrossEncoder(str(folder), local_files_only=True, activation_fn=identity)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError) as error:
            first = str(error).strip().split("\n")[0]
            raise ModelError(f"重排模型 {name} 无法加载（{first}）；请检查它是否完整") from error
        labels = self._model.config.num_labels
        if labels != 1:
            raise ModelError(f"重排模型 {name} 给出 {labels} 个分数，应为 1 个；请换一个交叉编码重排模型")
        if self._model.model.device.type == "cpu":
            self._model.model.float()

    @property
    def name(self) -> str:
        """The model's name behind "sentence-transformers:"."""
        return self._name

    @property
    def revision(self) -> str:
        """The first 16 hex digits of a sha256 over the files that decide a score."""
        return self._revision

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return the logit of each passage for the question, float32 (n,), higher is better, in the order given."""
        if not passages:
            return np.empty(0, np.float32)
        pairs = [(question, passage) for passage in passages]
        # Its tokenizer changes its own truncation while it works, so two threads would disturb each other.
        with self._lock:
            found = self._model.predict(pairs, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(found, np.float32).reshape(len(passages))
