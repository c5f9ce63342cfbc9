"""Train a small cross-encoder to re-order the first hits. Needs the extra [models].

    python -m eval.train_reranker --source OUT_OF_TRAIN_EMBEDDER --data DATA --out OUT

It starts from the embedder's own layers and learns to tell a right passage from wrong ones that the embedder puts near
it. Prints what re-ordering the embedder's first twenty is worth.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.train_embedder import SEED
from eval.training.files import read
from eval.training.groups import Group, epoch, generated_groups, human_groups
from eval.training.loop import train
from eval.training.measure import figures
from eval.training.pools import Pools

if TYPE_CHECKING:
    import torch

RATE = 1e-4
BATCH = 64
WIDTH = 8
MAX_TOKENS = 384
# The embedder's first so many are re-ordered.
AMONG = 20
# A cosine is divided by this before a logit is added to it, in the order called "both".
COSINE_SCALE = 0.05


def scores(model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> "torch.Tensor":
    """Return the logits of (question, passage) pairs, float32 (n,); a long passage is cut, never the question."""
    features = tokenizer(
        [question for question, _ in pairs],
        [passage for _, passage in pairs],
        padding=True,
        truncation="only_second",
        max_length=MAX_TOKENS,
        return_token_type_ids=True,
        return_tensors="pt",
    )
    logits: torch.Tensor = model(**{key: value.to(model.device) for key, value in features.items()}).logits
    return logits.float()[:, 0]


def loss_of(model: Any, tokenizer: Any, batch: Sequence[Group], text: Mapping[str, str]) -> "torch.Tensor":
    """Return the mean cross-entropy of the right passage among its group's, a scalar."""
    import torch

    pairs = [(group.question, text[one]) for group in batch for one in (*group.right, *group.wrong)]
    logits = scores(model, tokenizer, pairs).view(len(batch), -1)
    return torch.nn.functional.cross_entropy(logits, torch.zeros(len(batch), dtype=torch.long, device=logits.device))


def evaluate(model: Any, tokenizer: Any, pools: Pools, asked: Sequence[dict[str, Any]], split: str) -> None:
    """Print what the embedder's order and the model's order of its first AMONG are worth, a pool each."""
    import torch

    for pool in pools.ids:
        rows = [row for row in asked if row["pool"] == pool and row["split"] == split]
        if not rows:
            continue
        near = pools.nearest([row["question"] for row in rows], pool, AMONG)
        before, after, mixed = [], [], []
        for row, line in zip(rows, near, strict=True):
            with torch.no_grad(), torch.autocast(model.device.type, torch.bfloat16):
                logits = scores(model, tokenizer, [(row["question"], pools.text[one]) for one, _ in line]).tolist()
            before.append([one for one, _ in line])
            after.append([one for _, (one, _) in sorted(zip(logits, line, strict=True), reverse=True)])
            mix = [(cosine / COSINE_SCALE + logit, one) for logit, (one, cosine) in zip(logits, line, strict=True)]
            mixed.append([one for _, one in sorted(mix, reverse=True)])
        for name, found in (("embedder", before), ("re-ordered", after), ("both", mixed)):
            values = figures(found, [row["positives"] for row in rows])
            print(f"{pool} {split} (n={len(rows)}), {name}: " + "  ".join(f"{k} {v:.3f}" for k, v in values.items()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, save, evaluate."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    for name in ("--source", "--data", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--steps", type=int, help="stop after so many (to try the script)")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--everything", action="store_true", help="learn from the validation split, too")
    args = parser.parse_args(arguments)
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    torch.manual_seed(SEED)
    random.seed(SEED)
    pools = Pools(args.source, read(args.data / "passages.jsonl.gz"))
    asked = read(args.data / "questions.jsonl.gz")
    file = args.data / "generated.jsonl.gz"
    groups = [*human_groups(pools, asked), *generated_groups(pools, read(file) if file.exists() else [])]
    batches = [
        batch
        for number in range(args.epochs)
        for batch in epoch(groups, args.batch, WIDTH, SEED + number, args.everything)
    ][: args.steps]
    tokenizer = AutoTokenizer.from_pretrained(args.source)
    model = BertForSequenceClassification.from_pretrained(args.source, num_labels=1, dtype=torch.float32)
    model.to(pools.model.device)
    train(model, batches, lambda batch: loss_of(model, tokenizer, batch, pools.text), RATE)
    model.half().save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    model.float()
    for split in ("validation", "dev"):
        evaluate(model, tokenizer, pools, asked, split)


if __name__ == "__main__":
    main()
