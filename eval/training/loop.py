"""The training loop of both models, and what their rankings are worth."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

WARM_UP = 0.06


def train(model: Any, batches: Sequence[Any], loss_of: Callable[[Any], torch.Tensor], rate: float) -> None:
    """Train over the batches in their order: AdamW, linear warm-up and decay, bfloat16; prints the mean loss."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    warm = max(1, int(WARM_UP * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (len(batches) - step) / max(1, len(batches) - warm)))
    )
    model.train()
    seen = 0.0
    for step, batch in enumerate(batches, start=1):
        with torch.autocast(model.device.type, torch.bfloat16):
            loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        seen += loss.item()
        if step % 50 == 0 or step == len(batches):
            print(f"step {step} of {len(batches)}, mean loss {seen / step:.4f}", flush=True)
    model.eval()


def figures(found: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the means of recall@10, recall@100, reciprocal rank within ten, and right first.

    >>> figures([["b", "a"]], [["a"]])
    {'R@10': 1.0, 'R@100': 1.0, 'MRR@10': 0.5, 'first': 0.0}
    """
    sums = {"R@10": 0.0, "R@100": 0.0, "MRR@10": 0.0, "first": 0.0}
    for listed, wanted in zip(found, right, strict=True):
        rank = next((place for place, one in enumerate(listed[:10], 1) if one in wanted), 0)
        sums["R@10"] += len(set(listed[:10]) & set(wanted)) / len(wanted)
        sums["R@100"] += len(set(listed[:100]) & set(wanted)) / len(wanted)
        sums["MRR@10"] += 1 / rank if rank else 0.0
        sums["first"] += rank == 1
    return {name: value / max(1, len(found)) for name, value in sums.items()}
