"""Texts go out, vectors computed elsewhere come in, and what is no vector of this embedder stays out."""

import gzip
import io
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import IndexMismatchError, VectorFileError
from assistant.indexing.computed import load_vectors, write_texts
from assistant.indexing.index import Index
from assistant.indexing.ingest import ingest_paths, list_files, texts_without_vector
from assistant.schema import Refusal
from tests.fakes import CountingEmbedder

LAW = "甲市用地条例\n第一条　保障用地，土地先行。\n第二条　降低用电成本。引进人才。\n"


@pytest.fixture
def law(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text(LAW, encoding="utf-8")
    return file


def listed(folder: Path, *paths: Path) -> dict[str, str]:
    """Content hash → text of what has no vector."""
    refused: list[Refusal] = []
    found = dict(texts_without_vector(folder, list_files(paths).files, CountingEmbedder(), refused.append))
    assert refused == []
    return found


def arrays(texts: dict[str, str], **changed: Any) -> dict[str, Any]:
    vectors = CountingEmbedder().embed_queries(list(texts.values())).astype(np.float16)
    hashes = np.array([digest.encode() for digest in texts], dtype="S32")
    return {"hashes": hashes, "vectors": vectors, "embedder": "counting", "revision": "1", **changed}


def saved(path: Path, found: dict[str, Any]) -> Path:
    np.savez_compressed(path, **found)
    return path


def test_texts_go_out_and_their_vectors_come_in(tmp_path: Path, law: Path) -> None:
    index = tmp_path / "index"
    texts = listed(index, law)
    assert not index.exists()
    # 第一条 is one sentence, so one text; 第二条 is two sentences and their article.
    assert sorted(text.split("条 ")[-1] for text in texts.values()) == [
        "保障用地，土地先行。",
        "引进人才。",
        "降低用电成本。",
        "降低用电成本。引进人才。",
    ]
    embedder = CountingEmbedder()

    report = ingest_paths(index, [law], embedder, computed=[saved(tmp_path / "v.npz", arrays(texts))])

    assert (report.imported, report.embedded, report.reused) == (4, 0, 0)
    assert set(embedder.passages) <= set(texts.values())  # a few are computed here as well, to compare
    vector = CountingEmbedder().embed_queries(["人才"])[0]
    [(unit, _), *_] = Index.open(index, embedder).read(lambda s: s.search_vectors(vector, 2))
    assert unit.endswith(":a2")
    assert listed(index, law) == {}


def test_what_the_files_lack_is_computed_and_what_they_have_besides_is_left(tmp_path: Path, law: Path) -> None:
    index = tmp_path / "index"
    texts = listed(index, law)
    half = dict(list(texts.items())[:2])
    strange = {"0" * 32: "别的文字，别的土地"}
    first, second = saved(tmp_path / "1.npz", arrays(half)), saved(tmp_path / "2.npz", arrays({**half, **strange}))

    report = ingest_paths(index, [law], CountingEmbedder(), computed=[first, second])

    assert (report.imported, report.embedded, report.reused) == (2, 2, 0)


def test_the_list_is_lines_of_json_and_says_the_same_twice(tmp_path: Path, law: Path) -> None:
    texts = listed(tmp_path / "index", law)
    out = tmp_path / "texts.jsonl.gz"

    assert write_texts(out, texts.items()) == 4
    with gzip.open(out, "rt", encoding="utf-8") as file:
        assert {row["hash"]: row["text"] for row in map(json.loads, file)} == texts
    assert list(tmp_path.glob("*.part")) == []


def test_a_list_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(VectorFileError, match=r"texts\.gz 无法写入：.*请检查路径"):
        write_texts(tmp_path / "none" / "texts.gz", [])


def test_the_list_is_of_the_index_s_own_embedder(tmp_path: Path, law: Path) -> None:
    ingest_paths(tmp_path / "index", [law], CountingEmbedder())
    other = CountingEmbedder()
    other.revision = "2"

    with pytest.raises(IndexMismatchError):
        list(texts_without_vector(tmp_path / "index", list_files([law]).files, other, lambda _: None))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"embedder": "bge-m3"}, r"由 bge-m3 1 算出，当前设置的向量模型是 counting 1，不能混用。请用同一个模型重算"),
        ({"revision": "2"}, "由 counting 2 算出"),
        ({"vectors": np.eye(4, 9, dtype=np.float32)}, r"vectors 应为 float16 \(4, 9\)，实为 float32"),
        ({"vectors": np.eye(4, 8, dtype=np.float16)}, r"实为 float16 \(4, 8\)"),
        ({"vectors": np.eye(3, 9, dtype=np.float16)}, r"实为 float16 \(3, 9\)"),
        ({"vectors": np.asfortranarray(np.eye(4, 9, dtype=np.float16))}, "不是完整的 npz 文件"),
        ({"vectors": 2 * np.eye(4, 9, dtype=np.float16)}, "第 1 个向量的长度不是 1"),
        ({"vectors": np.full((4, 9), np.nan, dtype=np.float16)}, "第 1 个向量的长度不是 1（或含有无效数值）"),
        ({"vectors": np.full((4, 9), np.inf, dtype=np.float16)}, "第 1 个向量的长度不是 1"),
        ({"hashes": np.array(["x" * 32] * 4)}, "hashes 应为 S32"),
        ({"hashes": np.array([b"X" * 32] * 4, dtype="S32")}, "第 1 个 hash 不是 32 位十六进制数"),
        ({"hashes": np.array([b"ab"] * 4, dtype="S32")}, "第 1 个 hash 不是 32 位十六进制数"),
        ({"embedder": "长" * 20_000}, "embedder 过长"),
    ],
)
def test_what_is_no_vector_of_this_embedder_is_refused(
    tmp_path: Path, law: Path, changed: dict[str, Any], reason: str
) -> None:
    index = tmp_path / "index"
    file = saved(tmp_path / "v.npz", arrays(listed(index, law), **changed))

    with pytest.raises(VectorFileError, match=reason) as refused:
        ingest_paths(index, [law], CountingEmbedder(), computed=[file])

    assert "\n" not in str(refused.value)
    assert Index.open(index, CountingEmbedder()).read(lambda s: dict(s.metadata())) == {}


def test_vectors_of_other_texts_under_these_hashes_are_found_out(tmp_path: Path, law: Path) -> None:
    index = tmp_path / "index"
    texts = listed(index, law)
    found = arrays(texts)
    found["vectors"] = np.roll(np.eye(4, 9, dtype=np.float16), 3, axis=1)

    with pytest.raises(VectorFileError, match=r"v\.npz 的向量与本机算出的不符（抽查 4 条，余弦最低 0\."):
        ingest_paths(index, [law], CountingEmbedder(), computed=[saved(tmp_path / "v.npz", found)])


class _Harmful:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was loaded",))


def _with_member(name: str, data: bytes, found: dict[str, Any]) -> bytes:
    """Return an archive in which one member is replaced by raw bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for key, value in found.items():
            buffer = io.BytesIO()
            np.save(buffer, np.asarray(value))
            archive.writestr(f"{key}.npy", data if key == name else buffer.getvalue())
    return out.getvalue()


def _objects() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([_Harmful()], dtype=object), allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize("member", ["hashes", "vectors", "embedder", "revision"])
@pytest.mark.parametrize(
    "data", [_objects(), pickle.dumps(_Harmful()), b"", b"\x93NUMPY\x09\x00", b"\x93NUMPY\x01\x00\xff\xff{"]
)
def test_hostile_members_are_refused_unread(tmp_path: Path, member: str, data: bytes) -> None:
    path = tmp_path / "v.npz"
    path.write_bytes(_with_member(member, data, arrays({"0" * 32: "土地"})))

    with pytest.raises(VectorFileError, match=r"v\.npz 不能用作算好的向量：[^\n]*请按 README"):
        list(load_vectors(path, CountingEmbedder()))


def test_an_array_that_promises_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.eye(1, 9, dtype=np.float16))
    path = tmp_path / "v.npz"
    path.write_bytes(_with_member("vectors", buffer.getvalue()[:-4], arrays({"0" * 32: "土地"})))

    with pytest.raises(VectorFileError, match="数据不足"):
        list(load_vectors(path, CountingEmbedder()))


def _npy(header: bytes) -> bytes:
    """Return an array with this header and no data."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<U16', 'fortran_order': False, 'shape': (35184372088832,), }\n",  # petabytes
        b"{'descr': '<U16', 'shape': (3,\n",
        b"'''\n",
        b"-" * 5_000 + b"1\n",
    ],
)
@pytest.mark.parametrize("member", ["embedder", "vectors"])
def test_forged_headers_are_refused(tmp_path: Path, member: str, header: bytes) -> None:
    path = tmp_path / "v.npz"
    path.write_bytes(_with_member(member, _npy(header), arrays({"0" * 32: "土地"})))

    with pytest.raises(VectorFileError, match=r"v\.npz 不能用作算好的向量：[^\n]*请按 README"):
        list(load_vectors(path, CountingEmbedder()))


def test_a_byte_turned_over_anywhere_is_refused_or_harms_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path / "v.npz", arrays({"0" * 32: "土地", "1" * 32: "人才"}))
    whole = path.read_bytes()
    refused = 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            list(load_vectors(path, CountingEmbedder()))
        except VectorFileError:
            refused += 1

    assert refused > len(whole) / 2  # the others stand in what is not read, such as the date of a member


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "v.npz", arrays({"0" * 32: "土地"}))
    data = bytearray(path.read_bytes())
    entry = data.find(b"PK\x01\x02")
    while entry >= 0:  # bit 0 of the flags of each entry of the directory, and of the member it points to
        data[entry + 8] |= 1
        data[int.from_bytes(data[entry + 42 : entry + 46], "little") + 6] |= 1
        entry = data.find(b"PK\x01\x02", entry + 1)
    path.write_bytes(data)

    with pytest.raises(VectorFileError, match="不是完整的 npz 文件"):
        list(load_vectors(path, CountingEmbedder()))


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04" + bytes(60)])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "v.npz"
    path.write_bytes(data)

    with pytest.raises(VectorFileError, match="不是完整的 npz 文件"):
        list(load_vectors(path, CountingEmbedder()))
    with pytest.raises(VectorFileError, match="不是完整的 npz 文件"):
        list(load_vectors(tmp_path / "none.npz", CountingEmbedder()))


def test_an_array_that_is_not_there_is_named(tmp_path: Path) -> None:
    found = arrays({"0" * 32: "土地"})
    del found["revision"]

    with pytest.raises(VectorFileError, match=r"缺少 .*revision"):
        list(load_vectors(saved(tmp_path / "v.npz", found), CountingEmbedder()))
