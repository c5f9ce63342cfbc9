"""The extra `[models]`: the shipped model, restored for sentence-transformers, ranks as its ONNX file does."""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.indexing.embedder import Embedder, load_embedder
from assistant.indexing.onnx_model import shipped_folder
from eval.restore_embedder import restore

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SHARED = ROOT.parent / "shared" / "models" / "statute-embed-zh"

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None,
        reason='sentence-transformers is not installed: pip install ".[models]"',
    ),
    pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/models/statute-embed-zh, used with [models] only"),
]


@pytest.fixture(scope="module")
def loaded() -> Embedder:
    return load_embedder(f"sentence-transformers:{SHARED}")


@pytest.fixture(scope="module")
def articles() -> list[str]:
    """The paragraphs of the two founding documents."""
    names = ("gd-transfer-2025.txt", "mfg-transfer-2021.txt")
    lines = [line for name in names for line in (ROOT / "corpus" / name).read_text(encoding="utf-8").splitlines()]
    return [line.strip() for line in lines if len(line.strip()) > 20]


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    folder = tmp_path_factory.mktemp("restored") / "statute-embed-zh"
    restore(shipped_folder("statute-embed-zh"), folder)
    return load_embedder(f"sentence-transformers:{folder}")


def test_it_ranks_the_questions_as_the_shipped_model_does(restored: Embedder, articles: list[str]) -> None:
    rows = [json.loads(line) for line in (HERE / "embedder_texts.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [row["text"] for row in rows if row["kind"] == "query"]
    shipped = load_embedder("builtin")
    ours, theirs = (
        embedder.embed_queries(questions) @ embedder.embed_passages(articles).T for embedder in (shipped, restored)
    )
    assert ours.shape == (len(questions), len(articles)) and len(questions) >= 60 and len(articles) >= 50
    np.testing.assert_allclose(ours, theirs, atol=0.02)  # the shipped one may multiply bytes
    same = [
        len(set(np.argsort(-one)[:5]) & set(np.argsort(-other)[:5])) for one, other in zip(ours, theirs, strict=True)
    ]
    assert float(np.mean(same)) >= 4.8  # a permuted or unprefixed text would share one of five or none


def test_its_vectors_have_the_promised_form(loaded: Embedder) -> None:
    calls: list[int] = []
    vectors = loaded.embed_passages(["第一条"] * 300, calls.append)
    assert (vectors.dtype, vectors.shape, loaded.dimension) == (np.float32, (300, 384), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert calls == [256, 300]
    assert loaded.embed_queries([]).shape == (0, 384)


def test_name_and_revision(loaded: Embedder, tmp_path: Path) -> None:
    from assistant.indexing.st_embedder import revision_of

    assert loaded.name == "sentence-transformers:statute-embed-zh"  # no path: an index may move between machines
    copy = tmp_path / "copy"
    shutil.copytree(SHARED, copy)
    assert revision_of(copy) == loaded.revision
    (copy / "README.md").chmod(0o644)
    (copy / "README.md").write_text("another card", encoding="utf-8")
    assert revision_of(copy) == loaded.revision
    pooling = copy / "1_Pooling" / "config.json"
    pooling.chmod(0o644)
    pooling.write_text(pooling.read_text(encoding="utf-8").replace("mean", "cls"), encoding="utf-8")
    assert revision_of(copy) != loaded.revision


def test_a_folder_without_a_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"模型文件夹 .* 无法加载") as caught:
        load_embedder(f"sentence-transformers:{tmp_path}")
    assert "\n" not in str(caught.value)
