"""The shipped embedder against the original model's vectors, and the promises that index and retrieval rely on."""

import hashlib
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import MissingDependencyError, ModelError
from assistant.indexing.embedder import load_embedder
from assistant.indexing.onnx_embedder import OnnxEmbedding, shipped_model
from assistant.indexing.onnx_model import BATCH_TOKENS, OnnxModel, available_cores, batches, products_may_clip
from assistant.settings import Settings

HERE = Path(__file__).parent
FACTS = json.loads((shipped_model() / "model.json").read_text(encoding="utf-8"))
ROWS = [json.loads(line) for line in (HERE / "embedder_texts.jsonl").read_text(encoding="utf-8").splitlines()]
MAX_SHIPPED_BYTES = 45_000_000


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedding:
    return OnnxEmbedding()


@pytest.fixture(scope="module")
def original() -> NDArray[np.float32]:
    """Vectors that sentence-transformers computed with the original model, one for each of ROWS."""
    with np.load(HERE / "embedder_vectors.npz") as file:
        vectors: NDArray[np.float32] = file["vectors"].astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_fixture_covers_what_goes_wrong() -> None:
    texts = [row["text"] for row in ROWS]
    assert len(texts) == 200
    assert {row["kind"] for row in ROWS} == {"query", "passage"}
    assert "" in texts
    assert any(text.startswith("ＡＢＣ") for text in texts)  # full width
    assert any(text.isascii() and len(text) > 30 for text in texts)
    tokenizer = OnnxModel(shipped_model(), "模型").tokenizer
    assert max(len(tokenizer.encode(text).ids) for text in texts) > FACTS["max_tokens"]


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_of_the_original(embedder: OnnxEmbedding, original: NDArray[np.float32], kind: str) -> None:
    rows = [number for number, row in enumerate(ROWS) if row["kind"] == kind]
    assert len(rows) >= 60
    texts = [ROWS[row]["text"] for row in rows]
    vectors = embedder.embed_queries(texts) if kind == "query" else embedder.embed_passages(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(rows), embedder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    # Each with its own; a mixed-up order, a missing prefix or other padding falls far below.
    assert np.sum(vectors * original[rows], axis=1).min() >= 0.999


def test_the_two_prefixes_differ(embedder: OnnxEmbedding) -> None:
    text = "企业用电成本"
    assert float(embedder.embed_queries([text])[0] @ embedder.embed_passages([text])[0]) < 0.999


def test_a_question_finds_its_article(embedder: OnnxEmbedding) -> None:
    question = embedder.embed_queries(["搬过去以后电费能便宜吗"])[0]
    near, far = embedder.embed_passages(["省人民政府应当降低企业用电成本。", "本条例自2025年3月1日起施行。"]) @ question
    assert near > far


def test_a_vector_does_not_depend_on_its_company(embedder: OnnxEmbedding) -> None:
    texts = ["短", "产业转移" * 100, "稍微长一点的一句话。", *(f"第{n}条" for n in range(30))]
    together = embedder.embed_passages(texts)
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_what_is_beyond_512_tokens_is_cut_off(embedder: OnnxEmbedding) -> None:
    long = "产业有序转移。" * 300
    first, second = embedder.embed_passages([long, long + "完全不同的结尾：专利、海关、土地。"])
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_nothing_in_nothing_out(embedder: OnnxEmbedding) -> None:
    calls: list[int] = []
    assert embedder.embed_passages([], calls.append).shape == (0, embedder.dimension)
    assert embedder.embed_queries([]).dtype == np.float32
    assert calls == []


def test_progress_counts_up_to_all(embedder: OnnxEmbedding) -> None:
    calls: list[int] = []
    texts = ["条文"] * 300 + ["另一条长一点的条文"]
    embedder.embed_passages(texts, calls.append)
    assert len(calls) > 2
    assert calls == sorted(set(calls))
    assert calls[-1] == len(texts)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([3, 9, 5], [[1], [2], [0]]),  # nothing is padded
        ([3, 9, 3, 9], [[1, 3], [0, 2]]),
        ([BATCH_TOKENS + 1, BATCH_TOKENS + 1], [[0], [1]]),
        ([BATCH_TOKENS // 2] * 3, [[0, 1], [2]]),
    ],
)
def test_batches(lengths: list[int], expected: list[list[int]]) -> None:
    assert list(batches(lengths)) == expected


def test_threads_give_what_one_gives() -> None:
    texts = [row["text"] for row in ROWS[::5]]
    np.testing.assert_array_equal(
        OnnxEmbedding(threads=3).embed_passages(texts), OnnxEmbedding(threads=1).embed_passages(texts)
    )
    assert OnnxEmbedding().threads == available_cores()


def test_an_error_in_a_batch_ends_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a listener raises (Ctrl-C, a full disk) reaches the caller, and batches not yet begun are dropped."""
    embedder = OnnxEmbedding(threads=2)
    embedder.embed_queries(["先读入模型"])
    begun: list[int] = []

    def listener(done: int) -> None:
        raise KeyboardInterrupt

    tokenizer, session = embedder._model._load()

    class Counting:
        def run(self, names: None, feeds: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
            begun.append(1)
            found: list[NDArray[np.float32]] = session.run(names, feeds)
            return found

    monkeypatch.setattr(embedder._model, "_engine", (tokenizer, Counting()))
    with pytest.raises(KeyboardInterrupt):
        embedder.embed_passages(["产业转移" * n for n in range(1, 60)], listener)
    assert 0 < len(begun) < 59


def test_llama_index_sees_the_same_vectors(embedder: OnnxEmbedding) -> None:
    texts = ["第一条", "园区共建的收益分享"]
    np.testing.assert_allclose(embedder.get_text_embedding_batch(texts), embedder.embed_passages(texts), atol=1e-6)
    np.testing.assert_allclose(embedder.get_text_embedding(texts[1]), embedder.embed_passages(texts)[1], atol=1e-5)
    np.testing.assert_allclose(embedder.get_query_embedding(texts[0]), embedder.embed_queries(texts)[0], atol=1e-5)
    assert embedder.model_name == embedder.name == "statute-embed-zh"


def test_threads_share_one_session(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = OnnxEmbedding(threads=1)
    opened: list[object] = []
    open_session = OnnxModel._open_session
    monkeypatch.setattr(OnnxModel, "_open_session", lambda self: opened.append(self) or open_session(self))
    found: list[NDArray[np.float32]] = []
    threads = [threading.Thread(target=lambda: found.append(embedder.embed_queries(["园区"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert len(found) == 4
    for vectors in found:
        np.testing.assert_array_equal(vectors, found[0])


def test_the_files_are_those_of_the_model_card() -> None:
    folder = shipped_model()
    for name, facts in FACTS["files"].items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (facts["bytes"], facts["sha256"]), name
    assert FACTS["revision"] == FACTS["files"]["model.onnx"]["sha256"][:16] == OnnxEmbedding().revision
    assert sum(path.stat().st_size for path in folder.parent.rglob("*") if path.is_file()) <= MAX_SHIPPED_BYTES


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(shipped_model(), folder)
    (folder / "model.onnx").write_bytes(b"version https://git-lfs")
    with pytest.raises(ModelError, match=r"model\.onnx 不完整（23 字节，应为 [0-9,]+）；请重新安装"):
        OnnxEmbedding(folder=folder).embed_queries(["园区"])
    (folder / "model.json").unlink()
    with pytest.raises(ModelError, match=r"读不了内置向量模型的说明 model\.json"):
        OnnxEmbedding(folder=folder)


def test_load_builtin() -> None:
    embedder = load_embedder(Settings().embedder)
    assert (embedder.name, embedder.revision, embedder.dimension) == ("statute-embed-zh", FACTS["revision"], 384)


def test_load_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="'openai': expected 'builtin' or 'sentence-transformers:PATH-or-name'"):
        load_embedder("openai")


def test_a_missing_model_folder_is_never_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"没有模型文件夹 .*nowhere；请先下载模型，再在设置 embedder 中写出"):
        load_embedder(f"sentence-transformers:{tmp_path / 'nowhere'}")


def test_without_the_extra_the_command_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r'请运行 pip install "\.\[models\]"'):
        load_embedder(f"sentence-transformers:{tmp_path}")


def test_embedding_needs_neither_network_nor_torch_nor_forks() -> None:
    """A new process embeds with every socket forbidden; a fork after it prints no warning."""
    code = """
import os, sys, socket
def refuse(*args, **kwargs): raise SystemExit("network")
socket.socket.connect = socket.getaddrinfo = refuse
import assistant.indexing.embedder as module
assert not {"llama_index", "onnxruntime", "tokenizers"} & set(sys.modules), "heavy import"
module.load_embedder("builtin").embed_passages(["甲", "乙"])
assert not {"torch", "transformers", "nltk.downloader"} & set(sys.modules), "needless import"
child = os.fork()
if child == 0: os._exit(0)
os.waitpid(child, 0)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("machine", "says", "expected"),
    [
        ("x86_64", "processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\n", False),
        ("AMD64", "flags\t\t: fpu avx2 avx_vnni\n", False),
        ("x86_64", "flags\t\t: fpu avx2 avx512f\n", True),
        ("x86_64", None, True),  # Windows, macOS: no such file
        ("aarch64", None, False),
        ("arm64", "Features\t: asimd\n", False),
    ],
)
def test_products_of_bytes_may_clip_only_without_vnni(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str, says: str | None, expected: bool
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    if says is not None:
        (tmp_path / "cpuinfo").write_text(says, encoding="utf-8")
    assert products_may_clip(tmp_path / "cpuinfo") is expected
