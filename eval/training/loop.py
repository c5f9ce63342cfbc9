"""The training loop of every model here. Needs the extra [models]."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

WARM_UP = 0.06
GRADIENT_NORM = 1.0


def device() -> str:
    """Return the name of the device that models run on: an accelerator where there is one."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def train(model: Any, batches: Sequence[Any], loss_of: "Callable[[Any], torch.Tensor]", rate: float) -> None:
    """Train over the batches in their order; prints the mean loss.

    AdamW, linear warm-up over the first 6 % of the steps and linear decay to zero; weights in float32, computed with in
    bfloat16.
    """
    import torch

    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    warm = max(1, int(WARM_UP * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate_share(step, warm, len(batches)))
    model.train()
    seen = 0.0
    for step, batch in enumerate(batches, start=1):
        with torch.autocast(model.device.type, torch.bfloat16):
            loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), GRADIENT_NORM)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        seen += loss.item()
        if step % 50 == 0 or step == len(batches):
            print(f"step {step} of {len(batches)}, mean loss {seen / step:.4f}", flush=True)
    model.eval()


def rate_share(step: int, warm: int, steps: int) -> float:
    """Return the share of the full rate at a step, counted from 0: up over `warm` steps, down to 0 after the last.

    >>> [rate_share(step, 2, 6) for step in (0, 1, 2, 4, 6)]
    [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
