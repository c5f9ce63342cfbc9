"""The shipped embedder: an ONNX file and a tokenizer in the package, run by ONNX Runtime. No network, no PyTorch."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr

from assistant.errors import ModelError
from assistant.indexing.numpy_embedding import NumpyEmbedding

MODEL = "statute-embed-zh"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
FACTS_FILE = "model.json"
# Threads of one computation. The page answers several people at once; more threads each would only queue up.
THREADS = 2
# Passages of a batch: from 8 on, bigger is not faster on two cores, and it costs memory.
BATCH_TEXTS = 16
# Tokens of a batch, padding included, so that sixteen long articles do not take more memory than sixteen short ones.
BATCH_TOKENS = 2_048


class OnnxEmbedding(NumpyEmbedding):
    """statute-embed-zh: Chinese questions and provisions, 384 dimensions; what is beyond 512 tokens is cut off.

        embedder = OnnxEmbedding()
        scores = embedder.embed_passages(articles) @ embedder.embed_queries(["企业用电成本能降吗"])[0]

    The model is read when the first text comes, once, whichever thread brings it; after that any thread may call.

    Attributes:
        folder: where model.onnx, tokenizer.json and model.json lie.
        threads: threads of one computation.
    """

    folder: Path = Field(default_factory=lambda: shipped_model())
    threads: int = Field(default=THREADS, ge=1)
    _facts: dict[str, Any] = PrivateAttr()
    _engine: tuple[Any, Any] | None = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    def model_post_init(self, context: Any, /) -> None:
        """Read what the model says of itself; the model follows with the first text."""
        super().model_post_init(context)
        self._facts = _read_facts(self.folder)
        self.model_name = str(self._facts["name"])

    @classmethod
    def class_name(cls) -> str:
        """Return the name llama-index serialises this class under."""
        return "OnnxEmbedding"

    @property
    def revision(self) -> str:
        """The first 16 hex digits of the sha256 of the ONNX file."""
        return str(self._facts["revision"])

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._facts["dimension"])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, float32 (n, 384), rows L2-normalised, in the order of `texts`.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        return self._embed([self._facts["query_prefix"] + text for text in texts], None)

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
        return self._embed([self._facts["passage_prefix"] + text for text in texts], progress)

    def _embed(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        if not texts:
            return vectors
        tokenizer, session = self._load()
        # One by one: the batch call starts threads of its own, which a later fork would warn about.
        tokens = [tokenizer.encode(text).ids for text in texts]
        done = 0
        for rows in batches([len(ids) for ids in tokens]):
            width = max(len(tokens[row]) for row in rows)
            ids = np.full((len(rows), width), self._facts["pad_id"], np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for line, row in enumerate(rows):
                ids[line, : len(tokens[row])] = tokens[row]
                mask[line, : len(tokens[row])] = 1
            [vectors[rows]] = session.run(None, {"input_ids": ids, "attention_mask": mask})
            done += len(rows)
            if progress:
                progress(done)
        return vectors

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._engine is None:
                self._check_files()
                self._engine = self._open_tokenizer(), self._open_session()
            return self._engine

    def _check_files(self) -> None:
        for file, facts in self._facts["files"].items():
            path = self.folder / file
            size = path.stat().st_size if path.is_file() else 0
            if size != facts["bytes"]:
                raise ModelError(
                    f"内置向量模型的文件 {file} 不完整（{size:,} 字节，应为 {facts['bytes']:,}）；请重新安装 yiju"
                )

    def _open_tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(self._facts["max_tokens"])
        return tokenizer

    def _open_session(self) -> Any:
        import onnxruntime  # type: ignore[import-untyped]  # it publishes no types

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(self.folder / MODEL_FILE, options, providers=["CPUExecutionProvider"])


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the positions of texts that go through the model together, longest texts first.

    Texts of like length share a batch, so little is padded; the longest first, so that memory peaks at once.

    >>> list(batches([5, 512, 7]))
    [[1, 2, 0]]
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) == BATCH_TEXTS or lengths[batch[0]] * (len(batch) + 1) > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def shipped_model() -> Path:
    """Return the folder of the shipped model inside the installed package."""
    return Path(str(files("assistant"))) / "models" / MODEL


def _read_facts(folder: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"读不了内置向量模型的说明 {FACTS_FILE}（{error}）；请重新安装 yiju") from error
    return facts
