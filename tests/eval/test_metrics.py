import math
import random

import pytest

from eval.metrics import (
    binomial_tail,
    clopper_pearson,
    matched,
    mean,
    percentile,
    ranking_measures,
    rate,
    same_unit,
)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high", "why"),
    [
        # With no hit the high end solves (1 - p)^n = 0.025, with all hits the low end solves p^n = 0.025.
        (0, 10, 0.0, 1 - 0.025**0.1, "no hit, closed form"),
        (10, 10, 0.025**0.1, 1.0, "all hits, closed form"),
        (0, 1, 0.0, 0.975, "n = 1"),
        (1, 1, 0.025, 1.0, "n = 1"),
        # Of one hit in two: P(X >= 1) = 1 - (1 - p)^2 = 0.025 and P(X <= 1) = 1 - p^2 = 0.025.
        (1, 2, 1 - math.sqrt(0.975), math.sqrt(0.975), "quadratic"),
        # Printed tables (Diem and Lentner, Wissenschaftliche Tabellen): 5 of 10, 1 of 10.
        (5, 10, 0.1871, 0.8129, "table"),
        (1, 10, 0.0025, 0.4450, "table"),
    ],
)
def test_clopper_pearson(hits: int, n: int, low: float, high: float, why: str) -> None:
    assert clopper_pearson(hits, n) == pytest.approx((low, high), abs=5e-5), why


def test_interval_is_exact_at_both_ends() -> None:
    """The defining property, at sizes where no table reaches: each end leaves 2.5 % in its tail."""
    for hits, n in [(3, 115), (114, 115), (130, 260), (999, 1000), (1, 1000)]:
        low, high = clopper_pearson(hits, n)
        assert binomial_tail(hits, n, low) == pytest.approx(0.025, abs=1e-9)
        assert 1 - binomial_tail(hits + 1, n, high) == pytest.approx(0.025, abs=1e-9)
        assert low < hits / n < high


def test_interval_agrees_with_scipy() -> None:
    beta = pytest.importorskip("scipy.stats").beta
    for hits, n in [(17, 44), (200, 216), (2, 63)]:
        expected = (beta.ppf(0.025, hits, n - hits + 1), beta.ppf(0.975, hits + 1, n - hits))
        assert clopper_pearson(hits, n) == pytest.approx(expected, abs=1e-9)


def test_binomial_tail_by_hand() -> None:
    # Three throws of a coin: 3/8 + 1/8 for two heads or more.
    assert binomial_tail(2, 3, 0.5) == pytest.approx(0.5)
    assert binomial_tail(1, 3, 0.1) == pytest.approx(1 - 0.9**3)
    assert binomial_tail(0, 3, 0.0) == 1.0
    assert binomial_tail(1, 3, 0.0) == 0.0
    assert binomial_tail(3, 3, 1.0) == 1.0


@pytest.mark.parametrize(("hits", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_impossible_counts_are_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= hits <= n"):
        clopper_pearson(hits, n)


def test_confidence_is_a_share() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        clopper_pearson(1, 2, confidence=95)


def test_rate_of_nothing_has_no_value() -> None:
    empty = rate(0, 0)
    assert (empty.value, empty.low, empty.high, empty.n) == (None, None, None, 0)
    half = rate(5, 10)
    assert half.value == 0.5
    assert half.low == pytest.approx(0.1871, abs=5e-5)


@pytest.mark.parametrize(
    ("values", "share", "expected", "why"),
    [
        ([5.0], 0.95, 5.0, "one value"),
        (list(map(float, range(1, 101))), 0.95, 95.0, "nearest rank of 100"),
        (list(map(float, range(1, 201))), 0.95, 190.0, "0.95 × 200 is 190 exactly, whatever the float says"),
        ([3.0, 1.0, 2.0], 0.5, 2.0, "unsorted, odd"),
        ([1.0, 1.0, 9.0], 1.0, 9.0, "the largest"),
    ],
)
def test_percentile(values: list[float], share: float, expected: float, why: str) -> None:
    assert percentile(values, share) == expected, why


def test_percentile_refuses_nothing_and_bad_shares() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="share 95"):
        percentile([1.0], 95)


def test_mean_with_interval() -> None:
    values = [random.Random(7).random() for _ in range(1)] * 40
    constant = mean(values)
    assert constant.low == constant.high == pytest.approx(constant.value)
    mixed = mean([0.0] * 50 + [1.0] * 50)
    assert mixed.value == 0.5
    # The normal interval of a share of 0.5 at n = 100 is 0.5 ± 0.098.
    assert mixed.low == pytest.approx(0.402, abs=0.02)
    assert mixed.high == pytest.approx(0.598, abs=0.02)
    assert mean([0.0] * 50 + [1.0] * 50) == mixed, "a fixed seed"
    assert mean([]).value is None


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        ("gd-transfer-2025:a10", "gd-transfer-2025:a10", True),
        ("gd-transfer-2025:a10.p2", "gd-transfer-2025:a10", True),
        ("gd-transfer-2025:a10", "gd-transfer-2025:a10.p2", True),
        ("gd-transfer-2025:a10", "gd-transfer-2025:a1", False),
        ("gd-transfer-2025:a1", "gd-transfer-2025:a10", False),
        ("gd-transfer-2025:a10.p1", "gd-transfer-2025:a10.p2", False),
        ("mfg-transfer-2021:n1", "gd-transfer-2025:a1", False),
    ],
)
def test_same_unit(found: str, wanted: str, same: bool) -> None:
    assert same_unit(found, wanted) is same


def test_matched_collapses_parts_of_one_right_provision() -> None:
    assert matched(["x", "n1.h2", "y", "n1.h1"], ["n1"]) == ["x", "n1", "y"]
    assert matched(["a10", "a10", "a2"], ["a2"]) == ["a10", "a2"]
    assert matched([], ["a2"]) == []


def test_ranking_measures_by_hand() -> None:
    pytest.importorskip("ir_measures")
    runs = {
        "first": ["a", "x", "b"],  # of a and b: first right; both within five; rank 1
        "third": ["x", "y", "c", "z"],  # rank 3
        "sixth": ["1", "2", "3", "4", "5", "d"],  # outside of five, rank 6
        "eleventh": [str(number) for number in range(10)] + ["e"],  # outside of ten
        "empty": [],
        "half": ["f", "x"],  # one of two
        "twice": ["x.1", "x.2", "g.1", "g.2", "y"],  # parts: x stays apart, g is one
    }
    right = {
        "first": ["a", "b"],
        "third": ["c"],
        "sixth": ["d"],
        "eleventh": ["e"],
        "empty": ["e"],
        "half": ["f", "q"],
        "twice": ["g"],
    }
    names = ["Success@1", "Success@5", "R@5", "RR@10"]
    values = ranking_measures(runs, right, names)
    expected = {
        "first": (1, 1, 1, 1),
        "third": (0, 1, 1, 1 / 3),
        "sixth": (0, 0, 0, 1 / 6),
        "eleventh": (0, 0, 0, 0),
        "empty": (0, 0, 0, 0),
        "half": (1, 1, 0.5, 1),
        "twice": (0, 1, 1, 1 / 3),
    }
    assert {question: tuple(row[name] for name in names) for question, row in values.items()} == {
        question: pytest.approx(numbers) for question, numbers in expected.items()
    }


def test_ten_or_more_hits_keep_their_order() -> None:
    """Scores handed over are numbers, not text: rank 10 does not slip before rank 2."""
    pytest.importorskip("ir_measures")
    ranked = [f"u{number}" for number in range(12)]
    for place in (0, 1, 8, 9):
        value = ranking_measures({"q": ranked}, {"q": [ranked[place]]}, ["RR@10"])["q"]["RR@10"]
        assert value == pytest.approx(1 / (place + 1))


def test_a_question_without_gold_is_no_ranking_question() -> None:
    pytest.importorskip("ir_measures")
    with pytest.raises(ValueError, match="measures abstention"):
        ranking_measures({"q": ["a"]}, {"q": []}, ["RR@10"])
