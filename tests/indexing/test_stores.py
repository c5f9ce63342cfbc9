"""Every vector store alike: Chroma in the folder, a Chroma server, Milvus. The servers are real processes."""

import itertools
import logging
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest

from assistant.api import open_assistant
from assistant.building import add_files, build_index, remove_from_index
from assistant.errors import IndexMismatchError, MissingDependencyError, StoreError
from assistant.indexing import database, vectors_chroma, vectors_milvus
from assistant.indexing.index import Index
from assistant.indexing.vectors import IN_FOLDER, VectorsAt, VectorsMissingError, open_vectors
from assistant.indexing.writer import Change, Writer
from assistant.schema import Parsed
from assistant.settings import Settings
from tests.fakes import CountingEmbedder, statute
from tests.indexing.broken_off import context
from tests.indexing.servers import Server, free_port
from tests.indexing.words import share_words

pytestmark = pytest.mark.usefixtures("words_are_loaded_once")

OLD = statute("a", "保障用地，土地先行。", "降低用电成本。")
NEW = statute("a", "保障用地，土地先行。", "引进人才。", "设立基金，资金到位。")
OTHER = statute("b", "海关监管。")
SIX = CountingEmbedder.dimension


def write(folder: Path, at: VectorsAt, *documents: Parsed, remove: tuple[str, ...] = ()) -> CountingEmbedder:
    embedder = CountingEmbedder()
    with Writer(folder, embedder, at) as writer:
        writer.apply([Change(one, "added", one.document.text) for one in documents], remove)
    return embedder


def open_index(folder: Path, at: VectorsAt) -> Index:
    return Index.open(folder, CountingEmbedder(), at)


def nearest(index: Index, word: str) -> list[str]:
    vector = CountingEmbedder().embed_queries([word])[0]
    return [unit for unit, _ in index.read(lambda s: s.search_vectors(vector, 10))]


def collection(folder: Path) -> str:
    with closing(database.connect(folder)) as connection:
        return database.meta(connection, "collection")


def stored(folder: Path, at: VectorsAt) -> int:
    """How many vectors lie in the store."""
    with closing(open_vectors(at, folder, collection(folder), SIX)) as store:
        return store.count()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text and "Traceback" not in text
    return text


def test_a_store_counts_adds_removes_and_finds_by_cosine(at: VectorsAt, folder: Path) -> None:
    with pytest.raises(VectorsMissingError):
        open_vectors(at, folder, "yiju_protocol", 2)
    with closing(open_vectors(at, folder, "yiju_protocol", 2, create=True)) as store:
        assert store.count() == 0
        assert store.search(np.array([1, 0], dtype=np.float32), 3) == []
        store.add(["x:a1@0", "x:a2@0", "x:a3@0"], np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32))
        store.add(["x:a1@0"], np.array([[1, 0]], dtype=np.float32))  # a filling that was broken off and goes on
        assert store.count() == 3

        found = store.search(np.array([1, 0], dtype=np.float32), 10)
        assert [one for one, _ in found] == ["x:a1@0", "x:a2@0", "x:a3@0"]
        assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.6, 0.0], abs=1e-3)
        assert [one for one, _ in store.search(np.array([0, 1], dtype=np.float32), 1)] == ["x:a3@0"]

        store.remove(["x:a1@0", "y:a9@0"])
        assert [one for one, _ in store.search(np.array([1, 0], dtype=np.float32), 10)] == ["x:a2@0", "x:a3@0"]
    with closing(open_vectors(at, folder, "yiju_protocol", 2)) as store:
        assert store.count() == 2
        store.drop()
    with pytest.raises(VectorsMissingError):
        open_vectors(at, folder, "yiju_protocol", 2)


def test_more_rows_than_a_call_takes(at: VectorsAt, folder: Path) -> None:
    angles = np.linspace(0, 1, 2_500)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    with closing(open_vectors(at, folder, "yiju_many", 2, create=True)) as store:
        store.add([f"x:a{n}@0" for n in range(2_500)], vectors)
        assert store.count() == 2_500
        [(best, cosine)] = store.search(vectors[2_000], 1)
        assert (best, round(cosine, 3)) == ("x:a2000@0", 1.0)
        assert len(store.search(vectors[0], 1_500)) == 1_500  # more than the width of the search asked for
        store.remove(f"x:a{n}@0" for n in range(2_499))
        assert store.search(vectors[0], 5)[0][0] == "x:a2499@0"
        store.drop()


def test_documents_come_are_replaced_and_go(at: VectorsAt, folder: Path) -> None:
    write(folder, at, OLD, OTHER)
    index = open_index(folder, at)
    assert nearest(index, "海关")[0] == "b:a1"

    embedder = write(folder, at, NEW)
    assert len(embedder.passages) == 2  # the first article did not change
    assert nearest(index, "资金")[0] == "a:a3"
    assert stored(folder, at) == 4  # three articles of NEW, one of OTHER: nothing stale is left

    write(folder, at, remove=("a",))
    assert nearest(index, "土地") == ["b:a1"]
    assert stored(folder, at) == 1
    index.close()


def test_two_indexes_on_one_server_do_not_mix(server: Server, tmp_path: Path) -> None:
    write(tmp_path / "one", server.at, OLD)
    write(tmp_path / "two", server.at, OTHER)

    assert nearest(open_index(tmp_path / "one", server.at), "海关") == ["a:a1", "a:a2"]
    assert nearest(open_index(tmp_path / "two", server.at), "海关") == ["b:a1"]
    write(tmp_path / "two", server.at, remove=("b",))
    assert stored(tmp_path / "one", server.at) == 2


def test_a_copy_of_an_index_gets_a_collection_of_its_own(server: Server, tmp_path: Path) -> None:
    original, copy, moved = tmp_path / "original", tmp_path / "copy", tmp_path / "moved"
    write(original, server.at, OLD)
    shutil.copytree(original, copy)
    assert nearest(open_index(copy, server.at), "土地")[0] == "a:a1"  # until one of them is written they may share

    assert write(copy, server.at, OTHER, remove=("a",)).passages == ["b条例 第一条 海关监管。"]

    assert nearest(open_index(copy, server.at), "土地") == ["b:a1"]
    assert nearest(open_index(original, server.at), "土地") == ["a:a1", "a:a2"]
    assert collection(copy) != collection(original)

    kept = collection(original)
    original.rename(moved)
    write(moved, server.at, remove=("nothing",))
    assert collection(moved) == kept  # one that was only moved keeps its own
    shutil.copytree(moved, original)
    write(original, IN_FOLDER)  # leaves the server, and leaves it what is not its own
    assert nearest(open_index(moved, server.at), "土地") == ["a:a1", "a:a2"]


def _flip_flop(folder: str, setting: str, enough: Event) -> None:
    share_words()
    versions = itertools.cycle((NEW, OLD))
    while not enough.is_set():
        write(Path(folder), VectorsAt(setting), next(versions))


def test_readers_see_one_corpus_or_the_other_while_another_process_writes(server: Server, folder: Path) -> None:
    at = server.at  # test_writer does the same with the embedded one
    write(folder, at, OLD)
    index = open_index(folder, at)
    vector = CountingEmbedder().embed_queries(["土地"])[0]
    children = context()
    enough = children.Event()
    process = children.Process(target=_flip_flop, args=(str(folder), at.setting, enough))
    process.start()

    seen: list[int] = []
    deadline = time.monotonic() + 60
    try:
        while seen.count(3) < 2 or seen[-1] == 3:  # there, back, there, back
            assert process.is_alive() and time.monotonic() < deadline
            units, held = index.read(
                lambda s: (frozenset(u for u, _ in s.search_vectors(vector, 10)), frozenset(s.units(["a"])))
            )
            assert units == held  # every live unit has its vector, and nothing else is found
            if not seen or seen[-1] != len(held):
                seen.append(len(held))
    finally:
        enough.set()  # a writer without end would keep the whole run from ending
        process.join(60)

    assert process.exitcode == 0
    assert seen[:4] == [2, 3, 2, 3]
    index.close()


def test_lost_vectors_are_said_and_come_back_without_computing(server: Server, folder: Path) -> None:
    write(folder, server.at, OLD, OTHER)
    index = open_index(folder, server.at)
    nearest(index, "土地")
    with closing(open_vectors(server.at, folder, collection(folder), SIX)) as store:
        store.drop()

    with pytest.raises(StoreError, match=r"没有本索引的集合 yiju_.*请运行 python ingest\.py --index") as error:
        nearest(index, "土地")
    one_line(error.value)
    assert write(folder, server.at).passages == []
    assert nearest(index, "土地")[0] == "a:a1"  # the reader that was open goes on

    with closing(open_vectors(server.at, folder, collection(folder), SIX)) as store:
        store.remove([one for one, _ in store.search(np.eye(SIX, dtype=np.float32)[0], 1)])
    with pytest.raises(StoreError, match="只有 2 条向量，应有 3 条"):
        nearest(open_index(folder, server.at), "土地")
    assert write(folder, server.at).passages == []
    assert nearest(open_index(folder, server.at), "土地")[0] == "a:a1"


def test_an_index_moves_from_store_to_store_without_computing(
    folder: Path, chroma_server: Server, milvus_server: Server
) -> None:
    write(folder, IN_FOLDER, OLD, OTHER)
    for there, here in (
        (IN_FOLDER, chroma_server.at),
        (chroma_server.at, milvus_server.at),
        (milvus_server.at, IN_FOLDER),
    ):
        old_reader = open_index(folder, there)
        nearest(old_reader, "土地")
        wanted = (
            f"向量存放在 {there.setting}，当前设置 vectors 是 {here.setting}.*运行 python ingest.py --index .*不必重算"
        )
        with pytest.raises(IndexMismatchError, match=wanted) as error:
            open_index(folder, here)
        one_line(error.value)

        assert write(folder, here).passages == []

        assert nearest(open_index(folder, here), "海关")[0] == "b:a1"
        assert stored(folder, here) == 3
        with pytest.raises(IndexMismatchError, match=f"向量存放在 {here.setting}"):
            nearest(old_reader, "土地")
        with pytest.raises(VectorsMissingError):  # what was left is cleaned up
            open_vectors(there, folder, collection(folder), SIX)


def test_a_move_that_was_broken_off_leaves_the_index_where_it_was(
    folder: Path, chroma_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    write(folder, IN_FOLDER, OLD)
    monkeypatch.setattr("assistant.indexing.vectors_home.store_vectors", killed)
    with pytest.raises(KeyboardInterrupt):
        write(folder, chroma_server.at)
    monkeypatch.undo()

    assert nearest(open_index(folder, IN_FOLDER), "土地")[0] == "a:a1"
    write(folder, chroma_server.at, OTHER)
    assert set(nearest(open_index(folder, chroma_server.at), "土地")) == {"a:a1", "a:a2", "b:a1"}


def test_an_index_moves_away_from_a_server_that_is_gone(
    folder: Path, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    server = Server("chroma", tmp_path / "data")
    server.start()
    try:
        write(folder, server.at, OLD)
    finally:
        server.stop()

    assert write(folder, IN_FOLDER).passages == []

    assert nearest(open_index(folder, IN_FOLDER), "土地")[0] == "a:a1"
    [said] = [record.getMessage() for record in caplog.records if record.name.startswith("assistant")]
    assert said.startswith(f"旧的向量库 {server.at.setting} 没有清理，其中的集合 {collection(folder)} 可以手工删除")


@pytest.fixture
def stopped(server: Server) -> Iterator[Server]:
    yield server
    if server.process.poll() is not None:
        server.start()


def test_a_server_that_is_down_is_one_line_and_loses_nothing(stopped: Server, folder: Path) -> None:
    server = stopped
    at = VectorsAt(server.at.setting, token="root:very-secret")
    write(folder, at, OLD)
    index = open_index(folder, at)
    nearest(index, "土地")
    server.stop()

    for reader in (index, open_index(folder, at)):
        with pytest.raises(StoreError, match=rf"向量库 {at.setting} 不可用：.*请确认它已启动") as error:
            nearest(reader, "土地")
        assert "secret" not in one_line(error.value)
    with pytest.raises(StoreError, match="请确认它已启动") as error:
        write(folder, at, NEW)
    assert "secret" not in one_line(error.value)
    assert index.read(lambda s: s.search_text("用电", 5))[0][0] == "a:a2"  # the old corpus, by words

    server.start()
    assert nearest(index, "土地")[0] == "a:a1"
    write(folder, at, NEW)
    assert nearest(index, "资金")[0] == "a:a3"


@pytest.mark.parametrize("kind", ["chroma", "milvus"])
def test_a_server_that_hangs_is_given_up(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "milvus":
        pytest.importorskip("pymilvus", reason="needs the extra [milvus]")
    for module in (vectors_chroma, vectors_milvus):
        monkeypatch.setattr(module, "CONNECT_TIMEOUT_S", 0.3)
    with socket.socket() as silent:  # connections are taken, and nothing is ever said
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        at = VectorsAt(f"{kind}:http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(StoreError, match=f"向量库 {at.setting} 不可用"):
            open_vectors(at, folder, "yiju_x", 2)


def test_a_server_that_hangs_in_the_middle_is_given_up(
    stopped: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (vectors_chroma, vectors_milvus):
        monkeypatch.setattr(module, "CALL_TIMEOUT_S", 2.0)
    with closing(open_vectors(stopped.at, folder, "yiju_frozen", 2, create=True)) as store:
        stopped.freeze()
        try:
            with pytest.raises(StoreError, match="不可用"):
                store.search(np.array([1, 0], dtype=np.float32), 1)
        finally:
            stopped.thaw()


def test_no_token_in_print_or_log(server: Server, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    at = VectorsAt(server.at.setting, token="root:very-secret")
    write(folder, at, OLD)
    nearest(open_index(folder, at), "土地")
    with pytest.raises(StoreError):
        open_vectors(VectorsAt(f"{server.kind}:http://127.0.0.1:{free_port()}", at.token), folder, "yiju_x", 2)

    assert "secret" not in repr(at)
    assert "secret" not in caplog.text
    assert "secret" not in str(at.problem(folder, "the server said root:very-secret is wrong"))
    for file in folder.rglob("*"):
        assert not file.is_file() or b"very-secret" not in file.read_bytes()


def test_the_setting_reaches_every_verb(
    chroma_server: Server, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("api", "building"):
        monkeypatch.setattr(f"assistant.{module}.load_embedder", lambda _: CountingEmbedder())
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("甲市条例\n第一条　保障用地，土地先行。\n", encoding="utf-8")
    added = tmp_path / "b.txt"
    added.write_text("乙市条例\n第一条　海关监管。\n", encoding="utf-8")
    settings = Settings(index=folder, corpus=tmp_path / "corpus", vectors=chroma_server.at.setting)

    build_index(settings)
    assistant = open_assistant(settings)
    assistant.add(assistant.preview(added))
    assert stored(folder, chroma_server.at) == 2
    assert len(assistant.search("海关", 2, mode="vectors")) == 2
    assistant.remove(next(row.metadata.id for row in assistant.documents() if row.metadata.title == "乙市条例"))
    assert stored(folder, chroma_server.at) == 1
    add_files(settings, [added])
    remove_from_index(settings, [row.metadata.id for row in assistant.documents()])
    assert stored(folder, chroma_server.at) == 0
    assistant.close()
    with pytest.raises(IndexMismatchError):
        open_assistant(Settings(index=folder, corpus=tmp_path / "corpus"))
    assert not (folder / "chroma").exists()


def test_milvus_that_is_not_installed_says_what_to_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pymilvus", "llama_index.vector_stores.milvus"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingDependencyError, match=r'请运行：pip install "\.\[milvus\]"'):
        write(folder, VectorsAt("milvus:http://127.0.0.1:19530"), OLD)


def _hold(file: str, folder: str, ready: Event) -> None:
    with closing(open_vectors(VectorsAt(f"milvus:{file}"), Path(folder), "yiju_x", 2, create=True)):
        ready.set()
        time.sleep(60)


def test_a_milvus_file_is_for_one_process(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("milvus_lite", reason="needs the extra [milvus]")
    at = VectorsAt(f"milvus:{tmp_path / 'own.db'}")
    write(folder, at, OLD, OTHER)
    index = open_index(folder, at)
    assert nearest(index, "海关")[0] == "b:a1"
    write(folder, at, NEW)
    assert nearest(index, "资金")[0] == "a:a3"

    children = context()
    ready = children.Event()
    holder = children.Process(target=_hold, args=(str(tmp_path / "held.db"), str(folder), ready))
    holder.start()
    try:
        assert ready.wait(60)
        with pytest.raises(StoreError, match="只供一个进程使用"):
            open_vectors(VectorsAt(f"milvus:{tmp_path / 'held.db'}"), folder, "yiju_x", 2)
    finally:
        holder.kill()
        holder.join()


def test_an_index_of_before_there_were_servers_goes_on(folder: Path) -> None:
    write(folder, IN_FOLDER, OLD)
    with closing(database.connect(folder, write=True)) as connection:
        connection.execute("DELETE FROM meta WHERE key IN ('vectors', 'collection')")

    assert nearest(open_index(folder, IN_FOLDER), "土地")[0] == "a:a1"
    write(folder, IN_FOLDER, OTHER)
    assert nearest(open_index(folder, IN_FOLDER), "海关")[0] == "b:a1"
    shutil.rmtree(folder)
