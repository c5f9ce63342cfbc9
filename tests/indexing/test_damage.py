"""An index that is deleted, damaged or forbidden: one line that says what to do, and nothing half true."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import IndexMissingError, StoreError
from assistant.indexing import database, vectors_home
from assistant.indexing.index import Index
from assistant.indexing.writer import Change, Writer
from assistant.schema import Parsed
from tests.fakes import CountingEmbedder, statute

pytestmark = pytest.mark.usefixtures("words_are_loaded_once")

OLD = statute("a", "保障用地，土地先行。", "降低用电成本。")
OTHER = statute("b", "海关监管。")


def write(folder: Path, *documents: Parsed) -> CountingEmbedder:
    embedder = CountingEmbedder()
    with Writer(folder, embedder) as writer:
        writer.apply([Change(one, "added", one.document.text) for one in documents])
    return embedder


def found(index: Index) -> set[str]:
    """The units that vectors find, and the titles beside them."""
    vector = CountingEmbedder().embed_queries(["土地"])[0]
    return index.read(lambda s: {unit for unit, _ in s.search_vectors(vector, 10)} | {*s.metadata()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "index", OLD)
    return tmp_path / "index"


def test_a_reader_says_that_its_index_was_deleted_and_makes_nothing(folder: Path) -> None:
    index = Index.open(folder, CountingEmbedder())
    assert found(index) == {"a", "a:a1", "a:a2"}
    shutil.rmtree(folder)

    with pytest.raises(IndexMissingError, match=r"已被删除。请运行 python ingest\.py"):
        found(index)
    assert not folder.exists()


def test_a_reader_sees_an_index_that_was_deleted_and_built_anew(folder: Path) -> None:
    index = Index.open(folder, CountingEmbedder())
    found(index)
    shutil.rmtree(folder)

    write(folder, OTHER)  # generation 1 again

    assert found(index) == {"b", "b:a1"}


def test_lost_vectors_are_said_and_come_back_without_computing(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")

    with pytest.raises(StoreError, match=r"向量库 chroma 不可用：文件夹不存在。请运行 python ingest\.py"):
        found(Index.open(folder, CountingEmbedder()))
    assert not (folder / "chroma").exists()

    assert write(folder).passages == []
    assert found(Index.open(folder, CountingEmbedder())) == {"a", "a:a1", "a:a2"}


def test_a_restoration_that_was_broken_off_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    shutil.rmtree(folder / "chroma")
    monkeypatch.setattr(vectors_home, "store_vectors", killed)
    with pytest.raises(KeyboardInterrupt):
        write(folder)
    monkeypatch.undo()

    with pytest.raises(StoreError, match=r"只有 0 条向量，应有 2 条"):
        found(Index.open(folder, CountingEmbedder()))
    write(folder)
    assert found(Index.open(folder, CountingEmbedder())) == {"a", "a:a1", "a:a2"}


def test_damaged_vectors_are_one_line_for_reader_and_writer(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbage " * 5_000)

    with pytest.raises(StoreError, match=r"向量库不可用：[^\n]*请删除 .*chroma，再运行"):
        found(Index.open(folder, CountingEmbedder()))
    with pytest.raises(StoreError, match=r"向量库不可用：[^\n]*请删除 .*chroma，再运行"):
        write(folder, OTHER)


def test_a_damaged_database_is_one_line_for_reader_and_writer(folder: Path) -> None:
    index = Index.open(folder, CountingEmbedder())
    file = folder / database.DATABASE_FILE
    with closing(database.connect(folder, write=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = bytearray(file.read_bytes())
    pages[4_096:] = b"\xab" * (len(pages) - 4_096)  # the first page, which names the tables, stays
    file.write_bytes(pages)

    with pytest.raises(StoreError, match=r"已损坏：[^\n]*请删除该文件夹，再运行 python ingest\.py --index"):
        found(index)
    with pytest.raises(StoreError, match=r"已损坏：[^\n]*请删除该文件夹，再运行 python ingest\.py --index"):
        write(folder, OTHER)


def test_an_index_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")

    with pytest.raises(StoreError, match=r"索引文件夹 .*file 无法写入：.*--index 指定别处"):
        write(file, OLD)
    with pytest.raises(IndexMissingError):
        Index.open(file, CountingEmbedder())
