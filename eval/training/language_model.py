"""A small language model and the batches it reads. Needs the extra [models]."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.training.loop import device

if TYPE_CHECKING:
    import torch

# Passages are cut here: nine articles in ten are shorter.
PASSAGE_TOKENS = 320


def load(path: Path) -> tuple[Any, Any]:
    """Return (model, tokenizer) of a folder of transformers, or of a folder with one GGUF file in it; in float32."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    [gguf] = [file.name for file in path.glob("*.gguf")] or [None]
    model = AutoModelForCausalLM.from_pretrained(path, gguf_file=gguf, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(path, gguf_file=None if (path / "tokenizer.json").exists() else gguf)
    return model.to(device()), tokenizer


def cut(tokenizer: Any, texts: Sequence[str], limit: int = PASSAGE_TOKENS) -> list[str]:
    """Return the texts, each cut to `limit` tokens."""
    found = tokenizer(list(texts), add_special_tokens=False, return_offsets_mapping=True)
    return [
        text if len(offsets) <= limit else text[: offsets[limit - 1][1]]
        for text, offsets in zip(texts, found["offset_mapping"], strict=True)
    ]


def by_tokens(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield positions of texts of like length, longest first, padding included within `budget` tokens a batch.

    A text longer than the budget is a batch by itself.

    >>> list(by_tokens([5, 9, 6], 12))
    [[1], [2, 0]]
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]], fill: int) -> "torch.Tensor":
    """Return int64 (n, longest) on the device, filled at the right."""
    import torch

    width = max(len(row) for row in rows)
    return torch.tensor([[*row, *([fill] * (width - len(row)))] for row in rows], device=device())


def shuffled(rows: Sequence[Any], seed: int) -> list[Any]:
    """Return the rows in an order fixed by `seed`."""
    copy = list(rows)
    random.Random(seed).shuffle(copy)
    return copy
