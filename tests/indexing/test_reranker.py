"""The choice of a reranker, and the shipped kind: pairs, order, threads; a tiny model lies beside this test."""

import importlib.util
import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import MissingDependencyError, ModelError
from assistant.indexing import onnx_reranker
from assistant.indexing.onnx_reranker import MIN_PASSAGE_TOKENS, OnnxReranker, pair_tokens
from assistant.indexing.reranker import load_reranker
from assistant.settings import Settings

TINY = Path(__file__).parent / "tiny_reranker"
EXPECTED = json.loads((TINY / "expected.json").read_text(encoding="utf-8"))
FACTS = {"cls_id": 0, "sep_id": 2, "separators": 1, "passage_type": 1, "max_tokens": 100}


@pytest.fixture(scope="module")
def reranker() -> OnnxReranker:
    return OnnxReranker(TINY, threads=2)


def test_off_is_the_default_and_loads_nothing() -> None:
    assert load_reranker(Settings().reranker) is None


def test_a_release_without_a_model_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_reranker, "shipped_reranker", lambda: tmp_path / "none")
    with pytest.raises(ModelError, match=r"这个版本没有内置重排模型；请把设置 reranker 改为 off") as caught:
        load_reranker("builtin")
    assert "\n" not in str(caught.value)


def test_a_folder_is_all_that_builtin_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_reranker, "shipped_reranker", lambda: TINY)
    loaded = load_reranker("builtin")
    assert loaded is not None
    assert (loaded.name, loaded.revision) == (
        "tiny-reranker",
        json.loads((TINY / "model.json").read_text())["revision"],
    )


def test_load_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="'cohere': expected 'off', 'builtin' or 'sentence-transformers:PATH-or-name'"):
        load_reranker("cohere")


def test_a_missing_folder_is_never_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"没有模型文件夹 .*nowhere；请先下载模型，再在设置 reranker 中写出"):
        load_reranker(f"sentence-transformers:{tmp_path / 'nowhere'}")


def test_without_the_extra_the_command_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for spec in (str(tmp_path), "BAAI/bge-reranker-v2-m3"):
        with pytest.raises(MissingDependencyError, match=r'请运行 pip install "\.\[models\]"'):
            load_reranker(f"sentence-transformers:{spec}")


def test_scores_are_those_of_pytorch(reranker: OnnxReranker) -> None:
    """`eval.export_reranker` wrote them beside the model: transformers, float32."""
    found = reranker.scores(EXPECTED["question"], EXPECTED["passages"])
    assert (found.dtype, found.shape) == (np.float32, (len(EXPECTED["passages"]),))
    assert float(np.ptp(EXPECTED["scores"])) > 0.1  # they differ, so a mixed-up order would show
    np.testing.assert_allclose(found, EXPECTED["scores"], atol=1e-3)


def test_a_score_does_not_depend_on_its_company(reranker: OnnxReranker) -> None:
    together = reranker.scores(EXPECTED["question"], EXPECTED["passages"])
    alone = [reranker.scores(EXPECTED["question"], [passage])[0] for passage in EXPECTED["passages"]]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_passages_no_scores(reranker: OnnxReranker) -> None:
    assert reranker.scores("电费", []).shape == (0,)


def test_threads_agree(reranker: OnnxReranker) -> None:
    found: list[NDArray[np.float32]] = []
    threads = [
        threading.Thread(target=lambda: found.append(reranker.scores("电费", EXPECTED["passages"]))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for scores in found:
        np.testing.assert_array_equal(scores, found[0])


@pytest.mark.parametrize(
    ("question", "passage", "facts", "ids", "types"),
    [
        ([7, 8], [9], {}, [0, 7, 8, 2, 9, 2], [0, 0, 0, 0, 1, 1]),
        ([7], [9], {"separators": 2, "passage_type": 0}, [0, 7, 2, 2, 9, 2], [0] * 6),
        ([], [9], {}, [0, 2, 9, 2], [0, 0, 1, 1]),
        ([7], [], {}, [0, 7, 2, 2], [0, 0, 0, 1]),
    ],
)
def test_pairs(
    question: list[int], passage: list[int], facts: dict[str, int], ids: list[int], types: list[int]
) -> None:
    assert pair_tokens(question, passage, FACTS | facts) == (ids, types)


def test_the_passage_is_cut_and_the_question_is_not() -> None:
    ids, types = pair_tokens([7] * 20, [9] * 500, FACTS)
    assert (len(ids), len(types)) == (100, 100)
    assert (ids.count(7), ids.count(9), ids[-1]) == (20, 77, 2)  # 100 - 20 - [CLS] - 2 × [SEP]


def test_a_question_longer_than_the_model_leaves_the_passage_its_share() -> None:
    ids, types = pair_tokens([7] * 500, [9] * 500, FACTS)
    assert (len(ids), ids.count(9), types.count(1)) == (100, MIN_PASSAGE_TOKENS, MIN_PASSAGE_TOKENS + 1)
    assert len(pair_tokens([7] * 500, [9], FACTS)[0]) == 100  # a short passage takes no more than it needs


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(TINY, folder)
    (folder / "model.onnx").write_bytes(b"version https://git-lfs")
    with pytest.raises(ModelError, match=r"内置重排模型的文件 model\.onnx 不完整（23 字节"):
        OnnxReranker(folder).scores("电费", ["条文"])
    (folder / "model.json").unlink()
    with pytest.raises(ModelError, match=r"读不了内置重排模型的说明 model\.json"):
        OnnxReranker(folder)
