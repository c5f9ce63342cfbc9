"""A user's own models by folder and by name: tiny ones made here. Needs the extra `[models]`; nothing is fetched."""

import importlib
import importlib.util
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.indexing.embedder import load_embedder
from assistant.indexing.reranker import Reranker, load_reranker

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None,
        reason='sentence-transformers is not installed: pip install ".[models]"',
    ),
]

TEXTS = ["省人民政府应当降低企业用电成本。", "承接地保障用地指标。", "人才"]


def write_bert(folder: Path, labels: int | None) -> None:
    """Write a tiny BERT of transformers with its tokenizer: an encoder, or with `labels` a cross-encoder."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

    words = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", *sorted(set("".join(TEXTS)))]
    raw = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
        model_max_length=64,
    )
    torch.manual_seed(5)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=len(words), max_position_embeddings=64, initializer_range=0.5, **sizes)
    if labels is None:
        BertModel(config).save_pretrained(folder)
    else:
        config.num_labels = labels
        BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    raw, folder = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("models") / "tiny-encoder"
    write_bert(raw, labels=None)
    words = Transformer(str(raw))
    SentenceTransformer(modules=[words, Pooling(16, "mean")], device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-reranker"
    write_bert(folder, labels=1)
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty Hugging Face cache of our own."""
    constants = importlib.import_module("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    yield tmp_path / "hub"


def put_into(cache: Path, name: str, folder: Path) -> None:
    """Lay a model into a cache as the hub's client does: refs/main names a snapshot."""
    home = cache / f"models--{name.replace('/', '--')}"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text("0123abcd", encoding="ascii")
    (home / "snapshots").mkdir()
    (home / "snapshots" / "0123abcd").symlink_to(folder, target_is_directory=True)


def test_an_encoder_by_folder(encoder: Path) -> None:
    embedder = load_embedder(f"sentence-transformers:{encoder}")
    assert (embedder.name, embedder.dimension) == ("sentence-transformers:tiny-encoder", 16)
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[::-1], embedder.embed_passages(TEXTS[::-1]), atol=1e-5)


def test_an_encoder_by_its_name_in_the_cache(encoder: Path, cache: Path) -> None:
    put_into(cache, "some-lab/tiny-encoder", encoder)
    named, direct = (load_embedder(f"sentence-transformers:{spec}") for spec in ("some-lab/tiny-encoder", encoder))
    assert named.name == "sentence-transformers:some-lab/tiny-encoder"
    assert named.revision == direct.revision
    np.testing.assert_allclose(named.embed_queries(TEXTS), direct.embed_queries(TEXTS), atol=1e-6)


def test_a_name_without_an_owner_is_that_of_sentence_transformers(encoder: Path, cache: Path) -> None:
    put_into(cache, "sentence-transformers/tiny-encoder", encoder)
    assert load_embedder("sentence-transformers:tiny-encoder").dimension == 16


@pytest.mark.parametrize("load", [load_embedder, load_reranker])
def test_a_name_that_is_not_in_the_cache_is_one_line(load: object, cache: Path) -> None:
    with pytest.raises(ModelError, match=r"没有模型文件夹 BAAI/bge-m3，本机的 Hugging Face 缓存里也没有") as caught:
        load("sentence-transformers:BAAI/bge-m3")  # type: ignore[operator]
    assert "hf download BAAI/bge-m3" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cross_encoder_scores_as_transformers_does(cross_encoder: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    reranker = load_reranker(f"sentence-transformers:{cross_encoder}")
    assert reranker is not None
    found = reranker.scores("企业用电", TEXTS)
    model = AutoModelForSequenceClassification.from_pretrained(cross_encoder).eval()
    tokenizer = AutoTokenizer.from_pretrained(cross_encoder)
    with torch.inference_mode():
        logits = [float(model(**tokenizer("企业用电", text, return_tensors="pt")).logits[0, 0]) for text in TEXTS]
    assert (found.dtype, found.shape) == (np.float32, (3,))
    assert np.ptp(logits) > 0.01
    np.testing.assert_allclose(found, logits, atol=1e-4)  # logits, no sigmoid
    assert reranker.scores("企业用电", []).shape == (0,)
    assert (reranker.name, len(reranker.revision)) == ("sentence-transformers:tiny-reranker", 16)


def test_a_cross_encoder_by_its_name_in_the_cache(cross_encoder: Path, cache: Path) -> None:
    put_into(cache, "some-lab/tiny-reranker", cross_encoder)
    reranker = load_reranker("sentence-transformers:some-lab/tiny-reranker")
    assert reranker is not None
    assert reranker.name == "sentence-transformers:some-lab/tiny-reranker"


def test_several_threads_get_the_same_scores(cross_encoder: Path) -> None:
    reranker = load_reranker(f"sentence-transformers:{cross_encoder}")
    assert reranker is not None
    asked: Reranker = reranker
    found: list[NDArray[np.float32]] = []
    threads = [threading.Thread(target=lambda: found.append(asked.scores("人才", TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for scores in found:
        np.testing.assert_allclose(scores, found[0], atol=1e-6)


def test_a_classifier_of_several_labels_is_no_reranker(tmp_path: Path) -> None:
    write_bert(tmp_path / "classifier", labels=3)
    with pytest.raises(ModelError, match="重排模型 classifier 给出 3 个分数，应为 1 个"):
        load_reranker(f"sentence-transformers:{tmp_path / 'classifier'}")


def test_a_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"重排模型 .* 无法加载") as caught:
        load_reranker(f"sentence-transformers:{tmp_path}")
    assert "\n" not in str(caught.value)
