"""Train the shipped embedder further. Needs the extra [models]; an accelerator is used where there is one.

    python -m eval.training.corpora --out DATA
    python -m eval.training.generate --model LANGUAGE_MODEL --data DATA --out DATA/generated.jsonl.gz   (accelerator)
    python -m eval.train_embedder --source ../shared/models/statute-embed-zh --data DATA --out OUT
    python -m eval.export_embedder --source OUT --out assistant/models/statute-embed-zh

Loss: cross-entropy of a right passage against its own wrong ones and all passages of the batch, those that may answer
as well masked. Trained weights are then blended with the source's, for what is learned anew and what was known pull
apart. The share is the smallest within one standard error of the best (`eval.training.measure.smallest_share`), on
validation questions alone: people's policy questions and generated questions about laws whose passages took no part.
STARD's dev split is neither learned from nor chosen by; its figures are printed.
"""

import argparse
import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.training.files import read
from eval.training.groups import Group, epoch, generated_groups, held_out, human_groups
from eval.training.loop import train
from eval.training.measure import figures, recall, smallest_share
from eval.training.pools import Pools

if TYPE_CHECKING:
    import torch

RATE = 3e-5
EPOCHS = 4
BATCH = 128
WIDTH = 6
# Cosines are divided by this before they become a distribution, as in the embedder's first training.
TEMPERATURE = 0.02
MAX_TOKENS = 320
SHARES = (1.0, 0.75, 0.5)
# The sets that the share is chosen by.
JUDGES = ("policy, validation", "law, generated")
SEED = 20261122


def loss_of(model: Any, batch: Sequence[Group], text: Mapping[str, str]) -> "torch.Tensor":
    """Return the mean cross-entropy of a batch, a scalar."""
    import torch

    listed = list(dict.fromkeys(one for group in batch for one in (*group.right, *group.wrong)))
    place = {one: row for row, one in enumerate(listed)}
    questions = vectors(model, [group.question for group in batch], "query")
    logits = questions @ vectors(model, [text[one] for one in listed], "passage").T / TEMPERATURE
    masked = torch.zeros(logits.shape, dtype=torch.bool)
    for row, group in enumerate(batch):
        masked[row, [place[one] for one in group.unsure if one in place]] = True
    right = torch.tensor([place[group.right[0]] for group in batch], device=logits.device)
    return torch.nn.functional.cross_entropy(logits.masked_fill(masked.to(logits.device), -torch.inf), right)


def vectors(model: Any, texts: Sequence[str], prompt: str) -> "torch.Tensor":
    """Return unit vectors that can be learned through, float32 (n, dimension), each text cut at MAX_TOKENS."""
    import torch

    features = model.tokenizer(
        [model.prompts[prompt] + text for text in texts],
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
    )
    found = model({key: value.to(model.device) for key, value in features.items()})["sentence_embedding"]
    unit: torch.Tensor = torch.nn.functional.normalize(found.float(), dim=-1)
    return unit


def evaluate(
    folder: Path,
    passages: Sequence[dict[str, Any]],
    asked: Sequence[dict[str, Any]],
    generated: Sequence[dict[str, Any]],
) -> dict[str, list[float]]:
    """Return the recall at ten of each question of the JUDGES sets; prints every set's figures."""
    pools = Pools(folder, passages)
    sets = [
        ("law, dev", "law", [row for row in asked if row["pool"] == "law" and row["split"] == "dev"]),
        ("policy, validation", "policy", [r for r in asked if r["pool"] == "policy" and r["split"] == "validation"]),
        *(
            (f"{pool}, generated", pool, [{**r, "positives": [r["positive"]]} for r in generated if r["pool"] == pool])
            for pool in pools.ids
        ),
    ]
    recalls = {}
    for name, pool, rows in sets:
        if rows:
            near = pools.nearest([row["question"] for row in rows], pool, 100)
            found, right = [[one for one, _ in line] for line in near], [row["positives"] for row in rows]
            values = "  ".join(f"{key} {value:.3f}" for key, value in figures(found, right).items())
            print(f"{name} (n={len(rows)}): {values}", flush=True)
            if name in JUDGES:
                recalls[name] = [recall(listed, wanted, 10) for listed, wanted in zip(found, right, strict=True)]
    return recalls


def blend(before: "Mapping[str, torch.Tensor]", after: "Mapping[str, torch.Tensor]", share: float) -> dict[str, Any]:
    """Return `share` of the trained weights and the rest of the source's; what is no float is the trained one's."""
    return {
        name: share * value + (1 - share) * before[name] if value.is_floating_point() else value
        for name, value in after.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, blend, evaluate; save every blend beside --out and the chosen one there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with what corpora and generate wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--steps", type=int, help="stop after so many (to try the script)")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--everything", action="store_true", help="learn from the validation split, too")
    args = parser.parse_args(arguments)
    import torch
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(SEED)
    random.seed(SEED)
    passages, asked = read(args.data / "passages.jsonl.gz"), read(args.data / "questions.jsonl.gz")
    file = args.data / "generated.jsonl.gz"
    generated = read(file) if file.exists() else []
    judges = [row for row in generated if held_out(row)]
    pools = Pools(args.source, passages)
    groups = [*human_groups(pools, asked), *generated_groups(pools, generated)]
    learned = sum(group.split == "train" or args.everything for group in groups)
    kept = sum(group.kind == "generated" for group in groups)
    print(f"{learned} questions to learn from, {kept} of {len(generated)} generated ones\nshare 0:", flush=True)
    recalls = {0.0: evaluate(args.source, passages, asked, judges)}
    batches = [
        batch
        for number in range(args.epochs)
        for batch in epoch(groups, args.batch, WIDTH, SEED + number, args.everything)
    ][: args.steps]
    model = SentenceTransformer(str(args.source), device=pools.model.device.type)
    model.float()
    before = {name: value.detach().clone() for name, value in model.state_dict().items()}
    train(model, batches, lambda batch: loss_of(model, batch, pools.text), RATE)
    after = {name: value.detach().clone() for name, value in model.state_dict().items()}
    folders = {share: args.out.with_name(f"{args.out.name}-{share}") for share in SHARES}
    for share, folder in folders.items():
        model.load_state_dict(blend(before, after, share))
        model.half().save(str(folder))
        model.float()
        print(f"share {share}:", flush=True)
        recalls[share] = evaluate(folder, passages, asked, judges)
    chosen = smallest_share(recalls)
    if not chosen:
        print("chosen: the source itself; nothing is written to --out")
        return 1
    print(f"chosen: share {chosen}")
    shutil.copytree(folders[chosen], args.out, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
