import gzip
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.indexing.computed import write_texts
from assistant.indexing.embedder import load_embedder
from assistant.indexing.texts import content_hash
from eval import vector_cache
from eval.vector_cache import CachedEmbedder, VectorCache, main, missing_texts, read_part
from tests.fakes import CountingEmbedder, statute


def unit_rows(count: int, dimension: int = 9) -> np.ndarray:
    rows = np.random.default_rng(1).normal(size=(count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def save(path: Path, texts: list[str], rows: np.ndarray, **changed: np.ndarray) -> Path:
    hashes = np.array([content_hash(text).encode() for text in texts], dtype="S32")
    np.savez(path, **{"hashes": hashes, "vectors": rows, **changed})
    return path


def test_what_is_imported_is_found_again(tmp_path):
    vectors = unit_rows(3)
    part = save(tmp_path / "part.npz", ["甲", "乙", "丙"], vectors)
    cache = VectorCache(tmp_path / "cache", 9)

    assert cache.take(part) == (3, 3)
    assert cache.take(part) == (3, 0)
    again = VectorCache(tmp_path / "cache", 9)
    assert len(again) == 3
    assert np.array_equal(again.get(content_hash("乙")), vectors[1])
    assert content_hash("丁") not in again
    assert len(list((tmp_path / "cache").iterdir())) == 1  # the same part is one file, however often it comes


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"vectors": unit_rows(2).astype(np.float32)}, "float32"),
        ({"vectors": unit_rows(2, 8)}, r"\(2, 8\)"),
        ({"vectors": 2 * unit_rows(2)}, "长度"),
        ({"vectors": np.full((2, 9), np.nan, np.float16)}, "长度"),
        ({"hashes": np.array([b"a" * 32], "S32")}, "hashes"),
        ({"hashes": np.array(["甲", "乙"])}, "hashes"),
        ({"hashes": np.array([{}, {}], dtype=object)}, "读不了"),
    ],
)
def test_a_part_that_is_not_what_the_cache_holds_is_refused(tmp_path, changed, why):
    path = save(tmp_path / "part.npz", ["甲", "乙"], unit_rows(2), **changed)
    with pytest.raises(ModelError, match=why):
        read_part(path, 9)


def test_a_damaged_part_is_refused(tmp_path):
    (tmp_path / "part.npz").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ModelError, match=r"part\.npz"):
        read_part(tmp_path / "part.npz", 9)


def test_a_part_with_a_byte_turned_over_is_refused(tmp_path):
    """Its compressed bytes are zlib's, which has an error of its own."""
    path = tmp_path / "part.npz"
    np.savez_compressed(path, hashes=np.array([b"a" * 32, b"b" * 32], "S32"), vectors=unit_rows(2))
    whole = path.read_bytes()
    start = 30 + len("hashes.npy") + int.from_bytes(whole[28:30], "little")  # behind the first member's header
    for place in range(start, start + 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(ModelError, match=r"part\.npz"):
            read_part(path, 9)


def test_a_list_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("YIJU_CACHE", str(tmp_path))
    monkeypatch.setattr(vector_cache, "load_benchmark", lambda name, data: SimpleNamespace(documents=lambda: []))
    assert main(["texts", "--benchmark", "stard", "--out", str(tmp_path / "none" / "texts.jsonl.gz")]) == 1
    assert capsys.readouterr().err.startswith("错误：文件 ")


def test_only_what_the_cache_lacks_is_computed_and_then_kept(tmp_path):
    fake = CountingEmbedder()
    cache = VectorCache.of(fake, tmp_path)
    first = CachedEmbedder(fake, cache)
    told: list[int] = []
    vectors = first.embed_passages(["土地", "园区", "土地"], told.append)

    assert fake.passages == ["土地", "园区"]  # equal texts are one
    assert told[-1] == 3
    np.testing.assert_allclose(vectors, fake.embed_queries(["土地", "园区", "土地"]), atol=1e-3)
    second = CachedEmbedder(CountingEmbedder(), VectorCache.of(fake, tmp_path))
    assert second.embed_passages(["园区", "土地"]).shape == (2, 9)
    assert (second.computed, second.cached) == (0, 2)
    assert second.embed_passages([]).shape == (0, 9)


def test_more_than_the_limit_is_not_embedded_here(tmp_path):
    fake = CountingEmbedder()
    cached = CachedEmbedder(fake, VectorCache.of(fake, tmp_path), max_embed=3)
    cached.embed_passages(["甲", "乙"])
    with pytest.raises(ModelError, match=r"缺 4 条.*--max-embed 3"):
        cached.embed_passages(["丙", "丁", "甲"])
    assert len(fake.passages) == 2


def test_vectors_of_another_model_are_noticed(tmp_path):
    fake = CountingEmbedder()
    cache = VectorCache.of(fake, tmp_path)
    texts = ["土地", "园区", "税"]
    assert CachedEmbedder(fake, cache).lowest_cosine(texts) == 1.0  # nothing to compare
    cache.add([content_hash(text) for text in texts], fake.embed_queries(texts))
    assert CachedEmbedder(fake, cache).lowest_cosine(texts) > 0.999
    other = VectorCache.of(fake, tmp_path / "other")
    other.add([content_hash(text) for text in texts], fake.embed_queries(["水", "水", "水"]))
    with pytest.raises(ModelError, match="不符"):
        CachedEmbedder(fake, other).lowest_cosine(texts)


def test_missing_texts_are_listed_once_articles_first(tmp_path):
    cache = VectorCache(tmp_path, 9)
    documents = [statute("a", "土地归公。水归民。", "电。", title="甲条例"), statute("b", "税。", title="乙条例")]
    texts = [text for _, text in missing_texts(documents, cache)]
    assert texts == [
        "甲条例 第一条 土地归公。水归民。",
        "甲条例 第二条 电。",  # its only sentence is the same text
        "乙条例 第一条 税。",
        "甲条例 第一条 土地归公。",
        "甲条例 第一条 水归民。",
    ]
    cache.add([content_hash(texts[1]), content_hash(texts[3])], unit_rows(2))
    assert [text for _, text in missing_texts(documents, cache)] == [texts[0], texts[2], texts[4]]


def test_listed_texts_carry_their_hash(tmp_path):
    count = write_texts(tmp_path / "texts.jsonl.gz", [(content_hash("甲。"), "甲。")])
    with gzip.open(tmp_path / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    # sha256 of 甲。 in UTF-8, by `printf 甲。 | sha256sum`
    assert (count, rows) == (1, [{"hash": HASH, "text": "甲。"}])


HASH = "8c253750d3f6defea05cb346892fc182"


def test_the_command_imports_into_the_embedders_own_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("YIJU_CACHE", str(tmp_path))
    embedder = load_embedder("builtin")
    part = save(tmp_path / "part.npz", ["甲"], unit_rows(1, embedder.dimension))
    assert main(["import", str(part)]) == 0
    [folder] = (tmp_path / "vectors").iterdir()
    assert folder.name == f"{embedder.name}-{embedder.revision}"
    assert "其中新的 1 条" in capsys.readouterr().out
    assert main(["import", str(tmp_path / "none.npz")]) == 1
    assert capsys.readouterr().err.startswith("错误：向量文件 none.npz 读不了")


def test_the_cache_lies_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("YIJU_CACHE", str(tmp_path))
    assert vector_cache.cache_folder() == tmp_path
    monkeypatch.delenv("YIJU_CACHE")
    assert vector_cache.cache_folder() == Path.home() / ".cache" / "yiju"
