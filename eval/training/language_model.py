"""A small language model, fine-tuned twice: to write questions, and to judge whether a passage answers one.

Both need an accelerator. Weights are kept in float32 while they are trained and computed with in bfloat16.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
GRADIENT_NORM = 1.0
WARM_UP = 0.06
# Tokens of one forward and backward pass: what 80 GB hold with 1.5 billion weights in float32 beside it.
TRAINING_TOKENS = 8_192
# Passages are cut here: nine articles in ten are shorter, and the judge's time grows with every token.
PASSAGE_TOKENS = 320


def load(path: Path, dtype: torch.dtype = torch.float32) -> tuple[Any, Any]:
    """Return (model, tokenizer) of a folder of transformers, or of a folder with one GGUF file in it."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    [gguf] = [file.name for file in path.glob("*.gguf")] or [None]
    model = AutoModelForCausalLM.from_pretrained(path, gguf_file=gguf, dtype=dtype)
    tokenizer = AutoTokenizer.from_pretrained(path, gguf_file=None if (path / "tokenizer.json").exists() else gguf)
    return model.to(DEVICE), tokenizer


def cut(tokenizer: Any, texts: Sequence[str], limit: int = PASSAGE_TOKENS) -> list[str]:
    """Return the texts, each cut to `limit` tokens."""
    found = tokenizer(list(texts), add_special_tokens=False, return_offsets_mapping=True)
    return [
        text if len(offsets) <= limit else text[: offsets[limit - 1][1]]
        for text, offsets in zip(texts, found["offset_mapping"], strict=True)
    ]


def by_tokens(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield positions of texts of like length, longest first, padding included under `budget` tokens a batch.

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


def padded(rows: Sequence[Sequence[int]], fill: int) -> torch.Tensor:
    """Return int64 (n, longest) on the device, filled at the right."""
    width = max(len(row) for row in rows)
    return torch.tensor([[*row, *([fill] * (width - len(row)))] for row in rows], device=DEVICE)


def train(
    model: Any, batches: Sequence[Any], loss_of: Callable[[Any], torch.Tensor], *, rate: float, name: str
) -> None:
    """Train over `batches` once, in their order, with AdamW, warm-up and a cosine to zero; prints the mean loss."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01, fused=DEVICE == "cuda")
    warm = max(1, int(WARM_UP * len(batches)))
    half = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(1, len(batches) - warm))
    first = torch.optim.lr_scheduler.LinearLR(optimiser, 0.01, 1.0, warm)
    schedule = torch.optim.lr_scheduler.SequentialLR(optimiser, [first, half], [warm])
    model.train()
    seen = torch.zeros((), device=DEVICE)
    for step, batch in enumerate(batches, start=1):
        with torch.autocast(DEVICE, torch.bfloat16):
            loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), GRADIENT_NORM)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        seen += loss.detach()
        if step % 25 == 0 or step == len(batches):
            print(f"{name}: step {step} of {len(batches)}, mean loss {seen.item() / step:.4f}", flush=True)
    model.eval()


def shuffled(rows: Sequence[Any], seed: int) -> list[Any]:
    """Return the rows in an order fixed by `seed`."""
    copy = list(rows)
    random.Random(seed).shuffle(copy)
    return copy
