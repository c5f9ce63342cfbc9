"""Rates with exact intervals, percentiles, and ranking measures (the latter through ir-measures)."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import MissingDependencyError

CONFIDENCE = 0.95
BISECTIONS = 60  # halves [0, 1] to below the precision of a float
BOOTSTRAP_SAMPLES = 2000
BOOTSTRAP_SEED = 20250301


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its exact interval; `low` and `high` are None when n is 0, and so is `value`."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with a percentile-bootstrap interval; all None when n is 0."""

    n: int
    value: float | None
    low: float | None
    high: float | None


def rate(hits: int, n: int) -> Rate:
    """Return hits/n with its Clopper–Pearson interval at 95 %."""
    if n == 0:
        return Rate(0, 0, None, None, None)
    low, high = clopper_pearson(hits, n)
    return Rate(hits, n, hits / n, low, high)


def clopper_pearson(hits: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact binomial interval of hits out of n, both ends in [0, 1].

    The low end is the p at which `hits` or more have probability (1 - confidence) / 2, the high end the p at which
    `hits` or fewer have it; 0 and 1 where nothing or everything hit. The tails are summed exactly.

    Raises:
        ValueError: unless 0 <= hits <= n, n >= 1 and 0 < confidence < 1.

    Source: Clopper and Pearson, Biometrika 26 (1934).

    >>> [round(end, 4) for end in clopper_pearson(0, 10)]  # 1 - 0.025 ** (1 / 10)
    [0.0, 0.3085]
    """
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"hits {hits} of n {n}: expected 0 <= hits <= n and n >= 1")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence}: expected a number between 0 and 1")
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _bisect(lambda p: binomial_tail(hits, n, p) < tail)
    high = 1.0 if hits == n else _bisect(lambda p: 1 - binomial_tail(hits + 1, n, p) > tail)
    return low, high


def binomial_tail(hits: int, n: int, p: float) -> float:
    """Return the probability of `hits` or more successes in n trials of probability p.

    >>> binomial_tail(2, 2, 0.5)
    0.25
    """
    if hits <= 0:
        return 1.0
    if p <= 0:
        return 0.0
    if p >= 1:
        return 1.0
    log_p, log_q = math.log(p), math.log1p(-p)
    terms = (
        math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_p + (n - k) * log_q)
        for k in range(hits, n + 1)
    )
    return min(1.0, math.fsum(terms))


def _bisect(too_small: Callable[[float], bool]) -> float:
    """Return the p in [0, 1] at which a test that is true for small p turns false."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if too_small(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def mean(values: Sequence[float]) -> Mean:
    """Return the mean with a percentile-bootstrap interval at 95 %; the seed is fixed, so reports can be compared."""
    if not values:
        return Mean(0, None, None, None)
    n = len(values)
    generator = random.Random(BOOTSTRAP_SEED)
    means = [math.fsum(generator.choices(values, k=n)) / n for _ in range(BOOTSTRAP_SAMPLES)]
    tail = (1 - CONFIDENCE) / 2
    return Mean(n, math.fsum(values) / n, percentile(means, tail), percentile(means, 1 - tail))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed (nearest rank).

    Raises:
        ValueError: for no values, or a share outside (0, 1].

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    if not values:
        raise ValueError("no values to take a percentile of")
    if not 0 < share <= 1:
        raise ValueError(f"share {share}: expected a number above 0 and at most 1")
    return sorted(values)[math.ceil(round(share * len(values), 9)) - 1]


def same_unit(found: str, wanted: str) -> bool:
    """True if one id is the other, or stands inside it: ids nest at dots.

    >>> same_unit("mfg-transfer-2021:n1.h2", "mfg-transfer-2021:n1")
    True
    >>> same_unit("gd-transfer-2025:a10", "gd-transfer-2025:a1")
    False
    """
    return found == wanted or found.startswith(wanted + ".") or wanted.startswith(found + ".")


def matched(ranked: Sequence[str], right: Sequence[str]) -> list[str]:
    """Return the ranked ids with each right one replaced by the right id it stands for, repeats dropped.

    Several units inside one right part count as its first.

    >>> matched(["n1.h2", "n1.h1", "n7"], ["n1"])
    ['n1', 'n7']
    """
    named = (next((wanted for wanted in right if same_unit(found, wanted)), found) for found in ranked)
    return list(dict.fromkeys(named))


def ranking_measures(
    runs: Mapping[str, Sequence[str]], right: Mapping[str, Sequence[str]], names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return each measure of each question: {question: {measure: value}}, values in [0, 1], higher is better.

    Args:
        runs: ranked unit ids of each question, best first.
        right: the right ids of each question; every question in `runs` needs at least one (without one it measures
            abstention, not ranking).
        names: measures as ir-measures writes them: "Success@1", "R@5", "RR@10".

    Raises:
        ValueError: for a question without right ids.
        MissingDependencyError: without the extra [eval].
    """
    try:
        import ir_measures
    except ImportError as error:
        raise MissingDependencyError('检索指标需要 ir-measures；请运行 pip install ".[eval]"') from error
    for question in runs:
        if not right.get(question):
            raise ValueError(f"question {question} has no right provision: it measures abstention, not ranking")
    qrels = [ir_measures.Qrel(question, wanted, 1) for question in runs for wanted in dict.fromkeys(right[question])]
    scored = [
        ir_measures.ScoredDoc(question, unit, float(-rank))
        for question, ranked in runs.items()
        for rank, unit in enumerate(matched(ranked, right[question]))
    ]
    measures = {name: ir_measures.parse_measure(name) for name in names}
    values: dict[str, dict[str, float]] = {question: dict.fromkeys(names, 0.0) for question in runs}
    spelled = {str(measure): name for name, measure in measures.items()}
    for metric in ir_measures.iter_calc(list(measures.values()), qrels, scored):
        values[metric.query_id][spelled[str(metric.measure)]] = float(metric.value)
    return values
