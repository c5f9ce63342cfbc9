"""The shipped ONNX file and a sentence-transformers model hold the same weights. Needs the extra `[models]`."""

import hashlib
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.indexing.onnx_embedder import shipped_model
from eval.restore_embedder import main, restore

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        importlib.util.find_spec("onnx") is None or importlib.util.find_spec("sentence_transformers") is None,
        reason='onnx or sentence-transformers is not installed: pip install ".[models]"',
    ),
]
STORED = Path(__file__).parents[1] / "indexing"


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("restored") / "statute-embed-zh"
    assert main(["--model", str(shipped_model()), "--out", str(folder)]) == 0
    return folder


def test_exported_again_it_is_the_shipped_file(restored: Path, tmp_path: Path) -> None:
    from eval.bert_graph import Precision
    from eval.export_embedder import export

    facts = export(restored, tmp_path, Precision.HALF, [])

    shipped = (shipped_model() / "model.onnx").read_bytes()
    assert hashlib.sha256((tmp_path / "model.onnx").read_bytes()).digest() == hashlib.sha256(shipped).digest()
    written = json.loads((shipped_model() / "model.json").read_text(encoding="utf-8"))
    assert {key: facts[key] for key in ("revision", "max_tokens", "query_prefix", "passage_prefix")} == {
        key: written[key] for key in ("revision", "max_tokens", "query_prefix", "passage_prefix")
    }


def test_its_vectors_are_those_of_the_model_that_was_exported(restored: Path) -> None:
    from eval.export_embedder import original_vectors, read_texts

    texts = read_texts(STORED / "embedder_texts.jsonl")
    rows = range(0, len(texts), 8)
    with np.load(STORED / "embedder_vectors.npz") as file:
        wanted = file["vectors"].astype(np.float32)

    found = original_vectors(restored, [texts[row] for row in rows])

    assert np.sum(found * wanted[list(rows)], axis=1).min() > 0.9999  # stored in half precision


def test_bytes_cannot_be_restored(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"precision": "int8"}', encoding="utf-8")

    with pytest.raises(ModelError, match="不是半精度，还原不了"):
        restore(tmp_path, tmp_path / "out")
