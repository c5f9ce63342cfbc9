"""A shipped model: an ONNX file and a tokenizer in one folder, run by ONNX Runtime. No network, no PyTorch.

Texts of the same number of tokens share a batch, so nothing is padded and no attention is masked; batches run side by
side, each on one thread. Measured against batches of like length with padding, each on all threads: 1.3 times as fast.
"""

import json
import os
import platform
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
FACTS_FILE = "model.json"
# Tokens of a batch: what a layer holds of them (3 MB) stays in a core's cache. From 128 to 2,048 measured alike; small
# batches spread better over threads and take less memory.
BATCH_TOKENS = 512
PROCESSOR = Path("/proc/cpuinfo")
X86 = frozenset({"x86_64", "amd64", "i386", "i686"})


class OnnxModel:
    """A model folder: what it says of itself at once, its tokenizer and session with the first text. Thread-safe.

    Attributes:
        facts: what model.json says.
        threads: how many batches run at the same time.
        batch_tokens: of a batch, at most.
    """

    batch_tokens = BATCH_TOKENS

    def __init__(self, folder: Path, what: str, threads: int | None = None) -> None:
        """Read what the model says of itself.

        Args:
            folder: where model.onnx, tokenizer.json and model.json lie.
            what: the model's name in error messages: 内置向量模型.
            threads: by default one for each core this process may use.

        Raises:
            ModelError: model.json is missing or damaged.
        """
        self.threads = threads or available_cores()
        self._folder = folder
        self._what = what
        self._engine: tuple[Any, Any] | None = None
        self._lock = threading.Lock()
        try:
            self.facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"读不了{what}的说明 {FACTS_FILE}（{error}）；请重新安装 yiju") from error

    @property
    def tokenizer(self) -> Any:
        """The tokenizer, without truncation.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        return self._load()[0]

    def run(
        self,
        inputs: Mapping[str, Sequence[Sequence[int]]],
        shape: Sequence[int],
        progress: Callable[[int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Return the model's output for each text, float32 (n, *shape), in the order given.

        Args:
            inputs: by the name of the graph's input, one row of numbers for each text, as long in every input.
            shape: of one text's output.
            progress: called after every batch, in this thread, with the number of texts done so far.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        lengths = [len(row) for row in next(iter(inputs.values()))]
        outputs = np.empty((len(lengths), *shape), np.float32)
        if not lengths:
            return outputs
        session = self._load()[1]

        def compute(rows: list[int]) -> int:
            feeds = {name: np.array([values[row] for row in rows], np.int64) for name, values in inputs.items()}
            [outputs[rows]] = session.run(None, feeds)
            return len(rows)

        done = 0
        for count in self._spread(compute, list(batches(lengths, self.batch_tokens))):
            done += count
            if progress:
                progress(done)
        return outputs

    def _spread(self, compute: Callable[[list[int]], int], work: Sequence[list[int]]) -> Iterator[int]:
        """Yield what `compute` returns for each batch, as they finish."""
        if self.threads == 1 or len(work) == 1:
            yield from map(compute, work)
            return
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="yiju-model")
        try:
            for future in as_completed([pool.submit(compute, rows) for rows in work]):
                yield future.result()
        finally:
            # After an error or a break the batches not yet begun are dropped.
            pool.shutdown(cancel_futures=True)

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._engine is None:
                self._check_files()
                self._engine = self._open_tokenizer(), self._open_session()
            return self._engine

    def _check_files(self) -> None:
        for file, facts in self.facts["files"].items():
            path = self._folder / file
            size = path.stat().st_size if path.is_file() else 0
            if size != facts["bytes"]:
                raise ModelError(
                    f"{self._what}的文件 {file} 不完整（{size:,} 字节，应为 {facts['bytes']:,}）；请重新安装 yiju"
                )

    def _open_tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _open_session(self) -> Any:
        import onnxruntime  # type: ignore[import-untyped]  # it publishes no types

        options = onnxruntime.SessionOptions()
        # One thread a batch: nothing spins while it waits, and batches (and people asking) spread over the cores.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        if products_may_clip(PROCESSOR):
            # Exact, and half as fast.
            options.add_session_config_entry("session.x64quantprecision", "1")
        return onnxruntime.InferenceSession(self._folder / MODEL_FILE, options, providers=["CPUExecutionProvider"])


def batches(lengths: Sequence[int], batch_tokens: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Yield the positions of texts that go through the model together, longest texts first.

    Only texts of equal length share a batch, at most `batch_tokens` tokens of them (or a single text).

    >>> list(batches([5, 512, 5]))
    [[1], [0, 2]]
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (lengths[row] != lengths[batch[0]] or lengths[row] * (len(batch) + 1) > batch_tokens):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def products_may_clip(processor: Path) -> bool:
    """Return whether this x86 processor may clip products of bytes: it lacks the VNNI instructions, or does not say.

    Args:
        processor: what Linux says of the processor (/proc/cpuinfo); elsewhere there is no such file.
    """
    if platform.machine().lower() not in X86:
        return False
    if not processor.is_file():
        return True
    lines = processor.read_text(encoding="utf-8", errors="replace").splitlines()
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return not {"avx512_vnni", "avx_vnni"} & set(flags)


def available_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shipped_folder(name: str) -> Path:
    """Return the folder of a shipped model inside the installed package."""
    return Path(str(files("assistant"))) / "models" / name
