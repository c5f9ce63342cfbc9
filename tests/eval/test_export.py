"""The exporters against PyTorch, on tiny random models made here. Needs the extra `[models]`."""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.indexing.onnx_reranker import OnnxReranker

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        importlib.util.find_spec("onnx") is None or importlib.util.find_spec("transformers") is None,
        reason='onnx or transformers is not installed: pip install ".[models]"',
    ),
]

PAIR = {"separators": 1, "passage_type": 1, "max_tokens": 64}
PAIRS = [
    ("电费能降吗", "省人民政府应当降低企业用电成本。"),
    ("土地怎么给", "承接地应当保障用地指标，优先安排。" * 8),
    ("人才", "第一条"),
    ("海关信用等级还算数吗，我们厂从佛山搬到湖南", "企业信用等级按照规定执行。"),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from eval.random_bert import write_random_bert, write_small_tokenizer

    folder = tmp_path_factory.mktemp("source")
    write_small_tokenizer(folder / "small.json", [text for pair in PAIRS for text in pair])
    write_random_bert(folder, folder / "small.json", hidden=32, layers=3, heads=4)
    return folder


@pytest.mark.parametrize("pooling", ["first", "mean", "pooler"])
@pytest.mark.parametrize(("precision", "near"), [("half", 0.005), ("int8", 0.06)])
def test_the_exported_reranker_scores_as_pytorch(
    source: Path, tmp_path: Path, pooling: str, precision: str, near: float
) -> None:
    from eval.bert_graph import Precision
    from eval.export_reranker import Pooling, export, original_scores

    if pooling == "pooler":
        source = with_pooler(source, tmp_path / "source")
    facts = export(source, tmp_path, "tiny", Pooling(pooling), Precision(precision), PAIR, PAIRS)
    original = original_scores(source, facts, PAIRS)
    reranker = OnnxReranker(tmp_path)
    found = np.array([reranker.scores(question, [passage])[0] for question, passage in PAIRS])
    assert original.std() > 0.05
    np.testing.assert_allclose(found, original, atol=near)
    assert json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))["pooling"] == pooling


def test_the_same_bytes_every_time(source: Path, tmp_path: Path) -> None:
    from eval.bert_graph import Precision
    from eval.export_reranker import Pooling, export

    for folder in ("a", "b"):
        export(source, tmp_path / folder, "tiny", Pooling.MEAN, Precision.INT8, PAIR, PAIRS)
    assert (tmp_path / "a" / "model.onnx").read_bytes() == (tmp_path / "b" / "model.onnx").read_bytes()


@pytest.mark.parametrize(("precision", "cosine"), [("half", 0.99999), ("int8", 0.998)])
def test_the_exported_encoder_embeds_as_pytorch(source: Path, precision: str, cosine: float) -> None:
    import onnxruntime
    import torch
    from safetensors.numpy import load_file
    from transformers import BertConfig, BertModel

    from eval.bert_graph import Precision, channel_maxima, read_config
    from eval.export_embedder import build_graph

    weights, config = load_file(source / "model.safetensors"), read_config(source)
    model = BertModel(BertConfig(**config), add_pooling_layer=False).eval()
    model.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in weights.items()}, strict=False)
    random = np.random.default_rng(7)
    texts = [random.integers(4, config["vocab_size"], (3, length)) for length in (1, 2, 7, 40)]
    maxima = channel_maxima(weights, config, [row.tolist() for rows in texts for row in rows])
    graph = build_graph(weights, config, "tiny", Precision(precision), maxima)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    for rows in texts:
        with torch.inference_mode():
            mean = model(input_ids=torch.from_numpy(rows)).last_hidden_state.mean(dim=1).numpy()
        [found] = session.run(None, {"input_ids": rows})
        assert found.shape == (3, config["hidden_size"])
        unit = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        assert np.sum(unit * found, axis=1).min() >= cosine


def test_what_cannot_be_exported_is_one_line(source: Path, tmp_path: Path) -> None:
    from eval.bert_graph import GraphBuilder, Precision, add_encoder, read_config
    from eval.export_reranker import read_weights

    with pytest.raises(ModelError, match=r"里没有 model\.safetensors；请用 --source 指向模型文件夹"):
        read_config(tmp_path)
    with pytest.raises(ModelError, match="只能导出使用 gelu 的 BERT 模型，这个模型是 roberta／gelu"):
        add_encoder(GraphBuilder(), {}, {"model_type": "roberta", "hidden_act": "gelu"}, Precision.HALF)
    from safetensors.numpy import save_file

    save_file({"embeddings.word_embeddings.weight": np.zeros((2, 2), np.float32)}, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match=r"里没有 classifier\.weight 和 classifier\.bias"):
        read_weights(tmp_path)


def with_pooler(source: Path, folder: Path) -> Path:
    """Return a copy of the model with a pooler, every name as BertForSequenceClassification writes it."""
    from safetensors.numpy import load_file, save_file

    shutil.copytree(source, folder)
    weights = load_file(source / "model.safetensors")
    random = np.random.default_rng(3)
    weights["pooler.dense.weight"] = (random.standard_normal((32, 32)) / 6).astype(np.float32)
    weights["pooler.dense.bias"] = random.standard_normal(32).astype(np.float32)
    save_file(
        {name if name.startswith("classifier") else f"bert.{name}": tensor for name, tensor in weights.items()},
        folder / "model.safetensors",
    )
    return folder
