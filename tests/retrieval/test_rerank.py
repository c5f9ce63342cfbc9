"""The mix of fused and read scores, by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.retrieval.rerank import RerankWeights, mixed, rerank
from assistant.schema import Hit
from tests.fakes import statute

ARTICLES = [unit for unit in statute("demo", *(f"第{n}个内容。" for n in range(5))).provisions if unit.unit]


def hits(*scores: float) -> list[Hit]:
    return [
        Hit(unit, score, rank, {"article": score})
        for rank, (unit, score) in enumerate(zip(ARTICLES, scores, strict=False), start=1)
    ]


def numbers(found: Sequence[Hit]) -> list[int]:
    """Return which of ARTICLES the hits are, 0-based."""
    return [ARTICLES.index(hit.provision) for hit in found]


class KeywordReranker:
    """A reranker that scores a passage by the number of its article: later articles answer better."""

    name = "keyword"
    revision = "1"

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        self.read += passages
        return np.array([float(passage[1]) for passage in passages], np.float32)


def test_the_mix_by_hand() -> None:
    # Read scores -3, 1, -1 stretched onto 1.0 … 2.0: 1.0, 2.0, 1.5. Halves: 1.5, 1.8, 1.25.
    found = mixed(hits(2.0, 1.6, 1.0, 0.9), np.array([-3, 1, -1], np.float32), 0.5)
    assert numbers(found) == [1, 0, 2, 3]
    assert [hit.score for hit in found] == pytest.approx([1.8, 1.5, 1.25, 0.9])
    assert [hit.rank for hit in found] == [1, 2, 3, 4]
    assert dict(found[0].signals) == {"article": 1.6, "rerank": 1.0}
    assert "rerank" not in found[3].signals


def test_the_ends_of_the_share() -> None:
    scores = np.array([0, 5, 9], np.float32)
    assert numbers(mixed(hits(2.0, 1.6, 1.0), scores, 0.0)) == [0, 1, 2]
    assert numbers(mixed(hits(2.0, 1.6, 1.0), scores, 1.0)) == [2, 1, 0]


def test_nothing_read_falls_behind_what_nobody_read() -> None:
    found = mixed(hits(2.0, 1.6, 1.0, 0.99), np.array([-9, -20, 4], np.float32), 1.0)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert numbers(found)[3] == 3


@pytest.mark.parametrize("scores", [[3.0, 3.0, 3.0], [3.0]])
def test_a_reranker_without_preference_moves_nothing(scores: list[float]) -> None:
    before = hits(2.0, 1.6, 1.0)
    found = mixed(before, np.array(scores, np.float32), 0.7)
    assert numbers(found) == [0, 1, 2]
    assert [hit.score for hit in found] == [hit.score for hit in before]


def test_between_equal_fused_scores_the_reranker_decides() -> None:
    assert numbers(mixed(hits(1.0, 1.0, 1.0), np.array([1, 3, 2], np.float32), 0.5)) == [1, 2, 0]


def test_only_the_first_are_read() -> None:
    reranker = KeywordReranker()
    found = rerank("问", hits(2, 1.9, 1.8, 1.7), reranker, lambda hit: hit.provision.text[-6:], RerankWeights(3, 1.0))
    assert numbers(found) == [2, 1, 0, 3]
    assert reranker.read == ["第0个内容。", "第1个内容。", "第2个内容。"]


def test_nothing_to_choose_between_nothing_read() -> None:
    reranker = KeywordReranker()
    for few, weights in ((hits(), RerankWeights()), (hits(1.0), RerankWeights()), (hits(2, 1), RerankWeights(1))):
        assert rerank("问", few, reranker, lambda hit: hit.provision.text, weights) == few
    assert rerank("问", hits(2, 1), reranker, lambda hit: hit.provision.text, RerankWeights(20, 0.0)) == hits(2, 1)
    assert reranker.read == []


@pytest.mark.parametrize(("depth", "share"), [(-1, 0.5), (20, 1.5), (20, -0.1)])
def test_weights_out_of_range_are_refused(depth: int, share: float) -> None:
    with pytest.raises(ValueError, match="expected depth >= 0 and 0 <= share <= 1"):
        RerankWeights(depth, share)
