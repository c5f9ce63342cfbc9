"""The gate's fit and its threshold, on cases worked out by hand."""

import math
import tomllib

import numpy as np
import pytest

from assistant.answering.gate import Gate, default_gate
from eval.fit_gate import SIGNALS, TARGET, fit_logistic, threshold_at
from tests.conftest import ROOT


def test_a_symmetric_case_has_no_bias_and_the_weight_of_the_closed_form() -> None:
    rows = np.array([[-1.0], [-1.0], [1.0], [1.0]])
    labels = np.array([False, False, True, True])

    bias, [weight] = fit_logistic(rows, labels, ridge=1.0)

    # Standard deviation 1, every row weighs 0.5 / 0.5 = 1: the gradient is 4·σ(−w) − w = 0.
    assert bias == pytest.approx(0.0, abs=1e-9)
    assert 4 / (1 + math.exp(weight)) == pytest.approx(weight, rel=1e-6)


def test_the_classes_weigh_the_same_however_many_they_are() -> None:
    rare = np.array([[0.0]] * 90 + [[1.0]] * 10)
    even = np.array([[0.0]] * 50 + [[1.0]] * 50)

    for rows in (rare, even):
        bias, [weight] = fit_logistic(rows, rows[:, 0] == 1, ridge=1e-3)
        assert bias + 0.5 * weight == pytest.approx(0.0, abs=0.05)  # the border lies halfway between the classes


def test_signals_of_other_scales_give_the_same_decisions() -> None:
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(200, 2))
    labels = rows[:, 0] + 0.5 * rows[:, 1] + rng.normal(scale=0.3, size=200) > 0

    bias, weights = fit_logistic(rows, labels)
    scaled_bias, scaled_weights = fit_logistic(rows * [1000.0, 0.01] + [5.0, -3.0], labels)

    scores = bias + rows @ weights
    scaled = scaled_bias + (rows * [1000.0, 0.01] + [5.0, -3.0]) @ scaled_weights
    assert scaled == pytest.approx(scores, abs=1e-6)


@pytest.mark.parametrize(
    ("share", "threshold"),
    [(0.0, 1.0), (0.25, 2.0), (0.49, 2.0), (0.5, 3.0)],  # of four scores, a quarter is one
)
def test_the_threshold_refuses_at_most_its_share(share: float, threshold: float) -> None:
    scores = [3.0, 1.0, 4.0, 2.0]

    found = threshold_at(scores, share)

    assert found == threshold
    assert sum(score < found for score in scores) <= share * len(scores)


def test_a_gate_opens_at_its_threshold() -> None:
    gate = Gate(bias=-1.0, threshold=0.5, weights={"sentence": 2.0})

    assert [gate.opens({"sentence": value}) for value in (0.74, 0.75, 0.76)] == [False, True, True]


def test_the_shipped_gate_knows_the_signals_of_the_fit() -> None:
    table = tomllib.loads((ROOT / TARGET).read_text(encoding="utf-8"))

    assert tuple(table["weights"]) == SIGNALS == tuple(default_gate().weights)
    weights = dict(table["weights"])
    assert (
        weights.pop("absent") < 0
    )  # a matter of other rules speaks against an answer, more of any other signal for it
    assert all(weight > 0 for weight in weights.values())
