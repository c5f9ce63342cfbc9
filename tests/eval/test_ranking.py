import math

import pytest

from eval.benchmarks import Case
from eval.ladder import System
from eval.ranking import above, best_rank, figures, gold_ranks, recall_curve, run

ONE = Case("q1", "甲", ("d:a1",))
TWO = Case("q2", "乙", ("d:a2", "d:a3"), need=("d:a2", "d:a3"), also=("d:a9",))
LOST = Case("q3", "丙", ("d:a4",))
RANKED = {
    "q1": ["d:a7", "d:a1"],
    # a paragraph of a right article is that article; the second one of it does not count again
    "q2": ["d:a9", "d:a2.p1", "d:a2.p2", "d:a8", "d:a8", "d:a6", "d:a5", "d:a3"],
    "q3": ["d:a1"],
}


@pytest.fixture
def found():
    return run(System("s", "系统", lambda case, k: RANKED[case.id][:k]), [ONE, TWO, LOST])


def test_figures_are_those_worked_out_by_hand(found):
    row = figures([ONE, TWO, LOST], found)
    assert (row["n"], row["failed"]) == (3, 0)
    # first: q2 only, by `also`; among the first five: q1 at 2 and q2 at 1
    assert (row["first"]["hits"], row["top5"]["hits"]) == (1, 2)
    # q2 without repeats: a9 a2 a8 a6 a5 a3 → a2 at 2, a3 at 6
    assert row["R@5"]["value"] == pytest.approx((1 + 0.5 + 0) / 3)
    assert row["R@10"]["value"] == pytest.approx((1 + 1 + 0) / 3)
    assert row["R@100"]["value"] == pytest.approx(2 / 3)
    assert (row["all5"]["hits"], row["all5"]["n"]) == (0, 1)
    assert row["RR@10"]["value"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    gain = [1 / math.log2(1 + rank) for rank in range(1, 8)]
    ndcg = (gain[1] / gain[0], (gain[1] + gain[5]) / (gain[0] + gain[1]), 0.0)
    assert row["nDCG@10"]["value"] == pytest.approx(sum(ndcg) / 3)
    assert row["seconds"]["p95"] >= row["seconds"]["p50"] >= 0


def test_ranks_count_each_provision_once():
    assert best_rank(ONE, RANKED["q1"]) == 2
    assert best_rank(TWO, RANKED["q2"]) == 1
    assert best_rank(LOST, RANKED["q3"]) is None
    assert gold_ranks(TWO, RANKED["q2"]) == [2, 6]
    assert gold_ranks(LOST, RANKED["q3"]) == [None]


def test_recall_curve_is_the_mean_over_questions():
    assert recall_curve([[2, 6], [None], [1]], depth=6) == pytest.approx([1 / 3, 0.5, 0.5, 0.5, 0.5, 2 / 3])


def test_what_stands_above_is_not_right():
    assert above(TWO, RANKED["q2"], shown=2) == ["d:a8", "d:a6"]


def test_a_question_that_fails_is_counted_and_left_out():
    def rank(case, k):
        if case is LOST:
            raise OSError("读不了")
        return RANKED[case.id]

    failing = run(System("s", "系统", rank), [ONE, TWO, LOST])
    row = figures([ONE, TWO, LOST], failing)
    assert failing.errors == {"q3": "OSError: 读不了"}
    assert (row["n"], row["failed"]) == (2, 1)
    assert row["R@10"]["value"] == 1.0
