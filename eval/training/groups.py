"""What the models learn from: questions, each with the passages that answer it and wrong ones that look like it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.training.files import one_in
from eval.training.pools import Pools

# Wrong passages are drawn from the embedder's first so many.
FROM = 60
KEPT = 24
# A generated question counts when the embedder finds its passage among the first so many: many ask something else.
CONSISTENT = 10
# What the embedder puts above a generated question's passage, or this little below it, may answer as well: no negative.
MARGIN = 0.02
# Generated questions about one passage in so many judge the training instead of taking part in it.
HELD_OUT = 12
# How often an epoch shows a question of each kind. STARD's train questions the shipped model knows by heart.
TIMES = {"generated": 1, "law": 1, "policy": 4}


@dataclass(frozen=True, slots=True)
class Group:
    """A question with what answers it and what does not; `unsure` are passages that may answer it."""

    question: str
    kind: str
    split: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    unsure: frozenset[str] = frozenset()


def human_groups(pools: Pools, asked: Sequence[dict[str, Any]]) -> list[Group]:
    """Return people's questions of the train and validation splits; every other near passage is a wrong one."""
    found = []
    for pool in pools.ids:
        rows = [row for row in asked if row["pool"] == pool and row["split"] != "dev"]
        for row, near in zip(rows, pools.nearest([row["question"] for row in rows], pool, FROM), strict=True):
            right = tuple(row["positives"])
            wrong = tuple(one for one, _ in near if one not in right)[:KEPT]
            found.append(Group(row["question"], row["style"], row["split"], right, wrong))
    return found


def generated_groups(pools: Pools, generated: Sequence[dict[str, Any]]) -> list[Group]:
    """Return the consistent ones of the generated questions, their near rivals set aside.

    Consistent: the passage that a question was written from is among the embedder's first CONSISTENT.
    """
    found = []
    for pool in pools.ids:
        rows = [row for row in generated if row["pool"] == pool and not held_out(row)]
        for row, near in zip(rows, pools.nearest([row["question"] for row in rows], pool, FROM), strict=True):
            places = [one for one, _ in near]
            if row["positive"] not in places[:CONSISTENT]:
                continue
            bound = near[places.index(row["positive"])][1] - MARGIN
            unsure = frozenset(one for one, cosine in near if cosine > bound and one != row["positive"])
            wrong = tuple(one for one, cosine in near if cosine <= bound)[:KEPT]
            found.append(Group(row["question"], "generated", "train", (row["positive"],), wrong, unsure))
    return found


def held_out(row: dict[str, Any]) -> bool:
    """Return whether a generated question is kept for validation, by its passage."""
    return one_in(row["positive"], HELD_OUT)


def epoch(groups: Sequence[Group], size: int, width: int, seed: int, everything: bool) -> list[list[Group]]:
    """Return one epoch's batches of `size` groups, each with one right passage and `width` - 1 wrong ones by a draw.

    The other right passages of a question become unsure: they are never its negatives.

    Args:
        groups: of both splits; "validation" is left out unless `everything`.
        size: groups of a batch.
        width: passages of a group.
        seed: of the draw.
        everything: whether the validation split is learned from, too.
    """
    draw = random.Random(seed)
    rows: list[Group] = []
    for group in groups:
        if (group.split == "validation" and not everything) or len(group.wrong) < width - 1:
            continue
        for _ in range(TIMES[group.kind]):
            right = draw.choice(group.right)
            wrong = tuple(draw.sample(group.wrong, width - 1))
            unsure = group.unsure | set(group.right) - {right}
            rows.append(Group(group.question, group.kind, group.split, (right,), wrong, unsure))
    draw.shuffle(rows)
    return [rows[start : start + size] for start in range(0, len(rows) - size + 1, size)]
