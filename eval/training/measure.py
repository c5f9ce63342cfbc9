"""What rankings are worth, and which blend of two models is taken."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev


def recall(listed: Sequence[str], wanted: Sequence[str], k: int) -> float:
    """Return the share of the wanted passages among the first `k` listed.

    >>> recall(["a", "b", "c"], ["a", "c"], 2)
    0.5
    """
    return len(set(listed[:k]) & set(wanted)) / len(set(wanted))


def figures(found: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the means of recall@10, recall@100, reciprocal rank within ten, and right first.

    >>> figures([["b", "a"]], [["a"]])
    {'R@10': 1.0, 'R@100': 1.0, 'MRR@10': 0.5, 'first': 0.0}
    """
    sums = {"R@10": 0.0, "R@100": 0.0, "MRR@10": 0.0, "first": 0.0}
    for listed, wanted in zip(found, right, strict=True):
        rank = next((place for place, one in enumerate(listed[:10], 1) if one in wanted), 0)
        sums["R@10"] += recall(listed, wanted, 10)
        sums["R@100"] += recall(listed, wanted, 100)
        sums["MRR@10"] += 1 / rank if rank else 0.0
        sums["first"] += rank == 1
    return {name: value / max(1, len(found)) for name, value in sums.items()}


def smallest_share(recalls: Mapping[float, Mapping[str, Sequence[float]]]) -> float:
    """Return the smallest share within one standard error of the best on every validation set.

    The best share has the highest mean of its sets' means. A share is as good when no set's mean lies below the best's
    by more than the standard error of the best's mean on that set (sample deviation / √questions); of those the
    smallest is taken, for what the source knew is worth more than a difference that chance explains.

    Args:
        recalls: share of the trained weights (0: the source itself) → validation set → a recall for each question.
    """
    means = {share: {name: fmean(values) for name, values in sets.items()} for share, sets in recalls.items()}
    best = max(sorted(means), key=lambda share: fmean(means[share].values()))
    allowed = {
        name: stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
        for name, values in recalls[best].items()
    }
    return min(
        share
        for share, sets in means.items()
        if all(value >= means[best][name] - allowed[name] for name, value in sets.items())
    )
